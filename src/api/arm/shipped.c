#include "api/arm/shipped.h"

#include "api/arm/roles.h"
#include "estate/builtin.h"

struct one {
	struct guid id;
	json_t *answer;
};

struct shipped {
	VECTOR(struct one) at;
};

/* Azure gives its first roles this moment; those of later ones are not
 * published with them. */
static const char created[] = "2015-02-02T21:55:09.0000000Z";

static json_t *
answer_of(const struct estate *e, const struct role *role)
{
	return json_pack("{s:o, s:s, s:o, s:{s:o, s:s, s:s, s:[s], s:o, s:s, "
			 "s:s, s:n, s:n}}",
	    "id", arm_role_path(&(struct arm_scope){0}, role->id), "type",
	    "Microsoft.Authorization/roleDefinitions", "name",
	    arm_json_guid(role->id), "properties", "roleName",
	    arm_json_text(estate_text(e, role->name)), "type", "BuiltInRole",
	    "description", "", "assignableScopes", "/", "permissions",
	    arm_role_permissions(e, role), "createdOn", created, "updatedOn",
	    created, "createdBy", "updatedBy");
}

static enum actas_error
add(struct shipped *s, const struct estate *e, const struct role *role)
{
	struct one one = {role->id, answer_of(e, role)};
	enum actas_error error = ACTAS_ENOMEM;

	if (one.answer != NULL)
		error = vector_push(&s->at, one);
	if (error != ACTAS_OK)
		json_decref(one.answer);
	return error;
}

static int
compare(const void *a, const void *b)
{
	/* The id is the first member. */
	return memcmp(a, b, sizeof(struct guid));
}

static enum actas_error
fill(struct shipped *s, const struct estate *e)
{
	enum actas_error error = ACTAS_OK;

	for (role_id r = 0; r < e->roles.count && error == ACTAS_OK; r++) {
		const struct role *role = &e->roles.at[r];

		if (role->plane == PLANE_AZURE)
			error = add(s, e, role);
	}
	if (s->at.count > 0)
		qsort(s->at.at, s->at.count, sizeof *s->at.at, compare);
	return error;
}

static enum actas_error
all_roles(struct estate **e, struct fault *fault)
{
	struct builder *b = builder_new(fault);

	*e = NULL;
	if (b == NULL)
		return ACTAS_ENOMEM;
	builtin_add_rest(b);
	return builder_finish(b, e);
}

enum actas_error
shipped_new(struct shipped **shipped, struct fault *fault)
{
	struct shipped *s = mem_zero(1, sizeof *s);
	struct estate *e = NULL;
	enum actas_error error = ACTAS_ENOMEM;

	*shipped = NULL;
	if (s != NULL)
		error = all_roles(&e, fault);
	if (error == ACTAS_OK)
		error = fill(s, e);
	estate_free(e);
	if (error == ACTAS_OK) {
		*shipped = s;
		return ACTAS_OK;
	}
	shipped_free(s);
	return fault_plain(fault, error);
}

void
shipped_free(struct shipped *s)
{
	if (s == NULL)
		return;
	for (uint32_t i = 0; i < s->at.count; i++)
		json_decref(s->at.at[i].answer);
	vector_release(&s->at);
	mem_free(s);
}

uint32_t
shipped_count(const struct shipped *s)
{
	return s->at.count;
}

struct guid
shipped_id(const struct shipped *s, uint32_t i)
{
	return s->at.at[i].id;
}

const json_t *
shipped_find(const struct shipped *s, struct guid id)
{
	struct one wanted = {.id = id};
	const struct one *found =
	    bsearch(&wanted, s->at.at, s->at.count, sizeof *s->at.at, compare);

	return found == NULL ? NULL : found->answer;
}

bool
shipped_has_name(const struct shipped *s, struct slice name, struct guid but)
{
	for (uint32_t i = 0; i < s->at.count; i++) {
		const json_t *properties = arm_properties(s->at.at[i].answer);

		if (!guid_eq(s->at.at[i].id, but) &&
		    slice_eq_case(arm_text(properties, "roleName"), name))
			return true;
	}
	return false;
}
