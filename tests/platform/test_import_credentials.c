#include "import_test.h"

#include "keys/client_secret.h"
#include "keys/jwt.h"

/*
 * One new secret an application, in the place of the source's; what is public
 * goes over whole, what nobody has stays behind.
 */

#define APP    "a0000000-0000-4000-8000-000000000001"
#define APP_ID "a0000000-0000-4000-8000-0000000000a1"
#define SP     "a0000000-0000-4000-8000-000000000002"
#define MI     "a0000000-0000-4000-8000-000000000003"
#define KEY(n) "c0000000-0000-4000-8000-00000000000" n
#define GRAPH  "graph.microsoft.com/v1.0/"
#define HOME                                                     \
	"/subscriptions/b0000000-0000-4000-8000-000000000001/"   \
	"resourceGroups/rg/providers/Microsoft.ManagedIdentity/" \
	"userAssignedIdentities/mi-job"

/* An application "worker" with these lists of credentials. */
#define WORKER(secrets, certificates)                                      \
	"[{\"request\":\"" GRAPH "applications\",\"body\":{\"value\":[{"   \
	"\"id\":\"" APP "\",\"appId\":\"" APP_ID                           \
	"\",\"displayName\":\"worker\",\"signInAudience\":\"x\","          \
	"\"passwordCredentials\":[" secrets                                \
	"],\"keyCredentials\":[" certificates "]}]}},"                     \
	"{\"request\":\"" GRAPH "servicePrincipals\",\"body\":{\"value\":" \
	"[{\"id\":\"" SP "\",\"appId\":\"" APP_ID                          \
	"\",\"displayName\":\"worker\",\"servicePrincipalType\":"          \
	"\"Application\"}]}}"
#define SECRET(key, name, ends)                          \
	"{\"keyId\":\"" key "\",\"displayName\":\"" name \
	"\",\"startDateTime\":\"2026-01-01T00:00:00Z\"" ends "}"
#define ENDS(when) ",\"endDateTime\":\"" when "\""

static const char *
text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* Whether it is the secret that the entity keeps the hash of. */
static bool
matches(const struct imported *i, const json_t *entity,
    const struct secret_bytes *secret)
{
	struct buffer hash = {0};
	bool fits;

	assert_int_equal(
	    base64_get(slice_of(text_at(entity, "hash")), &hash), ACTAS_OK);
	assert_int_equal(hash.length, CLIENT_SECRET_HASH);
	fits = client_secret_matches(
	    i->master, secret_bytes_reveal(secret), (const uint8_t *)hash.at);
	buffer_release(&hash);
	return fits;
}

static uint32_t
count(const struct imported *i, const char *prefix)
{
	struct state_walk walk;
	struct entry entry;
	uint32_t n = 0;

	state_walk_prefix(&walk, i->state, slice_of(prefix));
	while (state_walk_next(&walk, &entry))
		n++;
	return n;
}

static void
of_several_secrets_the_one_that_ends_last_is_made_anew(
    void **state ACTAS_UNUSED)
{
	struct imported i;
	json_t *entity;

	import_text_of(&i,
	    WORKER(SECRET(KEY("1"), "old",
		       ENDS("2026-12-01T00:00:00Z")) "," SECRET(KEY("2"), "ci",
		       ENDS("2027-03-01T00:00:00Z")) "," SECRET(KEY("3"),
		       "older", ENDS("2026-11-30T00:00:00Z")),
		"") "]",
	    "");
	assert_int_equal(count(&i, "credential/"), 1);
	entity = import_entity(&i, "credential/" APP "/" KEY("2"));
	assert_string_equal(text_at(entity, "displayName"), "ci");
	assert_string_equal(
	    text_at(entity, "startDateTime"), "2026-01-01T00:00:00Z");
	assert_string_equal(
	    text_at(entity, "endDateTime"), "2027-03-01T00:00:00Z");
	assert_int_equal(strlen(text_at(entity, "hint")), 3);
	assert_int_equal(i.credentials.at.count, 1);
	assert_string_equal(i.credentials.at.at[0].name, "worker");
	assert_true(matches(&i, entity, &i.credentials.at.at[0].secret));
	assert_true(import_told(&i,
	    "worker: it gets one client secret; 2 more of the source were "
	    "left out\n"));
	json_decref(entity);
	import_release(&i);
}

static void
each_made_secret_is_another(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_file(&i, "examples/tidewater.md");
	assert_int_equal(i.credentials.at.count, 2);
	assert_false(secret_bytes_eq(&i.credentials.at.at[0].secret,
	    secret_bytes_reveal(&i.credentials.at.at[1].secret)));
	import_release(&i);
}

static void
dates_that_help_nobody_are_told(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text, *ends, *told;
	} rows[] = {
	    {WORKER(SECRET(KEY("1"), "x", ""), "") "]", "2027-05-17T11:06:40Z",
		"worker: the source does not say when its client secret ends; "
		"the new one ends on 2027-05-17T11:06:40Z\n"},
	    {WORKER(
		 SECRET(KEY("1"), "x", ENDS("2026-02-01T00:00:00Z")), "") "]",
		"2026-02-01T00:00:00Z",
		"worker: its client secret has ended on 2026-02-01T00:00:00Z"},
	};

	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		struct imported i;
		json_t *entity;

		import_text_of(&i, rows[r].text, "");
		entity = import_entity(&i, "credential/" APP "/" KEY("1"));
		assert_string_equal(
		    text_at(entity, "endDateTime"), rows[r].ends);
		assert_true(import_told(&i, rows[r].told));
		json_decref(entity);
		import_release(&i);
	}
}

static void
a_certificate_stays_behind(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_text_of(&i,
	    WORKER(
		"", SECRET(KEY("1"), "pem", ENDS("2027-01-01T00:00:00Z"))) "]",
	    "");
	assert_int_equal(count(&i, "credential/"), 0);
	assert_int_equal(i.credentials.at.count, 0);
	assert_true(import_told(&i, "worker: certificates (1) were left out"));
	import_release(&i);
}

static void
a_federated_credential_goes_over_whole(void **state ACTAS_UNUSED)
{
	struct imported i;
	json_t *entity;

	import_text_of(&i,
	    WORKER(
		"", "") ",{\"request\":\"" GRAPH "applications/" APP
			"/federatedIdentityCredentials\",\"body\":"
			"{\"value\":[{\"id\":\"" KEY(
			    "7") "\",\"name\":"
				 "\"ci\",\"issuer\":\"https://token.example\","
				 "\"subject\":\"repo:x\"}]}}]",
	    "");
	entity = import_entity(&i, "federated/" APP "/" KEY("7"));
	assert_string_equal(text_at(entity, "name"), "ci");
	assert_string_equal(text_at(entity, "issuer"), "https://token.example");
	assert_string_equal(text_at(entity, "subject"), "repo:x");
	assert_int_equal(i.after->credentials.count, 1);
	json_decref(entity);
	import_release(&i);
}

static void
that_of_a_managed_identity_too(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_text_of(&i,
	    "[{\"request\":\"management.azure.com/x\",\"body\":{\"id\":\"" HOME
	    "\",\"type\":\"Microsoft.ManagedIdentity/userAssignedIdentities\","
	    "\"properties\":{\"principalId\":\"" MI "\",\"clientId\":\"" KEY(
		"9") "\"}}},"
		     "{\"request\":\"management.azure.com" HOME
		     "/federatedIdentityCredentials\",\"body\":{\"value\":[{"
		     "\"id\":\"" HOME
		     "/federatedIdentityCredentials/aks\",\"name\":\"aks\","
		     "\"properties\":{\"issuer\":\"https://aks.example\","
		     "\"subject\":\"system:sa\"}}]}}]",
	    "");
	assert_int_equal(count(&i, "federated/" MI "/"), 1);
	assert_int_equal(i.before->credentials.count, 1);
	assert_int_equal(i.after->credentials.count, 1);
	assert_int_equal(i.credentials.at.count, 0);
	import_release(&i);
}

static void
a_credential_of_a_page_is_that_of_its_identity(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_text_of(&i,
	    "| Identity | Type |\n|---|---|\n| `sp-a` | SPN |\n\n"
	    "| Credential | Identity | Kind | Ends | App ID |\n"
	    "|---|---|---|---|---|\n"
	    "| `one` | `sp-a` | secret | 2027-01-01 | |\n",
	    NULL);
	assert_int_equal(i.credentials.at.count, 1);
	assert_int_equal(count(&i, "credential/"), 1);
	import_release(&i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		of_several_secrets_the_one_that_ends_last_is_made_anew),
	    cmocka_unit_test(each_made_secret_is_another),
	    cmocka_unit_test(dates_that_help_nobody_are_told),
	    cmocka_unit_test(a_certificate_stays_behind),
	    cmocka_unit_test(a_federated_credential_goes_over_whole),
	    cmocka_unit_test(that_of_a_managed_identity_too),
	    cmocka_unit_test(a_credential_of_a_page_is_that_of_its_identity),
	};

	return cmocka_run_group_tests_name(
	    "import credentials", tests, NULL, NULL);
}
