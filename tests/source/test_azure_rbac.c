#include "azure_test.h"

#define ASSIGNMENT(id, principal, type, name, role)                           \
	"{\"id\": \"" VAULT "/providers/Microsoft.Authorization/"             \
	"roleAssignments/" id "\",\n\"name\": \"" id "\",\n"                  \
	"\"principalId\": \"" principal "\",\n\"principalName\": \"" name     \
	"\",\n\"principalType\": \"" type                                     \
	"\",\n\"roleDefinitionId\": \"" ROLES role "\",\n\"scope\": \"" VAULT \
	"\", \"condition\": null}"

static void
az_role_assignments_become_assignments_with_their_lines(
    void **state ACTAS_UNUSED)
{
	struct estate *e = load("",
	    "[\n" ASSIGNMENT(ID("a1"), ID("10"), "ServicePrincipal", ID("99"),
		SECRETS_USER) ",\n" ASSIGNMENT(ID("a2"), ID("11"), "User",
		"ada@x.example", READER) ",\n" ASSIGNMENT(ID("a3"), ID("12"),
		"Group", "readers", READER) "]");

	expect_assignments(e,
	    "10|Key Vault Secrets User|kv|0|2 11|Reader|kv|0|9 "
	    "12|Reader|kv|0|16");
	expect_problem(e, 0, 0, NULL);
	assert_int_equal(principal(e, ID("10"))->kind, PRINCIPAL_SERVICE);
	assert_true(guid_eq(principal(e, ID("10"))->app_id, id_of(ID("99"))));
	assert_string_equal(
	    text_of(e, principal(e, ID("11"))->upn), "ada@x.example");
	assert_string_equal(
	    text_of(e, principal(e, ID("12"))->name), "readers");
	assert_int_equal(principal(e, ID("12"))->flags, 0);
	assert_int_equal(
	    e->scopes.at[scope_named(e, SCOPE_VAULT, "kv")].depth, 3);
	assert_true(guid_eq(e->assignment_ids[0], id_of(ID("a1"))));
	estate_free(e);
}

#define REST                                                              \
	"{\"value\": [{\"properties\": {\"scope\": \"" VAULT              \
	"\", \"principalId\": \"" ID(                                     \
	    "10") "\", \"roleDefinitionId\": \"" ROLES READER             \
		  "\", \"principalType\": \"User\", \"condition\": \"c\"" \
		  "}, \"id\": \"x\", \"name\": \"" ID(                    \
		      "a1") "\", \"type\": "                              \
			    "\"Microsoft.Authorization/roleAssignments\"}]}"
#define FLAT                                                             \
	"[{\"scope\": \"" VAULT "\", \"principalId\": \"" ID(            \
	    "10") "\", \"roleDefinitionId\": \"" ROLES READER            \
		  "\", \"condition\": "                                  \
		  "\"c\", \"principalType\": \"User\", \"name\": \"" ID( \
		      "a1") "\"}]"

static void
flattened_and_rest_forms_give_equal_estates(void **state ACTAS_UNUSED)
{
	static const char *const forms[] = {REST, FLAT};

	for (size_t i = 0; i < 2; i++) {
		struct estate *e = load("", forms[i]);

		expect_assignments(e, "10|Reader|kv|0|1");
		assert_string_equal(
		    text_of(e, estate_assignment(e, 0).condition), "c");
		assert_true(
		    guid_eq(estate_assignment(e, 0).id, id_of(ID("a1"))));
		estate_free(e);
	}
	/* Both in one source are one assignment. */
	struct estate *e =
	    load_all((struct document[]){{"", REST}, {"", FLAT}}, 2);
	expect_assignments(e, "10|Reader|kv|0|1");
	estate_free(e);
}

static void
an_assignment_at_the_root_is_at_the_root(void **state ACTAS_UNUSED)
{
	struct estate *e = load("",
	    "[{\"scope\": \"/\", \"principalId\": \"" ID(
		"10") "\", \"roleDefinitionId\": \"" ROLES READER
		      "\", \"name\": \"" ID("a1") "\"}]");

	assert_int_equal(e->grants.count, 1);
	assert_int_equal(e->grants.at[0].scope, 0);
	estate_free(e);
}

static const struct {
	const char *text;
	uint32_t line;
	const char *message;
} malformed[] = {
    {"[{\n\"principalId\": \"abc\",\n\"roleDefinitionId\": \"r\",\n"
     "\"name\": \"" ID("a1") "\", \"scope\": \"/\"}]",
	2, "\"principalId\" is \"abc\": expected a GUID"},
    {"[{\n\"principalId\": 12,\n\"roleDefinitionId\": \"r\",\n"
     "\"name\": \"" ID("a1") "\", \"scope\": \"/\"}]",
	2, "\"principalId\" is 12: expected a GUID"},
    {"[{\n\"principalId\": \"00000000-0000-0000-0000-000000000000\",\n"
     "\"roleDefinitionId\": \"r\",\n"
     "\"name\": \"" ID("a1") "\", \"scope\": \"/\"}]",
	2,
	"\"principalId\" is \"00000000-0000-0000-0000-000000000000\": "
	"expected a GUID that is not all zero"},
    {"[{\"principalId\": \"" ID("10") "\",\n\"roleDefinitionId\": \"r\",\n"
				      "\"name\": \"" ID(
					  "a1") "\", \"scope\": \"/\"}]",
	2,
	"\"roleDefinitionId\" is \"r\": expected a path that ends in a GUID"},
    {"[{\"principalId\": \"" ID(
	 "10") "\",\n\"roleDefinitionId\": \"" READER
	       "\",\n\"name\": \"" ID("a1") "\",\n \"scope\": \"somewhere\"}]",
	4,
	"\"scope\" is \"somewhere\": expected a path such as "
	"/subscriptions/{id}"},
    {"[{\"principalId\": \"" ID(
	 "10") "\",\n\"roleDefinitionId\": \"" READER
	       "\",\n\"name\": \"n\",\n \"scope\": \"/\"}]",
	3, "\"name\" is \"n\": expected a GUID"},
    {"[{\"principalId\": \"" ID(
	 "10") "\", \"roleDefinitionId\": \"" READER
	       "\", \"name\": \"" ID(
		   "a1") "\", \"scope\": \"/\"},\n{\"a\":\n1}]",
	2, "a role assignment has no \"name\": expected a GUID"},
    {"[{\"principalId\": \"" ID("10") "\", \"roleDefinitionId\": \"" READER
				      "\", \"name\": \"" ID(
					  "a1") "\", \"scope\": \"/\"},\n17]",
	2, "has an entry that is no object: expected a role assignment"},
    {"{\"value\": [{\"name\": \"" ID(
	 "a1") "\",\n\"properties\":\n{\"scope\":"
	       "\"/\",\n\"principalId\": true, \"roleDefinitionId\": \"" READER
	       "\"}}]}",
	4, "\"principalId\" is true: expected a GUID"},
    {"[{\n\"foo\": 1, \"bar\": {}}]", 1,
	"an object with \"foo\", \"bar\" is nothing that is known: expected "
	"what a service answers or az prints (docs/json-sources.md lists it)"},
    {"[3]", 1, "lists what is no object: expected objects"},
    {"{\"error\": {\"code\": \"AuthorizationFailed\", \"message\": \"m\"}}", 1,
	"is an error (AuthorizationFailed) and not the answer"},
};

static void
what_is_malformed_is_told_with_key_and_line(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
		expect_refused("", malformed[i].text, malformed[i].line,
		    malformed[i].message);
}

/* --- definitions --- */

#define CUSTOM                                                               \
	"{\"id\": \"" ROLES ID("77") "\", \"name\": \"" ID(                  \
	    "77") "\", \"roleName\": \"Secret lister\", \"roleType\": "      \
		  "\"CustomRole\","                                          \
		  "\"description\": \"d\", \"permissions\": [{\"actions\": " \
		  "[\"a/read\""                                              \
		  ", \"b/*\"], \"notActions\": [\"b/write\"], "              \
		  "\"dataActions\": [],"                                     \
		  "\"notDataActions\": null, \"condition\": \"c\"}, "        \
		  "{\"dataActions\": "                                       \
		  "[\"x/y\"]}]}"

static void
a_role_definition_keeps_all_its_permissions(void **state ACTAS_UNUSED)
{
	struct estate *e = load("", "[\n" CUSTOM "]");
	role_id r = estate_role_by_id(e, id_of(ID("77")));
	const struct role *role;
	const struct permission *p;

	assert_int_not_equal(r, NONE);
	role = &e->roles.at[r];
	assert_string_equal(text_of(e, role->name), "Secret lister");
	assert_string_equal(text_of(e, role->description), "d");
	assert_int_equal(role->origin.line, 2);
	assert_false(role->builtin);
	assert_int_equal(role->permission_count, 2);
	p = &e->permissions.at[role->permissions];
	assert_int_equal(p->actions.count, 2);
	assert_string_equal(
	    text_of(e, e->patterns.at[p->actions.from + 1]), "b/*");
	assert_int_equal(p->not_actions.count, 1);
	assert_int_equal(p->data_actions.count, 0);
	assert_string_equal(text_of(e, p->condition), "c");
	assert_int_equal(p[1].data_actions.count, 1);
	estate_free(e);
}

static void
a_definition_in_the_source_wins_over_a_shipped_one(void **state ACTAS_UNUSED)
{
	struct estate *e = load("",
	    "[{\"name\": \"" READER "\", \"properties\": {\"roleName\": "
	    "\"Reader\", \"permissions\": [{\"actions\": [\"only/read\"]}]}}]");
	const struct role *role =
	    &e->roles.at[estate_role_by_id(e, id_of(READER))];

	assert_false(role->builtin);
	assert_string_equal(
	    text_of(e,
		e->patterns
		    .at[e->permissions.at[role->permissions].actions.from]),
	    "only/read");
	expect_problem(e, 0, 0, NULL);
	estate_free(e);
}

static void
a_role_that_nothing_defines_is_told_with_its_name(void **state ACTAS_UNUSED)
{
	static const char assignment[] =
	    "[{\"scope\": \"/\", \"principalId\": \"" ID(
		"10") "\", \"roleDefinitionId\":\n\"" ROLES
		ID("77") "\", \"roleDefinitionName\": \"Secret lister\", "
			 "\"name\": \"" ID("a1") "\"}]";
	struct document both[] = {{"", assignment}, {"", "[" CUSTOM "]"}};
	struct document turned[] = {both[1], both[0]};
	struct estate *e = load_all(both, 1);

	expect_problem(e, PROBLEM_ORPHAN_ASSIGNMENT, 1,
	    "assigns the role Secret lister (" ID(
		"77") "), whose definition "
		      "is not in the source: what it gives is not known");
	estate_free(e);
	for (size_t i = 0; i < 2; i++) {
		e = load_all(i == 0 ? both : turned, 2);
		expect_problem(e, 0, 0, NULL);
		expect_assignments(e, "10|Secret lister||0|1");
		estate_free(e);
	}
}

static void
a_principal_that_az_did_not_find_is_an_orphan(void **state ACTAS_UNUSED)
{
	static const char assignment[] =
	    "[" ASSIGNMENT(ID("a1"), ID("10"), "User", "", READER) "]";
	struct document both[] = {{"", assignment},
	    {"",
		"[{\"id\": \"" ID(
		    "10") "\", \"userPrincipalName\": \"a@b\"}]"}};
	struct estate *e = load_all(both, 1);

	expect_problem(e, PROBLEM_ORPHAN_ASSIGNMENT, 1,
	    "assigns a role to " ID("10") ", which was not in the directory "
					  "any more when this was listed");
	assert_int_equal(principal(e, ID("10"))->flags, 0);
	estate_free(e);
	e = load_all(both, 2);
	expect_problem(e, 0, 0, NULL);
	estate_free(e);
}

static void
one_that_its_kind_s_list_does_not_have_is_an_orphan(void **state ACTAS_UNUSED)
{
#define SERVICE                                        \
	"{\"id\": \"" ID("11") "\", \"appId\": \"" ID( \
	    "12") "\", \"servicePrincipalType\": \"Application\"}"
	static const struct {
		const char *assignment, *directory;
		uint32_t orphans;
	} cases[] = {
	    {"[" ASSIGNMENT(
		 ID("a1"), ID("10"), "ServicePrincipal", "x", READER) "]",
		"[" SERVICE "]", 1},
	    {"[" ASSIGNMENT(
		 ID("a1"), ID("10"), "ServicePrincipal", "", READER) "]",
		"[" SERVICE "]", 1},
	    {"[" ASSIGNMENT(ID("a1"), ID("10"), "MSI", "x", READER) "]",
		"[" SERVICE "]", 1},
	    {"[" ASSIGNMENT(
		 ID("a1"), ID("11"), "ServicePrincipal", "x", READER) "]",
		"[" SERVICE "]", 0},
	    /* that list is not there */
	    {"[" ASSIGNMENT(ID("a1"), ID("10"), "User", "x", READER) "]",
		"[" SERVICE "]", 0},
	    {"[" ASSIGNMENT(
		 ID("a1"), ID("10"), "ServicePrincipal", "x", READER) "]",
		SERVICE, 0},
	    {"[" ASSIGNMENT(
		 ID("a1"), ID("10"), "ForeignGroup", "x", READER) "]",
		"[{\"id\": \"" ID(
		    "13") "\", \"displayName\": \"g\", "
			  "\"securityEnabled\": true, \"groupTypes\": []}]",
		0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct document both[] = {
		    {"", cases[i].assignment}, {"", cases[i].directory}};
		struct document turned[] = {both[1], both[0]};

		for (size_t k = 0; k < 2; k++) {
			struct estate *e = load_all(k == 0 ? both : turned, 2);

			assert_int_equal(e->problems.count, cases[i].orphans);
			if (cases[i].orphans > 0) {
				assert_int_equal(e->problems.at[0].kind,
				    PROBLEM_ORPHAN_ASSIGNMENT);
				assert_non_null(strstr(
				    text_of(e, e->problems.at[0].message),
				    "the list of service principals is not"));
			}
			estate_free(e);
		}
	}
#undef SERVICE
}

/* --- the 928 roles --- */

static void
expect_patterns(const struct estate *e, struct patterns run,
    const json_t *permission, const char *key)
{
	const json_t *list = json_object_get(permission, key);

	assert_int_equal(run.count, json_array_size(list));
	for (uint32_t i = 0; i < run.count; i++)
		assert_string_equal(text_of(e, e->patterns.at[run.from + i]),
		    json_string_value(json_array_get(list, i)));
}

static void
expect_role(const struct estate *e, const json_t *from)
{
	const char *id = json_string_value(json_object_get(from, "name"));
	const json_t *list = json_object_get(from, "permissions");
	role_id r = estate_role_by_id(e, id_of(id));
	const struct role *role;

	assert_int_not_equal(r, NONE);
	role = &e->roles.at[r];
	assert_string_equal(text_of(e, role->name),
	    json_string_value(json_object_get(from, "roleName")));
	assert_int_equal(role->permission_count, json_array_size(list));
	assert_int_equal(role->plane, PLANE_AZURE);
	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &e->permissions.at[role->permissions + i];
		const json_t *q = json_array_get(list, i);
		const char *condition =
		    json_string_value(json_object_get(q, "condition"));

		expect_patterns(e, p->actions, q, "actions");
		expect_patterns(e, p->not_actions, q, "notActions");
		expect_patterns(e, p->data_actions, q, "dataActions");
		expect_patterns(e, p->not_data_actions, q, "notDataActions");
		assert_string_equal(text_of(e, p->condition),
		    condition == NULL ? "" : condition);
	}
}

static void
all_built_in_roles_load_without_a_complaint(void **state ACTAS_UNUSED)
{
	const char *shared = getenv("ACTAS_SHARED");
	char path[4096];
	struct fault fault = {0};
	struct builder *b;
	struct estate *e;
	struct reader r;
	json_t *file;

	snprintf(path, sizeof path, "%s/data/azure-builtin-roles.json",
	    shared == NULL ? "." : shared);
	file = json_load_file(path, 0, NULL);
	if (file == NULL) {
		print_message("# SKIP: %s is not there\n", path);
		return;
	}
	assert_int_equal(json_array_size(file), 928);
	b = builder_new(&fault);
	assert_non_null(b);
	assert_int_equal(reader_open(&r, path, &fault), ACTAS_OK);
	assert_int_equal(source_read_json(b, &r, SLICE(""), &fault), ACTAS_OK);
	reader_close(&r);
	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	expect_problem(e, 0, 0, NULL);
	for (size_t i = 0; i < json_array_size(file); i++)
		expect_role(e, json_array_get(file, i));
	json_decref(file);
	estate_free(e);
}

/* --- deny assignments --- */

#define NOBODY "00000000-0000-0000-0000-000000000000"
#define DENIAL                                                                \
	"{\"id\": \"" SUB "/providers/Microsoft.Authorization/"               \
	"denyAssignments/" ID("d1") "\", \"name\": \"" ID(                    \
	    "d1") "\","                                                       \
		  "\"properties\": {\"denyAssignmentName\": \"managed\", "    \
		  "\"permissions\": [{\"actions\": [\"*/delete\"], "          \
		  "\"notActions\": "                                          \
		  "[\"x/delete\"], \"dataActions\": [], \"notDataActions\": " \
		  "[]}], "                                                    \
		  "\"scope\": \"" SUB                                         \
		  "\", \"doNotApplyToChildScopes\": true, "                   \
		  "\"principals\": [{\"id\": \"" NOBODY                       \
		  "\", \"type\": \"SystemDefined\"}, {\"id\": \"" ID(         \
		      "10") "\", \"type\": "                                  \
			    "\"User\"}],\n\"excludePrincipals\": [{\"id\": "  \
			    "\"" ID("11") "\", \"type\": "                    \
					  "\"ServicePrincipal\"}]}}"

static void
a_deny_assignment_is_read_whole_and_once(void **state ACTAS_UNUSED)
{
	/* Lists of two scopes overlap. */
	struct estate *e =
	    load_all((struct document[]){{"", "{\"value\": [\n" DENIAL "]}"},
			 {"", "[" DENIAL "]"}},
		2);
	const struct deny_assignment *d = &e->denials.at[0];

	assert_int_equal(e->denials.count, 1);
	assert_string_equal(text_of(e, d->name), "managed");
	assert_true(guid_eq(d->id, id_of(ID("d1"))));
	assert_int_equal(e->scopes.at[d->scope].kind, SCOPE_SUBSCRIPTION);
	assert_true(d->everyone);
	assert_true(d->not_for_children);
	assert_int_equal(d->principal_count, 1);
	assert_true(
	    guid_eq(e->principals.at[e->denial_ids.at[d->principals]].object_id,
		id_of(ID("10"))));
	assert_int_equal(d->excluded_count, 1);
	assert_true(
	    guid_eq(e->principals.at[e->denial_ids.at[d->excluded]].object_id,
		id_of(ID("11"))));
	assert_int_equal(d->permission_count, 1);
	assert_int_equal(
	    e->permissions.at[d->permissions].not_actions.count, 1);
	assert_int_equal(d->origin.line, 2);
	estate_free(e);
}

/* --- privileged identity management --- */

#define INSTANCE(extra)                                                       \
	"{\"value\": [{\"id\": \"i\", \"name\": \"" ID(                       \
	    "e1") "\", \"properties\": {\"scope\": \"" VAULT                  \
		  "\", \"principalId\": \"" ID(                               \
		      "10") "\", \"principalType\": "                         \
			    "\"User\", \"roleDefinitionId\": \"" ROLES READER \
			    "\", " extra "}}]}"

static void
an_eligible_role_is_no_active_one(void **state ACTAS_UNUSED)
{
	struct estate *e = load("",
	    INSTANCE("\"roleEligibilityScheduleId\": \"s\", "
		     "\"memberType\": \"Direct\""));

	expect_assignments(e, "10|Reader|kv|4|1");
	estate_free(e);
}

static void
an_active_instance_is_the_assignment_that_it_came_from(
    void **state ACTAS_UNUSED)
{
	struct document both[] = {
	    {"", "[" ASSIGNMENT(ID("a1"), ID("10"), "User", "a@b", READER) "]"},
	    {"",
		INSTANCE("\"roleAssignmentScheduleId\": \"s\", "
			 "\"memberType\": \"Direct\", "
			 "\"originRoleAssignmentId\": \"/providers/x/"
			 "roleAssignments/" ID("a1") "\"")}};
	struct estate *e = load_all(both, 2);

	expect_assignments(e, "10|Reader|kv|0|1");
	expect_problem(e, 0, 0, NULL);
	estate_free(e);
}

static void
an_inherited_instance_does_not_bear_the_id_of_its_origin(
    void **state ACTAS_UNUSED)
{
	struct estate *e = load("",
	    INSTANCE("\"roleAssignmentScheduleId\": \"s\", "
		     "\"memberType\": \"Inherited\", "
		     "\"originRoleAssignmentId\": \"/x/" ID("a1") "\""));

	expect_assignments(e, "10|Reader|kv|0|1");
	assert_true(guid_is_nil(estate_assignment(e, 0).id));
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		az_role_assignments_become_assignments_with_their_lines),
	    cmocka_unit_test(flattened_and_rest_forms_give_equal_estates),
	    cmocka_unit_test(an_assignment_at_the_root_is_at_the_root),
	    cmocka_unit_test(what_is_malformed_is_told_with_key_and_line),
	    cmocka_unit_test(a_role_definition_keeps_all_its_permissions),
	    cmocka_unit_test(
		a_definition_in_the_source_wins_over_a_shipped_one),
	    cmocka_unit_test(a_role_that_nothing_defines_is_told_with_its_name),
	    cmocka_unit_test(a_principal_that_az_did_not_find_is_an_orphan),
	    cmocka_unit_test(
		one_that_its_kind_s_list_does_not_have_is_an_orphan),
	    cmocka_unit_test(all_built_in_roles_load_without_a_complaint),
	    cmocka_unit_test(a_deny_assignment_is_read_whole_and_once),
	    cmocka_unit_test(an_eligible_role_is_no_active_one),
	    cmocka_unit_test(
		an_active_instance_is_the_assignment_that_it_came_from),
	    cmocka_unit_test(
		an_inherited_instance_does_not_bear_the_id_of_its_origin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
