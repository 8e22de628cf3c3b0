#include "platform/import/import_private.h"

#include <stdio.h>

/*
 * The import as a whole, and what all of its parts use. A part never stops
 * at what a platform cannot hold: it leaves that out and tells it in a line,
 * so that one odd name does not keep a whole estate out.
 */

/* --- errors and lines --- */

void
import_fail(struct import *im, enum actas_error error)
{
	if (im->error == ACTAS_OK)
		im->error = error;
}

void
import_tell(struct import *im, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_addv(im->told, format, args);
	va_end(args);
	buffer_putc(im->told, '\n');
	import_fail(im, im->told->error);
}

void
import_put(struct import *im, struct slice key, json_t *value, const char *what)
{
	if (value == NULL)
		import_fail(im, ACTAS_ENOMEM);
	else if (key.length == 0)
		import_tell(im,
		    "%s: its name cannot be that of anything on a "
		    "platform, so it was left out",
		    what);
	else if (im->error == ACTAS_OK)
		entity_put(im->writes, key, value);
	json_decref(value);
}

/* --- texts in the arena --- */

/* The text, or "" and the error. */
static const char *
kept(struct import *im, const char *text)
{
	if (text == NULL)
		import_fail(im, ACTAS_ENOMEM);
	return text == NULL ? "" : text;
}

void *
import_zero(struct import *im, size_t count, size_t size)
{
	void *at = arena_zero(&im->arena, count + 1, size);

	if (at == NULL)
		import_fail(im, ACTAS_ENOMEM);
	return at;
}

const char *
import_text(struct import *im, const char *format, ...)
{
	struct buffer text = {0};
	const char *copy;
	va_list args;

	va_start(args, format);
	buffer_addv(&text, format, args);
	va_end(args);
	import_fail(im, text.error);
	copy = kept(im, arena_text(&im->arena, buffer_slice(&text)));
	buffer_release(&text);
	return copy;
}

const char *
import_guid(struct import *im, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	return kept(im, arena_text(&im->arena, slice_of(text)));
}

const char *
import_moment(struct import *im, moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	moment_format(when, text);
	return kept(im, arena_text(&im->arena, slice_of(text)));
}

const char *
import_string(struct import *im, string_id id)
{
	/* Interned text is followed by a NUL. */
	return id == 0 ? "" : estate_text(im->e, id).at;
}

/* A name for a line: what would end it becomes a blank. */
static const char *
line_of(struct import *im, struct buffer *text)
{
	char *copy = NULL;

	if (text->error == ACTAS_OK)
		copy = arena_text(&im->arena, buffer_slice(text));
	buffer_release(text);
	for (char *c = copy; c != NULL && *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	return kept(im, copy);
}

const char *
import_principal(struct import *im, principal_id p)
{
	struct buffer name = {0};

	estate_write_principal(im->e, p, &name);
	return line_of(im, &name);
}

const char *
import_scope(struct import *im, scope_id s)
{
	struct buffer name = {0};

	if (s == 0)
		return "the tenant";
	estate_write_scope(im->e, s, &name);
	return line_of(im, &name);
}

const char *
import_role(struct import *im, role_id r)
{
	struct buffer name = {0};

	buffer_add(&name, estate_text(im->e, im->e->roles.at[r].name));
	if (name.length == 0)
		buffer_puts(&name, import_guid(im, im->e->roles.at[r].id));
	return line_of(im, &name);
}

/* --- ids --- */

struct guid
import_id(struct import *im)
{
	struct guid id = chance_guid(im->chance);

	if (guid_is_nil(id) && im->error == ACTAS_OK)
		im->error = fault_set(im->fault, ACTAS_EIO, NULL, 0,
		    "the system gives no random bytes");
	return id;
}

/* --- which grants are brought in --- */

bool
import_holds(struct import *im, const struct assignment *a)
{
	const char *why = NULL;

	if (a->flags & ASSIGNMENT_DISPUTED)
		why = "the source contradicts itself about it";
	else if (guid_is_nil(im->people[a->principal].object_id))
		why = "nothing says who that is";
	if (why != NULL)
		import_tell(im, "%s: %s on %s was left out: %s",
		    import_principal(im, a->principal),
		    import_role(im, a->role), import_scope(im, a->scope), why);
	return why == NULL;
}

/* --- what no platform keeps --- */

static void
tell_rest(struct import *im)
{
	static const char gone[] =
	    "was left out: it is no access, and stays where it is written";
	const struct estate *e = im->e;
	const struct {
		uint32_t count;
		const char *what;
	} rest[] = {
	    {e->usages.count, "who uses which secret"},
	    {e->plans.count, "how credentials are rotated"},
	    {e->needs.count, "what items need to do their work"},
	    {e->activities.count, "which pipeline starts which"},
	    {e->ownerships.count, "who owns items of a kind at large"},
	    {e->policies.count, "key rules"},
	    {e->settings.count, "settings of rules"},
	};

	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
		if (rest[i].count > 0)
			import_tell(im, "%s (%u) %s", rest[i].what,
			    rest[i].count, gone);
}

static void
release(struct import *im)
{
	vector_release(&im->apps);
	vector_release(&im->assigned);
	vector_release(&im->made_groups);
	index_release(&im->assignment_ids);
	index_release(&im->vaults);
	index_release(&im->groups);
	index_release(&im->homes);
	arena_release(&im->arena);
}

enum actas_error
import_estate(const struct import_options *options,
    struct new_credentials *credentials, struct buffer *told,
    struct fault *fault)
{
	static void (*const parts[])(struct import * im) = {import_people,
	    import_credentials, import_roles, import_places, import_vaults,
	    import_access, import_fabric, import_devops, tell_rest};
	struct import im = {.e = options->estate,
	    .master = options->master,
	    .value_keys = options->value_keys,
	    .chance = options->chance,
	    .now = options->now,
	    .tenant = options->tenant,
	    .domain = options->domain,
	    .writes = options->writes,
	    .credentials = credentials,
	    .told = told,
	    .fault = fault};

	im.now_text = import_moment(&im, im.now);
	im.tenant_text = import_guid(&im, im.tenant);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (im.error == ACTAS_OK)
			parts[i](&im);
	release(&im);
	return im.error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, im.error);
}
