#include "api/arm/vaults.h"

/*
 * Bodies of vaults, checked before they touch anything. What passes can be
 * read back by the readers that make the estate.
 */

enum {
	DAYS_LEAST = 7,
	DAYS_MOST = 90,
	TAGS_MOST = 15,
	POLICIES_MOST = 1024,
	PERMISSIONS_MOST = 32, /* of one kind */
	RULES_MOST = 1000
};

/* --- access policies --- */

const char *const arm_policy_kinds[] = {
    "keys", "secrets", "certificates", "storage", NULL};

static bool
is_word(const json_t *item)
{
	size_t length = json_string_length(item);
	const char *text = json_string_value(item);

	for (size_t i = 0; i < length; i++)
		if (ascii_lower(text[i]) < 'a' || ascii_lower(text[i]) > 'z')
			return false;
	return length > 0 && length <= 32;
}

static bool
is_secret_permission(const json_t *item)
{
	static const char *const words[] = {"all", "get", "list", "set",
	    "delete", "recover", "backup", "restore", "purge"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_eq_case(
			slice_of(json_string_value(item)), slice_of(words[i])))
			return true;
	return false;
}

static json_t *
read_permissions(struct arm_call *c, const json_t *said, const char *kind)
{
	json_t *list = arm_member(said, kind), *item;
	bool is_secrets = strcmp(kind, "secrets") == 0;
	size_t i;

	if (list == NULL)
		return json_array();
	if (!json_is_array(list) || json_array_size(list) > PERMISSIONS_MOST)
		arm_refuse(c, 400, "BadRequest",
		    "The permissions to '%s' must be a list of at most %d "
		    "words.",
		    kind, PERMISSIONS_MOST);
	json_array_foreach(list, i, item)
	{
		if (!is_word(item) ||
		    (is_secrets && !is_secret_permission(item)))
			arm_refuse(c, 400, "BadRequest",
			    "An access policy gives a permission to '%s' that "
			    "does not exist.",
			    kind);
	}
	return arm_is_refused(c) ? json_array() : json_incref(list);
}

static json_t *
read_policy(struct arm_call *c, const json_t *said)
{
	json_t *permissions = arm_member(said, "permissions");
	struct slice application = arm_text(said, "applicationId");
	struct guid tenant = {0}, object = {0}, app = {0};
	json_t *made, *lists = json_object();

	if (!guid_parse(arm_text(said, "tenantId"), &tenant) ||
	    !guid_parse(arm_text(said, "objectId"), &object) ||
	    guid_is_nil(object) ||
	    (application.length > 0 && !guid_parse(application, &app)))
		arm_refuse(c, 400, "BadRequest",
		    "An access policy names a tenantId and an objectId, and "
		    "an applicationId where it has one; each is a GUID.");
	if (!json_is_object(permissions))
		arm_refuse(
		    c, 400, "BadRequest", "An access policy has permissions.");
	for (size_t i = 0; arm_policy_kinds[i] != NULL; i++)
		(void)arm_set(lists, arm_policy_kinds[i],
		    read_permissions(c, permissions, arm_policy_kinds[i]));
	made = json_pack("{s:o, s:o, s:o}", "tenantId", arm_json_guid(tenant),
	    "objectId", arm_json_guid(object), "permissions", lists);
	if (application.length > 0)
		(void)arm_set(made, "applicationId", arm_json_guid(app));
	return made;
}

size_t
arm_policy_find(const json_t *list, const json_t *entry)
{
	static const char *const ids[] = {
	    "tenantId", "objectId", "applicationId"};

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *each = json_array_get(list, i);
		bool same = true;

		for (size_t j = 0; j < sizeof ids / sizeof *ids; j++)
			same = same &&
			    slice_eq_case(arm_text(each, ids[j]),
				arm_text(entry, ids[j]));
		if (same)
			return i;
	}
	return SIZE_MAX;
}

json_t *
arm_policies_read(struct arm_call *c, const json_t *list)
{
	json_t *made = json_array();

	if (!json_is_array(list) || json_array_size(list) > POLICIES_MOST)
		arm_refuse(c, 400, "BadRequest",
		    "The access policies must be a list of at most %d.",
		    POLICIES_MOST);
	for (size_t i = 0; i < json_array_size(list) && !arm_is_refused(c);
	     i++) {
		json_t *policy = read_policy(c, json_array_get(list, i));

		if (arm_policy_find(made, policy) != SIZE_MAX)
			arm_refuse(c, 400, "BadRequest",
			    "Two access policies are for the same identity.");
		(void)json_array_append_new(made, policy);
	}
	if (arm_is_refused(c)) {
		json_decref(made);
		return NULL;
	}
	return made;
}

/* --- network --- */

/* Digits, hexadecimal too, with '.', ':' and one '/': whether it is an
 * address the vault finds out; what it does not understand lets nobody in. */
static bool
is_address(struct slice text)
{
	for (size_t i = 0; i < text.length; i++)
		if (ascii_hex_digit(text.at[i]) < 0 &&
		    strchr(".:/", text.at[i]) == NULL)
			return false;
	return text.length >= 2 && text.length <= 49;
}

static void
check_rules(struct arm_call *c, const json_t *acls, const char *list,
    const char *member)
{
	json_t *rules = arm_member(acls, list), *rule;
	size_t i;

	if (rules != NULL &&
	    (!json_is_array(rules) || json_array_size(rules) > RULES_MOST))
		arm_refuse(c, 400, "BadRequest",
		    "'%s' must be a list of at most %d rules.", list,
		    RULES_MOST);
	json_array_foreach(rules, i, rule)
	{
		struct slice text = arm_text(rule, member);

		if (text.length == 0 || text.length > ARM_PATH_BYTES ||
		    (strcmp(member, "value") == 0 && !is_address(text)))
			arm_refuse(c, 400, "BadRequest",
			    "Each of '%s' needs a valid '%s'.", list, member);
	}
}

static bool
is_one_of(struct slice text, const char *a, const char *b)
{
	return text.length == 0 || slice_eq_case(text, slice_of(a)) ||
	    slice_eq_case(text, slice_of(b));
}

static void
check_network(struct arm_call *c, const json_t *said)
{
	json_t *acls = arm_member(said, "networkAcls");

	if (!is_one_of(
		arm_text(said, "publicNetworkAccess"), "Enabled", "Disabled"))
		arm_refuse(c, 400, "BadRequest",
		    "publicNetworkAccess is 'Enabled' or 'Disabled'.");
	if (acls == NULL)
		return;
	if (!json_is_object(acls) ||
	    !is_one_of(arm_text(acls, "bypass"), "AzureServices", "None") ||
	    !is_one_of(arm_text(acls, "defaultAction"), "Allow", "Deny"))
		arm_refuse(c, 400, "BadRequest",
		    "networkAcls have a bypass 'AzureServices' or 'None' and a "
		    "defaultAction 'Allow' or 'Deny'.");
	check_rules(c, acls, "ipRules", "value");
	check_rules(c, acls, "virtualNetworkRules", "id");
}

/* --- the rest --- */

static void
check_switches(struct arm_call *c, const json_t *said)
{
	static const char *const names[] = {"enabledForDeployment",
	    "enabledForDiskEncryption", "enabledForTemplateDeployment",
	    "enableSoftDelete", "enableRbacAuthorization",
	    "enablePurgeProtection"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		json_t *value = arm_member(said, names[i]);

		if (value != NULL && !json_is_boolean(value))
			arm_refuse(c, 400, "BadRequest",
			    "The value of '%s' is neither true nor false.",
			    names[i]);
	}
	if (json_is_false(arm_member(said, "enablePurgeProtection")))
		arm_refuse(c, 400, "BadRequest",
		    "The property \"enablePurgeProtection\" cannot be set to "
		    "false. Enabling the purge protection for a vault is an "
		    "irreversible action.");
}

static void
check_days(struct arm_call *c, const json_t *said)
{
	json_t *days = arm_member(said, "softDeleteRetentionInDays");
	json_int_t n = json_integer_value(days);

	if (days != NULL &&
	    (!json_is_integer(days) || n < DAYS_LEAST || n > DAYS_MOST))
		arm_refuse(c, 400, "BadRequest",
		    "The property \"softDeleteRetentionInDays\" must be "
		    "between %d and %d.",
		    DAYS_LEAST, DAYS_MOST);
}

static void
check_tenant(struct arm_call *c, const json_t *said)
{
	struct slice text = arm_text(said, "tenantId");
	struct guid tenant;

	if (text.length == 0 && c->x->method == HTTP_PATCH)
		return;
	if (!guid_parse(text, &tenant) ||
	    !guid_eq(tenant, exchange_platform(c->x)->tenant))
		arm_refuse(c, 400, "BadRequest",
		    "The parameter tenantId must be the tenant of the "
		    "subscription.");
}

static void
check_sku(struct arm_call *c, const json_t *said)
{
	json_t *sku = arm_member(said, "sku");

	if (sku == NULL && c->x->method == HTTP_PATCH)
		return;
	if (!json_is_object(sku) || arm_text(sku, "name").length == 0 ||
	    !is_one_of(arm_text(sku, "name"), "standard", "premium") ||
	    !is_one_of(arm_text(sku, "family"), "A", "A"))
		arm_refuse(c, 400, "BadRequest",
		    "The parameter sku must have the family 'A' and the name "
		    "'standard' or 'premium'.");
}

static void
check_mode(struct arm_call *c, const json_t *said)
{
	if (!is_one_of(arm_text(said, "createMode"), "default", "recover"))
		arm_refuse(c, 400, "BadRequest",
		    "createMode is 'default' or 'recover'.");
}

void
arm_vault_check(struct arm_call *c)
{
	const json_t *said = arm_properties(c->body);
	json_t *policies = arm_member(said, "accessPolicies"), *made;

	if (!arm_vault_name_is_valid(c->name))
		arm_refuse(c, 400, "VaultNameNotValid",
		    "The vault name '%.*s' is invalid. A vault's name must be "
		    "between 3-24 alphanumeric characters. The name must begin "
		    "with a letter, end with a letter or digit, and not "
		    "contain consecutive hyphens. Follow this link for more "
		    "information: https://go.microsoft.com/fwlink/"
		    "?linkid=2147742",
		    SLICE_ARGS(c->name));
	if (c->x->method == HTTP_PUT)
		(void)arm_location(c);
	made = arm_tags(c, TAGS_MOST);
	json_decref(made);
	check_tenant(c, said);
	check_sku(c, said);
	check_switches(c, said);
	check_days(c, said);
	check_network(c, said);
	check_mode(c, said);
	if (policies != NULL) {
		made = arm_policies_read(c, policies);
		json_decref(made);
	}
}
