/*
 * What the words for a role mean. Two planes may have a role of one name
 * (Contributor), so the kind of the scope says where to look first.
 */
#include "source/page/page_read.h"

#define NO_PLANE PLANES

static const uint8_t planes_of[SCOPE_KINDS][2] = {
    [SCOPE_ROOT] = {PLANE_AZURE, PLANE_DIRECTORY},
    [SCOPE_MANAGEMENT_GROUP] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_SUBSCRIPTION] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_RESOURCE_GROUP] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_VAULT] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_SECRET] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_STORAGE_ACCOUNT] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_CONTAINER] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_BLOB] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_RESOURCE] = {PLANE_AZURE, NO_PLANE},
    [SCOPE_CAPACITY] = {PLANE_FABRIC, PLANE_AZURE},
    [SCOPE_WORKSPACE] = {PLANE_FABRIC, NO_PLANE},
    [SCOPE_ITEM] = {PLANE_FABRIC, PLANE_DEVOPS},
    [SCOPE_ORGANIZATION] = {PLANE_DEVOPS, NO_PLANE},
    [SCOPE_PROJECT] = {PLANE_DEVOPS, NO_PLANE},
    [SCOPE_CONNECTION] = {PLANE_DEVOPS, NO_PLANE},
    [SCOPE_APPLICATION] = {PLANE_DIRECTORY, PLANE_AZURE},
    [SCOPE_GROUP] = {PLANE_DIRECTORY, NO_PLANE},
};

static const struct prefix {
	const char *text;
	uint8_t plane;
} prefixes[] = {
    {"key vault access policy:", PLANE_POLICY},
    {"access policy:", PLANE_POLICY},
    {"policy:", PLANE_POLICY},
    {"azure:", PLANE_AZURE},
    {"fabric:", PLANE_FABRIC},
    {"devops:", PLANE_DEVOPS},
    {"directory:", PLANE_DIRECTORY},
    {"claimed:", PLANE_CLAIMED},
};

static role_id
policy_of(struct page *p, struct slice list, uint32_t line)
{
	struct slice permissions[32], part;
	uint32_t count = 0;

	while (count < 32 && slice_cut(&list, ',', &part)) {
		part = slice_trim(part);
		if (part.length > 0)
			permissions[count++] = part;
	}
	if (count == 0)
		return NONE;
	return builtin_policy(
	    p->builder, permissions, count, page_origin(p, line));
}

static role_id
role_in_plane(struct page *p, const struct prefix *prefix, struct slice name,
    uint32_t scope_kind, uint32_t line)
{
	if (prefix->plane == PLANE_POLICY)
		return policy_of(p, name, line);
	if (prefix->plane == PLANE_CLAIMED)
		return builtin_claimed(
		    p->builder, name, scope_kind, page_origin(p, line));
	return builder_role_by_name(p->builder, prefix->plane, name);
}

/* "Contributor role" is Contributor, but some roles are called a role. */
static struct slice
without_word_role(struct slice text)
{
	if (slice_ends_case(text, SLICE(" role")))
		text = slice_trim(slice_sub(text, 0, text.length - 5));
	return text;
}

static role_id
role_at(struct page *p, struct slice name, uint32_t scope_kind)
{
	role_id role = NONE;

	for (int i = 0; i < 2 && role == NONE; i++)
		if (planes_of[scope_kind][i] != NO_PLANE)
			role = builder_role_by_name(
			    p->builder, planes_of[scope_kind][i], name);
	return role;
}

role_id
page_role_silent(
    struct page *p, struct slice text, uint32_t scope_kind, uint32_t line)
{
	role_id role = NONE;
	struct guid id;

	text = slice_trim(text);
	if (guid_parse(text, &id) && !guid_is_nil(id))
		return builder_role_by_id(p->builder, id, page_origin(p, line));
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct slice prefix = slice_of(prefixes[i].text);

		if (slice_starts_case(text, prefix))
			return role_in_plane(p, &prefixes[i],
			    slice_trim(slice_from(text, prefix.length)),
			    scope_kind, line);
	}
	if (scope_kind >= SCOPE_KINDS)
		return NONE;
	role = role_at(p, text, scope_kind);
	text = without_word_role(text);
	if (role == NONE)
		role = role_at(p, text, scope_kind);
	if (role == NONE)
		role = builtin_claimed(
		    p->builder, text, scope_kind, page_origin(p, line));
	return role;
}

role_id
page_role(struct page *p, struct slice text, uint32_t scope_kind, uint32_t line)
{
	role_id role = page_role_silent(p, text, scope_kind, line);

	if (role == NONE && scope_kind < SCOPE_KINDS && !page_failed(p))
		page_problem(p, PROBLEM_UNKNOWN_ROLE, text, line,
		    "\"%.*s\" is no role that can be given on a %s",
		    SLICE_ARGS(page_shown(text)), scope_kind_name(scope_kind));
	return role;
}
