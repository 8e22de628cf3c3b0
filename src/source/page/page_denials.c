/* The table of deny assignments. */
#include "source/page/page_form.h"

enum {
	DENIAL,
	DENIAL_ID,
	SCOPE,
	DENIED_TO,
	EXCEPT,
	NOT_FOR_CHILDREN,
	ACTIONS,
	NOT_ACTIONS,
	DATA_ACTIONS,
	NOT_DATA_ACTIONS,
	CONDITION,
};

static const uint32_t permission_columns[PERMISSION_COLUMNS] = {
    ACTIONS, NOT_ACTIONS, DATA_ACTIONS, NOT_DATA_ACTIONS, CONDITION};

/* Adds the identities of a cell to the builder's list; how many. "Everyone",
 * as a word, is no identity. */
static uint32_t
add_identities(struct page *p, const struct text *cell, uint8_t *everyone)
{
	struct slice all = SLICE("everyone"), name;
	uint32_t at = 0, count = 0;

	if (text_says_nothing(cell))
		return 0;
	if (everyone != NULL && slice_starts_case(cell->plain, all) &&
	    text_span(cell, SPAN_CODE, 0).at != cell->plain.at) {
		*everyone = 1;
		if (text_span(cell, SPAN_CODE, 0).length == 0)
			return 0;
	}
	while (page_next_name(cell, &at, &name) && !page_failed(p)) {
		struct text t = {.plain = name, .line = cell->line};
		principal_id id = page_identity(p, &t);

		if (id == NONE)
			continue;
		page_keep(p, vector_push(&p->builder->denial_ids, id));
		count++;
	}
	return count;
}

static bool
is_same_denial(const struct sheet *s, const struct row *a, const struct row *b)
{
	return slice_eq(sheet_name(s, a, DENIAL), sheet_name(s, b, DENIAL)) &&
	    slice_eq(sheet_name(s, a, DENIAL_ID), sheet_name(s, b, DENIAL_ID));
}

/* Rows of one name and id that follow each other are permissions of one. */
static uint32_t
add_permissions(struct sheet *s, const struct row *row, uint32_t *first)
{
	const struct row *last = &s->block->rows[s->block->count - 1];
	struct permission_text texts[16] = {0};
	uint32_t count = 0;

	for (const struct row *at = row; at <= last && count < 16 &&
	     is_same_denial(s, row, at) && !page_failed(s->page);
	     at++)
		sheet_permission(s, at, permission_columns, &texts[count++]);
	*first = builder_permissions(s->page->builder, texts, count);
	return count;
}

static void
claim_denial(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct builder *b = p->builder;
	struct deny_assignment d = {.origin = page_origin(p, row->line)};
	uint8_t below = UNSAID;

	if (row > &s->block->rows[1] && is_same_denial(s, row - 1, row))
		return;
	sheet_guid(s, row, DENIAL_ID, &d.id);
	sheet_tri(s, row, NOT_FOR_CHILDREN, &below);
	d.not_for_children = below == YES;
	d.name = builder_string(b, sheet_name(s, row, DENIAL));
	d.scope = page_scope(p, sheet_cell(s, row, SCOPE), ANY_KIND);
	if (d.scope == NONE || page_failed(p))
		return;
	d.principals = b->denial_ids.count;
	d.principal_count =
	    add_identities(p, sheet_cell(s, row, DENIED_TO), &d.everyone);
	d.excluded = b->denial_ids.count;
	d.excluded_count = add_identities(p, sheet_cell(s, row, EXCEPT), NULL);
	d.permission_count = add_permissions(s, row, &d.permissions);
	page_keep(p, vector_push(&b->denials, d));
}

const struct form form_denials = {
    .columns = {[DENIAL] = {"deny assignment", true},
	[DENIAL_ID] = {"deny id", false},
	[SCOPE] = {"scope|resource", true},
	[DENIED_TO] = {"denied to|principals", true},
	[EXCEPT] = {"except|excluded", false},
	[NOT_FOR_CHILDREN] = {"not for children", false},
	[ACTIONS] = {"actions", false},
	[NOT_ACTIONS] = {"not actions|notactions", false},
	[DATA_ACTIONS] = {"data actions|dataactions", false},
	[NOT_DATA_ACTIONS] = {"not data actions|notdataactions", false},
	[CONDITION] = {"condition", false}},
    .row = {[PHASE_CLAIMS] = claim_denial},
};
