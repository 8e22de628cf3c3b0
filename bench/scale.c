#include "bench.h"

#include "base/memory.h"

#include <pthread.h>

/*
 * One tenant at three sizes: per ten assignments one person and one vault, per
 * twenty one group. Each person is in three groups, one group of five in
 * another. Seven grants of ten are to people, the others to groups; most are
 * made on a vault, some on its resource group, few on the subscription. The
 * questions are whether a person, any, may read the secrets of a vault, any:
 * mostly not.
 *
 * "Cold" draws all questions afresh over the whole estate, so that next to
 * nothing of what one reads is in a cache; "warm" asks 64 over and over. What
 * one thread does is taken by the processor's time that it used.
 */

enum { QUESTIONS = 1 << 20, WARM = 64, ROUNDS = 4 };

static const struct origin nowhere;

static const char get_secret[] =
    "Microsoft.KeyVault/vaults/secrets/getSecret/action";

struct making {
	struct builder *b;
	struct draw draw;
	uint32_t people, groups, vaults;
	scope_id *scopes; /* subscriptions, resource groups, vaults */
	uint32_t subscriptions, resource_groups;
};

static scope_id
make_scope(
    struct making *m, scope_id parent, enum scope_kind kind, uint32_t number)
{
	char name[32];
	scope_id s;

	snprintf(name, sizeof name, "%s-%07u",
	    kind == SCOPE_VAULT                ? "vault"
		: kind == SCOPE_RESOURCE_GROUP ? "group"
					       : "subscription",
	    number);
	s = builder_scope(
	    m->b, parent, kind, (struct slice){0}, slice_of(name), nowhere);
	need(s != NONE, "scopes");
	return s;
}

static void
make_scopes(struct making *m)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < m->subscriptions; i++)
		m->scopes[at++] = make_scope(m, 0, SCOPE_SUBSCRIPTION, i);
	for (uint32_t i = 0; i < m->resource_groups; i++)
		m->scopes[at++] = make_scope(m, m->scopes[i % m->subscriptions],
		    SCOPE_RESOURCE_GROUP, i);
	for (uint32_t i = 0; i < m->vaults; i++) {
		scope_id s = make_scope(m,
		    m->scopes[m->subscriptions + i % m->resource_groups],
		    SCOPE_VAULT, i);
		struct vault *vault = builder_vault(m->b, s, nowhere);

		need(vault != NULL, "vaults");
		vault->model = MODEL_RBAC;
		vault->stated = 1;
		m->scopes[at++] = s;
	}
}

static void
make_people(struct making *m)
{
	for (uint32_t i = 0; i < m->people + m->groups; i++) {
		principal_id p =
		    builder_principal(m->b, draw_guid(&m->draw), nowhere);

		need(p == i, "principals");
		m->b->principals.at[p].kind =
		    i < m->people ? PRINCIPAL_USER : PRINCIPAL_GROUP;
	}
	for (uint32_t i = 0; i < m->people * 3; i++)
		builder_member(m->b,
		    m->people + draw_below(&m->draw, m->groups), i / 3,
		    nowhere);
	for (uint32_t i = 1; i < m->groups; i += 5)
		builder_member(m->b, m->people + draw_below(&m->draw, i),
		    m->people + i, nowhere);
}

static scope_id
draw_scope(struct making *m)
{
	uint32_t lot = draw_below(&m->draw, 100);
	uint32_t from = m->subscriptions + m->resource_groups;

	if (lot < 2)
		return m->scopes[draw_below(&m->draw, m->subscriptions)];
	if (lot < 25)
		return m->scopes[m->subscriptions +
		    draw_below(&m->draw, m->resource_groups)];
	return m->scopes[from + draw_below(&m->draw, m->vaults)];
}

static void
make_assignments(struct making *m, uint32_t count)
{
	static const char *const names[] = {"Reader", "Contributor",
	    "Key Vault Secrets User", "Key Vault Reader", "Owner",
	    "Key Vault Secrets Officer", "Key Vault Contributor",
	    "User Access Administrator"};
	enum { ROLES = sizeof names / sizeof *names };
	role_id roles[ROLES];

	for (uint32_t i = 0; i < ROLES; i++)
		roles[i] =
		    builder_role_by_name(m->b, PLANE_AZURE, slice_of(names[i]));
	for (uint32_t i = 0; i < count; i++) {
		bool to_group = draw_below(&m->draw, 10) >= 7;

		builder_assign(m->b,
		    &(struct assignment){
			.id = draw_guid(&m->draw),
			.principal = to_group
			    ? m->people + draw_below(&m->draw, m->groups)
			    : draw_below(&m->draw, m->people),
			.role = roles[draw_below(&m->draw, ROLES)],
			.scope = draw_scope(m),
		    });
	}
}

struct tenant
tenant_make(uint32_t assignments, uint64_t seed)
{
	struct making m = {
	    .b = builder_new(NULL),
	    .draw = {seed},
	    .people = assignments / 10,
	    .groups = assignments / 20,
	    .vaults = assignments / 10,
	    .subscriptions = assignments / 4000 + 1,
	    .resource_groups = assignments / 100,
	};
	struct tenant t = {.people = m.people, .places = m.vaults};

	m.scopes =
	    mem_alloc((size_t)(m.subscriptions + m.resource_groups + m.vaults) *
		sizeof *m.scopes);
	need(m.b != NULL && m.scopes != NULL, "memory");
	make_people(&m);
	make_scopes(&m);
	make_assignments(&m, assignments);
	t.first_place = m.scopes[m.subscriptions + m.resource_groups];
	mem_free(m.scopes);
	t.e = finish(m.b);
	return t;
}

struct asking {
	const struct estate *e;
	struct action action;
	struct question *questions;
	struct decision *decisions;
	uint64_t allowed;
};

static void
asking_begin(struct asking *a, const struct tenant *t, uint64_t seed)
{
	struct draw d = {seed};

	*a = (struct asking){.e = t->e, .action = prepare(t->e, get_secret)};
	a->questions = mem_alloc(QUESTIONS * sizeof *a->questions);
	a->decisions = mem_alloc(QUESTIONS * sizeof *a->decisions);
	need(a->questions != NULL && a->decisions != NULL, "memory");
	for (uint32_t i = 0; i < QUESTIONS; i++)
		a->questions[i] = (struct question){
		    .principal = draw_below(&d, t->people),
		    .scope = t->first_place + draw_below(&d, t->places),
		    .action = &a->action,
		};
}

static void
asking_end(struct asking *a)
{
	action_release(&a->action);
	mem_free(a->questions);
	mem_free(a->decisions);
}

static void *
ask_cold(void *context)
{
	struct asking *a = context;

	for (uint32_t i = 0; i < QUESTIONS; i++)
		a->allowed += decide(a->e, a->questions[i].principal,
		    &a->action, a->questions[i].scope, NULL)
				  .allowed;
	return NULL;
}

static void *
ask_warm(void *context)
{
	struct asking *a = context;

	for (uint32_t i = 0; i < ROUNDS * QUESTIONS; i++) {
		const struct question *q = &a->questions[i % WARM];

		a->allowed +=
		    decide(a->e, q->principal, &a->action, q->scope, NULL)
			.allowed;
	}
	return NULL;
}

static void *
ask_batch(void *context)
{
	struct asking *a = context;

	decide_batch(a->e, a->questions, QUESTIONS, a->decisions);
	a->allowed += a->decisions[QUESTIONS - 1].allowed;
	return NULL;
}

static const struct {
	const char *name;
	void *(*ask)(void *asking);
	uint32_t questions;
	const char *beside;
} manners[] = {
    {"random, cold", ask_cold, QUESTIONS,
	"goal 0.6 us; one miss of the cache 170-340 ns"},
    {"the same 64, warm", ask_warm, ROUNDS *QUESTIONS,
	"goal 0.06 us; SAPL embedded 0.129 us"},
    {"random, in batches", ask_batch, QUESTIONS,
	"goal 15 M/s; overlapped misses 14-22 ns"},
};

static double
time_one(void *(*ask)(void *), struct asking *a)
{
	double from = clock_own_seconds();

	ask(a);
	return clock_own_seconds() - from;
}

static double
time_two(void *(*ask)(void *), struct asking *a, struct asking *b)
{
	double from = clock_seconds();
	pthread_t other;

	need(pthread_create(&other, NULL, ask, b) == 0, "a second thread");
	ask(a);
	pthread_join(other, NULL);
	return clock_seconds() - from;
}

static void
run_manners(struct asking *a, struct asking *b, bool threads)
{
	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
		double count = manners[i].questions;
		double one = time_one(manners[i].ask, a);
		double two = threads ? time_two(manners[i].ask, a, b) : 0;

		if (threads)
			row(manners[i].name, manners[i].beside,
			    "%.3f us, %.1f M/s; 2 threads %.1f M/s",
			    one / count * 1e6, count / one * 1e-6,
			    2 * count / two * 1e-6);
		else
			row(manners[i].name, manners[i].beside,
			    "%.3f us, %.1f M/s", one / count * 1e6,
			    count / one * 1e-6);
	}
}

/* What a decision has to get through. */
static void
run_shape(const struct tenant *t)
{
	const struct estate *e = t->e;
	double runs = 0, grants = 0;

	for (principal_id p = 0; p < t->people; p++) {
		struct ids groups = estate_groups_of(e, p);

		runs += 1 + groups.count;
		grants +=
		    e->first_of_principal[p + 1] - e->first_of_principal[p];
		for (uint32_t i = 0; i < groups.count; i++)
			grants += e->first_of_principal[groups.at[i] + 1] -
			    e->first_of_principal[groups.at[i]];
	}
	row("a person's grants", "", "%.1f, by %.1f groups and itself",
	    grants / t->people, runs / t->people - 1);
}

static void
run_quantiles(const struct asking *a)
{
	struct sample sample;

	sample_reserve(&sample, QUESTIONS);
	for (uint32_t i = 0; i < QUESTIONS; i++) {
		const struct question *q = &a->questions[i];
		uint64_t from = clock_ticks();
		struct decision d =
		    decide(a->e, q->principal, &a->action, q->scope, NULL);

		sample_add(&sample, clock_ticks() - from);
		need(d.allowed || d.reason != REASONS, "an answer");
	}
	row("random, cold, one at a time", "goal 0.6 us",
	    "median %.3f us, p99 %.3f us", sample_quantile(&sample, 0.5) / 1000,
	    sample_quantile(&sample, 0.99) / 1000);
	sample_release(&sample);
}

void
bench_scale(uint32_t assignments, bool threads)
{
	size_t before = memory_resident();
	double from = clock_seconds();
	struct tenant t = tenant_make(assignments, assignments);
	double built = clock_seconds() - from;
	struct asking a, b;
	char title[64];

	snprintf(
	    title, sizeof title, "Decision, %u assignments", t.e->grants.count);
	row_heading(title);
	row("built", "", "%.2f s, peak %.0f MB", built,
	    (double)memory_peak() * 1e-6);
	row("bytes an assignment", "at most 64",
	    "%.1f (all of the estate %.1f, RSS %.1f)",
	    (double)estate_assignment_memory(t.e) / t.e->grants.count,
	    (double)estate_memory(t.e) / t.e->grants.count,
	    (double)(memory_resident() - before) / t.e->grants.count);
	run_shape(&t);
	asking_begin(&a, &t, 1);
	asking_begin(&b, &t, 2);
	run_quantiles(&a);
	run_manners(&a, &b, threads);
	asking_end(&a);
	asking_end(&b);
	estate_free(t.e);
}

void
bench_who(uint32_t assignments)
{
	enum { ASKED = 500 };
	struct tenant t = tenant_make(assignments, 7);
	struct action action = prepare(t.e, get_secret);
	struct draw d = {3};
	struct sample sample;
	uint64_t found = 0;
	char title[64];

	sample_reserve(&sample, ASKED);
	for (uint32_t i = 0; i < ASKED; i++) {
		scope_id s = t.first_place + draw_below(&d, t.places);
		struct access_list list;
		struct arena arena = {0};
		uint64_t from = clock_ticks();

		need(reach_who(t.e, &action, s, &arena, &list) == ACTAS_OK,
		    "memory");
		sample_add(&sample, clock_ticks() - from);
		found += list.count;
		arena_release(&arena);
	}
	snprintf(title, sizeof title, "Who may read a secret, %u assignments",
	    t.e->grants.count);
	row_heading(title);
	row("complete list with paths", "goal 1 ms",
	    "median %.3f ms, p99 %.3f ms, %.0f names",
	    sample_quantile(&sample, 0.5) * 1e-6,
	    sample_quantile(&sample, 0.99) * 1e-6, (double)found / ASKED);
	sample_release(&sample);
	action_release(&action);
	estate_free(t.e);
}
