#include "platform/view_private.h"

#include "estate/revise.h"

/*
 * The live estate behind a change, out of the one before it. The entities
 * that changed are read twice, by the readers that read all of them when an
 * estate is made anew: as they were, and as they are. The difference is what
 * the estate differs by.
 *
 * What an entity says must not depend on entities that are not read with it.
 * Where it does, they are read with it, on both sides; where that cannot be
 * said, the estate is made anew.
 */

enum { ENTITIES_MOST = 256 };

struct reading {
	const struct state *all[2]; /* before and after */
	const struct state *some[2];
	uint32_t count;
	bool exact;
	enum actas_error error;
};

/* Answers of other services say anything; a management group moves scopes; an
 * owner has a role that only its name tells. */
static bool
stands_alone(enum entity kind)
{
	return kind != ENTITY_ANSWER && kind != ENTITY_MANAGEMENT_GROUP &&
	    kind != ENTITY_OWNER;
}

static void
read_key(struct reading *r, struct slice key)
{
	struct slice value;

	r->exact &=
	    ++r->count <= ENTITIES_MOST && stands_alone(entity_kind(key));
	for (int i = 0; i < 2 && r->exact && r->error == ACTAS_OK; i++)
		if (state_get(r->all[i], key, &value))
			r->error = state_put(&r->some[i], key, value);
}

static void
read_prefix(
    struct reading *r, const struct state *s, enum entity kind, struct slice id)
{
	struct entity_text prefix;
	struct state_walk walk;
	struct entry e;

	state_walk_prefix(
	    &walk, s, entity_prefix(&prefix, kind, id, SLICE("")));
	while (r->exact && r->error == ACTAS_OK && state_walk_next(&walk, &e))
		read_key(r, e.key);
}

/* Who is in a group, and who owns an object, counts only while the directory
 * lists it. */
static void
read_relations(struct reading *r, struct slice key)
{
	bool is_there[2] = {
	    entity_exists(r->all[0], key), entity_exists(r->all[1], key)};

	if (is_there[0] == is_there[1])
		return;
	for (int i = 0; i < 2; i++) {
		read_prefix(r, r->all[i], ENTITY_MEMBER, entity_last(key));
		read_prefix(r, r->all[i], ENTITY_OWNER, entity_last(key));
	}
}

static bool
is_unchanged(const struct reading *r, struct slice key)
{
	struct slice values[2];
	bool is_there[2] = {state_get(r->all[0], key, &values[0]),
	    state_get(r->all[1], key, &values[1])};

	return is_there[0] == is_there[1] && slice_eq(values[0], values[1]);
}

static void
read_change(struct reading *r, struct slice key)
{
	enum entity kind = entity_kind(key);

	if (!view_touches(key) || is_unchanged(r, key))
		return;
	read_key(r, key);
	if (kind == ENTITY_GROUP || kind == ENTITY_APPLICATION ||
	    kind == ENTITY_SERVICE_PRINCIPAL)
		read_relations(r, key);
}

/* Whoever reads all of it tells what is wrong with it. */
static enum actas_error
begin_anew(struct fault *fault)
{
	if (fault != NULL)
		*fault = (struct fault){0};
	return ACTAS_OK;
}

static enum actas_error
compare(const struct reading *r, const struct estate *old,
    const struct places *places, struct estate **estate, struct fault *fault)
{
	struct builder *said[2] = {
	    builder_new_bare(fault), builder_new_bare(fault)};
	enum actas_error error = said[0] == NULL || said[1] == NULL
	    ? fault_plain(fault, ACTAS_ENOMEM)
	    : ACTAS_OK;

	for (int i = 0; i < 2 && error == ACTAS_OK; i++)
		error = view_read_live(said[i], r->all[i], r->some[i], fault);
	if (error == ACTAS_OK)
		error =
		    estate_revise(old, places, said[0], said[1], estate, fault);
	else if (error != ACTAS_ENOMEM)
		error = begin_anew(fault);
	builder_free(said[0]);
	builder_free(said[1]);
	return error;
}

enum actas_error
view_revise(const struct state *s, const struct view_step *step,
    const struct places *places, struct estate **estate, struct fault *fault)
{
	const struct live_view *old = step->view;
	struct reading r = {.all = {step->before, s}, .exact = true};
	enum actas_error error;

	*estate = NULL;
	for (uint32_t i = 0;
	     i < step->writes->at.count && r.exact && r.error == ACTAS_OK; i++)
		read_change(&r, step->writes->at.at[i].key);
	if (r.error != ACTAS_OK)
		error = fault_plain(fault, r.error);
	else if (r.exact)
		error = compare(&r, old->estate, places, estate, fault);
	else
		error = ACTAS_OK;
	state_release(r.some[0]);
	state_release(r.some[1]);
	return error;
}
