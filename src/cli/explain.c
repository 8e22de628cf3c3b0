#include "cli/answer.h"

#include <errno.h>
#include <unistd.h>

/* Where a step begins, and where the text behind its number stands: there
 * begins a command that people copy. */
#define STEP_COLUMN    12
#define COMMAND_COLUMN 15

static const struct cli_option options[] = {
    {OPTION_EXPECT, 'e', "expect", "PRINCIPAL", NULL,
	"who you thought was acting"},
    {OPTION_TODAY, 0, "today", "DATE", NULL,
	"judge a token's dates as of this date"},
    OPTION_ROW_JSON,
    OPTION_ROWS_COMMON,
    OPTION_END,
};

/* What was explained, and what people expected. */
struct paste {
	struct explanation found;
	principal_id expected;
};

static const char *
form_name(enum explain_form form)
{
	static const char *const names[EXPLAIN_FORMS] = {
	    [EXPLAIN_NOT_UNDERSTOOD] = "not-understood",
	    [EXPLAIN_VAULT_RBAC] = "key-vault-rbac",
	    [EXPLAIN_VAULT_POLICY] = "key-vault-access-policy",
	    [EXPLAIN_VAULT_OBO] = "key-vault-on-behalf-of",
	    [EXPLAIN_VAULT_FIREWALL] = "key-vault-firewall",
	    [EXPLAIN_VAULT_CONNECTION] = "key-vault-connection",
	    [EXPLAIN_VAULT_TOKEN] = "key-vault-token",
	    [EXPLAIN_VAULT_OBJECT] = "key-vault-object",
	    [EXPLAIN_ARM] = "resource-manager",
	    [EXPLAIN_STORAGE] = "storage",
	    [EXPLAIN_GRAPH] = "graph",
	    [EXPLAIN_FABRIC] = "fabric",
	    [EXPLAIN_ENTRA] = "entra",
	    [EXPLAIN_TOKEN] = "token",
	};

	return names[form];
}

static const char *
matched_name(enum matched_by by)
{
	static const char *const names[] = {
	    [MATCHED_BY_NOTHING] = NULL,
	    [MATCHED_BY_OBJECT_ID] = "object id",
	    [MATCHED_BY_APP_ID] = "app id",
	    [MATCHED_BY_RESOURCE] = "resource of a managed identity",
	    [MATCHED_BY_NAME] = "name",
	};

	return names[by];
}

static const char *
guid_text(struct cli *cli, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	return word_format(cli, "%s", text);
}

/* What the text itself says of the caller, for one that nobody knows. */
static const char *
caller_text(struct cli *cli, const struct caller *c)
{
	const char *text = c->name == NULL ? "" : c->name;

	if (!guid_is_nil(c->object_id))
		text = word_format(cli, "%s%sobject id %s", text,
		    text[0] == '\0' ? "" : ", ", guid_text(cli, c->object_id));
	if (!guid_is_nil(c->app_id))
		text = word_format(cli, "%s%sapp id %s", text,
		    text[0] == '\0' ? "" : ", ", guid_text(cli, c->app_id));
	return text;
}

static void
write_caller(struct cli *cli, const struct caller *c)
{
	const char *text = caller_text(cli, c);

	if (c->principal != NONE) {
		text_label(&cli->out, "who", STYLE_BOLD,
		    word_format(cli, "%s (%s, by its %s)",
			word_principal(cli, c->principal),
			word_kind(cli, c->principal),
			matched_name(c->matched_by)));
		if (text[0] != '\0')
			text_label(&cli->out, "", STYLE_DIM, text);
	} else if (text[0] != '\0') {
		text_label(&cli->out, "who", STYLE_BOLD,
		    cli_has_source(cli)
			? word_format(
			      cli, "%s; the source does not know it", text)
			: text);
	}
	if (c->identity_of != NULL)
		text_label(&cli->out, "", STYLE_PLAIN,
		    word_format(
			cli, "the managed identity of %s", c->identity_of));
	if (!guid_is_nil(c->tenant))
		text_label(&cli->out, "tenant", STYLE_PLAIN,
		    guid_text(cli, c->tenant));
}

static void
write_list(struct cli *cli, const char *label, const char *const *texts,
    uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		text_label(
		    &cli->out, i == 0 ? label : "", STYLE_PLAIN, texts[i]);
}

/* Numbered where there are several: the first is the smallest. A command at
 * its end stands on a line of its own that nothing breaks, to be copied. */
static void
write_step(struct cli *cli, const char *label, const char *step)
{
	size_t at = slice_find(slice_of(step), SLICE(": az "));

	text_to(&cli->out, 2);
	text_puts(&cli->out, STYLE_DIM, label);
	text_to(&cli->out, STEP_COLUMN);
	text_flow(&cli->out, STYLE_GOOD, COMMAND_COLUMN,
	    at == SIZE_MAX ? step : word_format(cli, "%.*s:", (int)at, step));
	text_newline(&cli->out);
	if (at == SIZE_MAX)
		return;
	text_to(&cli->out, COMMAND_COLUMN);
	text_puts(&cli->out, STYLE_BOLD, step + at + strlen(": "));
	text_newline(&cli->out);
}

static void
write_steps(struct cli *cli, const struct explanation *x)
{
	for (uint32_t i = 0; i < x->step_count; i++)
		write_step(cli, i == 0 ? "do" : "",
		    x->step_count == 1
			? x->steps[i]
			: word_format(cli, "%u. %s", i + 1, x->steps[i]));
}

static void
write_decision(struct cli *cli, const struct explanation *x)
{
	if (x->decided)
		text_label(&cli->out, "now",
		    x->decision.allowed ? STYLE_GOOD : STYLE_BAD,
		    word_format(cli, "by the source it is %s: %s (%s)",
			x->decision.allowed ? "allowed" : "denied",
			word_reason(x->decision.reason),
			reason_name(x->decision.reason)));
}

static void
write_text(struct cli *cli, const struct paste *c)
{
	const struct explanation *x = &c->found;
	char expires[MOMENT_TEXT_LENGTH + 1];

	text_flow(&cli->out, STYLE_BOLD, 0, x->headline);
	text_newline(&cli->out);
	if (x->code[0] != '\0')
		text_label(&cli->out, "error", STYLE_PLAIN,
		    word_format(cli, "%s%s%s", x->code,
			x->inner_code[0] == '\0' ? "" : " / ", x->inner_code));
	write_caller(cli, &x->caller);
	if (x->action != NULL)
		text_label(&cli->out, "action", STYLE_PLAIN, x->action);
	if (x->scope_text != NULL)
		text_label(&cli->out, "scope", STYLE_PLAIN, x->scope_text);
	if (x->token_expires != MOMENT_UNKNOWN) {
		moment_format(x->token_expires, expires);
		text_label(&cli->out, "expires", STYLE_PLAIN, expires);
	}
	write_list(cli, "why", x->reasons, x->reason_count);
	write_decision(cli, x);
	write_steps(cli, x);
}

static void
put_caller(const struct estate *e, struct json *j, const struct caller *c)
{
	json_open_object(j, "caller");
	json_put_principal(e, j, "principal", c->principal);
	json_put_string(j, "matchedBy", matched_name(c->matched_by));
	json_put_string(j, "name", c->name);
	json_put_guid(j, "objectId", c->object_id);
	json_put_guid(j, "appId", c->app_id);
	json_put_guid(j, "tenantId", c->tenant);
	json_put_string(j, "identityOf", c->identity_of);
	if (c->is_app == UNSAID)
		json_put_null(j, "isApp");
	else
		json_put_flag(j, "isApp", c->is_app == YES);
	json_close(j);
}

static void
put_decision(struct json *j, const struct explanation *x)
{
	if (!x->decided) {
		json_put_null(j, "decision");
		json_put_null(j, "reason");
		return;
	}
	json_put_string(j, "decision", x->decision.allowed ? "allow" : "deny");
	json_put_string(j, "reason", reason_name(x->decision.reason));
}

static enum actas_error
write_json(struct cli *cli, const struct paste *c)
{
	const struct explanation *x = &c->found;
	const struct estate *e = cli->estate;
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_put_string(&j, "form", form_name(x->form));
	json_put_string(&j, "headline", x->headline);
	json_put_string(&j, "code", x->code);
	json_put_string(&j, "innerCode", x->inner_code);
	put_caller(e, &j, &x->caller);
	json_put_principal(e, &j, "expected", c->expected);
	json_put_string(&j, "action", x->action);
	json_put_string(&j, "scopeText", x->scope_text);
	json_put_scope(e, &j, "scope", x->scope);
	put_decision(&j, x);
	answer_put_remedies(e, &j, "missing", x->remedies, x->remedy_count);
	json_put_strings(&j, "reasons", x->reasons, x->reason_count);
	json_put_strings(&j, "steps", x->steps, x->step_count);
	json_put_moment(&j, "tokenExpires", x->token_expires);
	json_put_number(&j, "revision", e->revision);
	json_close(&j);
	return json_send(cli, &text);
}

static enum actas_error
read_text(struct cli *cli, struct buffer *text)
{
	const char *path =
	    cli->arguments.operand_count > 0 ? cli->arguments.operands[0] : "-";
	struct reader r;
	enum actas_error error = reader_open(&r, path, &cli->fault);

	if (error != ACTAS_OK)
		return error;
	if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO)) {
		text_puts(&cli->out, STYLE_DIM,
		    "Paste the error or token, then press Control-D:");
		text_newline(&cli->out);
		output_flush(&cli->out);
	}
	error = reader_all(&r, text, LIMIT_PASTE_BYTES, &cli->fault);
	reader_close(&r);
	return error;
}

static enum actas_error
find_expected(struct cli *cli, principal_id *expected)
{
	const char *name = cli->arguments.values[OPTION_EXPECT];

	if (name == NULL)
		return ACTAS_OK;
	if (!cli_has_source(cli))
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--expect needs a source (-s) to look '%s' up in", name);
	return estate_find_principal(
	    cli->estate, slice_of(name), expected, &cli->fault);
}

static enum actas_error
write_case(struct cli *cli, const struct paste *c)
{
	bool json = cli_has(cli, OPTION_JSON);

	if (c->found.form == EXPLAIN_NOT_UNDERSTOOD && !json)
		return fault_set(&cli->fault, ACTAS_EPARSE, NULL, 0,
		    "no known error and no token is in the text: give all of "
		    "it, with its code or as the JSON that it came in");
	if (c->found.form == EXPLAIN_NOT_UNDERSTOOD)
		cli->status = STATUS_TROUBLE;
	if (json)
		return write_json(cli, c);
	write_text(cli, c);
	return ACTAS_OK;
}

static enum actas_error
run(struct cli *cli)
{
	struct paste c = {.expected = NONE};
	struct buffer text = {0};
	const char *today = cli->arguments.values[OPTION_TODAY];
	moment now = cli->clock.now(cli->clock.context);
	enum actas_error error;

	if (today != NULL && !moment_parse(slice_of(today), &now))
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--today is a date such as 2026-11-21, not '%s'", today);
	error = cli_has_source(cli) ? cli_load(cli) : cli_load_nothing(cli);
	if (error == ACTAS_OK)
		error = find_expected(cli, &c.expected);
	progress_stop(&cli->progress);
	if (error == ACTAS_OK)
		error = read_text(cli, &text);
	if (error == ACTAS_OK)
		error = explain(cli->estate, buffer_slice(&text), c.expected,
		    now, &cli->arena, &c.found);
	if (error == ACTAS_OK)
		error = write_case(cli, &c);
	/* It may have held a token. */
	if (text.at != NULL)
		explicit_bzero(text.at, text.capacity);
	buffer_release(&text);
	return error;
}

const struct command command_explain = {
    .name = "explain",
    .operands = "[FILE]",
    .summary = "what does this error or token say, and what to do",
    .about =
	"Reads an error text, an error body or a token from FILE or standard "
	"input: a 403 of Key Vault, Resource Manager, Graph, Fabric or "
	"Storage, an AADSTS error, or a JSON Web Token, in any mixture of log "
	"lines. Says who acted, what it wanted, why it was denied and the "
	"smallest fix. A token is read and never believed, repeated or "
	"kept.\n"
	"Without a source it says what the text alone reveals.",
    .examples = "actas explain error.txt -s access.md\n"
		"actas explain --expect sp-worker -s access.md < error.json",
    .options = options,
    .operands_least = 0,
    .operands_most = 1,
    .run = run,
};
