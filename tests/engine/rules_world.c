#include "rules_world.h"

void
world_begin(struct world *w)
{
	*w = (struct world){0};
	w->b = builder_new(&w->fault);
	assert_non_null(w->b);
}

struct estate *
world_estate(struct world *w)
{
	struct estate *e = NULL;
	enum actas_error error = builder_finish(w->b, &e);

	w->b = NULL;
	if (error != ACTAS_OK)
		fail_msg("%s", w->fault.message);
	return e;
}

void
world_drop(struct world *w)
{
	builder_free(w->b);
	w->b = NULL;
}

struct origin
at(struct world *w, uint32_t line)
{
	return builder_origin(w->b, "page.md", line);
}

string_id
said(struct world *w, const char *text)
{
	return text == NULL ? 0 : builder_string(w->b, slice_of(text));
}

principal_id
identity(
    struct world *w, const char *name, enum principal_kind kind, uint32_t line)
{
	principal_id p =
	    builder_principal_new(w->b, slice_of(name), kind, at(w, line));

	assert_int_not_equal(p, NONE);
	flag(w, p, PRINCIPAL_DECLARED);
	return p;
}

principal_id
service(struct world *w, const char *name, uint32_t line)
{
	return identity(w, name, PRINCIPAL_SERVICE, line);
}

void
flag(struct world *w, principal_id p, enum principal_flag flag)
{
	w->b->principals.at[p].flags |= (uint8_t)flag;
}

scope_id
scope(struct world *w, scope_id parent, enum scope_kind kind, const char *name)
{
	scope_id s = builder_scope(
	    w->b, parent, kind, SLICE(""), slice_of(name), at(w, 1));

	assert_int_not_equal(s, NONE);
	w->b->scopes.at[s].declared = 1;
	return s;
}

scope_id
subscription(struct world *w)
{
	return scope(
	    w, 0, SCOPE_SUBSCRIPTION, "00000000-0000-0000-0000-00000000000a");
}

scope_id
resource_group(struct world *w, const char *name)
{
	return scope(w, subscription(w), SCOPE_RESOURCE_GROUP, name);
}

scope_id
vault(struct world *w, const char *name, enum vault_model model, uint32_t line)
{
	scope_id s = scope(w, resource_group(w, "rg"), SCOPE_VAULT, name);
	struct vault *row = builder_vault(w->b, s, at(w, line));

	assert_non_null(row);
	row->model = (uint8_t)model;
	row->stated = model != MODEL_UNSAID;
	return s;
}

scope_id
secret(struct world *w, scope_id in, const char *name, uint32_t line)
{
	scope_id s = scope(w, in, SCOPE_SECRET, name);

	assert_non_null(builder_secret(w->b, s, at(w, line)));
	return s;
}

scope_id
account(struct world *w, const char *name)
{
	return scope(w, resource_group(w, "rg"), SCOPE_STORAGE_ACCOUNT, name);
}

scope_id
workspace(struct world *w, const char *name)
{
	return scope(w, 0, SCOPE_WORKSPACE, name);
}

item_id
item(struct world *w, scope_id in, const char *name, enum item_kind kind,
    uint32_t line)
{
	return builder_item(
	    w->b, scope(w, in, SCOPE_ITEM, name), kind, at(w, line));
}

uint32_t
connection(
    struct world *w, const char *name, principal_id backed_by, uint32_t line)
{
	scope_id s = scope(w, 0, SCOPE_CONNECTION, name);
	struct connection *row = builder_connection(w->b, s, at(w, line));

	assert_non_null(row);
	row->principal = backed_by;
	return (uint32_t)(row - w->b->connections.at);
}

role_id
role_of(struct world *w, enum plane plane, const char *name)
{
	role_id r = plane == PLANE_CLAIMED
	    ? builtin_claimed(w->b, slice_of(name), SCOPE_VAULT, at(w, 1))
	    : builder_role_by_name(w->b, plane, slice_of(name));

	assert_int_not_equal(r, NONE);
	return r;
}

role_id
policy_of(struct world *w, const char *permission)
{
	struct slice one = slice_of(permission);
	role_id r = builtin_policy(w->b, &one, 1, at(w, 1));

	assert_int_not_equal(r, NONE);
	return r;
}

void
grant(struct world *w, principal_id p, role_id role, scope_id s, uint32_t line)
{
	builder_assign(w->b,
	    &(struct assignment){.principal = p,
		.role = role,
		.scope = s,
		.origin = at(w, line)});
}

static uint32_t
add_listing(struct world *w, struct listing row)
{
	assert_int_equal(vector_push(&w->b->listings, row), ACTAS_OK);
	return w->b->listings.count - 1;
}

uint32_t
listing(struct world *w, enum view view, bool complete, uint32_t line)
{
	return add_listing(w,
	    (struct listing){.view = (uint8_t)view,
		.complete = complete,
		.principal = NONE,
		.scope = NONE,
		.origin = at(w, line)});
}

uint32_t
role_table(struct world *w, principal_id p, uint32_t line)
{
	return add_listing(w,
	    (struct listing){.view = VIEW_ROLES,
		.complete = true,
		.principal = p,
		.scope = NONE,
		.origin = at(w, line)});
}

uint32_t
list_of(struct world *w, enum view view, scope_id of, uint32_t line)
{
	return add_listing(w,
	    (struct listing){.view = (uint8_t)view,
		.complete = true,
		.principal = NONE,
		.scope = of,
		.origin = at(w, line)});
}

static struct claim
blank(struct world *w, uint32_t in, principal_id p, uint32_t line)
{
	return (struct claim){.listing = in,
	    .principal = p,
	    .role = NONE,
	    .scope = NONE,
	    .assignment = NONE,
	    .origin = at(w, line)};
}

void
tell(struct world *w, uint32_t in, struct said_role said_role, uint32_t line)
{
	struct claim claim = blank(w, in, said_role.p, line);

	claim.says = CLAIM_GRANTS;
	claim.role = said_role.role;
	claim.scope = said_role.scope;
	claim.purpose = said(w, said_role.purpose);
	claim.from_all = said_role.from_all;
	builder_claim(w->b, &claim);
}

void
tell_none(
    struct world *w, uint32_t in, principal_id p, scope_id s, uint32_t line)
{
	struct claim claim = blank(w, in, p, line);

	claim.says = CLAIM_HAS_NONE;
	claim.scope = s;
	builder_claim(w->b, &claim);
}

void
tell_kind(struct world *w, uint32_t in, principal_id p, const char *text,
    enum tri human, uint32_t line)
{
	struct claim claim = blank(w, in, p, line);

	claim.says = CLAIM_IS_KIND;
	claim.kind = PRINCIPAL_USER;
	claim.human = (uint8_t)human;
	claim.text = said(w, text);
	builder_claim(w->b, &claim);
}

void
sink(struct world *w, principal_id p, enum sink_kind kind, scope_id s,
    uint32_t plan, bool in_steps, uint32_t line)
{
	assert_int_equal(vector_push(&w->b->sinks,
			     {.principal = p,
				 .scope = s,
				 .plan = plan,
				 .kind = (uint8_t)kind,
				 .in_steps = in_steps,
				 .origin = at(w, line)}),
	    ACTAS_OK);
}

void
setting(struct world *w, const char *rule, const char *severity,
    const char *subject, const char *reason, uint32_t line)
{
	assert_int_equal(vector_push(&w->b->settings,
			     {.rule = said(w, rule),
				 .severity = said(w, severity),
				 .subject = said(w, subject),
				 .reason = said(w, reason),
				 .origin = at(w, line)}),
	    ACTAS_OK);
}
