#include "bench.h"

#include "base/memory.h"

/*
 * The three models of the suite that Cedar's authors published (OOPSLA 2024),
 * said in principals, groups, scopes and roles: N of each kind of entity,
 * each pair connected with a chance of 5 %, 200 stores of each size, 500
 * requests a store, each timed alone.
 *
 * Drive: folders and documents are scopes. One that lies in several folders
 * hangs under the first of them; what is granted on those above it by another
 * way is granted on it as well. "Public" is a grant to a group of all users.
 * Hub: repositories are scopes under their organization, which is a group
 * too; teams are in teams; a role contains the weaker ones. To-do: lists are
 * scopes under the application, each with an owner, a team of readers and a
 * team of editors.
 */

enum { STORES = 200, REQUESTS = 500, MOST = 50, VERBS = 9 };

#define CHANCE 0.05
#define APP    "Bench.App/things/"

struct store {
	struct builder *b;
	struct draw draw;
	uint32_t n;
	principal_id users[MOST], groups[MOST], orgs[MOST], everybody;
	scope_id things[2 * MOST]; /* what is asked about */
	uint32_t thing_count;
};

struct model {
	const char *name;
	const char *verbs[VERBS];
	void (*fill)(struct store *s);
	const char *peers[2]; /* beside N = 5 and N = 50 */
};

static const struct origin nowhere;

static role_id
add_role(struct store *s, const char *name, const char *verbs)
{
	struct slice rest = slice_of(verbs), verb, names[VERBS];
	struct permission_text text = {.actions = names};
	char actions[VERBS][64];

	while (slice_cut(&rest, ' ', &verb)) {
		char *action = actions[text.action_count];

		snprintf(action, sizeof *actions, APP "%.*s", SLICE_ARGS(verb));
		names[text.action_count++] = slice_of(action);
	}
	return builder_role(s->b, PLANE_AZURE, draw_guid(&s->draw),
	    slice_of(name), &text, 1, nowhere);
}

static void
grant(struct store *s, principal_id p, role_id role, scope_id at)
{
	builder_assign(s->b,
	    &(struct assignment){
		.id = draw_guid(&s->draw),
		.principal = p,
		.role = role,
		.scope = at,
	    });
}

static void
add_people(struct store *s, principal_id *into, enum principal_kind kind)
{
	for (uint32_t i = 0; i < s->n; i++) {
		into[i] = builder_principal(s->b, draw_guid(&s->draw), nowhere);
		need(into[i] != NONE, "principals");
		s->b->principals.at[into[i]].kind = (uint8_t)kind;
	}
}

/* A group of all users. */
static void
add_everybody(struct store *s)
{
	s->everybody = builder_principal(s->b, draw_guid(&s->draw), nowhere);
	for (uint32_t i = 0; i < s->n; i++)
		builder_member(s->b, s->everybody, s->users[i], nowhere);
}

static scope_id
add_thing(struct store *s, scope_id parent, const char *kind, uint32_t i)
{
	char name[32];
	scope_id at;

	snprintf(name, sizeof name, "%s%u", kind, i);
	at = builder_scope(s->b, parent, SCOPE_RESOURCE, slice_of(kind),
	    slice_of(name), nowhere);
	need(at != NONE, "scopes");
	return at;
}

static bool
connected(struct store *s)
{
	return draw_chance(&s->draw, CHANCE);
}

/* Users in groups; groups in groups with smaller numbers. */
static void
connect_people(struct store *s, bool nested)
{
	for (uint32_t i = 0; i < s->n; i++) {
		for (uint32_t j = 0; j < s->n; j++) {
			if (connected(s))
				builder_member(
				    s->b, s->groups[j], s->users[i], nowhere);
		}
		for (uint32_t j = 0; nested && j < i; j++) {
			if (connected(s))
				builder_member(
				    s->b, s->groups[j], s->groups[i], nowhere);
		}
	}
}

/* Drive. */

/* What lies where: folders 0…n-1, documents n…2n-1. */
struct drive {
	bool above[2 * MOST][MOST];   /* folders above, by any way */
	bool on_path[2 * MOST][MOST]; /* by the way of the tree */
	struct {
		uint32_t thing;
		principal_id p;
		role_id role;
	} grants[4 * MOST * MOST];
	uint32_t grant_count;
};

static void
place(struct store *s, struct drive *d, uint32_t i, uint32_t folders)
{
	scope_id parent = 0;

	for (uint32_t j = 0; j < folders; j++) {
		if (!connected(s))
			continue;
		if (parent == 0) {
			parent = s->things[j];
			memcpy(
			    d->on_path[i], d->on_path[j], sizeof d->on_path[i]);
			d->on_path[i][j] = true;
		}
		for (uint32_t k = 0; k < MOST; k++)
			d->above[i][k] |= d->above[j][k];
		d->above[i][j] = true;
	}
	s->things[i] = add_thing(s, parent, i < s->n ? "folder" : "doc", i);
}

static void
remember(struct drive *d, uint32_t thing, principal_id p, role_id role)
{
	d->grants[d->grant_count].thing = thing;
	d->grants[d->grant_count].p = p;
	d->grants[d->grant_count++].role = role;
}

static void
give_out(struct store *s, struct drive *d)
{
	for (uint32_t g = 0; g < d->grant_count; g++) {
		uint32_t thing = d->grants[g].thing;

		grant(s, d->grants[g].p, d->grants[g].role, s->things[thing]);
		for (uint32_t i = 0; thing < s->n && i < 2 * s->n; i++) {
			if (d->above[i][thing] && !d->on_path[i][thing])
				grant(s, d->grants[g].p, d->grants[g].role,
				    s->things[i]);
		}
	}
}

static void
fill_drive(struct store *s)
{
	struct drive *d = mem_zero(1, sizeof *d);
	role_id viewer = add_role(s, "viewer", "read");
	role_id owner = add_role(s, "owner", "read write share changeOwner");
	role_id keeper =
	    add_role(s, "keeper", "read write share createDocument");

	need(d != NULL, "memory");
	add_people(s, s->users, PRINCIPAL_USER);
	add_people(s, s->groups, PRINCIPAL_GROUP);
	add_everybody(s);
	connect_people(s, false);
	s->thing_count = 2 * s->n;
	for (uint32_t i = 0; i < s->thing_count; i++) {
		bool is_folder = i < s->n;

		place(s, d, i, is_folder ? i : s->n);
		for (uint32_t j = 0; j < s->n; j++) {
			if (connected(s))
				remember(d, i, s->users[j],
				    is_folder ? keeper : owner);
			if (connected(s))
				remember(d, i, s->users[j], viewer);
			if (connected(s))
				remember(d, i, s->groups[j], viewer);
		}
		if (!is_folder && draw_below(&s->draw, 2) == 0)
			remember(d, i, s->everybody, viewer);
	}
	give_out(s, d);
	mem_free(d);
}

/* Hub. */

static void
fill_hub(struct store *s)
{
	static const char *const rights[] = {"read", "read triage",
	    "read triage write", "read triage write maintain",
	    "read triage write maintain admin"};
	role_id roles[5], of_org[3];
	scope_id orgs[MOST];

	for (uint32_t i = 0; i < 5; i++)
		roles[i] = add_role(s, rights[i], rights[i]);
	of_org[0] = roles[0];
	of_org[1] = roles[2];
	of_org[2] = roles[4];
	add_people(s, s->users, PRINCIPAL_USER);
	add_people(s, s->groups, PRINCIPAL_GROUP);
	add_people(s, s->orgs, PRINCIPAL_GROUP);
	connect_people(s, true);
	for (uint32_t i = 0; i < s->n; i++)
		orgs[i] = add_thing(s, 0, "org", i);
	s->thing_count = s->n;
	for (uint32_t i = 0; i < s->n; i++)
		s->things[i] =
		    add_thing(s, orgs[draw_below(&s->draw, s->n)], "repo", i);
	for (uint32_t i = 0; i < s->n * s->n; i++) {
		uint32_t a = i / s->n, b = i % s->n;

		if (connected(s))
			builder_member(s->b, s->orgs[b], s->users[a], nowhere);
		if (connected(s))
			grant(s, s->users[a], roles[draw_below(&s->draw, 5)],
			    s->things[b]);
		if (connected(s))
			grant(s, s->groups[a], roles[draw_below(&s->draw, 5)],
			    s->things[b]);
		if (connected(s))
			grant(s, s->users[a], of_org[draw_below(&s->draw, 3)],
			    orgs[b]);
		if (connected(s))
			grant(s, s->orgs[a], of_org[draw_below(&s->draw, 3)],
			    orgs[b]);
	}
}

/* To-do. */

static void
fill_todo(struct store *s)
{
	role_id user = add_role(s, "user", "CreateList GetLists");
	role_id reader = add_role(s, "reader", "GetList");
	role_id editor = add_role(
	    s, "editor", "GetList UpdateList CreateTask UpdateTask DeleteTask");
	role_id owner = add_role(s, "owner",
	    "CreateList GetList UpdateList DeleteList GetLists CreateTask "
	    "UpdateTask DeleteTask EditShares");
	scope_id app = add_thing(s, 0, "app", 0);

	add_people(s, s->users, PRINCIPAL_USER);
	add_people(s, s->groups, PRINCIPAL_GROUP);
	add_everybody(s);
	connect_people(s, true);
	grant(s, s->everybody, user, app);
	s->thing_count = s->n;
	for (uint32_t i = 0; i < s->n; i++) {
		s->things[i] = add_thing(s, app, "list", i);
		grant(s, s->users[draw_below(&s->draw, s->n)], owner,
		    s->things[i]);
		grant(s, s->groups[draw_below(&s->draw, s->n)], reader,
		    s->things[i]);
		grant(s, s->groups[draw_below(&s->draw, s->n)], editor,
		    s->things[i]);
	}
}

static const struct model models[] = {
    {"gdrive", {"read", "write", "share", "changeOwner", "createDocument"},
	fill_drive,
	{"SAPL 4.1.2 0.23 (1.03), Cedar 4.10 5.07 (8.7)",
	    "SAPL 4.1.2 0.36 (1.93), Cedar 4.10 5.84 (10.8)"}},
    {"github", {"read", "triage", "write", "maintain", "admin"}, fill_hub,
	{"SAPL 4.1.2 0.45 (1.66), Cedar 4.10 10.7 (17.8)",
	    "SAPL 4.1.2 0.66 (2.24), Cedar 4.10 11.3 (20.5)"}},
    {"tinytodo",
	{"GetList", "UpdateList", "DeleteList", "CreateTask", "UpdateTask",
	    "DeleteTask", "EditShares", "CreateList", "GetLists"},
	fill_todo,
	{"SAPL 4.1.2 0.22 (1.06), Cedar 4.10 5.65 (9.0)",
	    "SAPL 4.1.2 0.25 (1.63), Cedar 4.10 5.76 (9.8)"}},
};

/* A prepared action refers to its name, so both are kept together. */
struct verbs {
	char names[VERBS][64];
	struct action actions[VERBS];
	uint32_t count;
};

static void
prepare_verbs(const struct estate *e, const struct model *m, struct verbs *v)
{
	for (; v->count < VERBS && m->verbs[v->count] != NULL; v->count++) {
		char *name = v->names[v->count];

		snprintf(
		    name, sizeof v->names[0], APP "%s", m->verbs[v->count]);
		v->actions[v->count] = prepare(e, name);
	}
}

/* Builds one store, asks it, and returns how many requests it allowed. */
static uint32_t
run_store(
    const struct model *m, uint32_t n, uint32_t number, struct sample *sample)
{
	struct store s = {.b = builder_new(NULL),
	    .n = n,
	    .draw = {(uint64_t)n << 32 | number}};
	struct verbs v = {.count = 0};
	uint32_t allowed = 0;
	struct estate *e;

	need(s.b != NULL, "memory");
	m->fill(&s);
	e = finish(s.b);
	prepare_verbs(e, m, &v);
	for (uint32_t i = 0; i < REQUESTS; i++) {
		principal_id p = s.users[draw_below(&s.draw, n)];
		scope_id at = s.things[draw_below(&s.draw, s.thing_count)];
		const struct action *a =
		    &v.actions[draw_below(&s.draw, v.count)];
		uint64_t from = clock_ticks();
		struct decision d = decide(e, p, a, at, NULL);

		sample_add(sample, clock_ticks() - from);
		allowed += d.allowed;
	}
	for (uint32_t i = 0; i < v.count; i++)
		action_release(&v.actions[i]);
	estate_free(e);
	return allowed;
}

void
bench_models(void)
{
	static const uint32_t sizes[] = {5, 10, 15, 20, 30, 40, 50};

	row_heading("Decision, models of Cedar's OOPSLA suite: 200 stores x "
		    "500 requests, median (p99)");
	row("", "peers: microseconds, i9-13900KS at 4.0 GHz",
	    "goal 0.15 (0.5) us");
	for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			struct sample sample;
			uint64_t allowed = 0;
			char what[64];

			sample_reserve(&sample, STORES * REQUESTS);
			for (uint32_t j = 0; j < STORES; j++)
				allowed +=
				    run_store(&models[m], sizes[i], j, &sample);
			snprintf(what, sizeof what, "%s, N = %u",
			    models[m].name, sizes[i]);
			row(what,
			    sizes[i] == 5        ? models[m].peers[0]
				: sizes[i] == 50 ? models[m].peers[1]
						 : "",
			    "%.3f (%.3f) us, %.0f %% allowed",
			    sample_quantile(&sample, 0.5) / 1000,
			    sample_quantile(&sample, 0.99) / 1000,
			    100.0 * (double)allowed / (STORES * REQUESTS));
			sample_release(&sample);
		}
	}
}
