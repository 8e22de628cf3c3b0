/* How credentials are rotated: who is affected, and the steps. */
#include "source/page/page_form.h"

static uint32_t
plan_of(struct page *p, principal_id whose, uint32_t line)
{
	while (p->plans.count <= whose && !page_failed(p))
		page_keep(p, vector_push(&p->plans, NONE));
	if (page_failed(p) || p->plans.at[whose] != NONE)
		return page_failed(p) ? NONE : p->plans.at[whose];
	page_keep(p,
	    vector_push(&p->builder->plans,
		{.principal = whose, .origin = page_origin(p, line)}));
	if (page_failed(p))
		return NONE;
	return p->plans.at[whose] = p->builder->plans.count - 1;
}

/* --- "Affected SPNs:" --- */

static bool
is_affected(const struct block *over)
{
	static const char *const words[] = {"spns", "spn", "identities",
	    "credentials", "secrets", "service principals"};
	struct slice plain;

	if (over == NULL)
		return false;
	plain = slice_trim(over->text.plain);
	if (!slice_starts_case(plain, SLICE("affected ")))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_starts_case(slice_from(plain, 9), slice_of(words[i])))
			return true;
	return false;
}

static struct text
first_name(struct page *p, const struct text *t)
{
	size_t at = t->plain.length;

	for (uint32_t i = 0; i < t->span_count; i++)
		if (t->spans[i].kind == SPAN_CODE)
			return text_part(&p->document.arena, t,
			    t->spans[i].from, t->spans[i].length);
	if (slice_find(t->plain, SLICE(" -- ")) < at)
		at = slice_find(t->plain, SLICE(" -- "));
	return text_part(&p->document.arena, t, 0, at);
}

static void
affect(struct page *p, const struct text *t)
{
	struct text name = first_name(p, t), rest;
	principal_id whose = page_identity(p, &name);
	size_t from = (size_t)(name.plain.at - t->plain.at) + name.plain.length;

	if (whose == NONE)
		return;
	rest = text_part(&p->document.arena, t, from, t->plain.length - from);
	page_sinks_in(p, &rest,
	    (struct sink){
		.principal = whose, .plan = plan_of(p, whose, t->line)});
}

/* Read before the steps, which may refer to a secret that only it names. */
bool
read_affected(struct page *p, const struct block *b)
{
	const struct block *over = page_lead(p, b);

	if (over == NULL)
		over = page_heading(p, b);
	if (b->kind != BLOCK_LIST || !is_affected(over))
		return false;
	if (p->phase == PHASE_CLAIMS)
		page_listing(p,
		    (struct listing){.view = VIEW_ROTATION,
			.principal = NONE,
			.scope = NONE},
		    over->line);
	if (p->phase != PHASE_SINKS)
		return true;
	for (uint32_t i = 0; i < b->count && !page_failed(p); i++)
		if (b->entries[i].depth == 0)
			affect(p, &b->entries[i].text);
	return true;
}

/* --- steps --- */

static bool
begins_with(struct slice s, const char *const *words)
{
	s = slice_trim(s);
	for (; *words != NULL; words++)
		if (words_find(s, *words) == 0)
			return true;
	return false;
}

static void
verify(struct page *p, uint32_t plan, const struct text *t)
{
	size_t run = words_find(t->plain, "run");

	for (uint32_t i = 0; run != SIZE_MAX && i < t->span_count; i++) {
		const struct span *span = &t->spans[i];
		item_id item;

		if (span->kind != SPAN_CODE || span->from < run)
			continue;
		item = page_item(p,
		    slice_trim(slice_sub(t->plain, span->from, span->length)),
		    ITEM_DEVOPS_PIPELINE, t->line);
		if (item != NONE)
			page_keep(p,
			    vector_push(&p->builder->verifications,
				{.plan = plan,
				    .item = item,
				    .origin = page_origin(p, t->line)}));
	}
}

static bool
read_step(struct page *p, uint32_t plan, const struct text *t)
{
	static const char *const verifies[] = {"verify", "test", "check", NULL};
	static const char *const deletes[] = {
	    "delete", "remove", "revoke", NULL};
	struct plan *row = &p->builder->plans.at[plan];

	if (begins_with(t->plain, deletes))
		row->deletes_old = 1;
	if (!begins_with(t->plain, verifies))
		return false;
	row->has_verification = 1;
	row->verification = page_origin(p, t->line);
	return true;
}

static void
read_all_steps(struct page *p, const struct block *b, uint32_t plan)
{
	bool verifies = false;

	for (uint32_t i = 0; i < b->count && !page_failed(p); i++) {
		const struct text *t = &b->entries[i].text;

		if (b->entries[i].depth == 0)
			verifies = read_step(p, plan, t);
		if (verifies)
			verify(p, plan, t);
		else
			page_sinks_in(p, t,
			    (struct sink){
				.principal =
				    p->builder->plans.at[plan].principal,
				.plan = plan,
				.in_steps = 1});
	}
}

static bool
is_rotation(const struct block *heading)
{
	static const char *const words[] = {
	    "rotation", "rotate", "rotating", NULL};

	return heading != NULL && begins_with(heading->text.plain, words);
}

/* A heading alone says that there is a procedure, a list what it is. */
static bool
read_steps_heading(struct page *p, const struct block *b)
{
	principal_id whose;
	uint32_t plan;

	if (!is_rotation(b))
		return false;
	if (p->phase != PHASE_CLAIMS)
		return true;
	whose = page_identity_in(p, &b->text);
	if (whose == NONE)
		return false;
	plan = plan_of(p, whose, b->line);
	if (plan != NONE)
		p->builder->plans.at[plan].steps = page_origin(p, b->line);
	return true;
}

bool
read_steps(struct page *p, const struct block *b)
{
	const struct block *heading = page_heading(p, b);
	principal_id whose;
	uint32_t plan;

	if (b->kind == BLOCK_HEADING)
		return read_steps_heading(p, b);
	if (b->kind != BLOCK_LIST || b->count == 0 || !b->entries[0].ordered ||
	    !is_rotation(heading))
		return false;
	if (p->phase != PHASE_CLAIMS)
		return true;
	whose = page_identity_in(p, &heading->text);
	if (whose == NONE)
		return false;
	plan = plan_of(p, whose, heading->line);
	if (plan == NONE)
		return true;
	page_listing(p,
	    (struct listing){
		.view = VIEW_ROTATION, .principal = whose, .scope = NONE},
	    heading->line);
	p->builder->plans.at[plan].has_steps = 1;
	p->builder->plans.at[plan].steps = page_origin(p, heading->line);
	read_all_steps(p, b, plan);
	return true;
}
