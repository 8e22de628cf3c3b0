#include "api/arm/operations.h"

/*
 * Federated credentials of user-assigned identities: which tokens of which
 * issuers count as the identity's. They are kept as the directory keeps those
 * of applications, under the identity's service principal, where the token
 * service looks for them.
 */

enum {
	NAME_LEAST = 3,
	NAME_MOST = 120,
	TEXT_MOST = 600, /* issuer, subject, audience */
	CREDENTIALS_MOST = 20
};

#define CREDENTIALS                                         \
	"Microsoft.ManagedIdentity/userAssignedIdentities/" \
	"federatedIdentityCredentials/"

/* The identity's object id; false after refusing. */
static bool
read_owner(struct arm_call *c, struct slice *owner)
{
	json_t *identity;
	const char *id;

	if (!arm_must_exist(c, &c->scope))
		return false;
	identity = arm_get_scope(c, &c->scope);
	id = arena_text(
	    &c->x->arena, arm_text(arm_properties(identity), "principalId"));
	json_decref(identity);
	*owner = slice_of(id);
	return owner->length > 0;
}

static json_t *
show(const struct arm_call *c, const json_t *stored)
{
	struct slice name = arm_text(stored, "name");

	return json_pack("{s:o, s:o, s:s, s:{s:O*, s:O*, s:O*}}", "id",
	    json_sprintf("%.*s/federatedIdentityCredentials/%.*s",
		SLICE_ARGS(c->scope.path), SLICE_ARGS(name)),
	    "name", arm_json_text(name), "type",
	    "Microsoft.ManagedIdentity/userAssignedIdentities/"
	    "federatedIdentityCredentials",
	    "properties", "issuer", json_object_get(stored, "issuer"),
	    "subject", json_object_get(stored, "subject"), "audiences",
	    json_object_get(stored, "audiences"));
}

/* Finds the one of that name, or only counts. */
struct search {
	struct slice name;
	struct entity_text text;
	struct slice key; /* of the found one */
	json_t *found;
	uint32_t count;
	bool is_taken; /* another with the issuer and subject wished for */
	struct slice issuer, subject;
};

static void
look_at(struct search *s, const struct entry *entry)
{
	json_t *each = entity_parse(entry->value);

	s->count++;
	if (s->found == NULL &&
	    slice_eq_case(arm_text(each, "name"), s->name) &&
	    entry->key.length <= sizeof s->text.at) {
		memcpy(s->text.at, entry->key.at, entry->key.length);
		s->key = (struct slice){s->text.at, entry->key.length};
		s->found = each;
		return;
	}
	if (s->issuer.length > 0 &&
	    slice_eq(arm_text(each, "issuer"), s->issuer) &&
	    slice_eq(arm_text(each, "subject"), s->subject))
		s->is_taken = true;
	json_decref(each);
}

static void
search(struct arm_call *c, struct slice owner, struct search *s)
{
	struct entity_text text;
	struct slice prefix =
	    entity_prefix(&text, ENTITY_FEDERATED, owner, SLICE(""));
	struct state_walk w;
	struct entry entry;

	state_walk_prefix(&w, arm_state(c), prefix);
	while (prefix.length > 0 && state_walk_next(&w, &entry))
		look_at(s, &entry);
}

/* --- get, list, delete --- */

static void
read_credential(struct arm_call *c)
{
	struct search s = {.name = c->name};
	struct slice owner;

	if (!read_owner(c, &owner))
		return;
	search(c, owner, &s);
	if (s.found == NULL)
		arm_refuse(c, 404, "NotFound",
		    "The Federated Identity Credential with name '%.*s' was "
		    "not found.",
		    SLICE_ARGS(c->name));
	else
		arm_reply(c, 200, show(c, s.found));
	json_decref(s.found);
}

const struct arm_operation arm_federated = {
    .permission = PERMITS,
    .action = CREDENTIALS "read",
    .cut = 2,
    .read = read_credential,
};

static void
read_credentials(struct arm_call *c)
{
	struct entity_text text;
	struct slice owner, prefix;
	struct state_walk w;
	struct entry entry;
	json_t *value;

	if (!read_owner(c, &owner))
		return;
	value = json_array();
	prefix = entity_prefix(&text, ENTITY_FEDERATED, owner, SLICE(""));
	state_walk_prefix(&w, arm_state(c), prefix);
	while (prefix.length > 0 && state_walk_next(&w, &entry)) {
		json_t *each = entity_parse(entry.value);

		(void)json_array_append_new(value, show(c, each));
		json_decref(each);
	}
	arm_reply_list(c, value);
}

const struct arm_operation arm_federated_list = {
    .permission = PERMITS,
    .action = CREDENTIALS "read",
    .cut = 1,
    .read = read_credentials,
};

static enum actas_error
delete_credential(struct arm_call *c, struct writes *writes)
{
	struct search s = {.name = c->name};
	struct slice owner;

	if (!read_owner(c, &owner))
		return ACTAS_EUSAGE;
	search(c, owner, &s);
	c->status = s.found == NULL ? 204 : 200;
	if (s.found != NULL)
		writes_remove(writes, s.key);
	json_decref(s.found);
	return ACTAS_OK;
}

const struct arm_operation arm_federated_delete = {
    .permission = PERMITS,
    .action = CREDENTIALS "delete",
    .cut = 2,
    .apply = delete_credential,
};

/* --- put --- */

static bool
is_text(struct slice text)
{
	return text.length > 0 && text.length <= TEXT_MOST;
}

static void
check(struct arm_call *c)
{
	const json_t *said = arm_properties(c->body);
	json_t *audiences = arm_member(said, "audiences");
	json_t *audience = json_array_get(audiences, 0);

	if (c->name.length < NAME_LEAST || c->name.length > NAME_MOST)
		arm_refuse(c, 400, "BadRequest",
		    "The name of a federated identity credential has %d to %d "
		    "characters.",
		    NAME_LEAST, NAME_MOST);
	if (!is_text(arm_text(said, "issuer")) ||
	    !slice_starts_case(arm_text(said, "issuer"), SLICE("https://")))
		arm_refuse(c, 400, "BadRequest",
		    "The issuer must be a URL that begins with https:// and "
		    "has at most %d characters.",
		    TEXT_MOST);
	if (!is_text(arm_text(said, "subject")))
		arm_refuse(c, 400, "BadRequest",
		    "The subject must have 1 to %d characters.", TEXT_MOST);
	if (json_array_size(audiences) != 1 ||
	    !is_text((struct slice){
		json_string_value(audience), json_string_length(audience)}))
		arm_refuse(c, 400, "BadRequest",
		    "There must be exactly one audience, of 1 to %d "
		    "characters.",
		    TEXT_MOST);
}

static bool
may_add(struct arm_call *c, const struct search *s)
{
	if (s->is_taken)
		arm_refuse(c, 409, "Conflict",
		    "Issuer and subject combination already exists for this "
		    "Managed Identity.");
	else if (s->found == NULL && s->count >= CREDENTIALS_MOST)
		arm_refuse(c, 400, "BadRequest",
		    "Too many Federated Identity Credentials are associated "
		    "with this identity: at most %d are allowed.",
		    CREDENTIALS_MOST);
	return !arm_is_refused(c);
}

static enum actas_error
write_credential(struct arm_call *c, struct slice owner, struct search *s,
    struct writes *writes)
{
	const json_t *said = arm_properties(c->body);
	struct guid id = chance_guid(exchange_platform(c->x)->chance);
	json_t *stored_id = json_object_get(s->found, "id");
	char name[GUID_TEXT_LENGTH + 1];
	json_t *made;

	guid_format(id, name);
	if (s->found == NULL)
		s->key = entity_key(&s->text, ENTITY_FEDERATED, owner,
		    slice_of(name), SLICE(""));
	made = json_pack("{s:o, s:o, s:o, s:o, s:O}", "id",
	    stored_id == NULL ? json_string(name) : json_incref(stored_id),
	    "name", arm_json_text(c->name), "issuer",
	    arm_json_text(arm_text(said, "issuer")), "subject",
	    arm_json_text(arm_text(said, "subject")), "audiences",
	    arm_member(said, "audiences"));
	if (made == NULL || guid_is_nil(id)) {
		json_decref(made);
		return ACTAS_ENOMEM;
	}
	entity_put(writes, s->key, made);
	arm_reply(c, s->found == NULL ? 201 : 200, show(c, made));
	json_decref(made);
	return ACTAS_OK;
}

static enum actas_error
put_credential(struct arm_call *c, struct writes *writes)
{
	const json_t *said = arm_properties(c->body);
	struct search s = {.name = c->name,
	    .issuer = arm_text(said, "issuer"),
	    .subject = arm_text(said, "subject")};
	enum actas_error error = ACTAS_EUSAGE;
	struct slice owner;

	if (!read_owner(c, &owner))
		return ACTAS_EUSAGE;
	search(c, owner, &s);
	if (may_add(c, &s))
		error = write_credential(c, owner, &s, writes);
	json_decref(s.found);
	return error;
}

const struct arm_operation arm_federated_put = {
    .permission = PERMITS,
    .action = CREDENTIALS "write",
    .cut = 2,
    .wants_body = true,
    .prepare = check,
    .apply = put_credential,
};
