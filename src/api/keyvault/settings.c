#include "api/keyvault/settings.h"

#include <string.h>

/* The last second of the year 9999: what clients that read dates take. */
#define LAST_SECOND INT64_C(253402300799)

/* In characters, as the service counts. */
static size_t
characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool
is_text(const json_t *value, size_t most)
{
	return json_is_string(value) &&
	    strlen(json_string_value(value)) == json_string_length(value) &&
	    characters(json_string_value(value)) <= most;
}

static bool
is_said(const json_t *value)
{
	return value != NULL && !json_is_null(value);
}

static enum actas_error
read_content_type(
    const json_t *body, struct arena *arena, struct settings *settings)
{
	const json_t *value = json_object_get(body, "contentType");

	if (!is_said(value))
		return ACTAS_OK;
	if (!is_text(value, CONTENT_TYPE_MOST))
		return ACTAS_EPARSE;
	settings->content_type =
	    arena_text(arena, slice_of(json_string_value(value)));
	return settings->content_type == NULL ? ACTAS_ENOMEM : ACTAS_OK;
}

static bool
tags_are_sound(json_t *tags)
{
	const char *name;
	json_t *value;

	if (!json_is_object(tags) || json_object_size(tags) > TAGS_MOST)
		return false;
	json_object_foreach(
	    tags, name, value) if (characters(name) > TAG_NAME_MOST ||
	    !is_text(value, TAG_VALUE_MOST)) return false;
	return true;
}

static enum actas_error
read_tags(const json_t *body, struct arena *arena, struct settings *settings)
{
	json_t *tags = json_object_get(body, "tags");
	size_t length;
	char *text;

	if (!is_said(tags))
		return ACTAS_OK;
	if (!tags_are_sound(tags))
		return ACTAS_EPARSE;
	length = json_dumpb(tags, NULL, 0, JSON_COMPACT);
	text = arena_zero(arena, length + 1, 1);
	if (text == NULL || length == 0 ||
	    json_dumpb(tags, text, length, JSON_COMPACT) != length)
		return ACTAS_ENOMEM;
	settings->tags = text;
	return ACTAS_OK;
}

static bool
read_date(const json_t *attributes, const char *name, bool *says, int64_t *when)
{
	const json_t *value = json_object_get(attributes, name);

	*says = is_said(value);
	if (!*says)
		return true;
	*when = json_integer_value(value);
	return json_is_integer(value) && *when >= 0 && *when <= LAST_SECOND;
}

static enum actas_error
read_attributes(
    const json_t *body, struct arena *arena, struct settings *settings)
{
	const json_t *attributes = json_object_get(body, "attributes");
	const json_t *enabled = json_object_get(attributes, "enabled");

	(void)arena;
	if (!is_said(attributes))
		return ACTAS_OK;
	if (!json_is_object(attributes) ||
	    (is_said(enabled) && !json_is_boolean(enabled)) ||
	    !read_date(attributes, "nbf", &settings->says_not_before,
		&settings->not_before) ||
	    !read_date(
		attributes, "exp", &settings->says_expires, &settings->expires))
		return ACTAS_EPARSE;
	settings->says_enabled = is_said(enabled);
	settings->enabled = json_is_true(enabled);
	return ACTAS_OK;
}

enum actas_error
settings_read(const json_t *body, struct arena *arena,
    struct settings *settings, const char **wrong)
{
	static const struct {
		const char *name;
		enum actas_error (*read)(const json_t *body,
		    struct arena *arena, struct settings *settings);
	} members[] = {
	    {"contentType", read_content_type},
	    {"tags", read_tags},
	    {"attributes", read_attributes},
	};

	*settings = (struct settings){0};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		enum actas_error error = members[i].read(body, arena, settings);

		*wrong = error == ACTAS_EPARSE ? members[i].name : NULL;
		if (error != ACTAS_OK)
			return error;
	}
	return ACTAS_OK;
}

static int
put_tags(const struct settings *settings, json_t *version)
{
	if (settings->tags == NULL)
		return 0;
	return json_object_set_new(
	    version, "tags", json_loads(settings->tags, 0, NULL));
}

static int
put_type(const struct settings *settings, json_t *version)
{
	if (settings->content_type == NULL)
		return 0;
	return json_object_set_new(
	    version, "contentType", json_string(settings->content_type));
}

/* In the order in which the service writes them. */
static json_t *
merge_attributes(const struct settings *settings, const json_t *old,
    moment created, moment updated)
{
	json_t *made = json_object();
	bool enabled = settings->says_enabled
	    ? settings->enabled
	    : !json_is_false(json_object_get(old, "enabled"));
	json_t *nbf = json_object_get(old, "nbf");
	json_t *exp = json_object_get(old, "exp");
	json_t *since = json_object_get(old, "created");
	int failed =
	    json_object_set_new(made, "enabled", json_boolean(enabled));

	if (settings->says_not_before)
		failed |= json_object_set_new(
		    made, "nbf", json_integer(settings->not_before));
	else if (nbf != NULL)
		failed |= json_object_set(made, "nbf", nbf);
	if (settings->says_expires)
		failed |= json_object_set_new(
		    made, "exp", json_integer(settings->expires));
	else if (exp != NULL)
		failed |= json_object_set(made, "exp", exp);
	if (created != MOMENT_UNKNOWN || since == NULL)
		failed |= json_object_set_new(made, "created",
		    json_integer(
			created == MOMENT_UNKNOWN ? updated : created));
	else
		failed |= json_object_set(made, "created", since);
	failed |= json_object_set_new(made, "updated", json_integer(updated));
	if (failed == 0)
		return made;
	json_decref(made);
	return NULL;
}

enum actas_error
settings_put(const struct settings *settings, moment created, moment updated,
    json_t *version)
{
	json_t *attributes = merge_attributes(
	    settings, json_object_get(version, "attributes"), created, updated);

	if (attributes == NULL)
		return ACTAS_ENOMEM;
	if (json_object_set_new(version, "attributes", attributes) != 0 ||
	    put_type(settings, version) != 0 ||
	    put_tags(settings, version) != 0)
		return ACTAS_ENOMEM;
	return ACTAS_OK;
}
