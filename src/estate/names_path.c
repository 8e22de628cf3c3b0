#include "estate/names_private.h"

/*
 * Full paths. A path is written from the chain of parents; what a source did
 * not say (the resource group of a page's vault) is left out of it, so that
 * the path of such a scope is short and still its own. A '/' inside a
 * segment, which the platform does not allow but a page can say, is written
 * %2F, so that no two scopes of different segments have one path.
 */

/* What stands before the segment. */
static const char *const steps[SCOPE_KINDS] = {
    [SCOPE_MANAGEMENT_GROUP] =
	"/providers/Microsoft.Management/managementGroups/",
    [SCOPE_SUBSCRIPTION] = "/subscriptions/",
    [SCOPE_RESOURCE_GROUP] = "/resourceGroups/",
    [SCOPE_VAULT] = "/providers/Microsoft.KeyVault/vaults/",
    [SCOPE_SECRET] = "/secrets/",
    [SCOPE_STORAGE_ACCOUNT] = "/providers/Microsoft.Storage/storageAccounts/",
    [SCOPE_CONTAINER] = "/blobServices/default/containers/",
    [SCOPE_BLOB] = "/blobs/",
    [SCOPE_CAPACITY] = "/providers/Microsoft.Fabric/capacities/",
    [SCOPE_WORKSPACE] = "/workspaces/",
    [SCOPE_ITEM] = "/items/",
    [SCOPE_ORGANIZATION] = "/",
    [SCOPE_PROJECT] = "/",
    [SCOPE_CONNECTION] = "/serviceendpoints/",
    [SCOPE_APPLICATION] = "/applications/",
    [SCOPE_GROUP] = "/groups/",
};

/* Kinds whose path does not go through their parent. */
static const bool starts_anew[SCOPE_KINDS] = {
    [SCOPE_MANAGEMENT_GROUP] = true,
    [SCOPE_SUBSCRIPTION] = true,
};

/* The ARM type of a scope that can have resources nested in it. */
static struct slice
arm_type(const struct estate *e, const struct scope *s)
{
	static const char *const types[SCOPE_KINDS] = {
	    [SCOPE_VAULT] = "Microsoft.KeyVault/vaults",
	    [SCOPE_SECRET] = "Microsoft.KeyVault/vaults/secrets",
	    [SCOPE_STORAGE_ACCOUNT] = "Microsoft.Storage/storageAccounts",
	    [SCOPE_CONTAINER] =
		"Microsoft.Storage/storageAccounts/blobServices/containers",
	    [SCOPE_CAPACITY] = "Microsoft.Fabric/capacities",
	};

	return s->type != 0 ? estate_text(e, s->type)
			    : slice_of(types[s->kind]);
}

static void
write_resource_step(
    const struct estate *e, const struct scope *s, struct buffer *out)
{
	struct slice type = estate_text(e, s->type);
	struct slice outer = arm_type(e, &e->scopes.at[s->parent]);

	if (outer.length > 0 && type.length > outer.length &&
	    slice_starts_case(type, outer) && type.at[outer.length] == '/') {
		buffer_add(out, slice_from(type, outer.length));
	} else {
		buffer_puts(out, "/providers/");
		buffer_add(out, type);
	}
	buffer_putc(out, '/');
}

/* Whether a '%' at 'i' would be read as the sign for another character. */
static bool
reads_as_sign(struct slice text, size_t i)
{
	struct slice two = slice_sub(text, i + 1, 2);

	return slice_eq_case(two, SLICE("2F")) || slice_eq(two, SLICE("25"));
}

void
path_segment_write(struct slice segment, struct buffer *out)
{
	for (size_t i = 0; i < segment.length; i++) {
		char c = segment.at[i];

		if (c == '/')
			buffer_puts(out, "%2F");
		else if (c == '%' && reads_as_sign(segment, i))
			buffer_puts(out, "%25");
		else
			buffer_putc(out, c);
	}
}

void
path_segment_read(struct slice text, struct buffer *out)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.at[i] == '%' && reads_as_sign(text, i)) {
			buffer_putc(out, text.at[i + 2] == '5' ? '%' : '/');
			i += 2;
		} else {
			buffer_putc(out, text.at[i]);
		}
	}
}

/* Goes as deep as the tree, which is bounded (LIMIT_SCOPE_DEPTH). */
static void
write_steps(const struct estate *e, scope_id s, struct buffer *out)
{
	const struct scope *row = &e->scopes.at[s];

	if (row->parent == NONE)
		return;
	if (!starts_anew[row->kind])
		write_steps(e, row->parent, out);
	if (row->kind == SCOPE_RESOURCE ||
	    (row->kind == SCOPE_CAPACITY && row->type != 0))
		write_resource_step(e, row, out);
	else
		buffer_puts(out, steps[row->kind]);
	path_segment_write(estate_text(e, row->segment), out);
}

void
estate_write_path(const struct estate *e, scope_id s, struct buffer *out)
{
	if (e->scopes.at[s].parent == NONE)
		buffer_putc(out, '/');
	else
		write_steps(e, s, out);
}
