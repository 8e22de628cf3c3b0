#include "source/azure.h"

/*
 * What only the end of a session can tell: facts that name something by an
 * id other than the one it is known by, and vaults of which the secrets are
 * known and the place is not, or the other way round.
 */

struct settling {
	struct azure *az;
	struct index by_upn, by_application, by_group;
};

static void
index_upns(struct settling *st)
{
	struct builder *b = st->az->b;
	struct slice upn;

	for (uint32_t i = 0; i < b->principals.count; i++) {
		upn = strings_get(&b->strings, b->principals.at[i].upn);
		if (upn.length > 0 && st->az->error == ACTAS_OK)
			st->az->error =
			    index_add(&st->by_upn, slice_hash_case(upn), i);
	}
}

static void
index_applications(struct settling *st)
{
	struct builder *b = st->az->b;

	for (uint32_t i = 0; i < b->applications.count; i++)
		if (st->az->error == ACTAS_OK)
			st->az->error = index_add(&st->by_application,
			    guid_hash(b->applications.at[i].object_id), i);
}

/* --- principals by their other names --- */

/* A user whom no directory lists is one all the same, known by UPN. */
static principal_id
by_upn(struct settling *st, const struct waiting *w)
{
	struct azure *az = st->az;
	struct slice upn = strings_get(&az->b->strings, w->upn);
	struct index_walk walk = index_start(&st->by_upn, slice_hash_case(upn));
	principal_id p;

	while (index_next(&walk, &p))
		if (slice_eq_case(upn,
			strings_get(
			    &az->b->strings, az->b->principals.at[p].upn)))
			return p;
	p = builder_principal_new(az->b, SLICE(""), PRINCIPAL_USER, w->origin);
	if (p == NONE)
		return NONE;
	az->b->principals.at[p].upn = w->upn;
	az->error = index_add(&st->by_upn, slice_hash_case(upn), p);
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

/* Row of the application with that object id or app id, or NONE. */
static uint32_t
application(struct settling *st, struct guid id)
{
	struct builder *b = st->az->b;
	struct index_walk walk =
	    index_start(&st->by_application, guid_hash(id));
	uint32_t row;

	while (index_next(&walk, &row))
		if (guid_eq(b->applications.at[row].object_id, id))
			return row;
	for (row = 0; row < b->applications.count; row++)
		if (guid_eq(b->applications.at[row].app_id, id))
			return row;
	return NONE;
}

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

	for (principal_id p = 0; p < b->principals.count; p++) {
		struct slice at =
		    strings_get(&b->strings, b->principals.at[p].home);

		if (!slice_eq_case(at, home))
			continue;
		c.principal = p;
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

/* There are few directory roles, so that a walk over what waits will do. */
static void
settle_role_member(struct settling *st, const struct waiting *w)
{
	struct azure *az = st->az;
	struct assignment a = {
	    .principal = w->principal, .role = NONE, .origin = w->origin};

	for (uint32_t i = 0; i < az->waiting.count; i++)
		if (az->waiting.at[i].what == WAITING_ALIAS &&
		    guid_eq(az->waiting.at[i].id, w->id))
			a.role = az->waiting.at[i].role;
	if (a.role == NONE)
		tell_unknown(az, w, "directory role");
	else
		builder_assign(az->b, &a);
}

/* A directory role can be held at one application or service principal. */
static void
settle_directory(struct settling *st, const struct waiting *w)
{
	struct assignment a = {.principal = w->principal,
	    .role = w->role,
	    .origin = w->origin,
	    .flags = w->row};
	uint32_t row = application(st, w->id);

	if (row == NONE)
		row = application_of(st->az, w->id, w->origin);
	if (row == NONE) {
		tell_unknown(st->az, w, "directory object");
		return;
	}
	a.scope = azure_application_scope(st->az, row);
	if (!azure_failed(st->az))
		builder_assign(st->az->b, &a);
}

/* --- groups --- */

/* Whether the direct memberships lead from the member to the group. */
static bool
is_in(struct settling *st, principal_id member, principal_id group,
    uint8_t *marks)
{
	struct builder *b = st->az->b;
	VECTOR(principal_id) queue = {0};
	enum actas_error error = vector_push(&queue, member);
	struct index_walk walk;
	bool found = false;
	uint32_t row;

	for (uint32_t i = 0; i < queue.count && !found && error == ACTAS_OK;
	     i++) {
		walk = index_start(&st->by_group, queue.at[i]);
		while (error == ACTAS_OK && index_next(&walk, &row)) {
			const struct membership *m = &b->memberships.at[row];

			if (m->member != queue.at[i] || marks[m->group])
				continue;
			marks[m->group] = 1;
			found |= m->group == group;
			error = vector_push(&queue, m->group);
		}
	}
	for (uint32_t i = 0; i < queue.count; i++) {
		walk = index_start(&st->by_group, queue.at[i]);
		while (index_next(&walk, &row))
			marks[b->memberships.at[row].group] = 0;
	}
	vector_release(&queue);
	if (error != ACTAS_OK)
		st->az->error = error;
	return found;
}

/* Display name, else UPN, else object id. */
static void
write_name(struct azure *az, principal_id id, struct buffer *out)
{
	const struct principal *p = &az->b->principals.at[id];
	string_id name = p->name != 0 ? p->name : p->upn;
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(p->object_id, text);
	if (name != 0)
		buffer_add(out, strings_get(&az->b->strings, name));
	else
		buffer_puts(out, text);
}

static void
tell_indirect(struct azure *az, const struct waiting *w)
{
	struct buffer member = {0}, group = {0};

	write_name(az, w->principal, &member);
	write_name(az, w->row, &group);
	builder_problem(az->b, PROBLEM_INCOMPLETE_SOURCE, buffer_slice(&member),
	    w->origin, (struct origin){0},
	    "%s is in the group %s by a way that the source does not show: "
	    "taken as a direct member",
	    buffer_text(&member), buffer_text(&group));
	if (member.error != ACTAS_OK || group.error != ACTAS_OK)
		az->error = ACTAS_ENOMEM;
	buffer_release(&member);
	buffer_release(&group);
}

/* An answer about transitive members says who is in the group and not how.
 * Where the direct memberships say how, it adds nothing; where they do not,
 * the access is real and the way to it is not known. */
static void
settle_transitive(struct settling *st)
{
	struct azure *az = st->az;
	uint32_t known = az->b->memberships.count;
	uint8_t *marks = mem_zero(az->b->principals.count, 1);

	if (marks == NULL)
		az->error = ACTAS_ENOMEM;
	for (uint32_t i = 0; i < known && az->error == ACTAS_OK; i++)
		az->error = index_add(
		    &st->by_group, az->b->memberships.at[i].member, i);
	for (uint32_t i = 0; i < az->waiting.count && !azure_failed(az); i++) {
		const struct waiting *w = &az->waiting.at[i];

		if (w->what != WAITING_TRANSITIVE ||
		    is_in(st, w->principal, w->row, marks))
			continue;
		tell_indirect(az, w);
		builder_member(az->b, w->row, w->principal, w->origin);
	}
	mem_free(marks);
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

	if (p->flags & PRINCIPAL_DECLARED)
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
    [WAITING_TRANSITIVE] = NULL, /* all together */
};

/* --- vaults by name --- */

static bool
is_vault(const struct builder *b, scope_id s, bool with_place)
{
	return b->scopes.at[s].kind == SCOPE_VAULT &&
	    (b->scopes.at[s].parent != 0) == with_place;
}

/* Hangs a vault that is known by its name under the resource group of the
 * vault that bears it. */
static void
find_place(struct builder *b, const struct index *by_name, scope_id s)
{
	struct slice name = strings_get(&b->strings, b->scopes.at[s].segment);
	struct index_walk walk = index_start(by_name, slice_hash_case(name));
	const struct scope *found;
	scope_id other;

	while (index_next(&walk, &other)) {
		found = &b->scopes.at[other];
		if (!slice_eq_case(
			name, strings_get(&b->strings, found->segment)))
			continue;
		b->scopes.at[s].origin = found->origin;
		builder_move(b, s, found->parent);
		return;
	}
}

/* A vault's name is unique in the world: what its secrets say of it under
 * that name belongs to the vault that the resources list. */
static void
settle_vaults(struct azure *az)
{
	struct builder *b = az->b;
	struct index by_name = {0};

	for (scope_id s = 0; s < b->scopes.count; s++)
		if (is_vault(b, s, true) && az->error == ACTAS_OK)
			az->error = index_add(&by_name,
			    slice_hash_case(strings_get(
				&b->strings, b->scopes.at[s].segment)),
			    s);
	for (scope_id s = 0; s < b->scopes.count && !azure_failed(az); s++)
		if (is_vault(b, s, false))
			find_place(b, &by_name, s);
	index_release(&by_name);
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

	index_upns(&st);
	index_applications(&st);
	for (uint32_t i = 0; i < az->waiting.count && !azure_failed(az); i++)
		if (settlers[az->waiting.at[i].what] != NULL)
			settlers[az->waiting.at[i].what](
			    &st, &az->waiting.at[i]);
	if (!azure_failed(az))
		settle_transitive(&st);
	if (!azure_failed(az))
		settle_vaults(az);
	if (!azure_failed(az))
		tell_orphan_roles(az);
	index_release(&st.by_upn);
	index_release(&st.by_application);
	index_release(&st.by_group);
}
