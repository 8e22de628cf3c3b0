#include "api/graph/operations.h"

#include "keys/client_secret.h"
#include "keys/jwt.h"

/*
 * Client secrets and certificates of applications and service principals.
 * Several may live side by side, so that one can be replaced while the other
 * still works. A secret is shown in the one answer that makes it.
 */

#define DAY              ((moment)86400)
#define DEFAULT_LIFE     (730 * DAY) /* two years */
#define CREDENTIALS_MOST 100

static struct slice
credential_key(struct entity_text *text, struct guid owner, struct guid id)
{
	char a[GUID_TEXT_LENGTH + 1], b[GUID_TEXT_LENGTH + 1];

	guid_format(owner, a);
	guid_format(id, b);
	return entity_key(
	    text, ENTITY_CREDENTIAL, slice_of(a), slice_of(b), SLICE(""));
}

static uint32_t
count_credentials(const struct graph_call *c)
{
	char owner[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	uint32_t count = 0;

	guid_format(c->id, owner);
	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(
		&text, ENTITY_CREDENTIAL, slice_of(owner), SLICE("")));
	while (state_walk_next(&walk, &entry))
		count++;
	return count;
}

/* A time of the body, or what is meant where there is none. */
static moment
take_moment(
    struct graph_call *c, const json_t *from, const char *name, moment usual)
{
	struct slice text = graph_text(from, name);
	moment when = usual;

	if (text.length > 0 && !moment_parse(text, &when))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property '%s' is no date and time.", name);
	return when;
}

static void
check_life(struct graph_call *c, moment from, moment until)
{
	if (until <= from)
		graph_refuse(c, 400, "Request_BadRequest",
		    "The credential's endDateTime lies before its "
		    "startDateTime.");
}

/* Of addPassword, or the one that an application is made with. */
static const json_t *
password_of(const struct graph_call *c)
{
	const json_t *one = json_object_get(c->body, "passwordCredential");

	return one != NULL
	    ? one
	    : json_array_get(
		  json_object_get(c->body, "passwordCredentials"), 0);
}

static void
password_life(struct graph_call *c, moment *from, moment *until)
{
	*from = take_moment(c, password_of(c), "startDateTime", c->now);
	*until =
	    take_moment(c, password_of(c), "endDateTime", *from + DEFAULT_LIFE);
	check_life(c, *from, *until);
}

static void
prepare_password(struct graph_call *c)
{
	struct platform *p = exchange_platform(c->x);
	const json_t *name = json_object_get(password_of(c), "displayName");
	moment from, until;

	if (name != NULL && !json_is_null(name) && !json_is_string(name))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A value of another type was expected for property "
		    "'displayName'.");
	password_life(c, &from, &until);
	c->made_key = chance_guid(p->chance);
	if (c->code == NULL &&
	    (guid_is_nil(c->made_key) ||
		client_secret_new(p->chance, &c->secret) != ACTAS_OK))
		graph_refuse(c, 503, "ServiceUnavailable",
		    "No random numbers can be had.");
}

/* The members that Graph shows, but for the secret itself. */
static json_t *
password_json(struct graph_call *c)
{
	struct slice secret = secret_bytes_reveal(&c->secret);
	json_t *name = json_object_get(password_of(c), "displayName");
	moment from, until;

	password_life(c, &from, &until);
	return json_pack("{s:O?, s:o, s:o, s:s%}", "displayName",
	    json_is_string(name) ? name : NULL, "startDateTime",
	    json_moment(from), "endDateTime", json_moment(until), "hint",
	    secret.at, (size_t)3);
}

static json_t *
stored_password(struct graph_call *c)
{
	uint8_t hash[CLIENT_SECRET_HASH];
	struct buffer encoded = {0};
	json_t *stored = NULL;

	if (client_secret_hash(exchange_platform(c->x)->master,
		secret_bytes_reveal(&c->secret), hash) == ACTAS_OK)
		base64_put(&encoded, hash, sizeof hash);
	if (encoded.length > 0 && encoded.error == ACTAS_OK)
		stored = password_json(c);
	if (stored != NULL &&
	    (!graph_set(stored, "kind", json_string("secret")) ||
		!graph_set(stored, "hash",
		    json_stringn(encoded.at, encoded.length)))) {
		json_decref(stored);
		stored = NULL;
	}
	buffer_release(&encoded);
	return stored;
}

static json_t *
shown_password(struct graph_call *c)
{
	struct slice secret = secret_bytes_reveal(&c->secret);
	json_t *shown = password_json(c);
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(c->made_key, id);
	if (shown != NULL &&
	    (!graph_set(shown, "customKeyIdentifier", json_null()) ||
		!graph_set(shown, "keyId", json_string(id)) ||
		!graph_set(shown, "secretText",
		    json_stringn(secret.at, secret.length)))) {
		json_decref(shown);
		shown = NULL;
	}
	return shown;
}

static enum actas_error
add_password(struct graph_call *c, struct writes *writes)
{
	struct entity_text text;
	json_t *stored, *shown;

	if (count_credentials(c) >= CREDENTIALS_MOST) {
		graph_refuse(c, 400, "Directory_QuotaExceeded",
		    "An object can have at most %d credentials.",
		    CREDENTIALS_MOST);
		return ACTAS_EUSAGE;
	}
	stored = stored_password(c);
	if (stored == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes, credential_key(&text, c->id, c->made_key), stored);
	json_decref(stored);
	shown = shown_password(c);
	if (shown != NULL &&
	    !graph_set(shown, "@odata.context",
		json_sprintf("%s/$metadata#microsoft.graph."
			     "passwordCredential",
		    graph_base(c)))) {
		json_decref(shown);
		shown = NULL;
	}
	graph_reply(c, 200, shown);
	return ACTAS_OK;
}

void
graph_check_password(struct graph_call *c)
{
	const json_t *list = json_object_get(c->body, "passwordCredentials");

	if (list == NULL || json_is_null(list) ||
	    (json_is_array(list) && json_array_size(list) == 0))
		return;
	if (json_array_size(list) != 1 ||
	    !json_is_object(json_array_get(list, 0)))
		graph_refuse(c, 400, "Request_BadRequest",
		    "passwordCredentials is a list of one, when an object is "
		    "made; addPassword adds others.");
	else
		prepare_password(c);
}

enum actas_error
graph_write_password(struct graph_call *c, json_t *reply, struct writes *writes)
{
	json_t *stored, *shown;
	struct entity_text text;
	bool fits;

	if (c->secret.length == 0)
		return ACTAS_OK;
	stored = stored_password(c);
	shown = json_pack("[o]", shown_password(c));
	fits = stored != NULL && shown != NULL && reply != NULL;
	if (fits)
		entity_put(
		    writes, credential_key(&text, c->id, c->made_key), stored);
	json_decref(stored);
	if (!fits)
		json_decref(shown);
	return fits && graph_set(reply, "passwordCredentials", shown)
	    ? ACTAS_OK
	    : ACTAS_ENOMEM;
}

/* A key id of the body, in any letter case. */
static struct guid
body_key_id(struct graph_call *c)
{
	struct guid id = {0};

	if (!guid_parse(graph_text(c->body, "keyId"), &id))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A GUID was expected for property 'keyId'.");
	return id;
}

static void
prepare_removal(struct graph_call *c)
{
	(void)body_key_id(c);
}

static enum actas_error
remove_credential(struct graph_call *c, struct writes *writes, const char *kind)
{
	struct entity_text text;
	struct slice key = credential_key(&text, c->id, body_key_id(c));
	json_t *stored = entity_get(graph_state(c), key);
	bool fits = slice_eq(graph_text(stored, "kind"), slice_of(kind));

	json_decref(stored);
	if (!fits) {
		graph_refuse(c, 400, "Request_BadRequest",
		    "No credential found to be removed with the given keyId.");
		return ACTAS_EUSAGE;
	}
	writes_remove(writes, key);
	graph_reply_empty(c);
	return ACTAS_OK;
}

static enum actas_error
remove_password(struct graph_call *c, struct writes *writes)
{
	return remove_credential(c, writes, "secret");
}

static enum actas_error
remove_key(struct graph_call *c, struct writes *writes)
{
	return remove_credential(c, writes, "certificate");
}

/* --- certificates --- */

/* Graph sends the certificate in base64, of its DER or of its PEM; Azure's CLI
 * leaves line ends in it. */
static bool
read_certificate(
    struct slice encoded, struct certificate *certificate, struct buffer *bytes)
{
	struct buffer text = {0};
	bool good;

	for (size_t i = 0; i < encoded.length; i++)
		if (encoded.at[i] != '\n' && encoded.at[i] != '\r')
			buffer_putc(&text, encoded.at[i]);
	good = text.error == ACTAS_OK &&
	    base64_get(buffer_slice(&text), bytes) == ACTAS_OK &&
	    certificate_read(buffer_slice(bytes), certificate, NULL) ==
		ACTAS_OK;
	buffer_release(&text);
	return good;
}

/* A keyCredential without its key names one that is there already. */
static bool
is_kept(const json_t *key)
{
	return json_string_length(json_object_get(key, "key")) == 0;
}

static void
check_key(struct graph_call *c, const json_t *key)
{
	struct certificate certificate = {0};
	struct buffer bytes = {0};
	struct slice type = graph_text(key, "type");
	struct guid id;

	if (!json_is_object(key))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A key credential is an object.");
	else if (is_kept(key) && !guid_parse(graph_text(key, "keyId"), &id))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A key credential needs its key.");
	else if (!is_kept(key) &&
	    !slice_eq_case(type, SLICE("AsymmetricX509Cert")))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A key credential's type is AsymmetricX509Cert.");
	else if (!is_kept(key) &&
	    !read_certificate(graph_text(key, "key"), &certificate, &bytes))
		graph_refuse(c, 400, "KeyCredentialsInvalidKey",
		    "Key credential is not a valid certificate.");
	certificate_release(&certificate);
	buffer_release(&bytes);
}

void
graph_check_keys(struct graph_call *c, const json_t *keys)
{
	const json_t *key;
	size_t i;

	if (keys != NULL && !json_is_null(keys) && !json_is_array(keys))
		graph_refuse(
		    c, 400, "Request_BadRequest", "keyCredentials is a list.");
	json_array_foreach(keys, i, key)
	{
		check_key(c, key);
	}
}

static void
put_thumbprint(json_t *stored, const char *name, const uint8_t *at,
    size_t length, bool hexadecimal)
{
	struct buffer text = {0};

	if (hexadecimal)
		for (size_t i = 0; i < length; i++)
			buffer_addf(&text, "%02X", at[i]);
	else
		base64url_put(&text, at, length);
	(void)graph_set(stored, name, json_stringn(text.at, text.length));
	buffer_release(&text);
}

/* What is stored of a certificate; NULL: no memory. */
static json_t *
stored_key(struct graph_call *c, const json_t *key)
{
	struct certificate certificate = {0};
	struct buffer bytes = {0}, text = {0};
	json_t *stored = NULL;

	if (read_certificate(graph_text(key, "key"), &certificate, &bytes)) {
		base64_put(&text, bytes.at, bytes.length);
		stored = json_pack("{s:s, s:s, s:s, s:O?, s:o, s:o, s:o}",
		    "kind", "certificate", "type", "AsymmetricX509Cert",
		    "usage", "Verify", "displayName",
		    json_object_get(key, "displayName"), "key",
		    text.error != ACTAS_OK ? NULL
					   : json_string(buffer_text(&text)),
		    "startDateTime",
		    json_moment(
			take_moment(c, key, "startDateTime", certificate.from)),
		    "endDateTime",
		    json_moment(
			take_moment(c, key, "endDateTime", certificate.until)));
	}
	if (stored != NULL) {
		put_thumbprint(stored, "customKeyIdentifier", certificate.sha1,
		    sizeof certificate.sha1, true);
		put_thumbprint(stored, "x5t", certificate.sha1,
		    sizeof certificate.sha1, false);
		put_thumbprint(stored, "x5t#S256", certificate.sha256,
		    sizeof certificate.sha256, false);
	}
	certificate_release(&certificate);
	buffer_release(&bytes);
	buffer_release(&text);
	return stored;
}

static bool
names_key(const json_t *keys, struct slice id)
{
	const json_t *key;
	size_t i;

	json_array_foreach(keys, i, key)
	{
		if (slice_eq_case(graph_text(key, "keyId"), id))
			return true;
	}
	return false;
}

/* Those that the list does not name go. */
static void
remove_other_keys(
    struct graph_call *c, const json_t *keys, struct writes *writes)
{
	char owner[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	guid_format(c->id, owner);
	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(
		&text, ENTITY_CREDENTIAL, slice_of(owner), SLICE("")));
	while (state_walk_next(&walk, &entry)) {
		json_t *stored = entity_get(graph_state(c), entry.key);

		if (slice_eq(
			graph_text(stored, "kind"), SLICE("certificate")) &&
		    !names_key(keys, entity_last(entry.key)))
			writes_remove(writes, entry.key);
		json_decref(stored);
	}
}

void
graph_write_keys(
    struct graph_call *c, const json_t *keys, struct writes *writes)
{
	struct entity_text text;
	const json_t *key;
	size_t i;

	if (keys == NULL || json_is_null(keys))
		return;
	remove_other_keys(c, keys, writes);
	json_array_foreach(keys, i, key)
	{
		struct guid id;
		json_t *stored;

		if (is_kept(key))
			continue;
		if (!guid_parse(graph_text(key, "keyId"), &id))
			id = chance_guid(exchange_platform(c->x)->chance);
		stored = stored_key(c, key);
		if (stored == NULL || guid_is_nil(id))
			graph_refuse(c, 503, "ServiceUnavailable",
			    "The key could not be stored.");
		else
			entity_put(
			    writes, credential_key(&text, c->id, id), stored);
		json_decref(stored);
	}
}

static void
prepare_key(struct graph_call *c)
{
	const json_t *key = json_object_get(c->body, "keyCredential");

	check_key(c, key);
	if (json_is_object(key) && is_kept(key))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A key credential needs its key.");
	c->made = chance_guid(exchange_platform(c->x)->chance);
}

/*
 * Graph asks for a proof that the caller holds a key that is there already.
 * Ours asks for the right to manage credentials, as for passwords; the proof
 * is not looked at.
 */
static enum actas_error
add_key(struct graph_call *c, struct writes *writes)
{
	json_t *stored =
	    stored_key(c, json_object_get(c->body, "keyCredential"));
	struct entity_text text;
	char id[GUID_TEXT_LENGTH + 1];
	json_t *shown;

	if (stored == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes, credential_key(&text, c->id, c->made), stored);
	guid_format(c->made, id);
	shown = json_pack("{s:s, s:O, s:O, s:O, s:O, s:O, s:O, s:n}", "keyId",
	    id, "customKeyIdentifier",
	    json_object_get(stored, "customKeyIdentifier"), "displayName",
	    json_object_get(stored, "displayName"), "endDateTime",
	    json_object_get(stored, "endDateTime"), "startDateTime",
	    json_object_get(stored, "startDateTime"), "type",
	    json_object_get(stored, "type"), "usage",
	    json_object_get(stored, "usage"), "key");
	json_decref(stored);
	graph_reply(c, 200, shown);
	return ACTAS_OK;
}

#define CREDENTIALS(PREPARE, APPLY)                                        \
	{                                                                  \
		[GRAPH_APPLICATION] = {.permission =                       \
					   PERMIT_APPLICATION_CREDENTIALS, \
		    .kind = GRAPH_APPLICATION,                             \
		    .has_object = true,                                    \
		    .wants_body = true,                                    \
		    .prepare = PREPARE,                                    \
		    .apply = APPLY},                                       \
		[GRAPH_PRINCIPAL] = {                                      \
		    .permission = PERMIT_PRINCIPAL_CREDENTIALS,            \
		    .kind = GRAPH_PRINCIPAL,                               \
		    .has_object = true,                                    \
		    .wants_body = true,                                    \
		    .prepare = PREPARE,                                    \
		    .apply = APPLY,                                        \
		},                                                         \
	}

const struct graph_operation graph_password_add[GRAPH_KINDS] =
    CREDENTIALS(prepare_password, add_password);
const struct graph_operation graph_password_remove[GRAPH_KINDS] =
    CREDENTIALS(prepare_removal, remove_password);
const struct graph_operation graph_key_add[GRAPH_KINDS] =
    CREDENTIALS(prepare_key, add_key);
const struct graph_operation graph_key_remove[GRAPH_KINDS] =
    CREDENTIALS(prepare_removal, remove_key);
