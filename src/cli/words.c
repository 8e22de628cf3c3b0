#include "cli/words.h"

#include <stdio.h>

static const char *
keep(struct cli *cli, struct buffer *text)
{
	const char *kept = NULL;

	if (text->error == ACTAS_OK)
		kept = arena_text(&cli->arena, buffer_slice(text));
	if (kept == NULL)
		fault_plain(&cli->fault, ACTAS_ENOMEM);
	buffer_release(text);
	return kept == NULL ? "" : kept;
}

const char *
word_principal(struct cli *cli, principal_id p)
{
	struct buffer text = {0};

	if (p == NONE)
		return "nobody known";
	estate_write_principal(cli->estate, p, &text);
	return keep(cli, &text);
}

const char *
word_kind(const struct cli *cli, principal_id p)
{
	return principal_kind_name(cli->estate->principals.at[p].kind);
}

const char *
word_scope(struct cli *cli, scope_id s)
{
	struct buffer text = {0};

	if (s == NONE)
		return "a scope that is not known";
	estate_write_scope(cli->estate, s, &text);
	return keep(cli, &text);
}

/* "Gold Warehouse" on a page is a warehouse without a name of its own: its
 * segment is its kind. */
static bool
is_nameless_item(const struct estate *e, scope_id s)
{
	const struct scope *row = &e->scopes.at[s];

	return row->kind == SCOPE_ITEM && row->name == 0 && row->type != 0 &&
	    row->segment == row->type && row->parent != 0;
}

static const char *
nameless_item(struct cli *cli, scope_id s)
{
	item_id item = estate_item_id(cli->estate, s);

	return word_format(cli, "the %s of %s",
	    item == NONE ? "item"
			 : item_kind_name(cli->estate->items.at[item].kind),
	    word_place(cli, cli->estate->scopes.at[s].parent));
}

const char *
word_place(struct cli *cli, scope_id s)
{
	if (s == NONE || s == 0)
		return s == 0 ? "the tenant" : word_scope(cli, s);
	if (is_nameless_item(cli->estate, s))
		return nameless_item(cli, s);
	return word_format(cli, "%s %s",
	    scope_kind_name(cli->estate->scopes.at[s].kind),
	    word_scope(cli, s));
}

/* Whether things of the kind are named inside what holds them. */
static bool
is_part(enum scope_kind kind)
{
	return kind == SCOPE_SECRET || kind == SCOPE_CONTAINER ||
	    kind == SCOPE_BLOB || kind == SCOPE_ITEM ||
	    kind == SCOPE_CONNECTION;
}

const char *
word_place_fully(struct cli *cli, scope_id s)
{
	const struct scope *row = &cli->estate->scopes.at[s];
	struct slice name =
	    estate_text(cli->estate, row->name != 0 ? row->name : row->segment);

	if (!is_part(row->kind) || row->parent == 0 ||
	    is_nameless_item(cli->estate, s))
		return word_place(cli, s);
	return word_format(cli, "%s %s of %s", scope_kind_name(row->kind),
	    name.at, word_place(cli, row->parent));
}

const char *
word_role(struct cli *cli, role_id r)
{
	const struct role *role = &cli->estate->roles.at[r];
	struct slice name = estate_text(cli->estate, role->name);
	char id[GUID_TEXT_LENGTH + 1];

	/* An interned text is followed by a NUL and lives with the estate. */
	if (name.length > 0 && role->plane == PLANE_POLICY)
		return word_format(cli, "access policy (%s)", name.at);
	if (name.length > 0)
		return name.at;
	guid_format(role->id, id);
	return word_format(cli, "role %s", id);
}

const char *
word_origin(struct cli *cli, struct origin origin)
{
	struct slice file = estate_text(cli->estate, origin.file);

	if (file.length == 0)
		return "";
	if (origin.line == 0)
		return file.at;
	return word_format(cli, "%s:%u", file.at, origin.line);
}

const char *
word_line(struct cli *cli, struct origin origin)
{
	const char *source = cli_source(cli);

	if (source == NULL || origin.line == 0 ||
	    !slice_eq(estate_text(cli->estate, origin.file), slice_of(source)))
		return word_origin(cli, origin);
	return word_format(cli, "line %u", origin.line);
}

const char *
word_format(struct cli *cli, const char *format, ...)
{
	struct buffer text = {0};
	char small[512];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (length >= 0 && (size_t)length < sizeof small) {
		buffer_puts(&text, small);
		return keep(cli, &text);
	}
	buffer_fill(&text, ' ', (size_t)length + 1);
	if (text.error == ACTAS_OK) {
		va_start(args, format);
		vsnprintf(text.at, (size_t)length + 1, format, args);
		va_end(args);
		text.length = (size_t)length;
	}
	return keep(cli, &text);
}

const char *
word_action(struct cli *cli, const struct action *action)
{
	if (action->operation != NULL && action->operation->phrase != NULL)
		return action->operation->phrase;
	return word_format(cli, "do %.*s", SLICE_ARGS(action->name));
}

const char *
word_count(struct cli *cli, uint64_t count, const char *one)
{
	return word_format(cli, "%llu %s%s", (unsigned long long)count, one,
	    count == 1 ? "" : "s");
}

/* In a row of a list, and as a sentence. */
static const struct {
	const char *brief, *sentence;
} reasons[REASONS] = {
    [REASON_GRANTED_BY_RBAC] = {"role", "a role assignment grants it"},
    [REASON_GRANTED_BY_ABAC] = {"role, condition",
	"a role assignment grants it, and its condition holds"},
    [REASON_GRANTED_BY_POLICY] = {"access policy",
	"the vault's access policy grants it"},
    [REASON_GRANTED_BY_FABRIC] = {"workspace role",
	"a workspace role grants it"},
    [REASON_GRANTED_BY_DEVOPS] = {"DevOps role", "a DevOps role grants it"},
    [REASON_GRANTED_BY_DIRECTORY] = {"directory role",
	"a directory role grants it"},
    [REASON_GRANTED_BY_CLAIM] = {"claim",
	"the page says so, without saying what grants it"},
    [REASON_NO_RBAC] = {"no role",
	"no role assignment at the scope or above it gives this action"},
    [REASON_DENY_ASSIGNMENT] = {"deny assignment",
	"a deny assignment takes it away, whatever the roles give"},
    [REASON_CONDITION] = {"condition fails",
	"a role assignment would grant it, but its condition does not hold"},
    [REASON_MISSING_ATTRIBUTE] = {"condition asks more",
	"a role assignment would grant it, but its condition asks about "
	"something that this request does not have"},
    [REASON_NO_POLICY] = {"no access policy",
	"the vault goes by access policies, and none gives this"},
    [REASON_OBO_REQUIRED] = {"only with a user",
	"the access policy only counts for an application on behalf of a "
	"user"},
    [REASON_NO_FABRIC_ROLE] = {"no workspace role",
	"no workspace role or item permission gives this"},
    [REASON_NO_DEVOPS_ROLE] = {"no DevOps role", "no DevOps role gives this"},
    [REASON_NO_DIRECTORY_ROLE] = {"no directory role",
	"no directory role and no ownership gives this"},
    [REASON_CONDITION_NOT_UNDERSTOOD] = {"condition not understood",
	"it depends on a condition that is not understood"},
    [REASON_DISPUTED] = {"disputed",
	"the source contradicts itself about the grant that would give this"},
    [REASON_MODEL_DISPUTED] = {"vault's model disputed",
	"the source does not settle whether the vault goes by roles or by "
	"access policies"},
    [REASON_WRONG_MODEL] = {"other model",
	"there is a grant, but of the permission model that the vault does "
	"not use"},
    [REASON_ELIGIBLE_ONLY] = {"eligible only",
	"the role is only eligible and has not been activated"},
    [REASON_DISABLED] = {"disabled", "the principal is disabled"},
    [REASON_MODEL_UNSAID] = {"vault's model unknown",
	"the source does not say whether the vault goes by roles or by access "
	"policies"},
};

const char *
word_reason(enum reason reason)
{
	return reasons[reason].sentence;
}

const char *
word_reason_short(enum reason reason)
{
	return reasons[reason].brief;
}

void
legend_add(struct legend *l, enum reason reason)
{
	l->told[reason] = l->any = true;
}

enum actas_error
legend_write(struct cli *cli, const struct legend *l)
{
	struct table table = {.columns = 2, .indent = 2};

	if (!l->any)
		return ACTAS_OK;
	text_newline(&cli->out);
	for (uint32_t i = 0; i < REASONS; i++) {
		if (!l->told[i])
			continue;
		table_cell(&table, STYLE_WARN, reasons[i].brief);
		table_cell(&table, STYLE_PLAIN, reasons[i].sentence);
	}
	return table_write(&table, &cli->out);
}

void
json_put_guid(struct json *j, const char *key, struct guid guid)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(guid, text);
	json_put_string(j, key, guid_is_nil(guid) ? NULL : text);
}

void
json_put_moment(struct json *j, const char *key, moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	if (when == MOMENT_UNKNOWN) {
		json_put_null(j, key);
		return;
	}
	moment_format(when, text);
	json_put_string(j, key, text);
}

/* Puts what a scratch buffer holds, and passes its error on. */
static void
put_scratch(struct json *j, const char *key, struct buffer *scratch)
{
	json_put_text(j, key, buffer_slice(scratch));
	if (scratch->error != ACTAS_OK)
		j->out->error = scratch->error;
	buffer_release(scratch);
}

void
json_put_principal(
    const struct estate *e, struct json *j, const char *key, principal_id p)
{
	const struct principal *row;
	struct buffer name = {0};

	if (p == NONE) {
		json_put_null(j, key);
		return;
	}
	row = &e->principals.at[p];
	estate_write_principal(e, p, &name);
	json_open_object(j, key);
	put_scratch(j, "name", &name);
	json_put_string(j, "kind", principal_kind_name(row->kind));
	json_put_guid(j, "objectId", row->object_id);
	json_put_guid(j, "appId", row->app_id);
	json_close(j);
}

void
json_put_scope(
    const struct estate *e, struct json *j, const char *key, scope_id s)
{
	struct buffer name = {0}, path = {0};

	if (s == NONE) {
		json_put_null(j, key);
		return;
	}
	estate_write_scope(e, s, &name);
	estate_write_path(e, s, &path);
	json_open_object(j, key);
	put_scratch(j, "name", &name);
	json_put_string(j, "kind", scope_kind_name(e->scopes.at[s].kind));
	put_scratch(j, "path", &path);
	json_close(j);
}

void
json_put_role(
    const struct estate *e, struct json *j, const char *key, role_id r)
{
	if (r == NONE)
		json_put_null(j, key);
	else
		json_put_text(j, key, estate_text(e, e->roles.at[r].name));
}

void
json_put_origin(const struct estate *e, struct json *j, struct origin origin)
{
	struct slice file = estate_text(e, origin.file);

	if (file.length == 0)
		json_put_null(j, "file");
	else
		json_put_text(j, "file", file);
	if (origin.line == 0)
		json_put_null(j, "line");
	else
		json_put_number(j, "line", origin.line);
}

enum actas_error
json_send(struct cli *cli, struct buffer *written)
{
	enum actas_error error = written->error;

	if (error == ACTAS_OK)
		output_raw(&cli->out, buffer_slice(written));
	buffer_release(written);
	return error;
}
