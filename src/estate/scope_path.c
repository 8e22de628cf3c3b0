#include "estate/private.h"

/*
 * Paths of Azure Resource Manager. A path is walked twice: once to see that
 * it is one, then again to make its scopes, so that text that turns out to be
 * no path leaves nothing behind.
 *
 * What has a kind of its own (vault, secret, storage account, …) has no type
 * text, so that a page, which knows no types, names the same scope. The type
 * of any other resource is its full ARM type, also of a nested one
 * ("Microsoft.Web/sites/slots").
 */

enum { TYPE_BYTES = 512 };

struct walk {
	struct builder *b;
	bool make; /* second time */
	struct slice rest;
	struct origin origin;
	scope_id at;
	enum scope_kind kind;
	char type[TYPE_BYTES]; /* of the resource, "" above resources */
	size_t type_length;
};

static const struct {
	const char *type;
	uint8_t kind, keeps_type;
} kinds[] = {
    {"Microsoft.Management/managementGroups", SCOPE_MANAGEMENT_GROUP, 0},
    {"Microsoft.KeyVault/vaults", SCOPE_VAULT, 0},
    {"Microsoft.KeyVault/vaults/secrets", SCOPE_SECRET, 0},
    {"Microsoft.Storage/storageAccounts", SCOPE_STORAGE_ACCOUNT, 0},
    {"Microsoft.Storage/storageAccounts/blobServices/containers",
	SCOPE_CONTAINER, 0},
    {"Microsoft.Storage/storageAccounts/blobServices/containers/blobs",
	SCOPE_BLOB, 0},
    {"Microsoft.Fabric/capacities", SCOPE_CAPACITY, 0},
    {"Microsoft.PowerBIDedicated/capacities", SCOPE_CAPACITY, 1},
};

static bool
next(struct walk *w, struct slice *word)
{
	return slice_cut(&w->rest, '/', word) && word->length > 0;
}

static bool
type_is(const struct walk *w, const char *type)
{
	return slice_eq_case(
	    (struct slice){w->type, w->type_length}, slice_of(type));
}

static bool
type_add(struct walk *w, struct slice word)
{
	bool first = w->type_length == 0;

	if (word.length + 1 > TYPE_BYTES - w->type_length)
		return false;
	if (!first)
		w->type[w->type_length++] = '/';
	memcpy(w->type + w->type_length, word.at, word.length);
	w->type_length += word.length;
	return true;
}

static bool
descend(
    struct walk *w, enum scope_kind kind, bool with_type, struct slice segment)
{
	struct slice type = {w->type, with_type ? w->type_length : 0};

	w->kind = kind;
	if (w->make)
		w->at =
		    builder_scope(w->b, w->at, kind, type, segment, w->origin);
	return w->b->error == ACTAS_OK;
}

/* Containers hang directly under their account, since the blob service
 * between them ("default") is no scope that anybody names. */
static bool
is_passed_over(const struct walk *w)
{
	struct slice rest = w->rest, word;

	return type_is(w, "Microsoft.Storage/storageAccounts/blobServices") &&
	    slice_cut(&rest, '/', &word) &&
	    slice_eq_case(word, SLICE("containers"));
}

static bool
resource(struct walk *w, struct slice type)
{
	struct slice segment;

	if (!type_add(w, type) || !next(w, &segment))
		return false;
	if (is_passed_over(w))
		return true;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (type_is(w, kinds[i].type))
			return descend(
			    w, kinds[i].kind, kinds[i].keeps_type, segment);
	return descend(w, SCOPE_RESOURCE, true, segment);
}

/* Role assignments and their like are written as resources of the scope that
 * they are about; they are no scopes. */
static bool
provider(struct walk *w)
{
	struct slice space, type;

	w->type_length = 0;
	return next(w, &space) &&
	    !slice_eq_case(space, SLICE("Microsoft.Authorization")) &&
	    type_add(w, space) && next(w, &type) && resource(w, type);
}

static bool
step(struct walk *w, struct slice word)
{
	struct slice segment;

	if (slice_eq_case(word, SLICE("providers")))
		return provider(w);
	if (w->type_length > 0)
		return resource(w, word);
	if (w->kind == SCOPE_ROOT &&
	    slice_eq_case(word, SLICE("subscriptions")))
		return next(w, &segment) &&
		    descend(w, SCOPE_SUBSCRIPTION, false, segment);
	if (w->kind == SCOPE_SUBSCRIPTION &&
	    slice_eq_case(word, SLICE("resourceGroups")))
		return next(w, &segment) &&
		    descend(w, SCOPE_RESOURCE_GROUP, false, segment);
	return false;
}

static bool
walk(struct builder *b, struct slice path, struct origin origin, scope_id *s)
{
	struct walk w = {
	    .b = b, .make = s != NULL, .rest = path, .origin = origin};
	struct slice word;

	while (w.rest.at != NULL)
		if (!next(&w, &word) || !step(&w, word))
			return false;
	if (s != NULL)
		*s = w.at;
	return true;
}

scope_id
builder_scope_path(struct builder *b, struct slice path, struct origin origin)
{
	scope_id s = NONE;

	if (b->error != ACTAS_OK || !slice_starts(path, SLICE("/")))
		return NONE;
	path = slice_from(path, 1);
	while (slice_ends(path, SLICE("/")))
		path.length--;
	if (path.length == 0)
		return 0;
	if (!walk(b, path, origin, NULL) || !walk(b, path, origin, &s))
		return NONE;
	return s;
}
