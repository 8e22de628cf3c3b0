#include "api/arm/operations.h"
#include "api/arm/vaults.h"

/*
 * Access policies of a vault, added, replaced or removed by identity.
 */

enum { POLICIES_MOST = 1024 };

static void
prepare(struct arm_call *c)
{
	json_t *made = arm_policies_read(
	    c, arm_member(arm_properties(c->body), "accessPolicies"));

	json_decref(made);
}

static size_t
find_word(const json_t *list, const json_t *word)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (slice_eq_case(
			slice_of(json_string_value(json_array_get(list, i))),
			slice_of(json_string_value(word))))
			return i;
	return SIZE_MAX;
}

static void
add_words(json_t *to, const json_t *from)
{
	for (size_t i = 0; i < json_array_size(from); i++) {
		json_t *word = json_array_get(from, i);

		if (find_word(to, word) == SIZE_MAX)
			(void)json_array_append(to, word);
	}
}

static void
remove_words(json_t *from, const json_t *words)
{
	for (size_t i = 0; i < json_array_size(words); i++) {
		size_t at = find_word(from, json_array_get(words, i));

		if (at != SIZE_MAX)
			(void)json_array_remove(from, at);
	}
}

/* Changes the permissions of one entry by those of another; whether any are
 * left. */
static bool
change_words(json_t *entry, const json_t *by,
    void (*change)(json_t *to, const json_t *from))
{
	json_t *has = arm_member(entry, "permissions");
	size_t left = 0;

	for (size_t i = 0; arm_policy_kinds[i] != NULL; i++) {
		const char *kind = arm_policy_kinds[i];
		json_t *list = arm_member(has, kind);

		if (list == NULL) {
			(void)arm_set(has, kind, json_array());
			list = arm_member(has, kind);
		}
		change(list, arm_member(arm_member(by, "permissions"), kind));
		left += json_array_size(list);
	}
	return left > 0;
}

static void
add_entry(json_t *policies, json_t *entry)
{
	size_t at = arm_policy_find(policies, entry);

	if (at == SIZE_MAX)
		(void)json_array_append(policies, entry);
	else
		(void)change_words(
		    json_array_get(policies, at), entry, add_words);
}

static void
replace_entry(json_t *policies, json_t *entry)
{
	size_t at = arm_policy_find(policies, entry);

	if (at == SIZE_MAX)
		(void)json_array_append(policies, entry);
	else
		(void)json_array_set(policies, at, entry);
}

static void
remove_entry(json_t *policies, json_t *entry)
{
	size_t at = arm_policy_find(policies, entry);

	if (at != SIZE_MAX &&
	    !change_words(json_array_get(policies, at), entry, remove_words))
		(void)json_array_remove(policies, at);
}

static const struct {
	const char *name;
	void (*change)(json_t *policies, json_t *entry);
} kinds[] = {
    {"add", add_entry},
    {"replace", replace_entry},
    {"remove", remove_entry},
};

static enum actas_error
store(struct arm_call *c, json_t *vault, size_t kind, struct writes *writes)
{
	json_t *has = arm_member(arm_properties(vault), "accessPolicies");
	json_t *said = arm_policies_read(
	    c, arm_member(arm_properties(c->body), "accessPolicies"));
	json_t *policies = has == NULL ? json_array() : json_deep_copy(has);
	struct entity_text text;

	for (size_t i = 0; i < json_array_size(said); i++)
		kinds[kind].change(policies, json_array_get(said, i));
	json_decref(said);
	if (json_array_size(policies) > POLICIES_MOST)
		arm_refuse(c, 400, "BadRequest",
		    "A vault has at most %d access policies.", POLICIES_MOST);
	if (policies == NULL ||
	    !arm_set(arm_properties(vault), "accessPolicies", policies))
		return ACTAS_ENOMEM;
	if (!arm_vault_fits(c, vault))
		return ACTAS_EUSAGE;
	entity_put(writes, arm_key(&text, &c->scope), vault);
	arm_reply(c, 200,
	    json_pack("{s:o, s:s, s:{s:O}}", "id",
		json_sprintf("%.*s/accessPolicies/", SLICE_ARGS(c->scope.path)),
		"type", "Microsoft.KeyVault/vaults/accessPolicies",
		"properties", "accessPolicies", policies));
	return ACTAS_OK;
}

static enum actas_error
change_policies(struct arm_call *c, struct writes *writes)
{
	enum actas_error error = ACTAS_EUSAGE;
	json_t *vault = arm_vault_get(c);
	size_t kind = 0, kind_count = sizeof kinds / sizeof *kinds;

	while (kind < kind_count &&
	    !slice_eq_case(c->name, slice_of(kinds[kind].name)))
		kind++;
	if (kind == kind_count)
		arm_refuse(c, 400, "BadRequest",
		    "Access policies are added, replaced or removed.");
	if (vault != NULL && !arm_is_refused(c))
		error = store(c, vault, kind, writes);
	json_decref(vault);
	return error;
}

const struct arm_operation arm_vault_policies = {
    .permission = PERMIT_VAULT_POLICIES_WRITE,
    .cut = 2,
    .wants_body = true,
    .prepare = prepare,
    .apply = change_policies,
};

/* --- names --- */

static json_t *
availability(const char *reason, const char *message)
{
	return json_pack("{s:b, s:s*, s:s*}", "nameAvailable", reason == NULL,
	    "reason", reason, "message", message);
}

static void
check_name(struct arm_call *c)
{
	struct slice name = arm_text(c->body, "name"), none = SLICE("");
	json_t *deleted = arm_deleted_get(c, name), *reply;
	struct entity_text text;

	if (!arm_vault_name_is_valid(name))
		reply = availability("AccountNameInvalid",
		    "The vault name is invalid. A vault's name must be between "
		    "3-24 alphanumeric characters. The name must begin with a "
		    "letter, end with a letter or digit, and not contain "
		    "consecutive hyphens.");
	else if (deleted != NULL ||
	    entity_exists(arm_state(c),
		entity_key(&text, ENTITY_VAULT, name, none, none)))
		reply = availability("AlreadyExists",
		    "The vault name is already in use. Vault names are "
		    "globally unique so it is possible that the name is "
		    "already taken.");
	else
		reply = availability(NULL, NULL);
	json_decref(deleted);
	arm_reply(c, 200, reply);
}

const struct arm_operation arm_vault_name = {
    .permission = PERMITS,
    .action = "Microsoft.KeyVault/checkNameAvailability/read",
    .cut = 3,
    .wants_body = true,
    .read = check_name,
};
