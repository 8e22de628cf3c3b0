#include "fixture.h"

#include "estate/names.h"

/* What access makes possible. Each row builds an estate around one principal,
 * "ann", and says what is reached from there, a sentence a step: the steps of
 * a chain are joined by "; ", the chains by "\n". */

static const struct origin nowhere = {0};

struct world {
	struct fixture f;
	principal_id ann;
	struct start start; /* default: ann */
};

static void
put_sink(struct world *w, enum sink_kind kind, scope_id s, principal_id of)
{
	struct sink sink = {
	    .principal = of,
	    .scope = s,
	    .plan = NONE,
	    .kind = (uint8_t)kind,
	};

	assert_int_equal(vector_push(&w->f.b->sinks, sink), ACTAS_OK);
}

static principal_id
put_secret(struct world *w, const char *name, const char *of)
{
	struct buffer path = {0};
	principal_id p = fixture_app(&w->f, of);
	scope_id s;

	buffer_addf(&path, "%s/secrets/%s", VAULT, name);
	s = fixture_scope(&w->f, buffer_text(&path));
	buffer_release(&path);
	put_sink(w, SINK_SECRET, s, p);
	return p;
}

static void
grant(struct world *w, enum plane plane, const char *role, scope_id s)
{
	fixture_assign(&w->f, w->ann, fixture_builtin(&w->f, plane, role), s);
}

static scope_id
put_application(struct world *w, principal_id p)
{
	uint32_t row =
	    builder_application(w->f.b, fixture_guid(&w->f), nowhere);
	scope_id s = builder_scope(w->f.b, 0, SCOPE_APPLICATION,
	    (struct slice){0}, SLICE("app"), nowhere);

	w->f.b->applications.at[row].principal = p;
	w->f.b->applications.at[row].scope = s;
	return s;
}

static scope_id
put_connection(struct world *w, principal_id backer, enum tri all)
{
	scope_id organization = builder_scope(w->f.b, 0, SCOPE_ORGANIZATION,
	    (struct slice){0}, SLICE("org"), nowhere);
	scope_id project = builder_scope(w->f.b, organization, SCOPE_PROJECT,
	    (struct slice){0}, SLICE("proj"), nowhere);
	scope_id s = builder_scope(w->f.b, project, SCOPE_CONNECTION,
	    (struct slice){0}, SLICE("deploy"), nowhere);
	struct connection *c = builder_connection(w->f.b, s, nowhere);

	assert_non_null(c);
	c->principal = backer;
	c->all_pipelines = (uint8_t)all;
	return s;
}

static item_id
put_pipeline(struct world *w, scope_id connection)
{
	scope_id project = w->f.b->scopes.at[connection].parent;
	scope_id s = builder_scope(w->f.b, project, SCOPE_ITEM,
	    (struct slice){0}, SLICE("release"), nowhere);

	return builder_item(w->f.b, s, ITEM_DEVOPS_PIPELINE, nowhere);
}

static void
put_schedule(struct world *w, item_id item, principal_id by, enum tri enabled)
{
	struct schedule s = {
	    .item = item, .updated_by = by, .enabled = (uint8_t)enabled};

	assert_int_equal(vector_push(&w->f.b->schedules, s), ACTAS_OK);
}

static void
put_activity(
    struct world *w, item_id parent, item_id child, principal_id identity)
{
	struct activity a = {
	    .parent = parent, .child = child, .identity = identity};

	assert_int_equal(vector_push(&w->f.b->activities, a), ACTAS_OK);
}

/* Secrets. */

static void
reads_a_secret(struct world *w)
{
	fixture_vault(&w->f, MODEL_RBAC);
	put_secret(w, "s1", "one");
	fixture_grant(&w->f, w->ann, "Key Vault Secrets User", VAULT);
}

static void
reads_only_metadata(struct world *w)
{
	fixture_vault(&w->f, MODEL_RBAC);
	put_secret(w, "s1", "one");
	fixture_grant(&w->f, w->ann, "Key Vault Reader", VAULT);
}

static void
reads_what_is_disabled_or_no_secret(struct world *w)
{
	struct secret *secret;

	reads_a_secret(w);
	put_secret(w, "s2", "two");
	secret = builder_secret(
	    w->f.b, fixture_scope(&w->f, VAULT "/secrets/s1"), nowhere);
	secret->enabled = NO;
	secret = builder_secret(
	    w->f.b, fixture_scope(&w->f, VAULT "/secrets/s2"), nowhere);
	secret->not_secret = 1;
}

static void
reads_for_one_who_reads_on(struct world *w)
{
	principal_id one, two;

	fixture_vault(&w->f, MODEL_RBAC);
	one = put_secret(w, "s1", "one");
	two = put_secret(w, "s2", "two");
	put_secret(w, "s3", "three");
	fixture_grant(
	    &w->f, w->ann, "Key Vault Secrets User", VAULT "/secrets/s1");
	fixture_grant(
	    &w->f, one, "Key Vault Secrets User", VAULT "/secrets/s2");
	fixture_grant(
	    &w->f, two, "Key Vault Secrets User", VAULT "/secrets/s3");
}

static void
reads_by_a_disputed_grant(struct world *w)
{
	struct assignment a = {
	    .principal = w->ann,
	    .scope = fixture_vault(&w->f, MODEL_RBAC),
	    .flags = ASSIGNMENT_DISPUTED,
	};

	a.role = fixture_builtin(&w->f, PLANE_AZURE, "Key Vault Secrets User");
	builder_assign(w->f.b, &a);
	put_secret(w, "s1", "one");
}

/* A longer way without dispute wins over a shorter one with. */
static void
reads_by_two_ways(struct world *w)
{
	struct assignment a = {
	    .principal = w->ann,
	    .scope = fixture_scope(&w->f, VAULT "/secrets/s2"),
	    .flags = ASSIGNMENT_DISPUTED,
	};
	principal_id one, two;

	fixture_vault(&w->f, MODEL_RBAC);
	one = put_secret(w, "s1", "one");
	two = put_secret(w, "s2", "two");
	put_secret(w, "s3", "three");
	fixture_grant(
	    &w->f, w->ann, "Key Vault Secrets User", VAULT "/secrets/s1");
	fixture_grant(
	    &w->f, one, "Key Vault Secrets User", VAULT "/secrets/s2");
	fixture_grant(
	    &w->f, two, "Key Vault Secrets User", VAULT "/secrets/s3");
	a.role = fixture_builtin(&w->f, PLANE_AZURE, "Key Vault Secrets User");
	builder_assign(w->f.b, &a);
}

static void
is_disabled(struct world *w)
{
	reads_a_secret(w);
	w->f.b->principals.at[w->ann].flags |= PRINCIPAL_DISABLED;
}

static void
reads_for_one_who_is_disabled(struct world *w)
{
	fixture_vault(&w->f, MODEL_RBAC);
	w->f.b->principals.at[put_secret(w, "s1", "one")].flags |=
	    PRINCIPAL_DISABLED;
	fixture_grant(&w->f, w->ann, "Key Vault Secrets User", VAULT);
}

/* Policies. */

static void
rewrites_a_vault(struct world *w)
{
	fixture_vault(&w->f, MODEL_POLICY);
	put_secret(w, "s1", "one");
	fixture_grant(&w->f, w->ann, "Contributor", GROUP);
}

static void
rewrites_a_vault_of_roles(struct world *w)
{
	fixture_vault(&w->f, MODEL_RBAC);
	put_secret(w, "s1", "one");
	fixture_grant(&w->f, w->ann, "Contributor", GROUP);
}

static void
rewrites_a_vault_of_unsaid_model(struct world *w)
{
	fixture_vault(&w->f, MODEL_UNSAID);
	put_secret(w, "s1", "one");
	fixture_grant(&w->f, w->ann, "Contributor", GROUP);
}

/* Applications. */

static void
administers_applications(struct world *w)
{
	principal_id one = fixture_app(&w->f, "one");

	put_application(w, one);
	fixture_app(&w->f, "two"); /* only its principal is known */
	fixture_principal(&w->f, "mi", PRINCIPAL_MANAGED_IDENTITY);
	grant(w, PLANE_DIRECTORY, "Application Administrator", 0);
}

static void
owns_an_application(struct world *w)
{
	scope_id s = put_application(w, fixture_app(&w->f, "one"));

	fixture_app(&w->f, "two");
	grant(w, PLANE_DIRECTORY, "Application owner", s);
}

static void
reads_the_directory(struct world *w)
{
	put_application(w, fixture_app(&w->f, "one"));
	grant(w, PLANE_DIRECTORY, "Directory Readers", 0);
}

/* Connections. */

static void
uses_a_connection(struct world *w)
{
	grant(w, PLANE_DEVOPS, "User",
	    put_connection(w, fixture_app(&w->f, "one"), NO));
}

static void
sees_a_connection(struct world *w)
{
	grant(w, PLANE_DEVOPS, "Reader",
	    put_connection(w, fixture_app(&w->f, "one"), YES));
}

static void
edits_pipelines_of_an_open_connection(struct world *w)
{
	scope_id s = put_connection(w, fixture_app(&w->f, "one"), YES);

	grant(w, PLANE_DEVOPS, "Contributors", w->f.b->scopes.at[s].parent);
}

static void
edits_pipelines_beside_a_closed_connection(struct world *w)
{
	scope_id s = put_connection(w, fixture_app(&w->f, "one"), NO);

	grant(w, PLANE_DEVOPS, "Contributors", w->f.b->scopes.at[s].parent);
}

static void
edits_an_authorised_pipeline(struct world *w)
{
	scope_id s = put_connection(w, fixture_app(&w->f, "one"), NO);
	item_id pipeline = put_pipeline(w, s);
	struct authorization a = {.connection = 0, .item = pipeline};

	assert_int_equal(vector_push(&w->f.b->authorizations, a), ACTAS_OK);
	grant(w, PLANE_DEVOPS, "Contributors",
	    fixture_item_scope(&w->f, pipeline));
}

static void
starts_at_an_open_connection(struct world *w)
{
	principal_id one;

	fixture_vault(&w->f, MODEL_RBAC);
	one = fixture_app(&w->f, "one");
	put_secret(w, "admin-secret", "admin");
	fixture_grant(&w->f, one, "Key Vault Secrets User", VAULT);
	w->start.principal = NONE;
	w->start.scope = put_connection(w, one, YES);
}

static void
starts_at_a_pipeline(struct world *w)
{
	scope_id s = put_connection(w, fixture_app(&w->f, "one"), YES);

	w->start.principal = NONE;
	w->start.scope = fixture_item_scope(&w->f, put_pipeline(w, s));
}

/* Items. */

static void
edits_a_scheduled_notebook(struct world *w)
{
	scope_id gold = fixture_workspace(&w->f, "Gold");
	item_id load = fixture_item(&w->f, gold, "Load", ITEM_NOTEBOOK);

	put_schedule(w, load, fixture_user(&w->f, "boss"), YES);
	put_schedule(w, load, fixture_user(&w->f, "retired"), NO);
	grant(w, PLANE_FABRIC, "Contributor", gold);
}

static void
views_a_scheduled_notebook(struct world *w)
{
	scope_id gold = fixture_workspace(&w->f, "Gold");
	item_id load = fixture_item(&w->f, gold, "Load", ITEM_NOTEBOOK);

	put_schedule(w, load, fixture_user(&w->f, "boss"), YES);
	grant(w, PLANE_FABRIC, "Viewer", gold);
}

/* What a pipeline runs runs as who modified it last; also what that in turn
 * runs, and what runs in circles does no harm. */
static void
edits_what_a_pipeline_runs(struct world *w)
{
	scope_id gold = fixture_workspace(&w->f, "Gold");
	scope_id bronze = fixture_workspace(&w->f, "Bronze");
	item_id daily = fixture_item(&w->f, bronze, "Daily", ITEM_PIPELINE);
	item_id outer = fixture_item(&w->f, bronze, "Outer", ITEM_NOTEBOOK);
	item_id inner = fixture_item(&w->f, gold, "Inner", ITEM_NOTEBOOK);

	w->f.b->items.at[daily].modified_by = fixture_app(&w->f, "deployer");
	put_activity(w, daily, outer, NONE);
	put_activity(w, outer, inner, NONE);
	put_activity(w, inner, outer, NONE);
	grant(w, PLANE_FABRIC, "Contributor", gold);
}

static void
edits_a_pipeline_itself(struct world *w)
{
	scope_id gold = fixture_workspace(&w->f, "Gold");
	item_id daily = fixture_item(&w->f, gold, "Daily", ITEM_PIPELINE);

	w->f.b->items.at[daily].modified_by = fixture_app(&w->f, "deployer");
	put_schedule(w, daily, fixture_user(&w->f, "boss"), YES);
	grant(w, PLANE_FABRIC, "Contributor", gold);
}

static void
edits_what_runs_through_a_connection_or_as_set(struct world *w)
{
	scope_id gold = fixture_workspace(&w->f, "Gold");
	item_id daily = fixture_item(&w->f, gold, "Daily", ITEM_PIPELINE);
	item_id load = fixture_item(&w->f, gold, "Load", ITEM_NOTEBOOK);
	item_id mail = fixture_item(&w->f, gold, "Mail", ITEM_SPARK_JOB);

	w->f.b->items.at[daily].modified_by = fixture_user(&w->f, "boss");
	put_activity(w, daily, load, fixture_app(&w->f, "connected"));
	w->f.b->items.at[mail].run_identity = fixture_app(&w->f, "mailer");
	put_schedule(w, mail, fixture_user(&w->f, "chief"), YES);
	grant(w, PLANE_FABRIC, "Contributor", gold);
}

static void
starts_at_a_notebook(struct world *w)
{
	edits_a_scheduled_notebook(w);
	w->start.principal = NONE;
	w->start.scope = fixture_item_scope(&w->f, 0);
}

/* Hosts. */

static void
put_identity(struct world *w, const char *home)
{
	principal_id p =
	    fixture_principal(&w->f, "mi", PRINCIPAL_MANAGED_IDENTITY);

	w->f.b->principals.at[p].home = builder_string(w->f.b, slice_of(home));
}

#define SITE GROUP "/providers/Microsoft.Web/sites/loader"
#define MINE                                                                 \
	GROUP "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" \
	      "mine"

static void
deploys_a_site(struct world *w)
{
	fixture_scope(&w->f, SITE);
	put_identity(w, SITE);
	fixture_grant(&w->f, w->ann, "Website Contributor", SITE);
}

static void
deploys_beside_a_site(struct world *w)
{
	put_identity(w, SITE);
	fixture_grant(&w->f, w->ann, "Website Contributor", SITE "2");
}

static void
deploys_a_site_that_only_its_identity_tells_of(struct world *w)
{
	put_identity(w, SITE);
	fixture_grant(&w->f, w->ann, "Contributor", GROUP);
}

static void
assigns_an_identity(struct world *w)
{
	fixture_scope(&w->f, MINE);
	put_identity(w, MINE);
	fixture_grant(&w->f, w->ann, "Contributor", GROUP);
}

static void
uses_a_workspace_identity(struct world *w)
{
	scope_id gold = fixture_workspace(&w->f, "Gold");
	principal_id p =
	    fixture_principal(&w->f, "Gold", PRINCIPAL_WORKSPACE_IDENTITY);

	w->f.b->principals.at[p].workspace = gold;
	grant(w, PLANE_FABRIC, "Contributor", gold);
}

/* Roles and groups. */

static void
assigns_roles(struct world *w)
{
	fixture_scope(&w->f, VAULT);
	fixture_grant(&w->f, w->ann, "User Access Administrator", GROUP);
	fixture_grant(&w->f, w->ann, "Owner", VAULT); /* below: nothing new */
}

static void
assigns_some_roles_only(struct world *w)
{
	fixture_grant(
	    &w->f, w->ann, "Key Vault Data Access Administrator", GROUP);
	fixture_grant_if(&w->f, w->ann, "Owner", VAULT,
	    "!(ActionMatches{'" ASSIGN_ROLE "'}) OR Exists "
	    "@Request[Microsoft.Authorization/roleAssignments:"
	    "RoleDefinitionId]");
}

static void
assigns_roles_of_the_directory(struct world *w)
{
	grant(w, PLANE_DIRECTORY, "Privileged Role Administrator", 0);
}

static scope_id
put_owned_group(struct world *w, principal_id group)
{
	char id[GUID_TEXT_LENGTH + 1];
	scope_id s;

	guid_format(w->f.b->principals.at[group].object_id, id);
	s = builder_scope(
	    w->f.b, 0, SCOPE_GROUP, SLICE(""), slice_of(id), nowhere);
	grant(w, PLANE_DIRECTORY, "Group owner", s);
	return s;
}

static void
owns_a_group(struct world *w)
{
	principal_id readers = fixture_group(&w->f, "vault readers");
	principal_id others = fixture_group(&w->f, "others");

	fixture_vault(&w->f, MODEL_RBAC);
	fixture_grant(&w->f, readers, "Key Vault Secrets User", VAULT);
	fixture_grant(&w->f, others, "Key Vault Secrets User", VAULT);
	put_owned_group(w, readers);
}

static void
owns_a_privileged_group(struct world *w)
{
	principal_id admins = fixture_group(&w->f, "admins");

	fixture_assign(&w->f, admins,
	    fixture_builtin(&w->f, PLANE_DIRECTORY, "Global Administrator"), 0);
	put_owned_group(w, admins);
}

static void
manages_groups(struct world *w)
{
	principal_id owners = fixture_group(&w->f, "owners");
	principal_id idle = fixture_group(&w->f, "idle");
	principal_id admins = fixture_group(&w->f, "admins");
	principal_id mine = fixture_group(&w->f, "mine");

	(void)idle;
	fixture_grant(&w->f, owners, "Owner", GROUP);
	fixture_member(&w->f, mine, w->ann);
	fixture_grant(&w->f, mine, "Reader", GROUP);
	fixture_assign(&w->f, admins,
	    fixture_builtin(&w->f, PLANE_DIRECTORY, "Global Administrator"), 0);
	grant(w, PLANE_DIRECTORY, "Groups Administrator", 0);
}

#define OPEN " (the source disputes this or leaves it open)"

static const struct {
	void (*build)(struct world *w);
	const char *expected;
} rows[] = {
    {reads_a_secret, "reads secret s1, which holds one's credential\n"},
    {reads_only_metadata, ""},
    {reads_what_is_disabled_or_no_secret, ""},
    {reads_for_one_who_reads_on,
	"reads secret s1, which holds one's credential\n"
	"reads secret s1, which holds one's credential; "
	"reads secret s2, which holds two's credential\n"
	"reads secret s1, which holds one's credential; "
	"reads secret s2, which holds two's credential; "
	"reads secret s3, which holds three's credential\n"},
    {reads_by_a_disputed_grant,
	"reads secret s1, which holds one's credential" OPEN "\n"},
    {reads_by_two_ways,
	"reads secret s1, which holds one's credential\n"
	"reads secret s1, which holds one's credential; "
	"reads secret s2, which holds two's credential\n"
	"reads secret s1, which holds one's credential; "
	"reads secret s2, which holds two's credential; "
	"reads secret s3, which holds three's credential\n"},
    {is_disabled, ""},
    {reads_for_one_who_is_disabled, ""},
    {rewrites_a_vault,
	"may change the access policies of kv and so read s1, which holds "
	"one's credential\n"},
    {rewrites_a_vault_of_roles, ""},
    {rewrites_a_vault_of_unsaid_model,
	"may change the access policies of kv and so read s1, which holds "
	"one's credential" OPEN "\n"},
    {administers_applications,
	"may add a credential to one's application\n"
	"may add a credential to two's application\n"},
    {owns_an_application, "may add a credential to one's application\n"},
    {reads_the_directory, ""},
    {uses_a_connection, "uses service connection deploy, which one backs\n"},
    {sees_a_connection, ""},
    {edits_pipelines_of_an_open_connection,
	"uses service connection deploy, which one backs\n"},
    {edits_pipelines_beside_a_closed_connection, ""},
    {edits_an_authorised_pipeline,
	"uses service connection deploy, which one backs\n"},
    {starts_at_an_open_connection,
	"uses service connection deploy, which one backs\n"
	"uses service connection deploy, which one backs; "
	"reads secret admin-secret, which holds admin's credential\n"},
    {starts_at_a_pipeline, "uses service connection deploy, which one backs\n"},
    {edits_a_scheduled_notebook, "edits Load, which runs as boss\n"},
    {views_a_scheduled_notebook, ""},
    {edits_what_a_pipeline_runs, "edits Inner, which runs as deployer\n"},
    {edits_a_pipeline_itself, ""},
    {edits_what_runs_through_a_connection_or_as_set,
	"edits Load, which runs as connected\n"
	"edits Mail, which runs as mailer\n"},
    {starts_at_a_notebook, "edits Load, which runs as boss\n"},
    {deploys_a_site, "controls loader, which acts as mi\n"},
    {deploys_beside_a_site, ""},
    {deploys_a_site_that_only_its_identity_tells_of,
	"controls the resource that mi is the identity of\n"},
    {assigns_an_identity, "controls mine, which acts as mi\n"},
    {uses_a_workspace_identity, "controls Gold, which acts as Gold\n"},
    {assigns_roles, "may give any role on rg to anybody\n"},
    {assigns_some_roles_only, ""},
    {assigns_roles_of_the_directory,
	"may give any role of the directory to anybody\n"},
    {owns_a_group, "may add itself to group vault readers\n"},
    {owns_a_privileged_group,
	"may add itself to group admins\n"
	"may add itself to group admins; "
	"may give any role of the directory to anybody\n"},
    {manages_groups,
	"may add itself to group owners\n"
	"may add itself to group owners; "
	"may give any role on rg to anybody\n"},
};

static void
write_reached(
    const struct estate *e, const struct reached *r, struct buffer *out)
{
	assert_in_range(r->count, 1, 100);
	assert_int_equal(r->principal, r->steps[r->count - 1].to);
	for (uint32_t i = 0; i < r->count; i++) {
		if (i > 0) {
			buffer_puts(out, "; ");
			assert_int_equal(r->steps[i].from, r->steps[i - 1].to);
		}
		step_write(e, &r->steps[i], out);
	}
	buffer_putc(out, '\n');
}

static void
every_step_is_true_of_the_platform_and_no_other_is_told(
    void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reached_list list;
		struct buffer text = {0};
		struct world w;

		fixture_begin(&w.f);
		w.ann = fixture_user(&w.f, "ann");
		w.start = (struct start){w.ann, NONE};
		rows[i].build(&w);
		fixture_freeze(&w.f);
		assert_int_equal(
		    reach_through(w.f.e, w.start, &w.f.arena, &list), ACTAS_OK);
		for (uint32_t j = 0; j < list.count; j++)
			write_reached(w.f.e, &list.at[j], &text);
		if (strcmp(buffer_text(&text), rows[i].expected) != 0)
			fail_msg("row %zu:\n%snot\n%s", i, buffer_text(&text),
			    rows[i].expected);
		buffer_release(&text);
		fixture_end(&w.f);
	}
}

/* Against a plain fixed point over all pairs. */

enum { APPS = 9, SECRETS = 12 };

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

static void
random_world(struct world *w, uint32_t seed)
{
	static const char *const roles[] = {"Key Vault Secrets User",
	    "Key Vault Secrets Officer", "Key Vault Reader"};
	principal_id apps[APPS], team;
	struct buffer path = {0};

	fixture_begin(&w->f);
	fixture_vault(&w->f, MODEL_RBAC);
	for (uint32_t i = 0; i < APPS; i++)
		apps[i] = fixture_app(&w->f, "app");
	team = fixture_group(&w->f, "team");
	for (uint32_t i = 0; i < 3; i++)
		fixture_member(&w->f, team, apps[draw(&seed, APPS)]);
	for (uint32_t i = 0; i < SECRETS; i++) {
		struct assignment a = {
		    .principal =
			draw(&seed, 6) == 0 ? team : apps[draw(&seed, APPS)],
		    .role = fixture_builtin(
			&w->f, PLANE_AZURE, roles[draw(&seed, 3)]),
		    .flags = draw(&seed, 3) == 0 ? ASSIGNMENT_DISPUTED : 0,
		};

		buffer_clear(&path);
		buffer_addf(&path, "%s/secrets/s%u", VAULT, i);
		a.scope = fixture_scope(&w->f, buffer_text(&path));
		put_sink(w, SINK_SECRET, a.scope, apps[draw(&seed, APPS)]);
		builder_assign(w->f.b, &a);
	}
	buffer_release(&path);
	fixture_freeze(&w->f);
}

/* Distances by certain steps, and by any: UINT32_MAX is never. */
static void
fixed_point(const struct estate *e, const struct action *get,
    principal_id start, bool any, uint32_t distance[static APPS + 1])
{
	bool changed = true;

	for (uint32_t i = 0; i <= APPS; i++)
		distance[i] = i == start ? 0 : UINT32_MAX;
	while (changed) {
		changed = false;
		for (uint32_t i = 0; i < APPS * e->sinks.count; i++) {
			principal_id p = i % APPS;
			const struct sink *sink = &e->sinks.at[i / APPS];
			struct decision d =
			    decide(e, p, get, sink->scope, NULL);

			if (distance[p] == UINT32_MAX ||
			    (!d.allowed &&
				!(any && d.reason == REASON_DISPUTED)) ||
			    distance[sink->principal] <= distance[p] + 1)
				continue;
			distance[sink->principal] = distance[p] + 1;
			changed = true;
		}
	}
}

static void
check_reached(const struct estate *e, const struct action *get,
    const struct start start, const struct reached_list *list)
{
	uint32_t certain[APPS + 1], any[APPS + 1], found = 0, expected = 0;

	fixed_point(e, get, start.principal, false, certain);
	fixed_point(e, get, start.principal, true, any);
	for (uint32_t i = 0; i < list->count; i++) {
		const struct reached *r = &list->at[i];
		bool disputed = false;

		for (uint32_t j = 0; j < r->count; j++)
			disputed = disputed || r->steps[j].disputed;
		assert_int_equal(disputed, certain[r->principal] == UINT32_MAX);
		if (!disputed)
			assert_int_equal(r->count, certain[r->principal]);
		else /* its clean part may be the longer one */
			assert_true(r->count >= any[r->principal]);
		found++;
	}
	for (principal_id p = 0; p < APPS; p++)
		expected += p != start.principal && any[p] != UINT32_MAX;
	assert_int_equal(found, expected);
}

static void
all_that_can_be_reached_is_and_by_the_shortest_chain(void **state ACTAS_UNUSED)
{
	for (uint32_t seed = 1; seed <= 60; seed++) {
		struct reach_map *map;
		struct action get;
		struct world w;

		random_world(&w, seed);
		assert_int_equal(action_prepare(w.f.e, SLICE(GET_SECRET),
				     ACTION_AS_KNOWN, &get, &w.f.fault),
		    ACTAS_OK);
		assert_int_equal(reach_map_new(w.f.e, &map), ACTAS_OK);
		/* one map for all: each search leaves it as it was */
		for (principal_id p = 0; p < APPS; p++) {
			struct start start = {p, NONE};
			struct reached_list list;

			assert_int_equal(
			    reach_map_through(map, start, &w.f.arena, &list),
			    ACTAS_OK);
			check_reached(w.f.e, &get, start, &list);
		}
		reach_map_free(map);
		action_release(&get);
		fixture_end(&w.f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_step_is_true_of_the_platform_and_no_other_is_told),
	    cmocka_unit_test(
		all_that_can_be_reached_is_and_by_the_shortest_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
