#include "source/azure/azure.h"

/*
 * What only the end of a session can tell: facts that name something by an
 * id other than the one it is known by, and vaults of which the secrets are
 * known and the place is not, or the other way round.
 */

struct settling {
	struct azure *az;
	struct index by_upn, by_home, by_application, by_alias, by_vault;
};

/* --- what is known by which name; the first bearer of a name counts, and no
 * other is remembered, since an index is slow where many are equal --- */

/* The principal with that text in the column, or NONE. */
static principal_id
find_text(const struct settling *st, const struct index *ix, size_t column,
    struct slice text)
{
	const struct builder *b = st->az->b;
	struct index_walk walk = index_start(ix, slice_hash_case(text));
	string_id known;
	principal_id p;

	while (index_next(&walk, &p)) {
		memcpy(&known, (const char *)&b->principals.at[p] + column,
		    sizeof known);
		if (slice_eq_case(text, strings_get(&b->strings, known)))
			return p;
	}
	return NONE;
}

static void
remember(struct settling *st, struct index *ix, uint64_t hash, uint32_t row)
{
	if (!azure_failed(st->az))
		st->az->error = index_add(ix, hash, row);
}

static void
index_texts(struct settling *st, struct index *ix, size_t column)
{
	const struct builder *b = st->az->b;
	struct slice text;
	string_id id;

	for (principal_id p = 0; p < b->principals.count; p++) {
		memcpy(&id, (const char *)&b->principals.at[p] + column,
		    sizeof id);
		text = strings_get(&b->strings, id);
		if (id != 0 && find_text(st, ix, column, text) == NONE)
			remember(st, ix, slice_hash_case(text), p);
	}
}

/* Row of the application with that object id or app id, or NONE. */
static uint32_t
application(const struct settling *st, struct guid id)
{
	const struct builder *b = st->az->b;
	struct index_walk walk =
	    index_start(&st->by_application, guid_hash(id));
	uint32_t row;

	while (index_next(&walk, &row))
		if (guid_eq(b->applications.at[row].object_id, id) ||
		    guid_eq(b->applications.at[row].app_id, id))
			return row;
	return NONE;
}

static void
index_applications(struct settling *st)
{
	const struct builder *b = st->az->b;

	for (uint32_t i = 0; i < b->applications.count; i++) {
		const struct guid ids[] = {b->applications.at[i].object_id,
		    b->applications.at[i].app_id};

		for (size_t k = 0; k < 2; k++)
			if (!guid_is_nil(ids[k]) &&
			    application(st, ids[k]) == NONE)
				remember(st, &st->by_application,
				    guid_hash(ids[k]), i);
	}
}

/* Row of what waits under another id of a directory role, or NONE. */
static uint32_t
alias(const struct settling *st, struct guid id)
{
	struct index_walk walk = index_start(&st->by_alias, guid_hash(id));
	uint32_t row;

	while (index_next(&walk, &row))
		if (guid_eq(st->az->waiting.at[row].id, id))
			return row;
	return NONE;
}

static void
index_aliases(struct settling *st)
{
	for (uint32_t i = 0; i < st->az->waiting.count; i++) {
		const struct waiting *w = &st->az->waiting.at[i];

		if (w->what == WAITING_ALIAS && alias(st, w->id) == NONE)
			remember(st, &st->by_alias, guid_hash(w->id), i);
	}
}

/* --- principals by their other names --- */

/* A user whom no directory lists is one all the same, known by UPN. */
static principal_id
by_upn(struct settling *st, const struct waiting *w)
{
	struct azure *az = st->az;
	struct slice upn = strings_get(&az->b->strings, w->upn);
	principal_id p =
	    find_text(st, &st->by_upn, offsetof(struct principal, upn), upn);

	if (p != NONE)
		return p;
	p = builder_principal_new(az->b, SLICE(""), PRINCIPAL_USER, w->origin);
	if (p == NONE)
		return NONE;
	az->b->principals.at[p].upn = w->upn;
	remember(st, &st->by_upn, slice_hash_case(upn), p);
	return p;
}

static principal_id
by_app_id(struct azure *az, struct guid app_id, struct origin origin)
{
	principal_id p = builder_principal_by_app_id(az->b, app_id);

	if (p != NONE)
		return p;
	p = builder_principal_new(az->b, SLICE(""), PRINCIPAL_SERVICE, origin);
	if (p != NONE)
		builder_identify(az->b, p, (struct guid){0}, app_id);
	return p;
}

/* --- applications --- */

static void
tell_unknown(struct azure *az, const struct waiting *w, const char *what)
{
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(w->id, id);
	builder_problem(az->b, PROBLEM_UNDECLARED_PRINCIPAL, slice_of(id),
	    w->origin, (struct origin){0},
	    "this is about the %s %s, which is not in the source: it was "
	    "left out",
	    what, id);
}

static void
own(struct azure *az, const struct waiting *w, const char *role, scope_id scope)
{
	struct assignment a = {
	    .principal = w->principal, .scope = scope, .origin = w->origin};

	a.role = builder_role_by_name(az->b, PLANE_DIRECTORY, slice_of(role));
	if (!azure_failed(az) && a.role != NONE)
		builder_assign(az->b, &a);
}

static void
settle_application_owner(struct settling *st, const struct waiting *w)
{
	uint32_t row = application(st, w->id);

	if (row == NONE)
		tell_unknown(st->az, w, "application");
	else
		own(st->az, w, "Application owner",
		    azure_application_scope(st->az, row));
}

/* The row of the application of a service principal, made where the source
 * does not list it: its owner may add credentials all the same. */
static uint32_t
application_of(struct azure *az, struct guid object_id, struct origin origin)
{
	principal_id p = builder_principal(az->b, object_id, origin);

	if (p == NONE || guid_is_nil(az->b->principals.at[p].app_id))
		return NONE;
	return builder_application(
	    az->b, az->b->principals.at[p].app_id, origin);
}

static void
settle_service_owner(struct settling *st, const struct waiting *w)
{
	uint32_t row = application_of(st->az, w->id, w->origin);

	if (row == NONE)
		tell_unknown(st->az, w, "service principal");
	else
		own(st->az, w, "Service principal owner",
		    azure_application_scope(st->az, row));
}

static void
settle_credential(struct settling *st, const struct waiting *w)
{
	struct credential c = st->az->credentials.at[w->row];
	enum actas_error error;

	c.application = application(st, w->id);
	if (c.application == NONE) {
		tell_unknown(st->az, w, "application");
		return;
	}
	error = vector_push(&st->az->b->credentials, c);
	if (error != ACTAS_OK)
		st->az->error = error;
}

/* A managed identity by the path of its resource. */
static void
settle_identity(struct settling *st, const struct waiting *w)
{
	struct builder *b = st->az->b;
	struct credential c = st->az->credentials.at[w->row];
	struct slice home = strings_get(&b->strings, w->upn);
	enum actas_error error;

	c.principal =
	    find_text(st, &st->by_home, offsetof(struct principal, home), home);
	if (c.principal != NONE) {
		error = vector_push(&b->credentials, c);
		if (error != ACTAS_OK)
			st->az->error = error;
		return;
	}
	builder_problem(b, PROBLEM_UNDECLARED_PRINCIPAL, home, w->origin,
	    (struct origin){0},
	    "this is about the managed identity %.*s, which is not in the "
	    "source: it was left out",
	    SLICE_ARGS(home));
}

static void
settle_role_member(struct settling *st, const struct waiting *w)
{
	struct azure *az = st->az;
	struct assignment a = {.principal = w->principal, .origin = w->origin};
	uint32_t row = alias(st, w->id);

	if (row == NONE) {
		tell_unknown(az, w, "directory role");
		return;
	}
	a.role = az->waiting.at[row].role;
	builder_assign(az->b, &a);
}

/* The scope of a directory object, or NONE. */
static scope_id
object_scope(struct settling *st, const struct waiting *w)
{
	struct azure *az = st->az;
	uint32_t row = application(st, w->id);
	principal_id p;

	if (row != NONE)
		return azure_application_scope(az, row);
	p = builder_known(az->b, w->id);
	if (p != NONE && az->b->principals.at[p].kind == PRINCIPAL_GROUP)
		return azure_group_scope(az, p, w->origin);
	row = application_of(az, w->id, w->origin);
	return row == NONE ? NONE : azure_application_scope(az, row);
}

/* A directory role can be held at one application, service principal or
 * group. */
static void
settle_directory(struct settling *st, const struct waiting *w)
{
	struct assignment a = {.principal = w->principal,
	    .role = w->role,
	    .origin = w->origin,
	    .flags = w->row};

	a.scope = object_scope(st, w);
	if (a.scope == NONE)
		tell_unknown(st->az, w, "directory object");
	else if (!azure_failed(st->az))
		builder_assign(st->az->b, &a);
}

/* --- what waits for a principal --- */

static void
settle_grant(struct settling *st, const struct waiting *w)
{
	struct assignment a = {
	    .role = w->role, .scope = w->scope, .origin = w->origin};

	a.principal = by_upn(st, w);
	if (!azure_failed(st->az))
		builder_assign(st->az->b, &a);
}

static void
settle_owner(struct settling *st, const struct waiting *w)
{
	principal_id p = by_upn(st, w);

	if (!azure_failed(st->az))
		st->az->b->items.at[w->row].owner = p;
}

static void
settle_backer(struct settling *st, const struct waiting *w)
{
	principal_id p = by_app_id(st->az, w->id, w->origin);

	if (!azure_failed(st->az))
		st->az->b->connections.at[w->row].principal = p;
}

/* A definition in another document may have named the role meanwhile. */
static void
settle_role_name(struct settling *st, const struct waiting *w)
{
	struct role *role = &st->az->b->roles.at[w->role];

	if (role->name == 0)
		role->name = w->upn;
}

/* The command line asked the directory for the principal in vain; another
 * document may list it all the same. */
static void
settle_orphan(struct settling *st, const struct waiting *w)
{
	const struct principal *p = &st->az->b->principals.at[w->principal];
	char id[GUID_TEXT_LENGTH + 1];

	/* Of one whose kind is listed the estate tells. */
	if ((p->flags & PRINCIPAL_DECLARED) != 0 ||
	    builder_is_unlisted(st->az->b, w->principal))
		return;
	guid_format(p->object_id, id);
	builder_problem(st->az->b, PROBLEM_ORPHAN_ASSIGNMENT, slice_of(id),
	    w->origin, (struct origin){0},
	    "assigns a role to %s, which was not in the directory any more "
	    "when this was listed",
	    id);
}

static void (*const settlers[])(struct settling *, const struct waiting *) = {
    [WAITING_GRANT] = settle_grant,
    [WAITING_OWNER] = settle_owner,
    [WAITING_BACKER] = settle_backer,
    [WAITING_APP_OWNER] = settle_application_owner,
    [WAITING_SP_OWNER] = settle_service_owner,
    [WAITING_CREDENTIAL] = settle_credential,
    [WAITING_DIRECTORY] = settle_directory,
    [WAITING_ROLE_NAME] = settle_role_name,
    [WAITING_IDENTITY] = settle_identity,
    [WAITING_ORPHAN] = settle_orphan,
    [WAITING_ALIAS] = NULL, /* looked up by those that follow */
    [WAITING_ROLE_MEMBER] = settle_role_member,
    [WAITING_TRANSITIVE] = NULL, /* azure_groups.c */
};

/* --- vaults by name --- */

/* The vault of which only the name is known, or NONE. */
static scope_id
nameless_place(const struct settling *st, struct slice name)
{
	const struct builder *b = st->az->b;
	struct index_walk walk =
	    index_start(&st->by_vault, slice_hash_case(name));
	scope_id s;

	while (index_next(&walk, &s))
		if (slice_eq_case(name,
			strings_get(&b->strings, b->scopes.at[s].segment)))
			return s;
	return NONE;
}

static bool
is_vault(const struct builder *b, scope_id s, bool with_place)
{
	return b->scopes.at[s].kind == SCOPE_VAULT &&
	    (b->scopes.at[s].parent != 0) == with_place;
}

/* A vault's name is unique in the world: what its secrets say of it under
 * that name belongs to the vault that the resources list. */
static void
settle_vaults(struct settling *st)
{
	struct builder *b = st->az->b;
	scope_id found;

	for (scope_id s = 0; s < b->scopes.count; s++)
		if (is_vault(b, s, false))
			remember(st, &st->by_vault,
			    slice_hash_case(strings_get(
				&b->strings, b->scopes.at[s].segment)),
			    s);
	if (st->by_vault.count == 0)
		return;
	for (scope_id s = 0; s < b->scopes.count && !azure_failed(st->az);
	     s++) {
		const struct scope *row = &b->scopes.at[s];

		if (!is_vault(b, s, true))
			continue;
		found =
		    nameless_place(st, strings_get(&b->strings, row->segment));
		if (found == NONE || b->scopes.at[found].parent != 0)
			continue;
		b->scopes.at[found].origin = row->origin;
		builder_move(b, found, row->parent);
	}
}

/* Roles that assignments name and nobody defines. Those without a name are
 * told of when the estate is finished. */
static void
tell_orphan_roles(struct azure *az)
{
	char id[GUID_TEXT_LENGTH + 1];

	for (role_id r = 0; r < az->b->roles.count && !azure_failed(az); r++) {
		const struct role *role = &az->b->roles.at[r];
		struct slice name = strings_get(&az->b->strings, role->name);

		if (role->builtin || role->permission_count > 0 ||
		    name.length == 0 || guid_is_nil(role->id) ||
		    azure_seen(az, SEEN_DEFINITION, role->id, 0))
			continue;
		guid_format(role->id, id);
		builder_problem(az->b, PROBLEM_ORPHAN_ASSIGNMENT, name,
		    role->origin, (struct origin){0},
		    "assigns the role %.*s (%s), whose definition is not in "
		    "the source: what it gives is not known",
		    SLICE_ARGS(name), id);
	}
}

void
azure_settle(struct azure *az)
{
	struct settling st = {.az = az};

	index_texts(&st, &st.by_upn, offsetof(struct principal, upn));
	index_texts(&st, &st.by_home, offsetof(struct principal, home));
	index_applications(&st);
	index_aliases(&st);
	for (uint32_t i = 0; i < az->waiting.count && !azure_failed(az); i++)
		if (settlers[az->waiting.at[i].what] != NULL)
			settlers[az->waiting.at[i].what](
			    &st, &az->waiting.at[i]);
	if (!azure_failed(az))
		azure_settle_groups(az);
	if (!azure_failed(az))
		settle_vaults(&st);
	if (!azure_failed(az))
		tell_orphan_roles(az);
	index_release(&st.by_upn);
	index_release(&st.by_home);
	index_release(&st.by_application);
	index_release(&st.by_alias);
	index_release(&st.by_vault);
}
