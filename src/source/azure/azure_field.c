#include "source/azure/azure_field.h"

#include <stdio.h>

/*
 * Tools flatten what services answer under "properties": a key is looked for
 * at the top and then there, so that both forms are one to the readers.
 */

struct origin
azure_origin(const struct azure *az, uint32_t line)
{
	return (struct origin){az->file, line};
}

static json_t *
present(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

json_t *
azure_field(const struct json_node *n, const char *key)
{
	json_t *value = present(n->value, key);

	if (value != NULL)
		return value;
	return present(json_object_get(n->value, "properties"), key);
}

/* The object of which 'key' is a member: the element or its properties. */
static struct json_node
holder_of(const struct json_node *n, const char *key)
{
	struct json_node properties;

	if (present(n->value, key) == NULL &&
	    json_node_member(n, "properties", &properties) &&
	    present(properties.value, key) != NULL)
		return properties;
	return *n;
}

void
azure_refuse(struct azure *az, uint32_t line, const char *format, ...)
{
	char message[512];
	va_list args;

	if (azure_failed(az))
		return;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	az->error = fault_set(
	    az->fault, ACTAS_EPARSE, az->file_name, line, "%s", message);
}

/* What a value is, in a few words. */
static void
describe(const json_t *value, char text[static 80])
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		snprintf(text, 80, "\"%.60s\"%s", json_string_value(value),
		    json_string_length(value) > 60 ? "…" : "");
		break;
	case JSON_INTEGER:
		snprintf(
		    text, 80, "%lld", (long long)json_integer_value(value));
		break;
	case JSON_REAL:
		snprintf(text, 80, "%g", json_real_value(value));
		break;
	case JSON_OBJECT:
	case JSON_ARRAY:
		snprintf(text, 80, "%s",
		    json_is_array(value) ? "a list" : "an object");
		break;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		snprintf(text, 80, "%s",
		    json_is_true(value)        ? "true"
			: json_is_false(value) ? "false"
					       : "null");
		break;
	}
}

void
azure_complain(struct azure *az, const struct json_node *n, const char *key,
    const char *expected)
{
	const json_t *value = azure_field(n, key);
	struct json_node holder;
	char found[80];

	if (azure_failed(az))
		return;
	if (value == NULL) {
		azure_refuse(az, n->line, "%s%s has no \"%s\": expected %s",
		    n->value == az->element ? "" : "an object inside ",
		    az->shape == NULL ? "an element" : az->shape->what, key,
		    expected);
		return;
	}
	holder = holder_of(n, key);
	describe(value, found);
	azure_refuse(az, json_node_line(&holder, key),
	    "\"%s\" is %s: expected %s", key, found, expected);
}

bool
azure_node(struct azure *az, const struct json_node *n, const char *key,
    struct json_node *found)
{
	const json_t *value = azure_field(n, key);
	struct json_node holder;

	*found = (struct json_node){.line = n->line};
	if (value == NULL)
		return false;
	if (!json_is_object(value)) {
		azure_complain(az, n, key, "an object");
		return false;
	}
	holder = holder_of(n, key);
	return json_node_member(&holder, key, found);
}

struct json_walk
azure_list(struct azure *az, const struct json_node *n, const char *key)
{
	const json_t *value = azure_field(n, key);
	struct json_node holder, found = {0};

	if (value != NULL && !json_is_array(value)) {
		azure_complain(az, n, key, "a list");
	} else if (json_array_size(value) > 0) {
		holder = holder_of(n, key);
		(void)json_node_member(&holder, key, &found);
	}
	return json_walk_start(&found);
}

struct slice
azure_text(struct azure *az, const struct json_node *n, const char *key)
{
	const json_t *value = azure_field(n, key);

	if (value == NULL)
		return SLICE("");
	if (!json_is_string(value)) {
		azure_complain(az, n, key, "text");
		return SLICE("");
	}
	return (struct slice){
	    json_string_value(value), json_string_length(value)};
}

struct slice
azure_need_text(struct azure *az, const struct json_node *n, const char *key,
    const char *expected)
{
	struct slice text = azure_text(az, n, key);

	if (text.length == 0)
		azure_complain(az, n, key, expected);
	return text;
}

string_id
azure_string(struct azure *az, const struct json_node *n, const char *key)
{
	return builder_string(az->b, azure_text(az, n, key));
}

struct guid
azure_guid(struct azure *az, const struct json_node *n, const char *key)
{
	const json_t *value = azure_field(n, key);
	struct guid id = {0};
	struct slice text;

	if (value == NULL)
		return id;
	text =
	    (struct slice){json_string_value(value), json_string_length(value)};
	/* Services write "" for an id that a thing of the kind lacks. */
	if (!json_is_string(value) ||
	    (text.length > 0 && !guid_parse(text, &id)))
		azure_complain(az, n, key, "a GUID");
	return id;
}

struct guid
azure_need_guid(struct azure *az, const struct json_node *n, const char *key)
{
	struct guid id = azure_guid(az, n, key);

	if (guid_is_nil(id))
		azure_complain(az, n, key,
		    azure_field(n, key) == NULL ||
			    json_string_length(azure_field(n, key)) == 0
			? "a GUID"
			: "a GUID that is not all zero");
	return id;
}

enum tri
azure_bool(struct azure *az, const struct json_node *n, const char *key)
{
	const json_t *value = azure_field(n, key);

	if (value == NULL)
		return UNSAID;
	if (!json_is_boolean(value))
		azure_complain(az, n, key, "true or false");
	return json_is_true(value) ? YES : NO;
}

moment
azure_moment(struct azure *az, const struct json_node *n, const char *key)
{
	const json_t *value = azure_field(n, key);
	moment when = MOMENT_UNKNOWN;

	if (value == NULL)
		return when;
	if (json_is_integer(value))
		return json_integer_value(value);
	if (!json_is_string(value) ||
	    !moment_parse((struct slice){json_string_value(value),
			      json_string_length(value)},
		&when))
		azure_complain(
		    az, n, key, "a date such as 2026-11-21T18:00:00Z");
	return when;
}
