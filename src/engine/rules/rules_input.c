/* What the source's own reader complained of: one rule a kind of problem,
 * told in the reader's words. The same complaint at several places is one
 * finding. */

#include "engine/rules/rules_check.h"

#include <stdlib.h>

static int
by_text(const void *a, const void *b, void *problems)
{
	const struct problem *all = problems;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	const struct problem *x = &all[i], *y = &all[j];

	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	if (x->message != y->message)
		return x->message < y->message ? -1 : 1;
	return i < j ? -1 : i > j;
}

/* Problems of the running rule's kind, equal texts together. */
static uint32_t
problems_of_kind(struct check *c, uint32_t **rows)
{
	const struct estate *e = c->e;
	uint32_t n = 0;

	*rows = check_zero(c, e->problems.count + 1, sizeof **rows);
	if (*rows == NULL)
		return 0;
	for (uint32_t i = 0; i < e->problems.count; i++)
		if (e->problems.at[i].kind == c->argument)
			(*rows)[n++] = i;
	if (n > 1)
		qsort_r(*rows, n, sizeof **rows, by_text,
		    (void *)(uintptr_t)e->problems.at);
	return n;
}

/* Where else an undeclared secret is named, and the table that lacks it. */
static void
place_secret(struct check *c, struct slice name)
{
	const struct estate *e = c->e;

	for (uint32_t i = 0; i < e->sinks.count; i++) {
		scope_id s = e->sinks.at[i].scope;

		if (e->sinks.at[i].kind == SINK_SECRET && s != NONE &&
		    slice_eq_case(
			name, estate_text(e, e->scopes.at[s].segment)))
			finding_place(c, e->sinks.at[i].origin);
	}
	for (uint32_t i = 0; i < e->listings.count; i++)
		if (e->listings.at[i].view == VIEW_SECRETS)
			finding_place(c, e->listings.at[i].origin);
}

void
check_problems(struct check *c)
{
	const struct problem *all = c->e->problems.at;
	uint32_t *rows, n = problems_of_kind(c, &rows);

	for (uint32_t i = 0, j; i < n; i = j) {
		const struct problem *first = &all[rows[i]];

		for (j = i; j < n && all[rows[j]].subject == first->subject &&
		     all[rows[j]].message == first->message;
		     j++) {
			finding_place(c, all[rows[j]].origin);
			if (all[rows[j]].other.line != 0)
				finding_place(c, all[rows[j]].other);
		}
		if (first->kind == PROBLEM_UNDECLARED_SECRET)
			place_secret(c, estate_text(c->e, first->subject));
		finding_subject(c, string(c, first->subject));
		finding_emit(c, string(c, first->message), c->rule->fix);
	}
}
