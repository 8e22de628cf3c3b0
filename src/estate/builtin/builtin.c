#include "estate/builtin.h"

#include "estate/builtin/builtin_table.h"
#include "estate/private.h"

/*
 * The shipped roles, and those that are made when a source asks for them. A
 * made role is known by its name in its plane: asking again finds it. Its
 * name is canonical, so that "list, Get" and "get,list" are one role.
 */

#define SECRETS "Microsoft.KeyVault/vaults/secrets/"
#define BLOBS                                \
	"Microsoft.Storage/storageAccounts/" \
	"blobServices/containers/blobs/"
#define ITEMS "Microsoft.Fabric/workspaces/items/"

/* The parts of a list of patterns. A test sees to it that all fit. */
static uint32_t
split(const char *list, struct slice parts[static SHIPPED_PATTERNS])
{
	struct slice rest = slice_of(list), part;
	uint32_t count = 0;

	while (count < SHIPPED_PATTERNS && slice_cut(&rest, ' ', &part)) {
		if (part.length > 0)
			parts[count++] = part;
	}
	return count;
}

/* Appends the permission's row: its number. */
static uint32_t
add_permission(struct builder *b, const struct shipped_permission *p)
{
	struct slice actions[SHIPPED_PATTERNS], not_actions[SHIPPED_PATTERNS];
	struct slice data[SHIPPED_PATTERNS], not_data[SHIPPED_PATTERNS];
	struct permission_text text = {
	    .actions = actions,
	    .not_actions = not_actions,
	    .data_actions = data,
	    .not_data_actions = not_data,
	    .action_count = split(p->actions, actions),
	    .not_action_count = split(p->not_actions, not_actions),
	    .data_action_count = split(p->data_actions, data),
	    .not_data_action_count = split(p->not_data_actions, not_data),
	    .condition = slice_of(p->condition),
	};

	return builder_permissions(b, &text, 1);
}

static role_id
add_role(struct builder *b, const struct shipped_role *role)
{
	struct guid id = {0};
	role_id made;

	if (role->id != NULL)
		(void)guid_parse(slice_of(role->id), &id);
	made = builder_define(b, role->plane, id, slice_of(role->name), NULL, 0,
	    (struct origin){0});
	if (made == NONE)
		return NONE;
	b->roles.at[made].permissions = b->permissions.count;
	b->roles.at[made].permission_count = role->permission_count;
	for (uint32_t i = 0; i < role->permission_count; i++)
		(void)add_permission(b, &role->permissions[i]);
	b->roles.at[made].builtin = b->roles.at[made].shipped = 1;
	b->roles.at[made].usual = role->is_usual;
	return b->error == ACTAS_OK ? made : NONE;
}

void
builtin_add(struct builder *b)
{
	for (uint32_t i = 0; i < builtin_azure.count; i++) {
		if (builtin_azure.at[i].is_usual)
			(void)add_role(b, &builtin_azure.at[i]);
	}
	for (uint32_t i = 0; i < builtin_planes.count; i++)
		(void)add_role(b, &builtin_planes.at[i]);
}

void
builtin_add_rest(struct builder *b)
{
	for (uint32_t i = 0; i < builtin_azure.count; i++) {
		if (!builtin_azure.at[i].is_usual)
			(void)add_role(b, &builtin_azure.at[i]);
	}
}

role_id
builtin_by_id(struct builder *b, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	for (uint32_t i = 0; i < builtin_azure.count; i++) {
		if (strcmp(builtin_azure.at[i].id, text) == 0)
			return add_role(b, &builtin_azure.at[i]);
	}
	return NONE;
}

bool
builtin_id_of(struct slice name, struct guid *id)
{
	for (uint32_t i = 0; i < builtin_azure.count; i++) {
		if (slice_eq_case(slice_of(builtin_azure.at[i].name), name))
			return guid_parse(slice_of(builtin_azure.at[i].id), id);
	}
	return false;
}

/* A right that roles are made of; its place in a table is its bit. */
struct right {
	const char *name;
	const char *patterns;
};

/* Adds the names of the rights in 'set', the patterns of them to
 * 'patterns'. */
static void
put_together(const struct right *rights, uint32_t count, uint32_t set,
    const char *separator, struct buffer *name, struct buffer *patterns)
{
	for (uint32_t i = 0; i < count; i++) {
		if ((set & 1u << i) == 0)
			continue;
		if (name->length > 0)
			buffer_puts(name, separator);
		buffer_puts(name, rights[i].name);
		buffer_puts(patterns, rights[i].patterns);
		buffer_putc(patterns, ' ');
	}
}

/* Finds or makes the role; releases both buffers. */
static role_id
made_role(struct builder *b, enum plane plane, bool is_data,
    struct buffer *name, struct buffer *patterns)
{
	struct shipped_permission permission = {0};
	struct shipped_role role = {
	    .plane = plane, .permissions = &permission, .permission_count = 1};
	role_id found = NONE;

	if (name->error != ACTAS_OK || patterns->error != ACTAS_OK) {
		builder_fail(b, ACTAS_ENOMEM, (struct origin){0}, "%s",
		    actas_strerror(ACTAS_ENOMEM));
		goto out;
	}
	found = builder_role_by_name(b, plane, buffer_slice(name));
	if (found != NONE)
		goto out;
	role.name = buffer_text(name);
	if (is_data)
		permission.data_actions = buffer_text(patterns);
	else
		permission.actions = buffer_text(patterns);
	found = add_role(b, &role);
out:
	buffer_release(name);
	buffer_release(patterns);
	return found;
}

/* Secret permissions of an access policy (facts 2.2). */
static const struct right policy_rights[] = {
    {"get", SECRETS "getSecret/action"},
    {"list", SECRETS "readMetadata/action"},
    {"set", SECRETS "setSecret/action " SECRETS "update/action"},
    {"delete", SECRETS "delete"},
    {"recover", SECRETS "recover/action"},
    {"backup", SECRETS "backup/action"},
    {"restore", SECRETS "restore/action"},
    {"purge", SECRETS "purge/action"},
};

enum {
	POLICY_RIGHTS = sizeof policy_rights / sizeof policy_rights[0],
	POLICY_ALL = (1 << POLICY_RIGHTS) - 1
};

/* The bits of a permission's name, 0 for one that does not exist. */
static uint32_t
policy_bits(struct slice name)
{
	if (slice_eq_case(name, SLICE("all")))
		return POLICY_ALL;
	for (uint32_t i = 0; i < POLICY_RIGHTS; i++) {
		if (slice_eq_case(name, slice_of(policy_rights[i].name)))
			return 1u << i;
	}
	return 0;
}

role_id
builtin_policy(struct builder *b, const struct slice *permissions,
    uint32_t count, struct origin origin)
{
	struct buffer name = {0}, patterns = {0};
	uint32_t set = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct slice permission = slice_trim(permissions[i]);
		uint32_t bits = policy_bits(permission);

		if (bits == 0)
			builder_problem(b, PROBLEM_UNKNOWN_ROLE, permission,
			    origin, (struct origin){0},
			    "\"%.*s\" is no secret permission of an access "
			    "policy: expected get, list, set, delete, recover, "
			    "backup, restore, purge or all",
			    SLICE_ARGS(permission));
		set |= bits;
	}
	if (set == 0)
		return NONE;
	put_together(policy_rights, POLICY_RIGHTS, set, ", ", &name, &patterns);
	return made_role(b, PLANE_POLICY, true, &name, &patterns);
}

/* Verbs of a claimed right, in the order of its canonical name. */
enum verb { READ, LIST, WRITE, DELETE, VERBS };

/* What a right is to, and what its verbs then give. */
struct object {
	const char *name;
	const char *one; /* its other spelling */
	bool is_data;
	const char *separator;
	struct right rights[VERBS]; /* no name: no such right */
};

static const struct object objects[] = {
    {"Secrets", "Secret", true, ", ",
	{
	    [READ] = {"Get", SECRETS "getSecret/action"},
	    [LIST] = {"List", SECRETS "readMetadata/action"},
	    [WRITE] = {"Set",
		SECRETS "setSecret/action " SECRETS "update/action"},
	    [DELETE] = {"Delete", SECRETS "delete"},
	}},
    {"blobs", "blob", true, "/",
	{
	    [READ] = {"Read", BLOBS "read"},
	    [WRITE] = {"Write", BLOBS "write " BLOBS "add/action"},
	    [DELETE] = {"Delete", BLOBS "delete"},
	}},
    {"data", "data", false, "/",
	{
	    [READ] = {"Read", ITEMS "readData/action " ITEMS "readAll/action"},
	    [WRITE] = {"Write", ITEMS "writeAll/action"},
	}},
};

enum { OBJECTS = sizeof objects / sizeof objects[0] };

static const struct {
	const char *word;
	enum verb verb;
} verbs[] = {
    {"get", READ},
    {"read", READ},
    {"reads", READ},
    {"fetch", READ},
    {"list", LIST},
    {"set", WRITE},
    {"write", WRITE},
    {"writes", WRITE},
    {"update", WRITE},
    {"delete", DELETE},
};

/* The object that a bare verb is about at each kind of scope. A vault is
 * read in two senses, its properties and its secrets, so there it is open. */
static const uint8_t object_of[SCOPE_KINDS] = {
    [SCOPE_SECRET] = 1,
    [SCOPE_STORAGE_ACCOUNT] = 2,
    [SCOPE_CONTAINER] = 2,
    [SCOPE_BLOB] = 2,
    [SCOPE_WORKSPACE] = 3,
    [SCOPE_ITEM] = 3,
};

/* Objects that can be found at or below each kind of scope: a bit each. */
static const uint8_t objects_at[SCOPE_KINDS] = {
    [SCOPE_ROOT] = 7,
    [SCOPE_MANAGEMENT_GROUP] = 3,
    [SCOPE_SUBSCRIPTION] = 3,
    [SCOPE_RESOURCE_GROUP] = 3,
    [SCOPE_VAULT] = 1,
    [SCOPE_SECRET] = 1,
    [SCOPE_STORAGE_ACCOUNT] = 2,
    [SCOPE_CONTAINER] = 2,
    [SCOPE_BLOB] = 2,
    [SCOPE_WORKSPACE] = 4,
    [SCOPE_ITEM] = 4,
};

/* What has been read of a right: verbs as bits, object 1…, 0 none. */
struct claimed {
	uint32_t verbs;
	uint32_t object;
};

static bool
claimed_word(struct slice word, struct claimed *claimed)
{
	if (slice_eq_case(word, SLICE("and")))
		return true;
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (slice_eq_case(word, slice_of(verbs[i].word))) {
			claimed->verbs |= 1u << verbs[i].verb;
			return claimed->object == 0;
		}
	}
	for (uint32_t i = 0; i < OBJECTS; i++) {
		if (slice_eq_case(word, slice_of(objects[i].name)) ||
		    slice_eq_case(word, slice_of(objects[i].one))) {
			if (claimed->object != 0)
				return false;
			claimed->object = i + 1;
			return true;
		}
	}
	return false;
}

static bool
is_between_words(char c)
{
	return c == ' ' || c == '/' || c == ',' || c == '&' || c == '+';
}

/* Every word of the text is a verb or, behind them, the object. */
static bool
claimed_parse(struct slice text, struct claimed *claimed)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.length; i++) {
		if (i < text.length && !is_between_words(text.at[i]))
			continue;
		if (i > from &&
		    !claimed_word(slice_sub(text, from, i - from), claimed))
			return false;
		from = i + 1;
	}
	return claimed->verbs != 0;
}

role_id
builtin_claimed(struct builder *b, struct slice name, enum scope_kind kind,
    struct origin origin ACTAS_UNUSED)
{
	struct buffer text = {0}, patterns = {0};
	struct claimed claimed = {0};
	const struct object *object;

	if (!claimed_parse(slice_trim(name), &claimed))
		return NONE;
	if (claimed.object == 0)
		claimed.object = object_of[kind];
	if (claimed.object == 0 ||
	    (objects_at[kind] & 1u << (claimed.object - 1)) == 0)
		return NONE;
	object = &objects[claimed.object - 1];
	for (uint32_t i = 0; i < VERBS; i++) {
		if ((claimed.verbs & 1u << i) != 0 &&
		    object->rights[i].name == NULL)
			return NONE;
	}
	put_together(object->rights, VERBS, claimed.verbs, object->separator,
	    &text, &patterns);
	buffer_putc(&text, ' ');
	buffer_puts(&text, object->name);
	return made_role(b, PLANE_CLAIMED, object->is_data, &text, &patterns);
}
