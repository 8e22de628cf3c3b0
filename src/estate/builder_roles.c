#include "estate/private.h"

#include "estate/builtin.h"

static uint64_t
name_hash(enum plane plane, struct slice name)
{
	return slice_hash_case(name) + (uint64_t)plane * 0x9e3779b97f4a7c15u;
}

static struct patterns
add_patterns(struct builder *b, const struct slice *text, uint32_t count)
{
	struct patterns run = {b->patterns.count, count};

	for (uint32_t i = 0; i < count && b->error == ACTAS_OK; i++)
		builder_stick(
		    b, vector_push(&b->patterns, builder_string(b, text[i])));
	return run;
}

uint32_t
builder_permissions(struct builder *b,
    const struct permission_text *permissions, uint32_t count)
{
	uint32_t first = b->permissions.count;

	for (uint32_t i = 0; i < count && b->error == ACTAS_OK; i++) {
		const struct permission_text *p = &permissions[i];
		struct permission row = {
		    add_patterns(b, p->actions, p->action_count),
		    add_patterns(b, p->not_actions, p->not_action_count),
		    add_patterns(b, p->data_actions, p->data_action_count),
		    add_patterns(
			b, p->not_data_actions, p->not_data_action_count),
		    builder_string(b, p->condition)};

		if (b->error == ACTAS_OK)
			builder_stick(b, vector_push(&b->permissions, row));
	}
	return first;
}

static role_id
find_by_id(const struct builder *b, struct guid id)
{
	struct index_walk walk =
	    index_start(&b->private->by_role_id, guid_hash(id));
	role_id r;

	while (index_next(&walk, &r))
		if (guid_eq(b->roles.at[r].id, id))
			return r;
	return NONE;
}

static role_id
find_by_name(const struct builder *b, enum plane plane, struct slice name)
{
	struct index_walk walk =
	    index_start(&b->private->by_role_name, name_hash(plane, name));
	role_id r;

	while (index_next(&walk, &r)) {
		const struct role *row = &b->roles.at[r];

		if (row->plane == plane &&
		    slice_eq_case(strings_get(&b->strings, row->name), name))
			return r;
	}
	return NONE;
}

/* A built-in role that the source gives another name is not called by its
 * old one. */
static role_id
known_by_name(struct builder *b, enum plane plane, struct slice name)
{
	role_id r = find_by_name(b, plane, name);
	struct guid id;

	if (r != NONE || plane != PLANE_AZURE || !builtin_id_of(name, &id) ||
	    find_by_id(b, id) != NONE)
		return r;
	return builtin_by_id(b, id);
}

role_id
builder_role_by_name(struct builder *b, enum plane plane, struct slice name)
{
	struct slice published;
	role_id r;

	if (name.length == 0 || b->error != ACTAS_OK)
		return NONE;
	r = known_by_name(b, plane, name);
	if (r != NONE)
		return r;
	published = builtin_role_alias(name);
	return published.length == 0 ? NONE
				     : known_by_name(b, plane, published);
}

static bool
same_patterns(const struct builder *b, struct patterns run,
    const struct slice *text, uint32_t count)
{
	if (run.count != count)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!slice_eq_case(text[i],
			strings_get(&b->strings, b->patterns.at[run.from + i])))
			return false;
	return true;
}

static bool
same_permission(const struct builder *b, const struct permission *p,
    const struct permission_text *t)
{
	return same_patterns(b, p->actions, t->actions, t->action_count) &&
	    same_patterns(
		b, p->not_actions, t->not_actions, t->not_action_count) &&
	    same_patterns(
		b, p->data_actions, t->data_actions, t->data_action_count) &&
	    same_patterns(b, p->not_data_actions, t->not_data_actions,
		t->not_data_action_count) &&
	    slice_eq(strings_get(&b->strings, p->condition), t->condition);
}

/* A role definition as the source gives it. */
struct definition {
	enum plane plane;
	struct guid id;
	struct slice name;
	const struct permission_text *permissions;
	uint32_t count;
	struct origin origin;
};

static bool
says_the_same(
    const struct builder *b, const struct role *row, const struct definition *d)
{
	if (row->plane != d->plane || row->permission_count != d->count ||
	    !slice_eq(strings_get(&b->strings, row->name), d->name))
		return false;
	for (uint32_t i = 0; i < d->count; i++)
		if (!same_permission(b,
			&b->permissions.at[row->permissions + i],
			&d->permissions[i]))
			return false;
	return true;
}

static bool
is_placeholder(const struct role *row)
{
	return row->name == 0 && row->permission_count == 0;
}

static role_id
fill(struct builder *b, role_id r, const struct definition *d)
{
	string_id name = builder_string(b, d->name);
	uint32_t first = builder_permissions(b, d->permissions, d->count);

	if (b->error != ACTAS_OK)
		return NONE;
	b->roles.at[r].name = name;
	b->roles.at[r].plane = (uint8_t)d->plane;
	b->roles.at[r].permissions = first;
	b->roles.at[r].permission_count = d->count;
	b->roles.at[r].builtin = 0;
	b->roles.at[r].origin = d->origin;
	if (name != 0)
		builder_stick(b,
		    index_add(&b->private->by_role_name,
			name_hash(d->plane, d->name), r));
	return b->error == ACTAS_OK ? r : NONE;
}

static role_id
add_row(struct builder *b, struct guid id, struct origin origin)
{
	struct role row = {.id = id, .plane = PLANE_AZURE, .origin = origin};
	role_id r = b->roles.count;

	builder_stick(b, vector_push(&b->roles, row));
	if (b->error == ACTAS_OK && !guid_is_nil(id))
		builder_stick(
		    b, index_add(&b->private->by_role_id, guid_hash(id), r));
	return b->error == ACTAS_OK ? r : NONE;
}

static void
tell_duplicate(
    struct builder *b, const struct role *first, const struct definition *d)
{
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(d->id, id);
	builder_problem(b, PROBLEM_DUPLICATE, d->name, d->origin, first->origin,
	    "the role definition \"%.*s\"%s%s was read already and says "
	    "something else there; the first one is kept",
	    SLICE_ARGS(d->name), guid_is_nil(d->id) ? "" : ", id ",
	    guid_is_nil(d->id) ? "" : id);
}

static role_id
define(struct builder *b, const struct definition *d)
{
	role_id r = guid_is_nil(d->id) ? find_by_name(b, d->plane, d->name)
				       : find_by_id(b, d->id);

	if (r == NONE)
		r = add_row(b, d->id, d->origin);
	else if (!b->roles.at[r].builtin && !is_placeholder(&b->roles.at[r])) {
		if (!says_the_same(b, &b->roles.at[r], d))
			tell_duplicate(b, &b->roles.at[r], d);
		return b->error == ACTAS_OK ? r : NONE;
	}
	return r == NONE ? NONE : fill(b, r, d);
}

role_id
builder_define(struct builder *b, enum plane plane, struct guid id,
    struct slice name, const struct permission_text *permissions,
    uint32_t count, struct origin origin)
{
	struct definition d = {plane, id, name, permissions, count, origin};

	return b->error == ACTAS_OK ? define(b, &d) : NONE;
}

static role_id
known_by_id(struct builder *b, struct guid id)
{
	role_id r = guid_is_nil(id) ? NONE : find_by_id(b, id);

	return r == NONE ? builtin_by_id(b, id) : r;
}

role_id
builder_role(struct builder *b, enum plane plane, struct guid id,
    struct slice name, const struct permission_text *permissions,
    uint32_t count, struct origin origin)
{
	if (plane == PLANE_AZURE)
		(void)known_by_id(b, id);
	return builder_define(b, plane, id, name, permissions, count, origin);
}

role_id
builder_role_by_id(struct builder *b, struct guid id, struct origin origin)
{
	role_id r;

	if (b->error != ACTAS_OK)
		return NONE;
	r = known_by_id(b, id);
	return r != NONE ? r : add_row(b, id, origin);
}
