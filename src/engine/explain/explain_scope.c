#include "engine/explain/explain_private.h"

#include "estate/names.h"

/*
 * Which scope of the estate a text is about. Key Vault writes paths in lower
 * case, a page knows a vault by its name only, and a text often names what
 * the estate has never heard of, inside of something that it knows.
 */

/* Vaults and storage accounts have names that are unique in the world. */
static scope_id
child_by_name(const struct estate *e, enum scope_kind kind, scope_id parent,
    struct slice name)
{
	if (name.length == 0)
		return NONE;
	for (scope_id s = 0; s < e->scopes.count; s++) {
		const struct scope *row = &e->scopes.at[s];

		if (row->kind == kind &&
		    (parent == NONE || row->parent == parent) &&
		    (slice_eq_case(estate_text(e, row->segment), name) ||
			slice_eq_case(estate_text(e, row->name), name)))
			return s;
	}
	return NONE;
}

/* The segment behind "/key/" of a path. */
static struct slice
segment_behind(const char *path, const char *key)
{
	struct slice s = slice_of(path), rest, segment;
	size_t at = slice_find_case(s, slice_of(key));

	if (path == NULL || at == SIZE_MAX)
		return (struct slice){NULL, 0};
	rest = slice_from(s, at + strlen(key));
	if (!slice_cut(&rest, '/', &segment))
		return (struct slice){NULL, 0};
	return segment;
}

static scope_id
find_in_vault(struct telling *x)
{
	const struct estate *e = x->t.e;
	const struct reading *r = &x->r;
	struct slice name =
	    segment_behind(r->scope, "/Microsoft.KeyVault/vaults/");
	scope_id vault, secret;

	if (name.length == 0)
		name = slice_of(r->vault);
	vault = child_by_name(e, SCOPE_VAULT, NONE, name);
	if (vault == NONE || r->object == NULL)
		return vault;
	secret = child_by_name(e, SCOPE_SECRET, vault, slice_of(r->object));
	x->above = secret == NONE;
	return secret == NONE ? vault : secret;
}

static scope_id
find_exactly(struct telling *x, struct slice path)
{
	scope_id s = NONE;
	enum actas_error error = estate_find_scope(x->t.e, path, &s, NULL);

	if (error == ACTAS_ENOMEM)
		x->t.error = error;
	return error == ACTAS_OK ? s : NONE;
}

/* The path, or what of it the estate knows, from the bottom up. */
static scope_id
find_by_path(struct telling *x)
{
	struct slice path = slice_of(x->r.scope);
	scope_id s = NONE;

	while (path.length > 1 && path.at[path.length - 1] == '/')
		path.length--;
	for (int i = 0; i < 16 && path.length > (i > 0) && s == NONE; i++) {
		s = find_exactly(x, path);
		x->above = i > 0;
		while (path.length > 0 && path.at[path.length - 1] != '/')
			path.length--;
		if (path.length > 0)
			path.length--;
	}
	return s;
}

static scope_id
find_account(struct telling *x)
{
	struct slice name =
	    segment_behind(x->r.scope, "/Microsoft.Storage/storageAccounts/");

	if (name.length == 0 && x->r.form->form == EXPLAIN_STORAGE)
		name = slice_of(x->r.object);
	return child_by_name(x->t.e, SCOPE_STORAGE_ACCOUNT, NONE, name);
}

/* The only vault there is, for a text that names none. */
static scope_id
find_only_vault(struct telling *x)
{
	const struct estate *e = x->t.e;
	enum explain_form form = x->r.form->form;
	scope_id only = NONE;

	if (x->r.scope != NULL || x->r.vault != NULL ||
	    (form != EXPLAIN_VAULT_RBAC && form != EXPLAIN_VAULT_POLICY))
		return NONE;
	for (scope_id s = 0; s < e->scopes.count; s++) {
		if (e->scopes.at[s].kind != SCOPE_VAULT)
			continue;
		if (only != NONE)
			return NONE;
		only = s;
	}
	if (only != NONE)
		tell_reason(&x->t,
		    "The text does not name the vault; the source has only "
		    "one, so it is taken to be %s.",
		    tell_scope(&x->t, only));
	return only;
}

scope_id
read_scope(struct telling *x)
{
	scope_id by_path = x->r.scope == NULL ? NONE : find_by_path(x);
	bool above = x->above;
	scope_id by_name;

	if (by_path != NONE && !above)
		return by_path;
	x->above = false;
	by_name = find_in_vault(x);
	if (by_name != NONE)
		return by_name;
	by_name = find_account(x);
	x->above = by_name != NONE ? x->r.scope != NULL : above;
	if (by_name == NONE && by_path == NONE)
		return find_only_vault(x);
	return by_name != NONE ? by_name : by_path;
}
