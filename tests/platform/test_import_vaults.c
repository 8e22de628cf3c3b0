#include "import_test.h"

#include "platform/value_keys.h"

/* Vaults, who may what in them, and what their secrets hold. */

#define IDENTITIES                                           \
	"| Identity | Type |\n|---|---|\n| `sp-a` | SPN |\n" \
	"| `sp-b` | SPN |\n\n"
#define ROLES "| Identity | Role | Scope |\n|---|---|---|\n"

static json_t *
properties(const struct imported *i, const char *vault)
{
	char key[256];
	json_t *entity, *found;

	snprintf(key, sizeof key, "vault/%s", vault);
	entity = import_entity(i, key);
	found = json_incref(json_object_get(entity, "properties"));
	json_decref(entity);
	return found;
}

static bool
is_rbac(const struct imported *i, const char *vault)
{
	json_t *p = properties(i, vault);
	bool yes = json_is_true(json_object_get(p, "enableRbacAuthorization"));

	json_decref(p);
	return yes;
}

/* The value of the newest version. */
static struct secret_bytes
value_of(const struct imported *i, const char *vault, const char *name)
{
	struct secret_bytes value;
	struct entity_text text;
	json_t *current, *version;
	struct slice key;

	key = entity_key(
	    &text, ENTITY_CURRENT, slice_of(vault), slice_of(name), SLICE(""));
	current = entity_get(i->state, key);
	assert_non_null(current);
	key = entity_key(&text, ENTITY_VERSION, slice_of(vault), slice_of(name),
	    slice_of(json_string_value(json_object_get(current, "version"))));
	version = entity_get(i->state, key);
	assert_non_null(version);
	assert_int_equal(
	    value_unseal(i->value_keys, key,
		slice_of(json_string_value(json_object_get(version, "sealed"))),
		&value),
	    ACTAS_OK);
	json_decref(current);
	json_decref(version);
	return value;
}

static void
the_model_is_the_sources_or_the_safe_one(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *page;
		bool rbac;
		const char *told; /* NULL: nothing of the vault */
	} rows[] = {
	    {"| Vault | Permission model |\n|---|---|\n| `kv-x` | RBAC |\n",
		true, NULL},
	    {"| Vault | Permission model |\n|---|---|\n| `kv-x` | access "
	     "policies |\n",
		false, NULL},
	    {"| Vault | Location |\n|---|---|\n| `kv-x` | westeurope |\n", true,
		"vault kv-x: the source does not say its permission model; "
		"RBAC was taken\n"},
	    {"| Vault | Location |\n|---|---|\n| `kv-x` | x |\n\n" ROLES
	     "| `sp-a` | Key Vault access policy: get | `kv-x` |\n",
		false, NULL},
	    {"| Vault | Location |\n|---|---|\n| `kv-x` | x |\n\n" ROLES
	     "| `sp-a` | Key Vault access policy: get | `kv-x` |\n"
	     "| `sp-b` | Key Vault Secrets User | `kv-x` |\n",
		true,
		"vault kv-x: the source speaks of both permission models; "
		"RBAC was taken, so that its access policies allow nothing\n"},
	};

	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		char page[1024];
		struct imported i;

		snprintf(page, sizeof page, IDENTITIES "%s", rows[r].page);
		import_text_of(&i, page, NULL);
		assert_int_equal(is_rbac(&i, "kv-x"), rows[r].rbac);
		if (rows[r].told != NULL)
			assert_true(import_told(&i, rows[r].told));
		else
			assert_false(import_told(&i, "vault kv-x"));
		import_release(&i);
	}
}

static void
network_and_protection_go_over(void **state ACTAS_UNUSED)
{
	struct imported i;
	json_t *p;

	import_text_of(&i,
	    IDENTITIES "| Vault | Permission model | Purge protection | "
		       "Public access | Firewall | Location |\n"
		       "|---|---|---|---|---|---|\n"
		       "| `kv-x` | RBAC | yes | no | yes | westeurope |\n"
		       "| `kv-y` | RBAC | no | yes | no | |\n",
	    NULL);
	p = properties(&i, "kv-x");
	assert_true(json_is_true(json_object_get(p, "enablePurgeProtection")));
	assert_string_equal(
	    json_string_value(json_object_get(p, "publicNetworkAccess")),
	    "Disabled");
	assert_string_equal(
	    json_string_value(json_object_get(
		json_object_get(p, "networkAcls"), "defaultAction")),
	    "Deny");
	json_decref(p);
	p = properties(&i, "kv-y");
	assert_null(json_object_get(p, "enablePurgeProtection"));
	json_decref(p);
	assert_true(import_told(&i,
	    "vault kv-x: its firewall denies by default, and the source does "
	    "not say whom it lets in"));
	assert_false(import_told(&i, "vault kv-y"));
	import_release(&i);
}

static void
a_right_without_mechanism_becomes_a_policy_of_a_policy_vault(
    void **state ACTAS_UNUSED)
{
	struct imported i;
	json_t *p, *policies, *secrets;

	import_text_of(&i,
	    IDENTITIES "| Vault | Permission model |\n|---|---|\n"
		       "| `kv-x` | access policies |\n\n" ROLES
		       "| `sp-a` | Get, List, Set Secrets | `kv-x` |\n",
	    NULL);
	p = properties(&i, "kv-x");
	policies = json_object_get(p, "accessPolicies");
	assert_int_equal(json_array_size(policies), 1);
	secrets = json_object_get(
	    json_object_get(json_array_get(policies, 0), "permissions"),
	    "secrets");
	assert_int_equal(json_array_size(secrets), 3);
	assert_true(import_told(&i,
	    "on kv-x names no role: an access policy (list, get, set) was "
	    "given, the least that allows it"));
	assert_int_equal(i.after->grants.count, 1);
	json_decref(p);
	import_release(&i);
}

static void
no_policy_is_for_one_secret(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_text_of(&i,
	    IDENTITIES
	    "| Vault | Permission model |\n|---|---|\n"
	    "| `kv-x` | access policies |\n\n"
	    "| Secret | Vault |\n|---|---|\n| `s` | `kv-x` |\n\n" ROLES
	    "| `sp-a` | Get Secrets | `kv-x/s` |\n",
	    NULL);
	assert_true(import_told(&i,
	    "was left out: an access policy is for a "
	    "whole vault"));
	assert_int_equal(i.after->grants.count, 0);
	import_release(&i);
}

static void
a_policy_for_one_application_allows_nothing(void **state ACTAS_UNUSED)
{
	struct imported i;
	uint32_t flags;

	import_text_of(&i,
	    IDENTITIES
	    "| Vault | Permission model |\n|---|---|\n"
	    "| `kv-x` | access policies |\n\n"
	    "| Identity | Role | Scope | Status |\n|---|---|---|---|\n"
	    "| `sp-a` | Key Vault access policy: get | `kv-x` | "
	    "compound |\n",
	    NULL);
	assert_true(import_told(&i,
	    "sp-a: its access policy on kv-x asks for an application that "
	    "the source does not name"));
	assert_int_equal(i.after->grants.count, 1);
	flags = estate_assignment(i.after, 0).flags;
	assert_int_equal(flags, ASSIGNMENT_COMPOUND);
	import_release(&i);
}

static void
secrets_hold_what_the_source_says_they_hold(void **state ACTAS_UNUSED)
{
	static const char page[] = IDENTITIES
	    "| Vault | Permission model |\n|---|---|\n| `kv-x` | RBAC |\n\n"
	    "| Secret | Vault | Identity |\n|---|---|---|\n"
	    "| `a-client-secret` | `kv-x` | `sp-a` |\n"
	    "| `a-client-id` | `kv-x` | `sp-a` |\n"
	    "| `a-tenant-id` | `kv-x` | `sp-a` |\n"
	    "| `other` | `kv-x` | |\n";
	struct secret_bytes value;
	struct imported i;
	char app_id[GUID_TEXT_LENGTH + 1];

	import_text_of(&i, page, NULL);
	value = value_of(&i, "kv-x", "a-client-secret");
	assert_string_equal(i.credentials.at.at[0].name, "sp-a");
	assert_true(secret_bytes_eq(
	    &value, secret_bytes_reveal(&i.credentials.at.at[0].secret)));
	secret_bytes_release(&value);
	value = value_of(&i, "kv-x", "a-client-id");
	guid_format(i.credentials.at.at[0].app_id, app_id);
	assert_true(secret_bytes_eq(&value, slice_of(app_id)));
	secret_bytes_release(&value);
	value = value_of(&i, "kv-x", "a-tenant-id");
	assert_true(secret_bytes_eq(
	    &value, SLICE("11111111-2222-4333-8444-555555555555")));
	secret_bytes_release(&value);
	value = value_of(&i, "kv-x", "other");
	assert_int_equal(value.length, 40);
	assert_false(secret_bytes_eq(
	    &value, secret_bytes_reveal(&i.credentials.at.at[0].secret)));
	secret_bytes_release(&value);
	assert_true(import_told(&i,
	    "secret a-client-secret holds the new client secret of sp-a\n"));
	import_release(&i);
}

static void
attributes_go_over(void **state ACTAS_UNUSED)
{
	struct imported i;
	const struct secret *row;

	import_text_of(&i,
	    IDENTITIES "| Vault | Permission model |\n|---|---|\n"
		       "| `kv-x` | RBAC |\n\n"
		       "| Secret | Vault | Expires | Not before | Enabled | "
		       "Created |\n|---|---|---|---|---|---|\n"
		       "| `s` | `kv-x` | 2027-01-10 | 2026-02-03 | no | "
		       "2026-01-02 |\n",
	    NULL);
	assert_int_equal(i.after->secrets.count, 1);
	row = &i.after->secrets.at[0];
	assert_int_equal(row->enabled, NO);
	assert_int_equal(row->expires, i.before->secrets.at[0].expires);
	assert_int_equal(row->not_before, i.before->secrets.at[0].not_before);
	assert_int_equal(row->created, i.before->secrets.at[0].created);
	import_release(&i);
}

static void
what_was_sealed_cannot_be_moved(void **state ACTAS_UNUSED)
{
	struct slice about = SLICE("version/kv-tidewater-ops/a/1");
	struct imported i;
	struct secret_bytes value;
	struct buffer sealed = {0};

	import_file(&i, "examples/tidewater.md");
	assert_int_equal(
	    value_seal(i.value_keys, about, SLICE("value"), &sealed), ACTAS_OK);
	assert_int_equal(
	    value_unseal(i.value_keys, SLICE("version/kv-tidewater-ops/b/1"),
		buffer_slice(&sealed), &value),
	    ACTAS_EPARSE);
	/* The second time the key comes from the cache. */
	for (int k = 0; k < 2; k++) {
		assert_int_equal(value_unseal(i.value_keys, about,
				     buffer_slice(&sealed), &value),
		    ACTAS_OK);
		assert_true(secret_bytes_eq(&value, SLICE("value")));
		secret_bytes_release(&value);
	}
	buffer_release(&sealed);
	import_release(&i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_model_is_the_sources_or_the_safe_one),
	    cmocka_unit_test(network_and_protection_go_over),
	    cmocka_unit_test(
		a_right_without_mechanism_becomes_a_policy_of_a_policy_vault),
	    cmocka_unit_test(no_policy_is_for_one_secret),
	    cmocka_unit_test(a_policy_for_one_application_allows_nothing),
	    cmocka_unit_test(secrets_hold_what_the_source_says_they_hold),
	    cmocka_unit_test(attributes_go_over),
	    cmocka_unit_test(what_was_sealed_cannot_be_moved),
	};

	return cmocka_run_group_tests_name("import vaults", tests, NULL, NULL);
}
