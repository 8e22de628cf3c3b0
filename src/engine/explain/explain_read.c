#include "engine/explain/explain_private.h"

/*
 * Reads fields out of a text. Every field is looked for by the words that
 * stand before it, and none of them has to be there: people paste fragments.
 */

static const char *
word_at(struct telling *x, size_t at)
{
	char word[FIELD_BYTES];
	struct slice s = pasted_word(&x->text, at, word, sizeof word);

	return s.length == 0 ? NULL : tell_slice(&x->t, s);
}

const char *
read_after(struct telling *x, const char *words)
{
	return word_at(x, pasted_after(&x->text, words, 0));
}

const char *
read_key(struct telling *x, const char *key)
{
	return word_at(x, pasted_value(&x->text, key, 0));
}

/* "null" and "(not found)" are how the services say that there is none. */
static const char *
read_value(struct telling *x, const char *key)
{
	const char *word = read_key(x, key);

	if (word == NULL || slice_eq_case(slice_of(word), SLICE("null")) ||
	    word[0] == '(')
		return NULL;
	return word;
}

static void
read_id(struct telling *x, size_t at, struct guid *id, const char **start)
{
	struct slice clear;

	if (at == PASTED_NOWHERE || pasted_guid(&x->text, at, id))
		return;
	clear = pasted_redacted(&x->text, at);
	if (clear.length > 0 && *start == NULL)
		*start = tell_slice(&x->t, clear);
}

/* The tenant in the next issuer of either version. */
static void
read_issuer(struct telling *x)
{
	static const char *const hosts[] = {"iss=https://sts.windows.net/",
	    "iss=https://login.microsoftonline.com/",
	    "iss\":\"https://sts.windows.net/",
	    "iss\":\"https://login.microsoftonline.com/",
	    "iss: https://sts.windows.net/"};

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (guid_is_nil(x->r.tenant))
			pasted_guid(&x->text,
			    pasted_after(&x->text, hosts[i], 0), &x->r.tenant);
}

static void
read_idtyp(struct telling *x)
{
	const char *type = read_key(x, "idtyp");

	if (type == NULL)
		return;
	if (slice_eq_case(slice_of(type), SLICE("app")))
		x->r.is_app = YES;
	if (slice_eq_case(slice_of(type), SLICE("user")))
		x->r.is_app = NO;
}

/* "Caller: appid=…;oid=…;iss=…;name=…;xms_mirid=…" in any order. */
static void
read_caller(struct telling *x)
{
	struct reading *r = &x->r;
	size_t at = pasted_value(&x->text, "appid", 0);

	if (at == PASTED_NOWHERE)
		at = pasted_value(&x->text, "azp", 0);
	read_id(x, at, &r->app_id, &r->app_id_start);
	at = pasted_value(&x->text, "oid", 0);
	read_id(x, at, &r->object_id, &r->object_id_start);
	if (at != PASTED_NOWHERE)
		r->caller_name =
		    word_at(x, pasted_after(&x->text, "name=", at));
	read_issuer(x);
	if (guid_is_nil(r->tenant))
		pasted_guid(
		    &x->text, pasted_value(&x->text, "tid", 0), &r->tenant);
	r->identity_of = read_value(x, "xms_mirid");
	r->called_from = read_value(x, "xms_az_rid");
	pasted_number(
	    &x->text, pasted_value(&x->text, "numgroups", 0), &r->groups);
	read_idtyp(x);
	if (r->identity_of != NULL)
		r->is_app = YES;
}

static void
take_guid(struct guid *to, struct guid from)
{
	if (guid_is_nil(*to))
		*to = from;
}

/* A token in the text says the rest, where it is of the same caller. */
static void
read_token_claims(struct telling *x)
{
	struct reading *r = &x->r;
	const struct claims *c = &r->claims;

	if (c->form != TOKEN_READ && c->form != TOKEN_DECODED)
		return;
	if (!guid_is_nil(r->object_id) && !guid_is_nil(c->object_id) &&
	    !guid_eq(r->object_id, c->object_id)) {
		tell_reason(&x->t,
		    "The token in the text is of another caller (object id "
		    "%s) than the error (object id %s).",
		    tell_guid(&x->t, c->object_id),
		    tell_guid(&x->t, r->object_id));
		return;
	}
	take_guid(&r->object_id, c->object_id);
	take_guid(&r->app_id, c->app_id);
	take_guid(&r->tenant, c->tenant);
	if (r->is_app == UNSAID)
		r->is_app = c->is_app;
	if (r->identity_of == NULL)
		r->identity_of = c->identity_of;
	if (r->called_from == NULL)
		r->called_from = c->called_from;
	if (r->caller_name == NULL)
		r->caller_name = c->upn != NULL ? c->upn : c->app_name;
}

void
read_text(struct telling *x)
{
	struct reading *r = &x->r;

	r->form = form_find(x);
	if (r->form->code != NULL && pasted_has_word(&x->text, r->form->code))
		r->code = r->form->code;
	if (r->form->inner != NULL && pasted_has_word(&x->text, r->form->inner))
		r->inner = r->form->inner;
	read_caller(x);
	if (r->form->read != NULL)
		r->form->read(x);
	read_token_claims(x);
}

/* Behind ".vault.azure.net/secrets/" of a URL, or of a resource path. */
static const char *
secret_of_path(struct telling *x, const char *path)
{
	struct slice s =
	    path == NULL ? (struct slice){NULL, 0} : slice_of(path);
	size_t at = slice_find_case(s, SLICE("/secrets/"));
	struct slice rest, name;

	if (at == SIZE_MAX)
		return NULL;
	rest = slice_from(s, at + strlen("/secrets/"));
	if (!slice_cut(&rest, '/', &name) || name.length == 0)
		return NULL;
	return tell_slice(&x->t, name);
}

/* "Vault: kv-x;location=westeurope": the name, and only in that form, since
 * prose uses the word too. */
static const char *
read_vault_name(struct telling *x)
{
	static const char *const words[] = {"Vault: ", "key vault '"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t at = pasted_after(&x->text, words[i], 0);
		char word[FIELD_BYTES];
		struct slice s = pasted_word(&x->text, at, word, sizeof word);

		if (s.length > 0 &&
		    (pasted_after(&x->text, ";location=", at) ==
			    at + s.length + strlen(";location=") ||
			i == 1))
			return tell_slice(&x->t, s);
	}
	return NULL;
}

/* The name before ".vault.azure.net" in a URL. */
static const char *
read_vault_host(struct telling *x)
{
	const struct slice host = SLICE(".vault.azure.net");
	struct slice flat = {x->text.flat, x->text.flat_length};
	size_t end = slice_find(flat, host), from = end;

	if (end == SIZE_MAX)
		return NULL;
	while (from > 0 &&
	    (flat.at[from - 1] == '-' ||
		(flat.at[from - 1] >= '0' && flat.at[from - 1] <= '9') ||
		(ascii_lower(flat.at[from - 1]) >= 'a' &&
		    ascii_lower(flat.at[from - 1]) <= 'z')))
		from--;
	if (from == end || end - from > 24)
		return NULL;
	return tell_slice(&x->t, slice_sub(flat, from, end - from));
}

void
read_vault(struct telling *x)
{
	struct reading *r = &x->r;

	r->action = read_value(x, "Action");
	r->scope = read_value(x, "Resource");
	if (r->scope != NULL && r->scope[0] != '/')
		r->scope = NULL;
	r->decision_reason = read_value(x, "DecisionReason");
	r->denial_id = read_value(x, "DenyAssignmentId");
	r->address = read_value(x, "Client address");
	r->vault = read_vault_name(x);
	if (r->vault == NULL)
		r->vault = read_vault_host(x);
	r->object = secret_of_path(x, r->scope);
}

/* What Graph never says, and our server adds before it has its own denial
 * explained; an action of another service is another error's. */
void
read_graph(struct telling *x)
{
	const char *action = read_value(x, "Action");

	if (action == NULL ||
	    !slice_starts_case(slice_of(action), SLICE("microsoft.directory/")))
		return;
	x->r.action = action;
	x->r.scope = read_value(x, "Resource");
}

/* "does not have secrets get permission on key vault 'v;location=l'". The
 * words are apart in the clean text, and only there. */
void
read_vault_policy(struct telling *x)
{
	const struct slice before = SLICE("does not have ");
	struct slice rest = {x->text.flat, x->text.flat_length};
	struct slice kind, permission;
	size_t at = slice_find_case(rest, before);

	read_vault(x);
	if (at == SIZE_MAX)
		return;
	rest = slice_from(rest, at + before.length);
	if (!slice_cut(&rest, ' ', &kind) ||
	    !slice_cut(&rest, ' ', &permission) ||
	    !slice_starts_case(rest, SLICE("permission")) || kind.length > 32 ||
	    permission.length > 32)
		return;
	x->r.permission_on = tell_slice(&x->t, kind);
	x->r.permission = tell_slice(&x->t, permission);
}

void
read_vault_token(struct telling *x)
{
	read_vault(x);
	x->r.expected_value = read_after(x, "Expected one of ");
	if (x->r.expected_value == NULL)
		x->r.expected_value = read_after(x, "audience. Expected ");
	x->r.found_value = read_after(x, ", found: ");
	if (x->r.found_value == NULL)
		x->r.found_value = read_after(x, ", found ");
}

void
read_vault_object(struct telling *x)
{
	static const char *const words[] = {"(name/id) ",
	    "Deleted Secret not found: ", "vault.azure.net/secrets/",
	    "vault.azure.net:443/secrets/"};
	const char *name;
	struct slice rest, first;

	read_vault(x);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (x->r.object == NULL)
			x->r.object = read_after(x, words[i]);
	name = read_after(x, "Secret ");
	if (x->r.object == NULL && name != NULL &&
	    pasted_has(&x->text, "is currently in a deleted"))
		x->r.object = name;
	if (x->r.object == NULL)
		return;
	rest = slice_of(x->r.object);
	if (slice_cut(&rest, '/', &first))
		x->r.object = tell_slice(&x->t, first);
}

/* A GUID is the app id or, in older messages, the object id again; anything
 * else is a user's name. */
static void
read_client(struct telling *x)
{
	const char *client = read_after(x, "The client");
	size_t at = pasted_after(&x->text, "with object id", 0);
	struct guid id;

	read_id(x, at, &x->r.object_id, &x->r.object_id_start);
	if (client == NULL)
		return;
	if (!guid_parse(slice_of(client), &id)) {
		if (strchr(client, '@') != NULL)
			x->r.caller_name = client;
	} else if (!guid_eq(id, x->r.object_id)) {
		x->r.app_id = id;
	}
}

void
read_arm(struct telling *x)
{
	read_client(x);
	x->r.action = read_after(x, "perform action");
	x->r.scope = read_after(x, "over scope");
	if (x->r.scope == NULL)
		x->r.scope = read_after(x, "on scope");
	x->r.denial_id = read_after(x, "and Id");
}

void
read_arm_linked(struct telling *x)
{
	static const char *const words[] = {
	    "does not have permission to perform action(s)",
	    "does not have permission to perform action",
	    "permission to perform the following action(s)"};

	read_client(x);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (x->r.action == NULL)
			x->r.action = read_after(x, words[i]);
	x->r.scope = read_after(x, "on the linked scope(s)");
}

/* The URL of a request says the scope, and a job's URL the action. */
void
read_fabric(struct telling *x)
{
	const char *path = read_after(x, "api.fabric.microsoft.com/v1");
	size_t end;

	if (path == NULL)
		path = read_after(x, "api.fabric.microsoft.com:443/v1");
	if (path == NULL || path[0] != '/')
		return;
	end = slice_find_case(slice_of(path), SLICE("/jobs/"));
	if (end != SIZE_MAX) {
		x->r.action = "Microsoft.Fabric/workspaces/items/execute/"
			      "action";
		path = tell_slice(&x->t, slice_sub(slice_of(path), 0, end));
	}
	x->r.scope = path;
}

/* The account and the container of a URL. */
void
read_storage(struct telling *x)
{
	const struct slice hosts[] = {
	    SLICE(".blob.core.windows.net"), SLICE(".dfs.core.windows.net")};
	struct slice flat = {x->text.flat, x->text.flat_length};

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		size_t end = slice_find(flat, hosts[i]), from = end;

		if (end == SIZE_MAX)
			continue;
		while (from > 0 && flat.at[from - 1] != '/' &&
		    flat.at[from - 1] != ' ' && end - from < 24)
			from--;
		x->r.object =
		    tell_slice(&x->t, slice_sub(flat, from, end - from));
		return;
	}
}

void
read_entra(struct telling *x)
{
	size_t at = pasted_after(&x->text, "AADSTS", 0);
	struct guid id;

	pasted_number(&x->text, at, &x->r.number);
	if (x->r.number > 0 && x->r.number < 100000000)
		x->r.code = tell(&x->t, "AADSTS%u", (unsigned)x->r.number);
	if (!pasted_guid(
		&x->text, pasted_after(&x->text, "identifier", at), &id) &&
	    !pasted_guid(&x->text, pasted_after(&x->text, "app", at), &id) &&
	    !pasted_guid(
		&x->text, pasted_after(&x->text, "Application", at), &id))
		return;
	x->r.app_id = id;
}
