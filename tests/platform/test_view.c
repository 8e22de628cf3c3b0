#include "../source/azure_dump.h"
#include "view_world.h"

#include "engine/diff.h"

/* The estate of a state: the same that the same platform's files give. */

static struct estate *
from_state(const struct state *s, const struct view_filter *filter)
{
	struct fault fault = {0};
	struct estate *e;

	if (view_estate(s, 7, filter, &e, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	if (estate_check(e, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	return e;
}

static struct estate *
from_answers(void)
{
	struct document documents[64];
	size_t count = 0;

	for (const struct row *r = view_world_answers; r->key != NULL; r++)
		documents[count++] = (struct document){r->key, r->value};
	return load_all(documents, count);
}

static struct estate *
from_export(const struct state *s)
{
	json_t *answers = view_answers(s, NULL);
	char *text = json_dumps(answers, 0);
	struct estate *e = load("", text);

	free(text);
	json_decref(answers);
	return e;
}

/* What an estate says, without where it was read. */
static void
dump_facts(const struct estate *e, struct buffer *out)
{
	struct buffer all = {0};
	struct slice rest, line;

	dump(e, &all);
	rest = buffer_slice(&all);
	while (slice_cut(&rest, '\n', &line)) {
		size_t at = line.length;

		while (
		    at > 0 && line.at[at - 1] != '@' && line.at[at - 1] != ' ')
			at--;
		if (at > 1 && line.at[at - 1] == '@')
			line.length = at - 2;
		buffer_add(out, line);
		buffer_putc(out, '\n');
	}
	buffer_release(&all);
}

static void
expect_no_problem(const struct estate *e)
{
	for (uint32_t i = 0; i < e->problems.count; i++)
		fail_msg("%s", text_of(e, e->problems.at[i].message));
}

static void
expect_same(const struct estate *a, const struct estate *b)
{
	struct differences changes;
	struct buffer one = {0}, other = {0};
	struct arena arena = {0};

	expect_no_problem(a);
	expect_no_problem(b);
	assert_int_equal(diff(a, b, &arena, &changes), ACTAS_OK);
	for (uint32_t i = 0; i < changes.count; i++)
		fail_msg("%s", changes.at[i].text);
	dump_facts(a, &one);
	dump_facts(b, &other);
	assert_string_equal(buffer_text(&one), buffer_text(&other));
	buffer_release(&one);
	buffer_release(&other);
	arena_release(&arena);
}

static void
a_state_is_the_estate_of_its_answers(void **state ACTAS_UNUSED)
{
	const struct state *s = view_state();
	struct estate *a = from_state(s, NULL), *b = from_answers();
	struct estate *c = from_export(s);

	expect_same(a, b);
	expect_same(a, c);
	assert_int_equal(a->revision, 7);
	assert_true(guid_eq(a->tenant, view_id(TENANT)));
	assert_true(guid_eq(c->tenant, view_id(TENANT)));
	estate_free(a);
	estate_free(b);
	estate_free(c);
	state_release(s);
}

/* --- what does not leave the platform --- */

static void
an_export_tells_no_secret(void **state ACTAS_UNUSED)
{
	/* Hashes, keys, sealed values; what is deleted; nobody's. */
	static const char *const never[] = {"c2VjcmV0", "REVS", "AAAA", "BBBB",
	    "x5t", "sealed", "hash", "wrapped", "signing", "kv-gone",
	    "secrets/old", "of nobody", NUMBER("99"), "\"last\""};
	static const char *const told[] = {NUMBER("71"), NUMBER("72"),
	    NUMBER("73"), "\"hint\": \"abc\"", "text/plain", "\"a\": \"b\"",
	    "https://Kv-Data.vault.azure.net/secrets/Db-Password",
	    "groups/" INNER "/owners",
	    "subscriptions/" SUBSCRIPTION "/resourcegroups"};
	const struct state *s = view_state();
	json_t *answers = view_answers(s, NULL);
	char *text = json_dumps(answers, 0);

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (strstr(text, never[i]) != NULL)
			fail_msg("%s is told", never[i]);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (strstr(text, told[i]) == NULL)
			fail_msg("%s is not told", told[i]);
	free(text);
	json_decref(answers);
	state_release(s);
}

struct kinds_seen {
	bool kinds[ENTITIES];
	const char *hidden;
};

static bool
note_kind(
    void *context, enum entity kind, struct slice key, const json_t *value)
{
	struct kinds_seen *seen = context;

	assert_int_equal(entity_kind(key), kind);
	assert_true(json_is_object(value));
	seen->kinds[kind] = true;
	return slice_find(key, slice_of(seen->hidden)) == SIZE_MAX;
}

static void
a_filter_takes_out_what_it_is_asked_about(void **state ACTAS_UNUSED)
{
	static const enum entity unasked[] = {ENTITY_USE, ENTITY_APP_ROLE,
	    ENTITY_DELETED_VAULT, ENTITY_CURRENT, ENTITY_VERSION,
	    ENTITY_SIGNING_KEY};
	const struct state *s = view_state();
	struct kinds_seen seen = {.hidden = "kv-data"};
	struct view_filter filter = {note_kind, &seen};
	struct estate *e = from_state(s, &filter);
	unsigned count = 0;

	for (unsigned kind = 0; kind < ENTITIES; kind++)
		count += seen.kinds[kind];
	for (size_t i = 0; i < sizeof unasked / sizeof *unasked; i++)
		assert_false(seen.kinds[unasked[i]]);
	assert_int_equal(count, ENTITIES - sizeof unasked / sizeof *unasked);
	assert_int_equal(e->secrets.count, 0);
	estate_free(e);
	seen.hidden = LOADER_APP;
	e = from_state(s, &filter);
	assert_int_equal(e->credentials.count, 2);
	estate_free(e);
	seen.hidden = "/";
	e = from_state(s, &filter);
	assert_int_equal(e->principals.count, 0);
	assert_int_equal(e->scopes.count, 1);
	estate_free(e);
	state_release(s);
}

/* --- the live view --- */

static void
only_what_decides_makes_another_view(void **state ACTAS_UNUSED)
{
	static const char *const keys[] = {"tenant", "application/x",
	    "service-principal/x", "user/x", "group/x", "member/x/y",
	    "owner/x/y", "role/x", "assignment/x", "deny/x", "directory-role/x",
	    "management-group/x", "subscription/x", "resource-group/x/y",
	    "resource/x", "vault/x", "answer/x"};
	static const char *const others[] = {"credential/x/y", "federated/x/y",
	    "use/x", "deleted-vault/x", "secret/x/y", "current/x/y",
	    "version/x/y/z", "signing-key/x", "", "x", "vaults/x"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!view_maker().touches(slice_of(keys[i])))
			fail_msg("%s touches no view", keys[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (view_maker().touches(slice_of(others[i])))
			fail_msg("%s touches the view", others[i]);
}

/* It is the full estate without secrets and credentials. */
static void
a_live_view_knows_no_secret_and_no_credential(void **state ACTAS_UNUSED)
{
	struct snapshot s = view_snapshot(view_state(), 9);
	const struct estate *live = snapshot_view(&s)->estate;
	struct estate *full = from_state(s.state, NULL);

	expect_no_problem(live);
	assert_int_equal(live->revision, 9);
	assert_true(guid_eq(live->tenant, full->tenant));
	assert_int_equal(live->secrets.count, 0);
	assert_int_equal(live->credentials.count, 0);
	assert_int_equal(live->grants.count, full->grants.count);
	assert_int_equal(live->principals.count, full->principals.count);
	assert_int_equal(live->denials.count, full->denials.count);
	assert_int_equal(live->scopes.count, full->scopes.count - 1);
	estate_free(full);
	view_snapshot_release(&s);
}

static void
a_new_platform_is_an_empty_estate(void **state ACTAS_UNUSED)
{
	struct snapshot s = view_snapshot(NULL, 0);
	json_t *answers = view_answers(NULL, NULL);

	assert_int_equal(json_array_size(answers), 0);
	assert_int_equal(snapshot_view(&s)->estate->principals.count, 0);
	assert_int_equal(snapshot_view(&s)->estate->scopes.count, 1);
	json_decref(answers);
	view_snapshot_release(&s);
	view_maker().drop(NULL);
}

static void
an_entity_that_no_reader_takes_is_told_with_its_request(
    void **state ACTAS_UNUSED)
{
	const struct state *s = view_state();
	struct fault fault = {0};
	const void *view;

	view_put(&s, "assignment/" NUMBER("01"), "{\"name\":\"x\"}");
	assert_int_equal(
	    view_maker().make(NULL, s, 1, NULL, &view, &fault), ACTAS_EPARSE);
	assert_null(view);
	assert_string_equal(fault.file,
	    "management.azure.com/providers/Microsoft.Authorization/"
	    "roleAssignments");
	assert_string_equal(
	    fault.message, "\"name\" is \"x\": expected a GUID");
	state_release(s);
}

/* --- many --- */

enum { MANY = 12000 };

static void
many_users_are_several_pages(void **state ACTAS_UNUSED)
{
	const struct state *s = NULL;
	struct estate *e, *other;
	char key[64], value[1024];
	json_t *answers;

	for (unsigned i = 0; i < MANY; i++) {
		snprintf(
		    key, sizeof key, "user/00000000-0000-4000-8000-%012x", i);
		snprintf(value, sizeof value,
		    "{\"id\":\"00000000-0000-4000-8000-%012x\",\"displayName\":"
		    "\"User "
		    "%u\",\"userPrincipalName\":\"user%u@x\",\"aboutMe\":"
		    "\"%0500u\"}",
		    i, i, i, i);
		view_put(&s, key, value);
	}
	answers = view_answers(s, NULL);
	assert_int_equal(json_array_size(answers), 2);
	assert_int_equal(
	    json_array_size(json_object_get(
		json_object_get(json_array_get(answers, 0), "body"), "value")) +
		json_array_size(json_object_get(
		    json_object_get(json_array_get(answers, 1), "body"),
		    "value")),
	    MANY);
	json_decref(answers);
	e = from_state(s, NULL);
	other = from_export(s);
	assert_int_equal(e->principals.count, MANY);
	expect_no_problem(e);
	assert_int_equal(other->principals.count, MANY);
	expect_no_problem(other);
	estate_free(e);
	estate_free(other);
	state_release(s);
}

/* --- without memory --- */

static void
every_allocation_of_a_view_may_fail(void **state ACTAS_UNUSED)
{
	const struct state *s = view_state();
	enum actas_error error = ACTAS_ENOMEM;
	const void *view = NULL;

	for (int64_t n = 0; error != ACTAS_OK; n += n < 400 ? 1 : 7) {
		struct fault fault = {0};

		mem_fail_after(n);
		error = view_maker().make(NULL, s, 1, NULL, &view, &fault);
		mem_fail_after(-1);
		if (error != ACTAS_OK) {
			assert_int_equal(error, ACTAS_ENOMEM);
			assert_int_equal(fault.error, ACTAS_ENOMEM);
			assert_null(view);
		}
	}
	view_maker().drop(view);
	state_release(s);
}

static void
every_allocation_of_an_export_may_fail(void **state ACTAS_UNUSED)
{
	const struct state *s = view_state();
	json_t *whole = view_answers(s, NULL), *answers = NULL;

	for (int64_t n = 0; answers == NULL; n++) {
		mem_fail_after(n);
		answers = view_answers(s, NULL);
		mem_fail_after(-1);
	}
	assert_true(json_equal(answers, whole));
	json_decref(answers);
	json_decref(whole);
	state_release(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_state_is_the_estate_of_its_answers),
	    cmocka_unit_test(an_export_tells_no_secret),
	    cmocka_unit_test(a_filter_takes_out_what_it_is_asked_about),
	    cmocka_unit_test(only_what_decides_makes_another_view),
	    cmocka_unit_test(a_live_view_knows_no_secret_and_no_credential),
	    cmocka_unit_test(a_new_platform_is_an_empty_estate),
	    cmocka_unit_test(
		an_entity_that_no_reader_takes_is_told_with_its_request),
	    cmocka_unit_test(many_users_are_several_pages),
	    cmocka_unit_test(every_allocation_of_a_view_may_fail),
	    cmocka_unit_test(every_allocation_of_an_export_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
