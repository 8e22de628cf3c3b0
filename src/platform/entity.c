#include "platform/entity.h"

/*
 * Keys are made of names that clients choose, so a name must not be able to
 * make the key of something else. Every kind has a fixed number of parts, no
 * part may be empty, and only where the part is itself a path may it hold a
 * '/'. What does not fit gives the empty key, which nothing has.
 */

static const struct {
	const char *name;
	uint8_t parts;
	bool is_path; /* the only part may hold '/' */
	bool as_written;
} kinds[ENTITIES] = {
    [ENTITY_TENANT] = {.name = "tenant"},
    [ENTITY_APPLICATION] = {.name = "application", .parts = 1},
    [ENTITY_SERVICE_PRINCIPAL] = {.name = "service-principal", .parts = 1},
    [ENTITY_USER] = {.name = "user", .parts = 1},
    [ENTITY_GROUP] = {.name = "group", .parts = 1},
    [ENTITY_MEMBER] = {.name = "member", .parts = 2},
    [ENTITY_OWNER] = {.name = "owner", .parts = 2},
    [ENTITY_CREDENTIAL] = {.name = "credential", .parts = 2},
    [ENTITY_FEDERATED] = {.name = "federated", .parts = 2},
    [ENTITY_USE] = {.name = "use", .parts = 1},
    [ENTITY_ROLE] = {.name = "role", .parts = 1},
    [ENTITY_ASSIGNMENT] = {.name = "assignment", .parts = 1},
    [ENTITY_DENY] = {.name = "deny", .parts = 1},
    [ENTITY_DIRECTORY_ROLE] = {.name = "directory-role", .parts = 1},
    [ENTITY_APP_ROLE] = {.name = "app-role", .parts = 2},
    [ENTITY_MANAGEMENT_GROUP] = {.name = "management-group", .parts = 1},
    [ENTITY_SUBSCRIPTION] = {.name = "subscription", .parts = 1},
    [ENTITY_RESOURCE_GROUP] = {.name = "resource-group", .parts = 2},
    [ENTITY_RESOURCE] = {.name = "resource", .parts = 1, .is_path = true},
    [ENTITY_VAULT] = {.name = "vault", .parts = 1},
    [ENTITY_DELETED_VAULT] = {.name = "deleted-vault", .parts = 1},
    [ENTITY_SECRET] = {.name = "secret", .parts = 2},
    [ENTITY_CURRENT] = {.name = "current", .parts = 2},
    [ENTITY_VERSION] = {.name = "version", .parts = 3},
    [ENTITY_SIGNING_KEY] = {.name = "signing-key", .parts = 1},
    [ENTITY_ANSWER] = {.name = "answer",
	.parts = 1,
	.is_path = true,
	.as_written = true},
};

const char *
entity_name(enum entity kind)
{
	return kinds[kind].name;
}

enum entity
entity_kind(struct slice key)
{
	struct slice rest = key, name;
	unsigned kind = 0;

	(void)slice_cut(&rest, '/', &name);
	while (kind < ENTITIES && !slice_eq(name, slice_of(kinds[kind].name)))
		kind++;
	return (enum entity)kind;
}

/* A key in the making; 'failed' sticks. */
struct making {
	char *at;
	size_t length;
	bool failed;
};

static void
add(struct making *m, struct slice text)
{
	if (m->failed || text.length > ENTITY_KEY_BYTES - m->length) {
		m->failed = true;
		return;
	}
	memcpy(m->at + m->length, text.at, text.length);
	m->length += text.length;
}

static bool
is_sound(struct slice part, bool is_path)
{
	for (size_t i = 0; i < part.length; i++) {
		if ((unsigned char)part.at[i] < ' ' || part.at[i] == 0x7f ||
		    (part.at[i] == '/' && !is_path))
			return false;
	}
	return part.length > 0;
}

static void
add_part(struct making *m, enum entity kind, struct slice part)
{
	bool is_path = kinds[kind].is_path;
	size_t from;

	if (is_path && slice_starts(part, SLICE("/")))
		part = slice_from(part, 1);
	m->failed |= part.length > ENTITY_KEY_BYTES || !is_sound(part, is_path);
	add(m, SLICE("/"));
	from = m->length;
	add(m, part);
	for (; from < m->length && !kinds[kind].as_written; from++)
		m->at[from] = ascii_lower(m->at[from]);
}

static struct slice
finish(const struct making *m)
{
	return m->failed ? SLICE("") : (struct slice){m->at, m->length};
}

struct slice
entity_key(struct entity_text *text, enum entity kind, struct slice a,
    struct slice b, struct slice c)
{
	const struct slice parts[] = {a, b, c};
	struct making m = {.at = text->at};

	add(&m, slice_of(kinds[kind].name));
	for (unsigned i = 0; i < 3; i++) {
		if (i < kinds[kind].parts)
			add_part(&m, kind, parts[i]);
		else
			m.failed |= parts[i].length > 0;
	}
	return finish(&m);
}

struct slice
entity_prefix(
    struct entity_text *text, enum entity kind, struct slice a, struct slice b)
{
	const struct slice parts[] = {a, b};
	struct making m = {.at = text->at};

	add(&m, slice_of(kinds[kind].name));
	for (unsigned i = 0; i < 2 && parts[i].length > 0; i++)
		add_part(&m, kind, parts[i]);
	m.failed |= a.length == 0 && b.length > 0;
	add(&m, SLICE("/"));
	return finish(&m);
}

struct slice
entity_guid_key(struct entity_text *text, enum entity kind, struct guid id)
{
	char part[GUID_TEXT_LENGTH + 1];

	guid_format(id, part);
	return entity_key(text, kind, slice_of(part), SLICE(""), SLICE(""));
}

struct slice
entity_last(struct slice key)
{
	size_t at = key.length;

	while (at > 0 && key.at[at - 1] != '/')
		at--;
	return slice_from(key, at);
}

json_t *
entity_parse(struct slice value)
{
	if (value.length == 0)
		return NULL;
	return json_loadb(value.at, value.length, 0, NULL);
}

json_t *
entity_get(const struct state *s, struct slice key)
{
	struct slice value;

	return state_get(s, key, &value) ? entity_parse(value) : NULL;
}

bool
entity_exists(const struct state *s, struct slice key)
{
	struct slice value;

	return key.length > 0 && state_get(s, key, &value);
}

void
entity_put(struct writes *w, struct slice key, const json_t *value)
{
	char *text;

	if (key.length == 0) {
		writes_fail(w, ACTAS_EUSAGE);
		return;
	}
	text = json_dumps(value, JSON_COMPACT);
	if (text == NULL) {
		writes_fail(w, ACTAS_ENOMEM);
		return;
	}
	writes_put(w, key, slice_of(text));
	mem_free(text);
}
