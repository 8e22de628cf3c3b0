#include "platform/import/import_private.h"

/*
 * A page may name a right and not what grants it ("Get Secrets"). A platform
 * grants by mechanism, so such a right becomes the least role that gives it,
 * or, in a vault of access policies, a policy with just these permissions.
 *
 * Rows of one object go from less to more: the greatest that any of the
 * rights asks for gives them all.
 */

#define SECRETS "Microsoft.KeyVault/vaults/secrets/"
#define BLOBS   "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/"
#define ITEMS   "Microsoft.Fabric/workspaces/items/"

static const struct {
	const char *pattern; /* of the claimed role */
	const char *role;    /* that gives it */
	const char *policy;  /* permission that gives it */
	uint8_t plane;
	uint8_t rank;
	bool in_item; /* a permission of an item, given beside others */
} rights[] = {
    {SECRETS "readMetadata/action", "Key Vault Reader", "list", PLANE_AZURE, 1,
	false},
    {SECRETS "getSecret/action", "Key Vault Secrets User", "get", PLANE_AZURE,
	2, false},
    {SECRETS "setSecret/action", "Key Vault Secrets Officer", "set",
	PLANE_AZURE, 3, false},
    {SECRETS "update/action", "Key Vault Secrets Officer", "set", PLANE_AZURE,
	3, false},
    {SECRETS "delete", "Key Vault Secrets Officer", "delete", PLANE_AZURE, 3,
	false},
    {BLOBS "read", "Storage Blob Data Reader", NULL, PLANE_AZURE, 1, false},
    {BLOBS "write", "Storage Blob Data Contributor", NULL, PLANE_AZURE, 2,
	false},
    {BLOBS "add/action", "Storage Blob Data Contributor", NULL, PLANE_AZURE, 2,
	false},
    {BLOBS "delete", "Storage Blob Data Contributor", NULL, PLANE_AZURE, 2,
	false},
    {ITEMS "readData/action", "Viewer", NULL, PLANE_FABRIC, 1, false},
    {ITEMS "readAll/action", "Contributor", NULL, PLANE_FABRIC, 2, false},
    {ITEMS "writeAll/action", "Contributor", NULL, PLANE_FABRIC, 2, false},
    {ITEMS "readData/action", "ReadData", NULL, PLANE_FABRIC, 0, true},
    {ITEMS "readAll/action", "ReadAll", NULL, PLANE_FABRIC, 0, true},
};

enum { RIGHTS = sizeof rights / sizeof rights[0] };

static bool
lists(const struct estate *e, struct patterns run, const char *pattern)
{
	for (uint32_t i = 0; i < run.count; i++)
		if (slice_eq_case(estate_text(e, e->patterns.at[run.from + i]),
			slice_of(pattern)))
			return true;
	return false;
}

static bool
gives(const struct estate *e, role_id r, const char *pattern)
{
	const struct role *role = &e->roles.at[r];

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &e->permissions.at[role->permissions + i];

		if (lists(e, p->actions, pattern) ||
		    lists(e, p->data_actions, pattern))
			return true;
	}
	return false;
}

static role_id
role_called(const struct estate *e, enum plane plane, const char *name)
{
	for (role_id r = 0; r < e->roles.count; r++)
		if (e->roles.at[r].plane == plane && e->roles.at[r].shipped &&
		    slice_eq(
			estate_text(e, e->roles.at[r].name), slice_of(name)))
			return r;
	return NONE;
}

/* The principal holds the role there itself, so that nothing is to be added
 * or told. */
static bool
has_role(const struct estate *e, const struct assignment *a, role_id role)
{
	struct ids at = estate_assignments_at(e, a->scope);

	for (uint32_t i = 0; i < at.count; i++) {
		struct assignment row = estate_assignment(e, at.at[i]);

		if (row.principal == a->principal && row.role == role &&
		    row.flags == 0 && row.condition == 0)
			return true;
	}
	return false;
}

static void
tell_chosen(struct import *im, const struct assignment *a, const char *what)
{
	import_tell(im,
	    "%s: \"%s\" on %s names no role: %s was given, the least that "
	    "allows it",
	    import_principal(im, a->principal), import_role(im, a->role),
	    import_scope(im, a->scope), what);
}

static uint32_t
add_role(struct import *im, const struct assignment *a, const char *name,
    enum plane plane, role_id *into)
{
	role_id role = role_called(im->e, plane, name);

	if (role == NONE || has_role(im->e, a, role))
		return 0;
	*into = role;
	tell_chosen(im, a, import_text(im, "the role %s", name));
	return 1;
}

uint32_t
import_claim(struct import *im, const struct assignment *a,
    role_id roles[static CLAIM_ROLES])
{
	bool in_item = im->e->scopes.at[a->scope].kind == SCOPE_ITEM;
	uint32_t count = 0, best = RIGHTS;
	bool all = true;

	for (uint32_t i = 0; i < RIGHTS; i++) {
		if (!gives(im->e, a->role, rights[i].pattern))
			continue;
		if (in_item && rights[i].in_item && count < CLAIM_ROLES)
			count += add_role(im, a, rights[i].role,
			    (enum plane)rights[i].plane, &roles[count]);
		else if (!rights[i].in_item &&
		    (best == RIGHTS || rights[i].rank > rights[best].rank))
			best = i;
	}
	if (in_item) {
		all = !gives(im->e, a->role, ITEMS "writeAll/action");
	} else if (best != RIGHTS) {
		count = add_role(im, a, rights[best].role,
		    (enum plane)rights[best].plane, roles);
	}
	if (!all)
		import_tell(im,
		    "%s: writing the data of %s was left out: only a role of "
		    "its workspace allows it",
		    import_principal(im, a->principal),
		    import_scope(im, a->scope));
	return count;
}

json_t *
import_claim_policy(struct import *im, const struct assignment *a)
{
	json_t *list = json_array();
	struct buffer text = {0};

	for (uint32_t i = 0; i < RIGHTS; i++) {
		const char *name = rights[i].policy;

		if (name == NULL || !gives(im->e, a->role, rights[i].pattern) ||
		    strstr(buffer_text(&text), name) != NULL)
			continue;
		buffer_addf(&text, "%s%s", text.length > 0 ? ", " : "", name);
		if (json_array_append_new(list, json_string(name)) != 0)
			import_fail(im, ACTAS_ENOMEM);
	}
	import_fail(im, text.error);
	tell_chosen(im, a,
	    import_text(im, "an access policy (%s)", buffer_text(&text)));
	buffer_release(&text);
	return list;
}
