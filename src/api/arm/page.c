#include "api/arm/page.h"

#include "keys/jwt.h"

/*
 * Long lists. A $skipToken holds the revision of the first page and the name
 * of the last item that was sent, sealed, so that nobody can ask for a
 * revision that was not shown to him, and for the path that it was given for.
 */

static const struct secret_bytes *
page_key(const struct arm_call *c)
{
	return master_key(exchange_platform(c->x)->master, PURPOSE_PAGES);
}

/* "{revision}/{name}" */
static bool
read_token(struct arm_call *c, struct slice token, struct slice *plain)
{
	struct secret_bytes opened = {0};
	struct buffer sealed = {0};
	const char *copy = NULL;

	if (base64url_get(token, &sealed) == ACTAS_OK &&
	    unseal(page_key(c), c->target, buffer_slice(&sealed), &opened) ==
		ACTAS_OK)
		copy = arena_text(&c->x->arena, secret_bytes_reveal(&opened));
	secret_bytes_release(&opened);
	buffer_release(&sealed);
	*plain = slice_of(copy);
	return copy != NULL;
}

/* True with the snapshot, or where it is awaited. */
static bool
pin_past(struct arm_call *c, uint64_t revision)
{
	struct past_question *question =
	    arena_zero(&c->x->arena, 1, sizeof *question);
	const struct snapshot *past;

	if (revision == c->snapshot->revision)
		return true;
	if (question == NULL)
		return false;
	question->revision = revision;
	question->parts = STORE_VIEW;
	if (api_pin_past(c->x, question, &past) != ACTAS_OK)
		return false;
	if (past == NULL)
		c->awaited = question;
	else
		c->snapshot = past; /* the call unpins it */
	return true;
}

static bool
go_on(struct arm_call *c, struct arm_page *page, struct slice token)
{
	struct slice rest, number;
	uint64_t revision;

	if (!read_token(c, token, &rest) || !slice_cut(&rest, '/', &number) ||
	    !slice_u64(number, &revision) || rest.length == 0 ||
	    !pin_past(c, revision))
		return false;
	page->after = rest;
	return true;
}

bool
arm_page_begin(struct arm_call *c, struct arm_page *page)
{
	struct slice token = exchange_query(c->x, "$skipToken", NULL);
	struct slice top = exchange_query(c->x, "$top", NULL);
	uint64_t most = LIMIT_PAGE_ITEMS;

	*page = (struct arm_page){.value = json_array()};
	if (top.length > 0 && (!slice_u64(top, &most) || most == 0))
		arm_refuse(c, 400, "InvalidTopParameter",
		    "The $top of the request is no number above zero.");
	if (token.length > 0 && !go_on(c, page, token))
		arm_refuse(c, 400, "InvalidSkipToken",
		    "The $skipToken of the request was not given for this "
		    "list, or is no longer good.");
	page->most =
	    (uint32_t)(most < LIMIT_PAGE_ITEMS ? most : LIMIT_PAGE_ITEMS);
	if (arm_is_refused(c) || c->awaited != NULL) {
		json_decref(page->value);
		page->value = NULL;
		return false;
	}
	return true;
}

bool
arm_page_is_past(const struct arm_page *page, struct slice name)
{
	return page->after.length > 0 && slice_cmp(name, page->after) <= 0;
}

bool
arm_page_has_room(struct arm_page *page)
{
	bool room = json_array_size(page->value) < page->most;

	page->more = page->more || !room;
	return room;
}

void
arm_page_add(struct arm_page *page, struct slice name, json_t *item)
{
	if (item == NULL || json_array_append_new(page->value, item) != 0) {
		json_decref(page->value);
		page->value = NULL;
	}
	page->last = name;
}

/* What the paths and queries of links hold beside names. */
static const char plain_characters[] = "$/()";

static json_t *
next_link(struct arm_call *c, const struct arm_page *page)
{
	struct buffer plain = {0}, sealed = {0}, link = {0};
	struct exchange *x = c->x;
	json_t *text = NULL;

	store_keep(exchange_platform(x)->store, c->snapshot, STORE_VIEW);

	buffer_addf(&plain, "%llu/%.*s",
	    (unsigned long long)c->snapshot->revision, SLICE_ARGS(page->last));
	if (plain.error != ACTAS_OK ||
	    seal(page_key(c), c->target, buffer_slice(&plain), &sealed) !=
		ACTAS_OK)
		goto out;
	buffer_puts(&link, exchange_origin(x));
	buffer_add_encoded(&link, c->target, plain_characters);
	buffer_putc(&link, '?');
	for (uint32_t i = 0; i < x->query_count; i++) {
		if (slice_eq_case(x->query[i].name, SLICE("$skipToken")))
			continue;
		buffer_add_encoded(&link, x->query[i].name, plain_characters);
		buffer_putc(&link, '=');
		buffer_add_encoded(&link, x->query[i].value, plain_characters);
		buffer_putc(&link, '&');
	}
	buffer_puts(&link, "$skipToken=");
	base64url_put(&link, sealed.at, sealed.length);
	if (link.error == ACTAS_OK)
		text = json_string(buffer_text(&link));
out:
	buffer_release(&plain);
	buffer_release(&sealed);
	buffer_release(&link);
	return text;
}

void
arm_page_end(struct arm_call *c, struct arm_page *page)
{
	json_t *reply = page->value == NULL
	    ? NULL
	    : json_pack("{s:o}", "value", page->value);

	if (reply != NULL && page->more &&
	    !arm_set(reply, "nextLink", next_link(c, page))) {
		json_decref(reply);
		reply = NULL;
	}
	arm_reply(c, 200, reply);
}

void
arm_page_visible(struct arm_call *c, struct slice prefix, arm_page_each *add)
{
	struct arm_page page;
	struct state_walk w;
	struct entry entry;

	if (c->allowed && !arm_must_exist(c, &c->scope))
		return;
	if (!arm_page_begin(c, &page))
		return;
	state_walk_prefix(&w, arm_state(c), prefix);
	while (prefix.length > 0 && !page.more && state_walk_next(&w, &entry))
		add(c, &page, &entry);
	if (!c->allowed && page.last.length == 0 && page.after.length == 0)
		arm_deny_list(c);
	arm_page_end(c, &page);
}
