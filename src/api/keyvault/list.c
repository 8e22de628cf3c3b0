#include "api/keyvault/keyvault.h"

#include "keys/jwt.h"

/*
 * Lists, page by page at one revision: what is added or removed between two
 * pages changes nothing. The address of the next page holds the revision and
 * the last name, sealed for this caller and this list, so that nobody can ask
 * for a past that he was not shown the beginning of. The right to list is
 * decided anew for each page, as things stand then.
 */

enum { PAGE_MOST = 25 };

struct page {
	uint32_t size;
	uint64_t revision;
	const struct snapshot *snapshot;
	struct slice after; /* last part of a key; empty: from the start */
	struct slice last;
	json_t *items;
	bool goes_on;
};

/* --- the address of the next page --- */

static struct slice
token_about(struct vault_call *c, struct buffer *about)
{
	char object[GUID_TEXT_LENGTH + 1];

	guid_format(c->change.caller.object_id, object);
	buffer_addf(about, "list\n%s\n%.*s\n%s\n%.*s", object,
	    SLICE_ARGS(c->vault), c->operation->name, SLICE_ARGS(c->name));
	for (size_t i = 0; i < about->length; i++)
		about->at[i] = ascii_lower(about->at[i]);
	return buffer_slice(about);
}

static const char *
token_make(struct vault_call *c, const struct page *page)
{
	struct buffer about = {0}, plain = {0}, sealed = {0}, token = {0};
	const char *copy = NULL;

	buffer_addf(&plain, "%llu %.*s", (unsigned long long)page->revision,
	    SLICE_ARGS(page->last));
	if (seal(master_key(call_platform(c)->master, PURPOSE_BACKUPS),
		token_about(c, &about), buffer_slice(&plain),
		&sealed) == ACTAS_OK) {
		base64url_put(&token, sealed.at, sealed.length);
		if (token.error == ACTAS_OK)
			copy = arena_text(&c->x->arena, buffer_slice(&token));
	}
	buffer_release(&about);
	buffer_release(&plain);
	buffer_release(&sealed);
	buffer_release(&token);
	return copy;
}

static bool
token_parse(struct vault_call *c, struct slice plain, struct page *page)
{
	struct slice rest = plain, number;
	const char *copy;

	(void)slice_cut(&rest, ' ', &number);
	copy = arena_text(&c->x->arena, rest);
	page->after = slice_of(copy);
	return slice_u64(number, &page->revision) && page->after.length > 0;
}

static bool
token_open(struct vault_call *c, struct slice token, struct page *page)
{
	struct buffer about = {0}, sealed = {0};
	struct secret_bytes plain = {0};
	bool opened = base64url_get(token, &sealed) == ACTAS_OK &&
	    unseal(master_key(call_platform(c)->master, PURPOSE_BACKUPS),
		token_about(c, &about), buffer_slice(&sealed),
		&plain) == ACTAS_OK &&
	    token_parse(c, secret_bytes_reveal(&plain), page);

	buffer_release(&about);
	buffer_release(&sealed);
	secret_bytes_release(&plain);
	return opened;
}

/* The path of this request, which is the next one's, too. */
static void
put_path(struct vault_call *c, struct buffer *out)
{
	const struct exchange *x = c->x;

	for (uint32_t i = 0; i < x->segment_count; i++)
		if (x->segments[i].length > 0)
			buffer_addf(out, "/%.*s", SLICE_ARGS(x->segments[i]));
}

static json_t *
next_link(struct vault_call *c, const struct page *page)
{
	struct buffer link = {0};
	const char *token;
	json_t *made = NULL;

	if (!page->goes_on)
		return json_null();
	store_keep(call_platform(c)->store, page->snapshot, STORE_STATE);
	token = token_make(c, page);
	buffer_puts(&link, c->link_base);
	put_path(c, &link);
	buffer_addf(&link, "?api-version=%s&$skiptoken=%s&maxresults=%u",
	    c->showing.edition->name, token == NULL ? "" : token, page->size);
	if (token != NULL && link.error == ACTAS_OK)
		made = json_string(buffer_text(&link));
	buffer_release(&link);
	return made;
}

/* --- a page --- */

/* What an entry looks like in the list; a new reference. NULL where it is not
 * part of it, or after it refused. */
typedef json_t *show(
    struct vault_call *c, const struct page *page, const struct entry *entry);

static json_t *
show_if(struct vault_call *c, const struct page *page,
    const struct entry *entry, enum standing wanted)
{
	struct kept_secret secret;
	json_t *stored = NULL, *item;
	enum actas_error error = secret_look_at(page->snapshot->state, c->vault,
	    entry, c->now, &c->x->arena, &secret);

	if (error == ACTAS_OK && secret.standing == wanted)
		error = version_get(page->snapshot->state, c->vault,
		    entity_last(entry->key), secret.current, &stored);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	if (stored == NULL)
		return NULL;
	item = bundle_make(&c->showing, secret.name, SLICE(""), stored,
	    wanted == SECRET_DELETED ? &secret.deletion : NULL);
	json_decref(stored);
	if (item == NULL)
		refuse_error(c, ACTAS_ENOMEM);
	return item;
}

static json_t *
show_live(
    struct vault_call *c, const struct page *page, const struct entry *entry)
{
	return show_if(c, page, entry, SECRET_LIVE);
}

static json_t *
show_deleted(
    struct vault_call *c, const struct page *page, const struct entry *entry)
{
	return show_if(c, page, entry, SECRET_DELETED);
}

static json_t *
show_version(struct vault_call *c, const struct page *page ACTAS_UNUSED,
    const struct entry *entry)
{
	json_t *stored = entity_parse(entry->value), *item = NULL;
	/* Items do not tell the version before. */
	struct edition edition = *c->showing.edition;
	struct showing how = c->showing;

	edition.tells_previous = false;
	how.edition = &edition;
	if (stored != NULL)
		item = bundle_make(
		    &how, c->spelling, entity_last(entry->key), stored, NULL);
	json_decref(stored);
	if (item == NULL)
		refuse_error(c, ACTAS_ENOMEM);
	return item;
}

static void
add_item(struct vault_call *c, struct page *page, const struct entry *entry,
    json_t *item)
{
	const char *last = arena_text(&c->x->arena, entity_last(entry->key));

	if (json_array_append_new(page->items, item) != 0 || last == NULL)
		refuse_error(c, ACTAS_ENOMEM);
	page->last = slice_of(last);
}

static void
fill(struct vault_call *c, struct page *page, struct state_walk *walk,
    show *show_one)
{
	struct entry entry;

	page->items = json_array();
	while (
	    !page->goes_on && !is_refused(c) && state_walk_next(walk, &entry)) {
		json_t *item = show_one(c, page, &entry);

		if (item == NULL)
			continue;
		page->goes_on = json_array_size(page->items) == page->size;
		if (page->goes_on)
			json_decref(item);
		else
			add_item(c, page, &entry, item);
	}
}

/* What a list is of. */
struct collection {
	enum entity kind;
	show *show_one;
};

static void
fill_from(struct vault_call *c, struct page *page, const struct collection *of)
{
	bool is_of_secret = of->kind == ENTITY_VERSION;
	struct entity_text prefix_text, after_text;
	struct slice prefix =
	    entity_prefix(&prefix_text, of->kind, c->vault, c->name);
	struct state_walk walk;

	if (page->after.length == 0)
		state_walk_prefix(&walk, page->snapshot->state, prefix);
	else
		state_walk_after(&walk, page->snapshot->state, prefix,
		    is_of_secret ? entity_key(&after_text, of->kind, c->vault,
				       c->name, page->after)
				 : entity_key(&after_text, of->kind, c->vault,
				       page->after, SLICE("")));
	fill(c, page, &walk, of->show_one);
}

/* A list of a secret's versions is empty where there is no such secret. */
static bool
has_secret(struct vault_call *c, const struct page *page)
{
	struct kept_secret secret;
	enum actas_error error;

	if (c->name.length == 0)
		return true;
	error = secret_look(page->snapshot->state, c->vault, c->name, c->now,
	    &c->x->arena, &secret);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	c->spelling = secret.name;
	return error == ACTAS_OK && secret.standing == SECRET_LIVE;
}

static void
respond_page(
    struct vault_call *c, struct page *page, const struct collection *of)
{
	if (has_secret(c, page))
		fill_from(c, page, of);
	else
		page->items = json_array();
	if (is_refused(c))
		json_decref(page->items);
	else
		respond(c,
		    json_pack("{s:o, s:o}", "value", page->items, "nextLink",
			next_link(c, page)));
}

/* --- the lists --- */

/* maxresults: not there is PAGE_MOST. */
static bool
read_size(const struct exchange *x, uint32_t *size)
{
	uint32_t count;
	uint64_t number;
	struct slice text = exchange_query(x, "maxresults", &count);

	*size = PAGE_MOST;
	if (count == 0)
		return true;
	if (count > 1 || !slice_u64(text, &number) || number < 1 ||
	    number > PAGE_MOST)
		return false;
	*size = (uint32_t)number;
	return true;
}

static bool
read_page(struct vault_call *c, struct page *page)
{
	uint32_t count;
	struct slice token = exchange_query(c->x, "$skiptoken", &count);

	if (!read_size(c->x, &page->size)) {
		refuse(c, 400, "BadParameter",
		    "maxresults must be a number from 1 to %d.", PAGE_MOST);
		return false;
	}
	if (count == 0)
		return true;
	if (count == 1 && token_open(c, token, page))
		return true;
	refuse(c, 400, "BadParameter",
	    "The parameter $skiptoken is none that this list gave to the "
	    "caller.");
	return false;
}

/* NULL: it is refused, or awaited. */
static const struct snapshot *
pin_past(struct vault_call *c, uint64_t revision)
{
	struct past_question *question =
	    arena_zero(&c->x->arena, 1, sizeof *question);
	const struct snapshot *past = NULL;
	enum actas_error error = ACTAS_ENOMEM;

	if (question != NULL) {
		question->revision = revision;
		error = api_pin_past(c->x, question, &past);
	}
	if (error != ACTAS_OK)
		refuse_error(c, error);
	else if (past == NULL)
		c->awaited = question;
	return past;
}

static void
list(struct vault_call *c, const struct snapshot *now,
    const struct collection *of)
{
	struct page page = {.revision = now->revision, .snapshot = now};

	if (!read_page(c, &page))
		return;
	if (page.revision != now->revision)
		page.snapshot = pin_past(c, page.revision);
	if (page.snapshot == NULL)
		return;
	respond_page(c, &page, of);
	if (page.snapshot != now)
		store_unpin(call_platform(c)->store, page.snapshot);
}

void
run_list(struct vault_call *c, const struct snapshot *now,
    struct writes *writes ACTAS_UNUSED)
{
	list(c, now, &(struct collection){ENTITY_SECRET, show_live});
}

void
run_list_versions(struct vault_call *c, const struct snapshot *now,
    struct writes *writes ACTAS_UNUSED)
{
	list(c, now, &(struct collection){ENTITY_VERSION, show_version});
}

void
run_list_deleted(struct vault_call *c, const struct snapshot *now,
    struct writes *writes ACTAS_UNUSED)
{
	list(c, now, &(struct collection){ENTITY_SECRET, show_deleted});
}
