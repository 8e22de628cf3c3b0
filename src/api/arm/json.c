#include "api/arm/arm.h"

json_t *
arm_member(const json_t *object, const char *name)
{
	json_t *found = json_object_get(object, name), *value;
	const char *key;

	if (found == NULL) {
		/* Not changed: jansson walks no const object. */
		json_object_foreach((json_t *)(uintptr_t)object, key, value)
		{
			if (found == NULL &&
			    slice_eq_case(slice_of(key), slice_of(name)))
				found = value;
		}
	}
	return json_is_null(found) ? NULL : found;
}

struct slice
arm_text(const json_t *object, const char *name)
{
	const json_t *value = arm_member(object, name);

	return (struct slice){
	    json_string_value(value), json_string_length(value)};
}

json_t *
arm_properties(const json_t *object)
{
	json_t *properties = arm_member(object, "properties");

	return json_is_object(properties) ? properties : NULL;
}

json_t *
arm_json_text(struct slice text)
{
	return json_stringn(text.at == NULL ? "" : text.at, text.length);
}

json_t *
arm_json_guid(struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	return json_string(text);
}

json_t *
arm_json_moment(moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	moment_format(when, text);
	return json_sprintf("%.19s.0000000Z", text);
}

bool
arm_set(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0;
}

void
arm_reply(struct arm_call *c, uint32_t status, json_t *body)
{
	if (arm_is_refused(c)) {
		json_decref(body);
		return;
	}
	json_decref(c->reply);
	c->reply = body;
	c->status = body == NULL ? 500 : status;
}

void
arm_reply_list(struct arm_call *c, json_t *value)
{
	arm_reply(c, 200, json_pack("{s:o}", "value", value));
}

/* --- what most resources have --- */

enum { TAG_NAME_BYTES = 512, TAG_VALUE_BYTES = 256, LOCATION_BYTES = 90 };

static bool
tag_is_valid(const char *name, const json_t *value)
{
	return name[0] != '\0' && strlen(name) <= TAG_NAME_BYTES &&
	    (json_is_null(value) ||
		(json_is_string(value) &&
		    json_string_length(value) <= TAG_VALUE_BYTES));
}

json_t *
arm_tags(struct arm_call *c, uint32_t most)
{
	json_t *tags = arm_member(c->body, "tags"), *copy, *value;
	const char *name;

	if (tags == NULL)
		return json_object();
	if (!json_is_object(tags) || json_object_size(tags) > most) {
		arm_refuse(c, 400, "InvalidTags",
		    "Tags must be an object of at most %u members.", most);
		return NULL;
	}
	copy = json_object();
	json_object_foreach(tags, name, value)
	{
		if (!tag_is_valid(name, value))
			arm_refuse(c, 400, "InvalidTagNameOrValue",
			    "A tag's name must have 1 to %d characters, its "
			    "value must be text of at most %d.",
			    TAG_NAME_BYTES, TAG_VALUE_BYTES);
		else if (json_is_null(value))
			(void)arm_set(copy, name, json_string(""));
		else
			(void)json_object_set(copy, name, value);
	}
	if (arm_is_refused(c)) {
		json_decref(copy);
		return NULL;
	}
	return copy;
}

struct slice
arm_location(struct arm_call *c)
{
	struct slice text = arm_text(c->body, "location");
	char *folded = arena_zero(&c->x->arena, text.length + 1, 1);
	size_t n = 0;

	if (text.length == 0)
		arm_refuse(c, 400, "LocationRequired",
		    "The location property is required for this definition.");
	for (size_t i = 0; folded != NULL && i < text.length; i++) {
		char low = ascii_lower(text.at[i]);
		bool sound =
		    (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');

		if (sound)
			folded[n++] = low;
		else if (low != ' ' && low != '-')
			arm_refuse(c, 400, "LocationNotAvailable",
			    "The provided location '%.*s' is no name of a "
			    "location.",
			    SLICE_ARGS(text));
	}
	if (text.length > LOCATION_BYTES || (n == 0 && text.length > 0))
		arm_refuse(c, 400, "LocationNotAvailable",
		    "A location's name must have 1 to %d characters.",
		    LOCATION_BYTES);
	return arm_is_refused(c) ? (struct slice){0}
				 : (struct slice){folded, n};
}
