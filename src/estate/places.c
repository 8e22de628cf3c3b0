#include "estate/places.h"

#include "estate/scope_path.h"

/*
 * A path is walked from the root, one look into the index a step. What it
 * says lies below a subscription's or management group's own path, which
 * begins anew: so those are looked for under the root, wherever they hang.
 */

static bool
starts_anew(uint8_t kind)
{
	return kind == SCOPE_SUBSCRIPTION || kind == SCOPE_MANAGEMENT_GROUP;
}

/* A step of a path. */
struct place {
	scope_id above;
	uint8_t kind;
	struct slice type, segment;
};

static uint64_t
place_hash(const struct place *p)
{
	uint64_t parts[] = {p->above, p->kind, slice_hash_case(p->type),
	    slice_hash_case(p->segment)};

	return slice_hash((struct slice){(const char *)parts, sizeof parts});
}

static struct place
place_below(
    scope_id parent, const struct scope *row, const struct strings *texts)
{
	return (struct place){
	    .above = starts_anew(row->kind) ? 0 : parent,
	    .kind = row->kind,
	    .type = strings_get(texts, row->type),
	    .segment = strings_get(texts, row->segment),
	};
}

static struct place
place_of(const struct estate *e, scope_id s)
{
	const struct scope *row = &e->scopes.at[s];

	return place_below(row->parent, row, &e->strings);
}

static bool
is_same_place(const struct place *a, const struct place *b)
{
	return a->above == b->above && a->kind == b->kind &&
	    slice_eq_case(a->segment, b->segment) &&
	    slice_eq_case(a->type, b->type);
}

/* The scopes from 'from' on. */
static enum actas_error
add_places(struct places *places, scope_id from)
{
	const struct estate *e = places->estate;
	enum actas_error error = ACTAS_OK;

	for (scope_id s = from; s < e->scopes.count && error == ACTAS_OK; s++) {
		struct place p = place_of(e, s);

		error = index_add(&places->index, place_hash(&p), s);
	}
	if (error != ACTAS_OK)
		places_release(places);
	return error;
}

enum actas_error
places_init(struct places *places, const struct estate *e)
{
	*places = (struct places){.estate = e, .share = share_new()};
	return places->share == NULL ? ACTAS_ENOMEM : add_places(places, 1);
}

enum actas_error
places_follow(
    struct places *places, const struct places *old, const struct estate *e)
{
	enum actas_error error;

	*places = *old;
	places->estate = e;
	if (e->scopes.count == old->estate->scopes.count) {
		share_hold(places->share);
		return ACTAS_OK;
	}
	places->index = (struct index){0};
	places->share = share_new();
	error = places->share == NULL ? ACTAS_ENOMEM
				      : index_copy(&places->index, &old->index);
	if (error == ACTAS_OK)
		return add_places(places, old->estate->scopes.count);
	places_release(places);
	return error;
}

void
places_release(struct places *places)
{
	if (share_drop(places->share))
		index_release(&places->index);
	*places = (struct places){0};
}

static scope_id
find(const struct places *places, const struct place *wanted)
{
	struct index_walk walk =
	    index_start(&places->index, place_hash(wanted));
	scope_id s;

	while (index_next(&walk, &s)) {
		struct place known = place_of(places->estate, s);

		if (!places->estate->scopes.at[s].forgotten &&
		    is_same_place(&known, wanted))
			return s;
	}
	return NONE;
}

/* Objects of the directory that are scopes. */
static const struct {
	const char *prefix;
	uint8_t kind;
} objects[] = {
    {"/applications/", SCOPE_APPLICATION},
    {"/groups/", SCOPE_GROUP},
};

static bool
find_object(
    const struct places *places, struct slice path, struct place_found *found)
{
	struct slice rest = {0};
	struct place p = {0};
	size_t i = 0;
	scope_id s;

	for (; i < sizeof objects / sizeof *objects && rest.at == NULL; i++)
		if (slice_starts_case(path, slice_of(objects[i].prefix)))
			rest = slice_from(path, strlen(objects[i].prefix));
	if (!slice_cut(&rest, '/', &p.segment))
		return false;
	p.kind = objects[i - 1].kind;
	s = find(places, &p);
	*found = (struct place_found){.scope = s == NONE ? 0 : s,
	    .exact = s != NONE && rest.at == NULL,
	    .below = s == NONE && rest.at == NULL && p.segment.length > 0,
	    .kind = (enum scope_kind)p.kind,
	    .segment = p.segment};
	return true;
}

static bool
step_down(const struct places *places, const struct scope_path *w, scope_id *s)
{
	struct place p = {.above = *s,
	    .kind = (uint8_t)w->kind,
	    .type = scope_path_type(w),
	    .segment = w->segment};
	scope_id found = find(places, &p);

	if (found != NONE)
		*s = found;
	return found != NONE;
}

struct place_found
places_find(const struct places *places, struct slice path)
{
	struct place_found found = {0};
	struct scope_path w;

	if (find_object(places, path, &found))
		return found;
	scope_path_start(&w, path);
	while (scope_path_next(&w)) {
		found.kind = w.kind;
		found.segment = w.segment;
		found.below =
		    found.below || !step_down(places, &w, &found.scope);
	}
	found.exact = w.is_path && !found.below;
	found.below = w.is_path && found.below;
	return found;
}

scope_id
places_child(const struct places *places, scope_id parent,
    const struct scope *s, const struct strings *texts)
{
	struct place p = place_below(parent, s, texts);

	return find(places, &p);
}
