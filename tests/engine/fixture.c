#include "fixture.h"

enum { LIST = 16 };

static const struct origin here = {0};

void
fixture_begin(struct fixture *f)
{
	*f = (struct fixture){0};
	f->b = builder_new(&f->fault);
	assert_non_null(f->b);
}

void
fixture_freeze(struct fixture *f)
{
	enum actas_error error = builder_finish(f->b, &f->e);

	f->b = NULL;
	if (error != ACTAS_OK)
		fail_msg("%s", f->fault.message);
	error = estate_check(f->e, &f->fault);
	if (error != ACTAS_OK)
		fail_msg("%s", f->fault.message);
}

void
fixture_end(struct fixture *f)
{
	builder_free(f->b);
	estate_free(f->e);
	arena_release(&f->arena);
	*f = (struct fixture){0};
}

struct guid
fixture_guid(struct fixture *f)
{
	struct guid guid = {.bytes = {0xac}};

	guid.bytes[15] = ++f->ids;
	return guid;
}

principal_id
fixture_principal(struct fixture *f, const char *name, enum principal_kind kind)
{
	principal_id p = builder_principal(f->b, fixture_guid(f), here);
	string_id text = builder_string(f->b, slice_of(name));

	assert_int_not_equal(p, NONE);
	f->b->principals.at[p].name = text;
	f->b->principals.at[p].kind = (uint8_t)kind;
	f->b->principals.at[p].flags = PRINCIPAL_DECLARED;
	return p;
}

principal_id
fixture_user(struct fixture *f, const char *name)
{
	return fixture_principal(f, name, PRINCIPAL_USER);
}

principal_id
fixture_app(struct fixture *f, const char *name)
{
	return fixture_principal(f, name, PRINCIPAL_SERVICE);
}

principal_id
fixture_group(struct fixture *f, const char *name)
{
	return fixture_principal(f, name, PRINCIPAL_GROUP);
}

void
fixture_member(struct fixture *f, principal_id group, principal_id p)
{
	builder_member(f->b, group, p, here);
}

scope_id
fixture_scope(struct fixture *f, const char *path)
{
	scope_id s;

	if (strcmp(path, "/") == 0)
		return 0;
	s = builder_scope_path(f->b, slice_of(path), here);
	assert_int_not_equal(s, NONE);
	return s;
}

scope_id
fixture_workspace(struct fixture *f, const char *name)
{
	return builder_scope(
	    f->b, 0, SCOPE_WORKSPACE, (struct slice){0}, slice_of(name), here);
}

item_id
fixture_item(struct fixture *f, scope_id workspace, const char *name,
    enum item_kind kind)
{
	scope_id s = builder_scope(f->b, workspace, SCOPE_ITEM,
	    SLICE("Notebook"), slice_of(name), here);

	return builder_item(f->b, s, kind, here);
}

scope_id
fixture_item_scope(struct fixture *f, item_id item)
{
	return f->b->items.at[item].scope;
}

scope_id
fixture_vault(struct fixture *f, enum vault_model model)
{
	scope_id s = fixture_scope(f, VAULT);
	struct vault *vault = builder_vault(f->b, s, here);

	assert_non_null(vault);
	vault->model = (uint8_t)model;
	vault->stated = model != MODEL_UNSAID;
	return s;
}

static uint32_t
split(const char *list, struct slice parts[static LIST])
{
	struct slice rest = slice_of(list), part;
	uint32_t count = 0;

	while (count < LIST && slice_cut(&rest, ' ', &part)) {
		if (part.length != 0)
			parts[count++] = part;
	}
	return count;
}

struct permission_lists {
	struct slice actions[LIST], not_actions[LIST];
	struct slice data[LIST], not_data[LIST];
};

static struct permission_text
permission(const struct patterns_text *text, struct permission_lists *lists)
{
	return (struct permission_text){
	    .actions = lists->actions,
	    .not_actions = lists->not_actions,
	    .data_actions = lists->data,
	    .not_data_actions = lists->not_data,
	    .action_count = split(text->actions, lists->actions),
	    .not_action_count = split(text->not_actions, lists->not_actions),
	    .data_action_count = split(text->data, lists->data),
	    .not_data_action_count = split(text->not_data, lists->not_data),
	    .condition = slice_of(text->condition),
	};
}

role_id
fixture_role(struct fixture *f, const char *name, uint32_t count,
    const struct patterns_text *permissions)
{
	struct permission_lists lists[4];
	struct permission_text texts[4];
	role_id role;

	assert_in_range(count, 0, 4);
	for (uint32_t i = 0; i < count; i++)
		texts[i] = permission(&permissions[i], &lists[i]);
	role = builder_role(f->b, PLANE_AZURE, fixture_guid(f), slice_of(name),
	    texts, count, here);
	assert_int_not_equal(role, NONE);
	return role;
}

role_id
fixture_builtin(struct fixture *f, enum plane plane, const char *name)
{
	role_id role = builder_role_by_name(f->b, plane, slice_of(name));

	if (role == NONE)
		fail_msg("no role %s", name);
	return role;
}

role_id
fixture_policy(struct fixture *f, const char *permission)
{
	struct slice names[LIST];
	uint32_t count = split(permission, names);
	role_id role = builtin_policy(f->b, names, count, here);

	assert_int_not_equal(role, NONE);
	return role;
}

static void
assign(struct fixture *f, const struct assignment *a)
{
	assert_int_not_equal(a->role, NONE);
	builder_assign(f->b, a);
	if (f->b->error != ACTAS_OK)
		fail_msg("%s", f->fault.message);
}

void
fixture_assign(struct fixture *f, principal_id p, role_id role, scope_id s)
{
	const struct assignment a = {.principal = p, .role = role, .scope = s};

	assign(f, &a);
}

void
fixture_grant(
    struct fixture *f, principal_id p, const char *role, const char *path)
{
	fixture_assign(f, p, fixture_builtin(f, PLANE_AZURE, role),
	    fixture_scope(f, path));
}

void
fixture_grant_if(struct fixture *f, principal_id p, const char *role,
    const char *path, const char *condition)
{
	const struct assignment a = {
	    .principal = p,
	    .role = fixture_builtin(f, PLANE_AZURE, role),
	    .scope = fixture_scope(f, path),
	    .condition = builder_string(f->b, slice_of(condition)),
	};

	assign(f, &a);
}

static uint32_t
push_ids(struct fixture *f, const principal_id *ids)
{
	uint32_t n = 0;

	for (; ids != NULL && ids[n] != NONE; n++)
		assert_int_equal(
		    vector_push(&f->b->denial_ids, ids[n]), ACTAS_OK);
	return n;
}

void
fixture_deny(struct fixture *f, const struct denial_text *denial)
{
	const struct patterns_text patterns = {
	    .actions = denial->actions,
	    .data = denial->data,
	};
	struct permission_lists lists;
	struct permission_text text = permission(&patterns, &lists);
	struct deny_assignment d = {
	    .scope = fixture_scope(f, denial->path),
	    .permissions = builder_permissions(f->b, &text, 1),
	    .permission_count = 1,
	    .everyone = denial->everyone,
	    .not_for_children = denial->not_for_children,
	};

	d.principals = f->b->denial_ids.count;
	d.principal_count = push_ids(f, denial->principals);
	d.excluded = f->b->denial_ids.count;
	d.excluded_count = push_ids(f, denial->excluded);
	assert_int_equal(vector_push(&f->b->denials, d), ACTAS_OK);
}

struct decision
fixture_decide(
    struct fixture *f, principal_id p, const char *action, scope_id s)
{
	struct action prepared;
	struct decision d;

	if (action_prepare(f->e, slice_of(action), ACTION_AS_KNOWN, &prepared,
		&f->fault) != ACTAS_OK)
		fail_msg("%s", f->fault.message);
	d = decide(f->e, p, &prepared, s, NULL);
	action_release(&prepared);
	return d;
}

const char *
fixture_reason(
    struct fixture *f, principal_id p, const char *action, scope_id s)
{
	return reason_name(fixture_decide(f, p, action, s).reason);
}
