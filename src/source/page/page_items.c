/* Tables of items, their schedules, what they start and what they need. */
#include "source/page/page_form.h"

enum {
	ITEM,
	KIND,
	WORKSPACE,
	PROJECT,
	OWNER,
	MODIFIED_BY,
	RUN_AS,
	RUN_AS_BY,
	SCHEDULE,
	UPDATED_BY,
	ENABLED,
	NEEDS,
	ON,
	ITEM_TYPE,
};

static const struct kind_word *
item_word(const struct sheet *s, const struct row *row)
{
	struct slice said = sheet_said(s, row, KIND);
	const struct kind_word *word = words_kind(said);

	if (said.length == 0 || (word != NULL && word->scope == SCOPE_ITEM))
		return word;
	page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
	    "\"%.*s\" is no kind of item; expected a word such as notebook, "
	    "data pipeline, semantic model or DevOps pipeline",
	    SLICE_ARGS(page_shown(said)));
	return NULL;
}

static scope_id
item_place(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;

	if (sheet_said(s, row, WORKSPACE).length > 0)
		return page_scope(
		    p, sheet_cell(s, row, WORKSPACE), SCOPE_WORKSPACE);
	if (sheet_said(s, row, PROJECT).length > 0)
		return page_declare(p, 0, SCOPE_PROJECT, NULL,
		    sheet_name(s, row, PROJECT), row->line);
	return 0;
}

/* "Gold/Sales model" in the first column, or what the columns say. */
static void
declare_item(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, ITEM);
	struct slice type = sheet_name(s, row, ITEM_TYPE);
	const struct kind_word *word;
	scope_id place, scope;

	if (name.length == 0 || s->at[KIND] == NONE)
		return;
	word = item_word(s, row);
	place = item_place(s, row);
	if (place == NONE ||
	    (place == 0 && page_scope_silent(p, name, SCOPE_ITEM) != NONE))
		return;
	if (type.length == 0 && word != NULL)
		type = slice_of(word->type);
	scope = builder_scope(p->builder, place, SCOPE_ITEM, type, name,
	    page_origin(p, row->line));
	if (scope == NONE)
		return;
	p->builder->scopes.at[scope].declared = 1;
	p->listed[SCOPE_ITEM] = true;
	names_scope(p, scope);
	if (builder_item(p->builder, scope,
		word == NULL ? ITEM_OTHER : word->item,
		page_origin(p, row->line)) == NONE)
		return;
}

static item_id
item_of_row(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, ITEM);
	scope_id place;
	string_id segment;

	if (name.length == 0)
		return NONE;
	place = sheet_said(s, row, WORKSPACE).length > 0
	    ? page_scope_silent(
		  p, sheet_name(s, row, WORKSPACE), SCOPE_WORKSPACE)
	    : NONE;
	if (place != NONE) {
		segment = p->builder->scopes.at[place].segment;
		name = slice_of(arena_printf(&p->document.arena, "%.*s/%.*s",
		    SLICE_ARGS(strings_get(&p->builder->strings, segment)),
		    SLICE_ARGS(name)));
	}
	return page_item(p, name, ITEM_OTHER, row->line);
}

static void
set_identity(
    struct sheet *s, const struct row *row, uint32_t column, principal_id *id)
{
	if (sheet_said(s, row, column).length > 0)
		*id = page_identity(s->page, sheet_cell(s, row, column));
}

static void
claim_people(struct sheet *s, const struct row *row, item_id item)
{
	struct builder *b = s->page->builder;
	struct item people = b->items.at[item];

	set_identity(s, row, OWNER, &people.owner);
	set_identity(s, row, MODIFIED_BY, &people.modified_by);
	set_identity(s, row, RUN_AS, &people.run_identity);
	set_identity(s, row, RUN_AS_BY, &people.run_identity_by);
	b->items.at[item] = people;
}

static void
claim_schedule(struct sheet *s, const struct row *row, item_id item)
{
	struct page *p = s->page;
	struct schedule schedule = {.item = item,
	    .name = sheet_string(s, row, SCHEDULE),
	    .updated_by = NONE,
	    .origin = page_origin(p, row->line)};

	if (schedule.name == 0)
		return;
	set_identity(s, row, UPDATED_BY, &schedule.updated_by);
	sheet_tri(s, row, ENABLED, &schedule.enabled);
	page_keep(p, vector_push(&p->builder->schedules, schedule));
}

static void
claim_needs(struct sheet *s, const struct row *row, item_id item)
{
	struct page *p = s->page;
	const struct text *cell = sheet_cell(s, row, NEEDS);
	struct need need = {
	    .item = item, .scope = NONE, .origin = page_origin(p, row->line)};
	struct slice action;
	uint32_t at = 0;

	if (text_says_nothing(cell))
		return;
	if (sheet_said(s, row, ON).length > 0)
		need.scope = page_scope(p, sheet_cell(s, row, ON), ANY_KIND);
	if (need.scope == NONE) {
		page_problem(p, PROBLEM_MALFORMED_ROW, cell->plain, row->line,
		    "a need says on what it is; expected a scope that this "
		    "page declares in the column \"On\"");
		return;
	}
	while (page_next_name(cell, &at, &action)) {
		need.action = builder_string(p->builder, action);
		page_keep(p, vector_push(&p->builder->needs, need));
	}
}

static void
claim_item(struct sheet *s, const struct row *row)
{
	item_id item = item_of_row(s, row);

	if (item == NONE || page_failed(s->page))
		return;
	claim_people(s, row, item);
	claim_schedule(s, row, item);
	claim_needs(s, row, item);
}

static void
begin_items(struct sheet *s)
{
	if (s->page->phase == PHASE_CLAIMS)
		s->listing = page_listing(s->page,
		    (struct listing){
			.view = VIEW_ITEMS, .principal = NONE, .scope = NONE},
		    s->block->line);
}

const struct form form_items = {
    .columns = {[ITEM] = {"item|name", true},
	[KIND] = {"kind|type", false},
	[WORKSPACE] = {"workspace", false},
	[PROJECT] = {"project", false},
	[OWNER] = {"owner", false},
	[MODIFIED_BY] = {"modified by|last modified by", false},
	[RUN_AS] = {"run as|run identity", false},
	[RUN_AS_BY] = {"run as set by", false},
	[SCHEDULE] = {"schedule|schedule name", false},
	[UPDATED_BY] = {"updated by|last updated by", false},
	[ENABLED] = {"enabled", false},
	[NEEDS] = {"needs|action|needs action", false},
	[ON] = {"on|scope", false},
	[ITEM_TYPE] = {"item type", false}},
    .any_of = 1u << WORKSPACE | 1u << OWNER | 1u << MODIFIED_BY | 1u << RUN_AS |
	1u << SCHEDULE | 1u << NEEDS,
    .begin = begin_items,
    .row = {[PHASE_THINGS] = declare_item, [PHASE_CLAIMS] = claim_item},
};

/* --- activities --- */

enum { STARTER, STARTS, ACTIVITY, IDENTITY };

static void
claim_activity(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice parent = sheet_name(s, row, STARTER);
	struct slice child = sheet_name(s, row, STARTS);
	struct activity activity = {
	    .identity = NONE, .origin = page_origin(p, row->line)};

	if (parent.length == 0 || child.length == 0)
		return;
	activity.parent = page_item(p, parent, ITEM_PIPELINE, row->line);
	activity.child = page_item(p, child, ITEM_OTHER, row->line);
	activity.name = sheet_string(s, row, ACTIVITY);
	set_identity(s, row, IDENTITY, &activity.identity);
	if (activity.parent != NONE && activity.child != NONE)
		page_keep(p, vector_push(&p->builder->activities, activity));
}

const struct form form_activities = {
    .columns = {[STARTER] = {"pipeline|item|parent", true},
	[STARTS] = {"starts|runs|child", true},
	[ACTIVITY] = {"activity|activity name", false},
	[IDENTITY] = {"identity|runs under", false}},
    .row = {[PHASE_CLAIMS] = claim_activity},
};
