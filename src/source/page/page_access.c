/* Tables of roles that identities have, of role definitions, of settings. */
#include "source/page/page_form.h"

#include <stdlib.h>

/* --- roles of identities --- */

enum {
	ROLE,
	SCOPE,
	PURPOSE,
	IDENTITY,
	ASSIGNMENT_ID,
	CONDITION,
	STATUS,
};

static void
place_scope(struct sheet *s, const struct row *row)
{
	page_scopes_declare(s->page, sheet_cell(s, row, SCOPE));
}

static void
begin_roles(struct sheet *s)
{
	struct page *p = s->page;
	const struct block *heading = page_heading(p, s->block);
	struct slice over = heading == NULL ? SLICE("") : heading->text.plain;

	if (p->phase != PHASE_CLAIMS)
		return;
	if (s->at[IDENTITY] == NONE)
		s->principal = page_identity_above(p, s->block);
	if (s->at[IDENTITY] == NONE && s->principal == NONE)
		page_problem(p, PROBLEM_UNDECLARED_PRINCIPAL, over,
		    heading == NULL ? s->block->line : heading->line,
		    "the heading over this table of roles, \"%.*s\", names no "
		    "identity that is declared on this page",
		    SLICE_ARGS(page_shown(over)));
	s->listing = page_listing(p,
	    (struct listing){.view = VIEW_ROLES,
		.complete = s->at[IDENTITY] == NONE,
		.principal = s->principal,
		.scope = NONE},
	    s->block->line);
}

/* The secrets of the page by name, so that a pattern with a beginning is held
 * against those only that begin so. */
static int
compare_names(const void *a, const void *b)
{
	return slice_cmp_case(
	    *(const struct slice *)a, *(const struct slice *)b);
}

static void
sort_secrets(struct page *p)
{
	if (p->sorted.count > 0)
		return;
	for (uint32_t i = 0; i < p->of_kind[SCOPE_SECRET].count; i++) {
		scope_id s = p->of_kind[SCOPE_SECRET].at[i];
		string_id name = p->builder->scopes.at[s].segment;

		page_keep(p,
		    vector_push(
			&p->sorted, strings_get(&p->builder->strings, name)));
	}
	if (p->sorted.count > 0)
		qsort(p->sorted.at, p->sorted.count, sizeof *p->sorted.at,
		    compare_names);
}

static uint32_t
first_from(const struct page *p, struct slice prefix)
{
	uint32_t low = 0, high = p->sorted.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (slice_cmp_case(p->sorted.at[middle], prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t
own_matching(
    struct page *p, principal_id whose, struct slice pattern, uint32_t line)
{
	size_t star = slice_find(pattern, SLICE("*"));
	struct slice prefix = slice_sub(pattern, 0, star);
	uint32_t count = 0;

	for (uint32_t i = first_from(p, prefix); i < p->sorted.count &&
	     slice_starts_case(p->sorted.at[i], prefix) && !page_failed(p);
	     i++) {
		scope_id s;

		if (++p->expanded > LIMIT_PAGE_EXPANSION) {
			builder_fail(p->builder, ACTAS_ELIMIT,
			    page_origin(p, line),
			    "\"all\" and * stand for more than %u things on "
			    "this page",
			    LIMIT_PAGE_EXPANSION);
			break;
		}
		if (!words_match(pattern, p->sorted.at[i]))
			continue;
		count++;
		s = page_scope_silent(p, p->sorted.at[i], SCOPE_SECRET);
		if (s != NONE)
			page_sink(p,
			    (struct sink){.principal = whose,
				.scope = s,
				.plan = NONE,
				.kind = SINK_SECRET},
			    line);
	}
	return count;
}

/* "Read own credentials (`fabric-admin-*` secrets)" */
static void
claim_own_secrets(
    struct page *p, principal_id whose, const struct text *purpose)
{
	if (whose == NONE ||
	    !(words_has(purpose->plain, "own credentials") ||
		words_has(purpose->plain, "own credential")))
		return;
	sort_secrets(p);
	for (uint32_t i = 0; !page_failed(p); i++) {
		struct slice pattern =
		    slice_trim(text_span(purpose, SPAN_CODE, i));

		if (pattern.length == 0)
			break;
		if (own_matching(p, whose, pattern, purpose->line) == 0)
			page_problem(p, PROBLEM_UNDECLARED_SECRET, pattern,
			    purpose->line,
			    "no secret of this page is called \"%.*s\"",
			    SLICE_ARGS(page_shown(pattern)));
	}
}

static uint32_t
status_flags(const struct sheet *s, const struct row *row)
{
	struct slice said = sheet_said(s, row, STATUS);
	uint32_t flags = 0;

	if (words_has(said, "eligible"))
		flags |= ASSIGNMENT_ELIGIBLE;
	if (words_has(said, "compound"))
		flags |= ASSIGNMENT_COMPOUND;
	if (said.length > 0 && flags == 0)
		page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
		    "the status is \"%.*s\"; expected eligible, compound or "
		    "nothing",
		    SLICE_ARGS(page_shown(said)));
	return flags;
}

/* What a claim cannot carry makes an assignment of its own, beside the claim
 * that the row is all the same. */
static void
claim_role(struct sheet *s, const struct row *row, struct claim claim)
{
	struct page *p = s->page;
	struct assignment a = {.principal = claim.principal,
	    .role = claim.role,
	    .scope = claim.scope,
	    .origin = claim.origin};

	sheet_guid(s, row, ASSIGNMENT_ID, &a.id);
	a.condition = builder_string(p->builder, sheet_name(s, row, CONDITION));
	a.flags = status_flags(s, row);
	if (a.principal == NONE || a.role == NONE || a.scope == NONE ||
	    (guid_is_nil(a.id) && a.condition == 0 && a.flags == 0)) {
		page_claim(p, claim);
		return;
	}
	claim.assignment = NONE;
	page_keep(p, vector_push(&p->builder->claims, claim));
	builder_assign(p->builder, &a);
}

static void
claim_roles(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	const struct text *where = sheet_cell(s, row, SCOPE);
	struct slice role = sheet_name(s, row, ROLE);
	struct claim claim = {.listing = s->listing,
	    .says = CLAIM_GRANTS,
	    .principal = s->principal,
	    .scope = NONE,
	    .origin = page_origin(p, row->line)};
	struct scope_words said;

	if (role.length == 0)
		return;
	if (s->at[IDENTITY] != NONE)
		claim.principal =
		    page_identity(p, sheet_cell(s, row, IDENTITY));
	said = page_scopes(p, where, ANY_KIND);
	claim.from_all = said.from_all;
	claim.role = page_role(p, role, said.kind, row->line);
	claim.text = builder_string(p->builder, role);
	claim.purpose = sheet_string(s, row, PURPOSE);
	if (said.at_large)
		page_problem(p, PROBLEM_UNDECLARED_SCOPE, where->plain,
		    row->line,
		    "\"%.*s\" names a kind of item; expected an item",
		    SLICE_ARGS(page_shown(where->plain)));
	if (p->targets.count == 0)
		page_claim(p, claim);
	for (uint32_t i = 0; i < p->targets.count && !page_failed(p); i++) {
		claim.scope = p->targets.at[i];
		claim_role(s, row, claim);
	}
	claim_own_secrets(p, claim.principal, sheet_cell(s, row, PURPOSE));
}

const struct form form_roles = {
    .columns = {[ROLE] = {"role|role name|permission", true},
	[SCOPE] = {"scope|resource|target", true},
	[PURPOSE] = {"purpose|description|why|used for", false},
	[IDENTITY] = {"identity|principal|assignee|group", false},
	[ASSIGNMENT_ID] = {"assignment id", false},
	[CONDITION] = {"condition", false},
	[STATUS] = {"status", false}},
    .begin = begin_roles,
    .row = {[PHASE_THINGS] = place_scope, [PHASE_CLAIMS] = claim_roles},
};

/* --- role definitions --- */

enum {
	DEFINITION,
	ACTIONS,
	PLANE,
	NOT_ACTIONS,
	DATA_ACTIONS,
	NOT_DATA_ACTIONS,
	ROLE_ID,
	ROLE_CONDITION,
};

enum { PATTERNS_MAX = 512 };

struct definition {
	struct slice patterns[4][PATTERNS_MAX];
	uint32_t counts[4];
};

static void
add_patterns(const struct sheet *s, const struct row *row, uint32_t column,
    struct slice *patterns, uint32_t *count)
{
	const struct text *cell = sheet_cell(s, row, column);
	uint32_t at = 0;

	*count = 0;
	if (text_says_nothing(cell))
		return;
	while (*count < PATTERNS_MAX &&
	    page_next_name(cell, &at, &patterns[*count]))
		(*count)++;
}

static enum plane
plane_said(const struct sheet *s, const struct row *row)
{
	static const struct {
		const char *word;
		enum plane plane;
	} planes[] = {{"azure", PLANE_AZURE}, {"policy", PLANE_POLICY},
	    {"fabric", PLANE_FABRIC}, {"devops", PLANE_DEVOPS},
	    {"directory", PLANE_DIRECTORY}};
	struct slice said = sheet_said(s, row, PLANE);

	for (size_t i = 0; i < sizeof planes / sizeof *planes; i++)
		if (words_has(said, planes[i].word))
			return planes[i].plane;
	if (said.length > 0)
		page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
		    "\"%.*s\" is no plane; expected Azure, Policy, Fabric, "
		    "DevOps or Directory",
		    SLICE_ARGS(page_shown(said)));
	return PLANE_AZURE;
}

static bool
is_same_role(const struct sheet *s, const struct row *a, const struct row *b)
{
	return slice_eq(sheet_name(s, a, DEFINITION),
		   sheet_name(s, b, DEFINITION)) &&
	    slice_eq(sheet_name(s, a, ROLE_ID), sheet_name(s, b, ROLE_ID));
}

void
sheet_permission(const struct sheet *s, const struct row *row,
    const uint32_t columns[static PERMISSION_COLUMNS],
    struct permission_text *text)
{
	struct arena *arena = &s->page->document.arena;
	struct definition *d = arena_zero(arena, 1, sizeof *d);

	if (d == NULL) {
		page_keep(s->page, ACTAS_ENOMEM);
		return;
	}
	for (int i = 0; i < 4; i++)
		add_patterns(s, row, columns[i], d->patterns[i], &d->counts[i]);
	*text = (struct permission_text){.actions = d->patterns[0],
	    .not_actions = d->patterns[1],
	    .data_actions = d->patterns[2],
	    .not_data_actions = d->patterns[3],
	    .action_count = d->counts[0],
	    .not_action_count = d->counts[1],
	    .data_action_count = d->counts[2],
	    .not_data_action_count = d->counts[3],
	    .condition = sheet_name(s, row, columns[4])};
}

static const uint32_t permission_columns[PERMISSION_COLUMNS] = {
    ACTIONS, NOT_ACTIONS, DATA_ACTIONS, NOT_DATA_ACTIONS, ROLE_CONDITION};

/* Rows of one role follow each other; the first of them reads all. */
static void
place_definition(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	const struct row *last = &s->block->rows[s->block->count - 1];
	struct permission_text texts[16] = {0};
	uint32_t count = 0;
	struct guid id = {0};

	if (sheet_name(s, row, DEFINITION).length == 0 ||
	    (row > &s->block->rows[1] && is_same_role(s, row - 1, row)))
		return;
	sheet_guid(s, row, ROLE_ID, &id);
	for (const struct row *at = row; at <= last && count < 16 &&
	     is_same_role(s, row, at) && !page_failed(p);
	     at++)
		sheet_permission(s, at, permission_columns, &texts[count++]);
	if (!page_failed(p) &&
	    builder_role(p->builder, plane_said(s, row), id,
		sheet_name(s, row, DEFINITION), texts, count,
		page_origin(p, row->line)) == NONE)
		return;
}

const struct form form_definitions = {
    .columns = {[DEFINITION] = {"role definition|custom role", true},
	[ACTIONS] = {"actions", true},
	[PLANE] = {"plane", false},
	[NOT_ACTIONS] = {"not actions|notactions", false},
	[DATA_ACTIONS] = {"data actions|dataactions", false},
	[NOT_DATA_ACTIONS] = {"not data actions|notdataactions", false},
	[ROLE_ID] = {"role id", false},
	[ROLE_CONDITION] = {"condition", false}},
    .row = {[PHASE_PLACES] = place_definition},
};

/* --- settings --- */

enum { RULE, SEVERITY, SUBJECT, REASON };

static void
place_setting(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	static const char *const severities[] = {
	    "error", "warning", "note", "off", ""};
	struct slice severity = sheet_name(s, row, SEVERITY);
	struct setting setting = {.origin = page_origin(p, row->line)};
	bool known = false;

	for (size_t i = 0; i < sizeof severities / sizeof *severities; i++)
		known |= slice_eq_case(severity, slice_of(severities[i]));
	if (!known)
		page_problem(p, PROBLEM_MALFORMED_ROW, severity, row->line,
		    "the severity is \"%.*s\"; expected error, warning, note "
		    "or off",
		    SLICE_ARGS(page_shown(severity)));
	if (!known || sheet_name(s, row, RULE).length == 0)
		return;
	setting.rule = builder_string(p->builder, sheet_name(s, row, RULE));
	setting.severity = builder_string(p->builder, severity);
	setting.subject =
	    builder_string(p->builder, sheet_name(s, row, SUBJECT));
	setting.reason = sheet_string(s, row, REASON);
	page_keep(p, vector_push(&p->builder->settings, setting));
}

const struct form form_settings = {
    .columns = {[RULE] = {"rule", true},
	[SEVERITY] = {"severity", false},
	[SUBJECT] = {"subject|finding|about", false},
	[REASON] = {"reason", false}},
    .any_of = 1u << SEVERITY | 1u << REASON,
    .row = {[PHASE_PLACES] = place_setting},
};
