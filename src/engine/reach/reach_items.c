#include "engine/reach/reach_map.h"

/*
 * The identities that an item's code runs as. A schedule runs as whoever
 * changed it last; a notebook that a pipeline starts, as whoever modified the
 * pipeline last; one that another notebook starts, as that one does (facts
 * 1.1, 1.2). An item with a run identity of its own runs as that. Editing a
 * pipeline makes the editor its last modifier, so a pipeline itself is no way
 * to anybody.
 */

static bool
holds_code(const struct item *item)
{
	return item->kind == ITEM_NOTEBOOK || item->kind == ITEM_SPARK_JOB ||
	    item->kind == ITEM_AIRFLOW_JOB;
}

/* A row counts at the item that it names; a row that names none, nowhere. */
static void
count_row(uint32_t *first, item_id item)
{
	if (item != NONE)
		first[item + 2]++;
}

/* Offsets out of counts that stand two places on. */
static void
sum_up(uint32_t *first, uint32_t items)
{
	for (uint32_t i = 2; i < items + 2; i++)
		first[i] += first[i - 1];
}

/* Filling moves each offset to where it belongs. */
static void
place_row(uint32_t *first, uint32_t *rows, item_id item, uint32_t row)
{
	if (item != NONE)
		rows[first[item + 1]++] = row;
}

static void
index_activities(struct item_index *ix)
{
	const struct estate *e = ix->e;

	for (uint32_t i = 0; i < e->activities.count; i++)
		count_row(ix->first_activity, e->activities.at[i].child);
	sum_up(ix->first_activity, e->items.count);
	for (uint32_t i = 0; i < e->activities.count; i++)
		place_row(ix->first_activity, ix->activities,
		    e->activities.at[i].child, i);
}

static void
index_schedules(struct item_index *ix)
{
	const struct estate *e = ix->e;

	for (uint32_t i = 0; i < e->schedules.count; i++)
		count_row(ix->first_schedule, e->schedules.at[i].item);
	sum_up(ix->first_schedule, e->items.count);
	for (uint32_t i = 0; i < e->schedules.count; i++)
		place_row(ix->first_schedule, ix->schedules,
		    e->schedules.at[i].item, i);
}

static uint32_t *
column(uint32_t count)
{
	return mem_zero((size_t)count + 2, sizeof(uint32_t));
}

enum actas_error
item_index_init(struct item_index *ix, const struct estate *e)
{
	*ix = (struct item_index){
	    .e = e,
	    .first_activity = column(e->items.count),
	    .activities = column(e->activities.count),
	    .first_schedule = column(e->items.count),
	    .schedules = column(e->schedules.count),
	    .seen = column(e->items.count),
	};
	if (ix->first_activity == NULL || ix->activities == NULL ||
	    ix->first_schedule == NULL || ix->schedules == NULL ||
	    ix->seen == NULL)
		return ACTAS_ENOMEM;
	index_activities(ix);
	index_schedules(ix);
	return ACTAS_OK;
}

void
item_index_release(struct item_index *ix)
{
	mem_free(ix->first_activity);
	mem_free(ix->activities);
	mem_free(ix->first_schedule);
	mem_free(ix->schedules);
	mem_free(ix->seen);
	vector_release(&ix->pending);
}

struct telling {
	struct item_index *ix;
	found_identity *found;
	void *context;
};

static enum actas_error
tell(const struct telling *t, principal_id p, struct origin origin)
{
	return p == NONE ? ACTAS_OK : t->found(t->context, p, origin);
}

static enum actas_error
ask_once(struct item_index *ix, item_id item)
{
	if (ix->seen[item] == ix->question)
		return ACTAS_OK;
	ix->seen[item] = ix->question;
	return vector_push(&ix->pending, item);
}

static enum actas_error
tell_schedules(const struct telling *t, item_id item)
{
	const struct item_index *ix = t->ix;
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = ix->first_schedule[item];
	     i < ix->first_schedule[item + 1] && error == ACTAS_OK; i++) {
		const struct schedule *s =
		    &ix->e->schedules.at[ix->schedules[i]];

		if (s->enabled != NO)
			error = tell(t, s->updated_by, s->origin);
	}
	return error;
}

static enum actas_error
tell_parents(const struct telling *t, item_id item)
{
	const struct item_index *ix = t->ix;
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = ix->first_activity[item];
	     i < ix->first_activity[item + 1] && error == ACTAS_OK; i++) {
		const struct activity *a =
		    &ix->e->activities.at[ix->activities[i]];
		const struct item *parent =
		    a->parent == NONE ? NULL : &ix->e->items.at[a->parent];

		if (a->identity != NONE)
			error = tell(t, a->identity, a->origin);
		else if (parent != NULL && parent->kind == ITEM_PIPELINE)
			error = tell(t, parent->modified_by, a->origin);
		else if (parent != NULL)
			error = ask_once(t->ix, a->parent);
	}
	return error;
}

enum actas_error
item_identities(
    struct item_index *ix, item_id item, found_identity *found, void *context)
{
	const struct telling t = {ix, found, context};
	enum actas_error error;

	if (!holds_code(&ix->e->items.at[item]))
		return ACTAS_OK;
	ix->question++;
	ix->pending.count = 0;
	error = ask_once(ix, item);
	for (uint32_t i = 0; i < ix->pending.count && error == ACTAS_OK; i++) {
		item_id at = ix->pending.at[i];
		const struct item *row = &ix->e->items.at[at];

		if (row->run_identity != NONE) {
			error = tell(&t, row->run_identity, row->origin);
			continue;
		}
		error = tell_schedules(&t, at);
		if (error == ACTAS_OK)
			error = tell_parents(&t, at);
	}
	return error;
}
