#include "source/page/page_write.h"

/*
 * Names by which the reader finds each thing again. The writer learns the
 * same keys that the reader will look under (page_names.c): names, UPNs and
 * ids of identities; segments and display names of scopes, alone and behind
 * the name of what they lie in. A thing is written by its shortest key that
 * it alone bears, and by its id or path where there is none.
 */

enum key_of { KEY_PRINCIPAL = 1, KEY_SCOPE = 2 };

static uint64_t
key_hash(enum key_of of, struct slice text)
{
	return slice_hash_case(text) ^ ((uint64_t)of << 32);
}

/* Keys of principals are odd, those of scopes even. */
static uint32_t
owner_code(enum key_of of, uint32_t id)
{
	return id << 1 | (of == KEY_PRINCIPAL);
}

static void
learn(struct page_writer *w, enum key_of of, struct slice text, uint32_t id)
{
	uint32_t row = w->texts.count;

	text = slice_trim(text);
	if (text.length == 0)
		return;
	writer_keep(w, vector_push(&w->texts, text));
	if (w->error == ACTAS_OK)
		writer_keep(w, vector_push(&w->owners, owner_code(of, id)));
	if (w->error == ACTAS_OK)
		writer_keep(w, index_add(&w->names, key_hash(of, text), row));
}

static bool
is_only_bearer(
    const struct page_writer *w, enum key_of of, struct slice text, uint32_t id)
{
	struct index_walk walk = index_start(&w->names, key_hash(of, text));
	uint32_t row, own = owner_code(of, id);
	bool found = false;

	while (index_next(&walk, &row)) {
		if ((w->owners.at[row] & 1) != (own & 1) ||
		    !slice_eq_case(w->texts.at[row], text))
			continue;
		if (w->owners.at[row] != own)
			return false;
		found = true;
	}
	return found;
}

static struct slice
joined(struct page_writer *w, struct slice above, struct slice below)
{
	char *text;

	if (above.length == 0 || below.length == 0)
		return (struct slice){0};
	text = arena_printf(
	    &w->arena, "%.*s/%.*s", SLICE_ARGS(above), SLICE_ARGS(below));
	if (text == NULL)
		writer_keep(w, ACTAS_ENOMEM);
	return slice_of(text);
}

/* Display name and segment of a scope, and of what it lies in. */
struct scope_texts {
	struct slice own[2], above[2];
};

static struct scope_texts
texts_of(const struct page_writer *w, scope_id s)
{
	const struct scope *row = &w->e->scopes.at[s];
	const struct scope *above = &w->e->scopes.at[row->parent];

	return (struct scope_texts){
	    {estate_text(w->e, row->name), estate_text(w->e, row->segment)},
	    {estate_text(w->e, above->name),
		estate_text(w->e, above->segment)}};
}

static void
learn_scope(struct page_writer *w, scope_id s)
{
	struct scope_texts t = texts_of(w, s);

	for (int i = 0; i < 2; i++) {
		learn(w, KEY_SCOPE, t.own[i], s);
		for (int j = 0; j < 2; j++)
			learn(w, KEY_SCOPE, joined(w, t.above[j], t.own[i]), s);
	}
}

void
writer_learn_names(struct page_writer *w)
{
	const struct estate *e = w->e;

	for (principal_id p = 0; p < e->principals.count; p++) {
		learn(w, KEY_PRINCIPAL,
		    estate_text(e, e->principals.at[p].name), p);
		learn(w, KEY_PRINCIPAL, estate_text(e, e->principals.at[p].upn),
		    p);
	}
	for (scope_id s = 1; s < e->scopes.count && w->error == ACTAS_OK; s++)
		learn_scope(w, s);
}

static struct slice
guid_text(struct page_writer *w, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];
	char *kept;

	guid_format(id, text);
	kept = arena_text(&w->arena, slice_of(text));
	if (kept == NULL)
		writer_keep(w, ACTAS_ENOMEM);
	return slice_of(kept);
}

struct slice
writer_principal(struct page_writer *w, principal_id p)
{
	const struct principal *row = &w->e->principals.at[p];
	struct slice texts[] = {
	    estate_text(w->e, row->name), estate_text(w->e, row->upn)};

	for (size_t i = 0; i < 2; i++) {
		if (is_only_bearer(w, KEY_PRINCIPAL, texts[i], p))
			return texts[i];
	}
	if (!guid_is_nil(row->object_id))
		return guid_text(w, row->object_id);
	return guid_is_nil(row->app_id) ? texts[0] : guid_text(w, row->app_id);
}

static struct slice
path_text(struct page_writer *w, scope_id s)
{
	struct buffer path = {0};
	char *kept;

	estate_write_path(w->e, s, &path);
	kept = arena_text(&w->arena, buffer_slice(&path));
	if (kept == NULL || path.error != ACTAS_OK)
		writer_keep(w, ACTAS_ENOMEM);
	buffer_release(&path);
	return slice_of(kept);
}

struct slice
writer_scope(struct page_writer *w, scope_id s)
{
	struct scope_texts t;

	if (s == 0)
		return SLICE("/");
	/* By name it would be a principal. */
	if (w->e->scopes.at[s].kind == SCOPE_GROUP)
		return path_text(w, s);
	t = texts_of(w, s);
	for (int i = 0; i < 2; i++) {
		if (is_only_bearer(w, KEY_SCOPE, t.own[i], s))
			return t.own[i];
	}
	for (int i = 0; i < 4; i++) {
		struct slice text = joined(w, t.above[i / 2], t.own[i % 2]);

		if (text.length > 0 && is_only_bearer(w, KEY_SCOPE, text, s))
			return text;
	}
	return path_text(w, s);
}

/* Kinds that people name together with the thing. */
static const bool kind_is_said[SCOPE_KINDS] = {
    [SCOPE_MANAGEMENT_GROUP] = true,
    [SCOPE_SUBSCRIPTION] = true,
    [SCOPE_RESOURCE_GROUP] = true,
    [SCOPE_STORAGE_ACCOUNT] = true,
    [SCOPE_WORKSPACE] = true,
};

void
writer_scope_cell(struct page_writer *w, scope_id s, struct buffer *out)
{
	struct slice name = writer_scope(w, s);

	md_name(out, name);
	if (kind_is_said[w->e->scopes.at[s].kind] &&
	    !slice_starts(name, SLICE("/")))
		buffer_addf(
		    out, " %s", scope_kind_name(w->e->scopes.at[s].kind));
}

/* The plane whose roles a name means at each kind of scope. */
static enum plane
plane_at(enum scope_kind kind)
{
	static const uint8_t planes[SCOPE_KINDS] = {
	    [SCOPE_CAPACITY] = PLANE_FABRIC,
	    [SCOPE_WORKSPACE] = PLANE_FABRIC,
	    [SCOPE_ITEM] = PLANE_FABRIC,
	    [SCOPE_ORGANIZATION] = PLANE_DEVOPS,
	    [SCOPE_PROJECT] = PLANE_DEVOPS,
	    [SCOPE_CONNECTION] = PLANE_DEVOPS,
	    [SCOPE_APPLICATION] = PLANE_DIRECTORY,
	    [SCOPE_GROUP] = PLANE_DIRECTORY,
	};

	return planes[kind];
}

/* Whether no other role of the plane has the name. */
static bool
is_only_role(const struct estate *e, role_id r)
{
	const struct role *row = &e->roles.at[r];

	for (role_id other = 0; other < e->roles.count; other++) {
		if (other != r && e->roles.at[other].plane == row->plane &&
		    slice_eq_case(estate_text(e, e->roles.at[other].name),
			estate_text(e, row->name)))
			return false;
	}
	return true;
}

static const char *const plane_words[PLANES] = {
    [PLANE_AZURE] = "Azure: ",
    [PLANE_POLICY] = "Key Vault access policy: ",
    [PLANE_FABRIC] = "Fabric: ",
    [PLANE_DEVOPS] = "DevOps: ",
    [PLANE_DIRECTORY] = "Directory: ",
    [PLANE_CLAIMED] = "Claimed: ",
};

void
writer_role_cell(
    struct page_writer *w, role_id r, scope_id s, struct buffer *out)
{
	const struct role *row = &w->e->roles.at[r];
	char id[GUID_TEXT_LENGTH + 1];

	if (row->name == 0 ||
	    (!guid_is_nil(row->id) && !is_only_role(w->e, r))) {
		guid_format(row->id, id);
		buffer_puts(out, id);
		return;
	}
	if (row->plane != plane_at(w->e->scopes.at[s].kind) &&
	    row->plane != PLANE_CLAIMED)
		buffer_puts(out, plane_words[row->plane]);
	md_text(out, estate_text(w->e, row->name));
}

bool
writer_is_mentioned(const struct page_writer *w, principal_id p)
{
	uint8_t flags = w->e->principals.at[p].flags;

	return (flags & PRINCIPAL_COLLECTIVE) != 0 &&
	    (flags & PRINCIPAL_DECLARED) == 0;
}

void
writer_principal_cell(struct page_writer *w, principal_id p, struct buffer *out)
{
	if (w->e->principals.at[p].flags & PRINCIPAL_COLLECTIVE)
		md_text(out, estate_text(w->e, w->e->principals.at[p].name));
	else
		md_name(out, writer_principal(w, p));
}

void
cell_principal(struct table *t, struct page_writer *w, principal_id p)
{
	if (p != NONE)
		writer_principal_cell(w, p, &t->text);
	cell_end(t);
}

void
cell_scope(struct table *t, struct page_writer *w, scope_id s)
{
	if (s != NONE)
		writer_scope_cell(w, s, &t->text);
	cell_end(t);
}

void
cell_item(struct table *t, struct page_writer *w, item_id i)
{
	cell_name(t,
	    i == NONE ? (struct slice){0}
		      : writer_scope(w, w->e->items.at[i].scope));
}
