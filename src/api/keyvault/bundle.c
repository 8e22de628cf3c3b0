#include "api/keyvault/bundle.h"

enum { DAYS_DEFAULT = 90 };

/* --- vault --- */

enum actas_error
vault_facts_read(
    const json_t *vault, struct arena *arena, struct vault_facts *facts)
{
	const json_t *properties = json_object_get(vault, "properties");
	const json_t *days =
	    json_object_get(properties, "softDeleteRetentionInDays");
	const struct {
		const char *member;
		const char **into;
	} texts[] = {
	    {"name", &facts->name},
	    {"location", &facts->location},
	    {"id", &facts->path},
	};

	*facts = (struct vault_facts){.recoverable_days = DAYS_DEFAULT};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *text =
		    json_string_value(json_object_get(vault, texts[i].member));

		*texts[i].into = arena_text(arena, slice_of(text));
		if (*texts[i].into == NULL)
			return ACTAS_ENOMEM;
	}
	if (json_is_integer(days) && json_integer_value(days) >= 1 &&
	    json_integer_value(days) <= DAYS_DEFAULT)
		facts->recoverable_days = (uint32_t)json_integer_value(days);
	facts->is_protected =
	    json_is_true(json_object_get(properties, "enablePurgeProtection"));
	facts->by_roles = json_is_true(
	    json_object_get(properties, "enableRbacAuthorization"));
	return ACTAS_OK;
}

const char *
vault_recovery_level(const struct vault_facts *facts)
{
	static const char *const levels[2][2] = {
	    {"Recoverable+Purgeable", "Recoverable"},
	    {"CustomizedRecoverable+Purgeable", "CustomizedRecoverable"},
	};

	return levels[facts->recoverable_days < DAYS_DEFAULT]
		     [facts->is_protected];
}

/* --- bundle --- */

struct making {
	json_t *bundle;
	bool failed;
};

static void
put(struct making *m, const char *name, json_t *value)
{
	m->failed |= json_object_set_new(m->bundle, name, value) != 0;
}

/* A member that the entity may lack. */
static void
put_stored(struct making *m, const char *name, const json_t *stored)
{
	json_t *value = json_object_get(stored, name);

	if (value != NULL)
		put(m, name, json_incref(value));
}

static void
put_deletion(struct making *m, const struct showing *how, const char *name,
    const struct deletion *deletion)
{
	if (deletion == NULL)
		return;
	put(m, "recoveryId",
	    json_sprintf("%s/deletedsecrets/%s", how->base, name));
	put(m, "deletedDate", json_integer(deletion->at));
	put(m, "scheduledPurgeDate", json_integer(deletion->purge_at));
}

static json_t *
attributes_make(const struct showing *how, const json_t *stored)
{
	static const char *const members[] = {
	    "enabled", "nbf", "exp", "created", "updated"};
	const json_t *from = json_object_get(stored, "attributes");
	struct making m = {.bundle = json_object()};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		put_stored(&m, members[i], from);
	put(&m, "recoveryLevel", json_string(vault_recovery_level(how->vault)));
	if (how->edition->tells_days)
		put(&m, "recoverableDays",
		    json_integer(how->vault->recoverable_days));
	if (!m.failed)
		return m.bundle;
	json_decref(m.bundle);
	return NULL;
}

json_t *
bundle_make(const struct showing *how, const char *name, struct slice version,
    const json_t *stored, const struct deletion *deletion)
{
	struct making m = {.bundle = json_object()};

	put_deletion(&m, how, name, deletion);
	put_stored(&m, "contentType", stored);
	put(&m, "id",
	    version.length == 0 ? json_sprintf("%s/secrets/%s", how->base, name)
				: json_sprintf("%s/secrets/%s/%.*s", how->base,
				      name, SLICE_ARGS(version)));
	put(&m, "attributes", attributes_make(how, stored));
	put_stored(&m, "tags", stored);
	if (how->edition->tells_previous && version.length > 0)
		put_stored(&m, "previousVersion", stored);
	if (!m.failed)
		return m.bundle;
	json_decref(m.bundle);
	return NULL;
}
