#include "estate/scope_path.h"

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
next(struct scope_path *w, struct slice *word)
{
	return slice_cut(&w->rest, '/', word) && word->length > 0;
}

static bool
type_is(const struct scope_path *w, const char *type)
{
	return slice_eq_case(
	    (struct slice){w->type, w->type_length}, slice_of(type));
}

static bool
type_add(struct scope_path *w, struct slice word)
{
	bool first = w->type_length == 0;

	if (word.length + 1 > SCOPE_TYPE_BYTES - w->type_length)
		return false;
	if (!first)
		w->type[w->type_length++] = '/';
	memcpy(w->type + w->type_length, word.at, word.length);
	w->type_length += word.length;
	return true;
}

static bool
arrive(struct scope_path *w, enum scope_kind kind, bool with_type,
    struct slice segment)
{
	w->kind = kind;
	w->with_type = with_type;
	w->segment = segment;
	w->arrived = true;
	return true;
}

/* Containers hang directly under their account, since the blob service
 * between them ("default") is no scope that anybody names. */
static bool
is_passed_over(const struct scope_path *w)
{
	struct slice rest = w->rest, word;

	return type_is(w, "Microsoft.Storage/storageAccounts/blobServices") &&
	    slice_cut(&rest, '/', &word) &&
	    slice_eq_case(word, SLICE("containers"));
}

static bool
resource(struct scope_path *w, struct slice type)
{
	struct slice segment;

	if (!type_add(w, type) || !next(w, &segment))
		return false;
	if (is_passed_over(w))
		return true;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (type_is(w, kinds[i].type))
			return arrive(
			    w, kinds[i].kind, kinds[i].keeps_type, segment);
	return arrive(w, SCOPE_RESOURCE, true, segment);
}

/* Role assignments and their like are written as resources of the scope that
 * they are about; they are no scopes. */
static bool
provider(struct scope_path *w)
{
	struct slice space, type;

	w->type_length = 0;
	return next(w, &space) &&
	    !slice_eq_case(space, SLICE("Microsoft.Authorization")) &&
	    type_add(w, space) && next(w, &type) && resource(w, type);
}

static bool
step(struct scope_path *w, struct slice word)
{
	struct slice segment;

	if (slice_eq_case(word, SLICE("providers")))
		return provider(w);
	if (w->type_length > 0)
		return resource(w, word);
	if (w->kind == SCOPE_ROOT &&
	    slice_eq_case(word, SLICE("subscriptions")))
		return next(w, &segment) &&
		    arrive(w, SCOPE_SUBSCRIPTION, false, segment);
	if (w->kind == SCOPE_SUBSCRIPTION &&
	    slice_eq_case(word, SLICE("resourceGroups")))
		return next(w, &segment) &&
		    arrive(w, SCOPE_RESOURCE_GROUP, false, segment);
	return false;
}

void
scope_path_start(struct scope_path *w, struct slice path)
{
	*w = (struct scope_path){.kind = SCOPE_ROOT};
	w->is_path = slice_starts(path, SLICE("/"));
	path = slice_from(path, 1);
	while (slice_ends(path, SLICE("/")))
		path.length--;
	if (path.length > 0)
		w->rest = path;
}

bool
scope_path_next(struct scope_path *w)
{
	struct slice word;

	w->arrived = false;
	while (w->is_path && !w->arrived && w->rest.at != NULL)
		w->is_path = next(w, &word) && step(w, word);
	return w->is_path && w->arrived;
}

struct slice
scope_path_type(const struct scope_path *w)
{
	return (struct slice){w->type, w->with_type ? w->type_length : 0};
}

static bool
is_path(struct slice path)
{
	struct scope_path w;

	scope_path_start(&w, path);
	while (scope_path_next(&w))
		continue;
	return w.is_path;
}

scope_id
builder_scope_path(struct builder *b, struct slice path, struct origin origin)
{
	struct scope_path w;
	scope_id s = 0;

	if (b->error != ACTAS_OK || !is_path(path))
		return NONE;
	scope_path_start(&w, path);
	while (s != NONE && scope_path_next(&w))
		s = builder_scope(
		    b, s, w.kind, scope_path_type(&w), w.segment, origin);
	return s;
}
