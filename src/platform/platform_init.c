#include "platform/folder.h"
#include "platform/import.h"
#include "platform/shapes.h"

#include "journal/journal.h"
#include "keys/authority.h"

#include <errno.h>
#include <sys/stat.h>

/*
 * A platform made. Everything that it begins with is one revision of its
 * journal, and the estate of that revision is made once before the folder
 * gets its name: what cannot be served is never called a platform.
 */

#define OWNER             "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define VAULT_ADMIN       "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define GLOBAL_ADMIN      "62e90394-69f5-4237-9190-012177145e10"
#define ADMIN_SECRET_LIFE (365 * MOMENT_DAY)
#define DEFAULT_DOMAIN    "actas.localhost"

struct making {
	const struct platform_options *options;
	const struct platform_seed *seed;
	struct platform_made *made;
	struct fault *fault;
	const char *folder; /* for now */
	struct master *master;
	struct value_keys *value_keys;
	struct writes writes;
	moment now;
	char domain[256]; /* of user names */
};

void
platform_made_release(struct platform_made *made)
{
	new_credentials_release(&made->credentials);
	buffer_release(&made->told);
}

/* --- the tenant --- */

/* The domain of the first user name of the source. */
static void
find_domain(struct making *m)
{
	const struct estate *e = m->seed->estate;
	struct slice domain = SLICE(DEFAULT_DOMAIN);

	for (principal_id p = 0; e != NULL && p < e->principals.count; p++) {
		struct slice upn = estate_text(e, e->principals.at[p].upn);
		size_t at = slice_find(upn, SLICE("@"));

		if (at == SIZE_MAX || at + 1 == upn.length ||
		    upn.length - at > sizeof m->domain)
			continue;
		domain = slice_from(upn, at + 1);
		break;
	}
	memcpy(m->domain, domain.at, domain.length);
	m->domain[domain.length] = '\0';
}

static struct guid
new_id(struct making *m)
{
	return chance_guid(m->options->chance);
}

static enum actas_error
put(struct making *m, struct slice key, json_t *value)
{
	if (value == NULL)
		return ACTAS_ENOMEM;
	entity_put(&m->writes, key, value);
	json_decref(value);
	return m->writes.error;
}

static enum actas_error
put_tenant(struct making *m)
{
	const struct estate *e = m->seed->estate;
	const char *const *host = m->seed->hosts;
	char id[GUID_TEXT_LENGTH + 1];
	json_t *hosts = json_array();

	for (; host != NULL && *host != NULL; host++)
		if (json_array_append_new(hosts, json_string(*host)) != 0)
			m->writes.error = ACTAS_ENOMEM;
	m->made->tenant = e == NULL ? (struct guid){0} : e->tenant;
	if (guid_is_nil(m->made->tenant))
		m->made->tenant = new_id(m);
	if (guid_is_nil(m->made->tenant))
		m->writes.error = ACTAS_EIO;
	guid_format(m->made->tenant, id);
	return put(m, SLICE("tenant"),
	    json_pack("{s:s, s:s, s:s, s:o}", "id", id, "displayName",
		m->domain, "domain", m->domain, "hosts", hosts));
}

/* --- the first administrator --- */

static enum actas_error
put_role(struct making *m, struct guid principal, const char *role)
{
	struct shape_grant g = {.id = new_id(m),
	    .principal = principal,
	    .scope = "/",
	    .principal_type = "ServicePrincipal",
	    .condition = "",
	    .now = m->now};
	bool directory = strcmp(role, GLOBAL_ADMIN) == 0;
	struct entity_text text;

	(void)guid_parse(slice_of(role), &g.role);
	if (guid_is_nil(g.id))
		return ACTAS_EIO;
	if (directory)
		return put(m,
		    entity_guid_key(&text, ENTITY_DIRECTORY_ROLE, g.id),
		    shape_directory_assignment(&g));
	return put(m, entity_guid_key(&text, ENTITY_ASSIGNMENT, g.id),
	    shape_assignment(&g));
}

static enum actas_error
put_secret(struct making *m, struct guid application,
    const struct secret_bytes *secret)
{
	const struct shape_secret shape = {.name = "first administrator",
	    .starts = m->now,
	    .ends = m->now + ADMIN_SECRET_LIFE};
	char owner[GUID_TEXT_LENGTH + 1], key[GUID_TEXT_LENGTH + 1];
	struct guid key_id = new_id(m);
	struct entity_text text;

	if (guid_is_nil(key_id))
		return ACTAS_EIO;
	guid_format(application, owner);
	guid_format(key_id, key);
	return put(m,
	    entity_key(&text, ENTITY_CREDENTIAL, slice_of(owner), slice_of(key),
		SLICE("")),
	    shape_client_secret(&shape, m->master, secret));
}

static enum actas_error
put_objects(struct making *m, struct guid application,
    const struct new_credential *admin)
{
	struct shape_object o = {.id = application,
	    .app_id = admin->app_id,
	    .name = PLATFORM_ADMIN,
	    .purpose = "",
	    .home = "",
	    .now = m->now};
	struct entity_text text;
	enum actas_error error =
	    put(m, entity_guid_key(&text, ENTITY_APPLICATION, application),
		shape_application(&o));

	o.id = admin->object_id;
	if (error == ACTAS_OK)
		error = put(m,
		    entity_guid_key(
			&text, ENTITY_SERVICE_PRINCIPAL, admin->object_id),
		    shape_service_principal(&o, m->made->tenant));
	return error;
}

static enum actas_error
put_admin(struct making *m)
{
	static const char *const roles[] = {OWNER, VAULT_ADMIN, GLOBAL_ADMIN};
	struct new_credential admin = {
	    .app_id = new_id(m), .object_id = new_id(m)};
	struct guid application = new_id(m);
	enum actas_error error =
	    client_secret_new(m->options->chance, &admin.secret);

	new_credential_name(&admin, SLICE(PLATFORM_ADMIN));
	if (error == ACTAS_OK)
		error = vector_push(&m->made->credentials.at, admin);
	if (error != ACTAS_OK) {
		secret_bytes_release(&admin.secret);
		return error;
	}
	if (guid_is_nil(admin.app_id) || guid_is_nil(admin.object_id) ||
	    guid_is_nil(application))
		return ACTAS_EIO;
	error = put_objects(m, application, &admin);
	if (error == ACTAS_OK)
		error = put_secret(m, application, &admin.secret);
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (error == ACTAS_OK)
			error = put_role(m, admin.object_id, roles[i]);
	return error;
}

/* --- the first revision --- */

static enum actas_error
put_estate(struct making *m)
{
	if (m->seed->estate == NULL)
		return ACTAS_OK;
	return import_estate(&(struct import_options){.estate = m->seed->estate,
				 .master = m->master,
				 .value_keys = m->value_keys,
				 .chance = m->options->chance,
				 .now = m->now,
				 .tenant = m->made->tenant,
				 .domain = m->domain,
				 .writes = &m->writes},
	    &m->made->credentials, &m->made->told, m->fault);
}

static enum actas_error
write_journal(struct making *m, const char *path)
{
	const struct record first = {.revision = 1,
	    .at = m->now,
	    .actor = SLICE(""),
	    .request = SLICE(""),
	    .writes = m->writes.at.at,
	    .write_count = m->writes.at.count};
	struct journal *journal = NULL;
	enum actas_error error = journal_create(path, m->fault);

	if (error == ACTAS_OK)
		error = journal_open(path, &journal, m->fault);
	if (error != ACTAS_OK)
		return error;
	error = journal_append(journal, &first, 1, m->fault);
	journal_close(journal);
	return error;
}

/* What would be served can be read. */
static enum actas_error
check_state(struct making *m)
{
	const struct state *state = NULL;
	struct estate *estate = NULL;
	enum actas_error error = writes_apply(&m->writes, &state);

	if (error == ACTAS_OK)
		error = view_estate(state, 1, NULL, &estate, m->fault);
	estate_free(estate);
	state_release(state);
	return error;
}

static enum actas_error
put_all(struct making *m)
{
	enum actas_error error = put_tenant(m);

	if (error == ACTAS_OK)
		error = put_admin(m);
	if (error == ACTAS_OK)
		error = put_estate(m);
	if (error == ACTAS_OK)
		error = m->writes.error;
	return error == ACTAS_OK ? check_state(m) : error;
}

static enum actas_error
make_journal(struct making *m)
{
	struct buffer path = {0};
	enum actas_error error = put_all(m);

	buffer_addf(&path, "%s/platform.db", m->folder);
	if (error == ACTAS_OK)
		error = path.error;
	if (error == ACTAS_OK)
		error = write_journal(m, buffer_text(&path));
	buffer_release(&path);
	return error;
}

/* --- the folder --- */

static enum actas_error
make_audit(struct making *m)
{
	struct buffer path = {0};
	enum actas_error error;

	buffer_addf(&path, "%s/audit", m->folder);
	error = path.error;
	if (error == ACTAS_OK && mkdir(buffer_text(&path), S_IRWXU) != 0)
		error = fault_set(m->fault, ACTAS_EIO, m->folder, 0,
		    "the folder of the audit log cannot be made: %s",
		    strerror(errno));
	buffer_release(&path);
	return error;
}

static enum actas_error
fill_folder(struct making *m)
{
	static const char *const none[] = {NULL};
	const char *const *hosts =
	    m->seed->hosts == NULL ? none : m->seed->hosts;
	enum actas_error error =
	    master_create(m->folder, m->options->passphrase, m->fault);

	if (error == ACTAS_OK)
		error = master_open(
		    m->folder, m->options->passphrase, &m->master, m->fault);
	if (error == ACTAS_OK)
		error = slots_create(m->folder, m->fault);
	if (error == ACTAS_OK)
		error = value_keys_open(
		    m->folder, m->master, NULL, NULL, &m->value_keys, m->fault);
	if (error == ACTAS_OK)
		error = authority_create(m->folder, hosts, m->now, m->fault);
	if (error == ACTAS_OK)
		error = make_audit(m);
	if (error == ACTAS_OK)
		error = make_journal(m);
	value_keys_close(m->value_keys);
	if (m->master != NULL)
		master_close(m->master);
	return error;
}

enum actas_error
platform_init(const struct platform_options *options,
    const struct platform_seed *seed, struct platform_made *made,
    struct fault *fault)
{
	struct making m = {.options = options,
	    .seed = seed,
	    .made = made,
	    .fault = fault,
	    .now = options->clock.now(options->clock.context)};
	struct new_folder folder;
	enum actas_error error;

	*made = (struct platform_made){0};
	find_domain(&m);
	error = new_folder_begin(&folder, options->folder, fault);
	m.folder = folder.path;
	if (error == ACTAS_OK)
		error = fill_folder(&m);
	if (error == ACTAS_OK)
		error = new_folder_finish(&folder, fault);
	new_folder_release(&folder);
	writes_release(&m.writes);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}
