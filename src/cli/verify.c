#include "cli/running.h"
#include "cli/words.h"

#include "journal/audit.h"
#include "journal/journal.h"

static const struct cli_option options[] = {
    {OPTION_AUDIT_AFTER, 0, "audit-after", "HASH", NULL,
	"older days of the audit log were taken away: the hash of their last "
	"line"},
    OPTION_ROW_JSON,
    OPTION_ROW_DIRECTORY,
    OPTION_ROW_COLOR,
    OPTION_ROW_HELP,
    OPTION_END,
};

struct result {
	struct verification_report journal;
	uint64_t lines; /* of the audit log */
	struct fault broken_journal, broken_audit;
};

static bool
holds(const struct fault *f)
{
	return f->error == ACTAS_OK;
}

/* A chain that does not hold is an answer; anything else is trouble. */
static enum actas_error
check(struct cli *cli, const char *folder, struct result *r)
{
	const char *database =
	    arena_printf(&cli->arena, "%s/platform.db", folder);
	const char *log = arena_printf(&cli->arena, "%s/audit", folder);
	const char *after = cli->arguments.values[OPTION_AUDIT_AFTER];
	enum actas_error error;

	if (database == NULL || log == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	error = journal_verify(database, &r->journal, &r->broken_journal);
	if (error == ACTAS_OK || error == ACTAS_EPARSE)
		error = audit_verify(
		    log, slice_of(after), &r->lines, &r->broken_audit);
	else
		cli->fault = r->broken_journal;
	if (error == ACTAS_OK || error == ACTAS_EPARSE)
		return ACTAS_OK;
	if (holds(&cli->fault))
		cli->fault = r->broken_audit;
	return error;
}

static void
put_fault(struct json *j, const char *key, const struct fault *f)
{
	if (holds(f)) {
		json_put_null(j, key);
		return;
	}
	json_open_object(j, key);
	json_put_string(j, "file", f->file);
	json_put_number(j, "line", f->line);
	json_put_string(j, "message", f->message);
	json_close(j);
}

static enum actas_error
write_json(struct cli *cli, const struct result *r)
{
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_put_flag(
	    &j, "holds", holds(&r->broken_journal) && holds(&r->broken_audit));
	json_put_number(&j, "revisions", r->journal.revisions);
	json_put_number(&j, "entities", r->journal.entities);
	json_put_string(&j, "head", r->journal.head);
	json_put_number(&j, "auditLines", r->lines);
	put_fault(&j, "journal", &r->broken_journal);
	put_fault(&j, "audit", &r->broken_audit);
	json_close(&j);
	return json_send(cli, &text);
}

static void
write_part(
    struct cli *cli, const char *name, const struct fault *f, const char *good)
{
	struct output *o = &cli->out;

	text_puts(o, holds(f) ? STYLE_GOOD : STYLE_BAD,
	    holds(f) ? "HOLDS" : "BROKEN");
	text_to(o, 8);
	text_puts(o, STYLE_BOLD, name);
	text_newline(o);
	text_label(o, "", STYLE_PLAIN, holds(f) ? good : f->message);
	if (!holds(f) && f->file[0] != '\0')
		text_label(o, "where", STYLE_PLAIN,
		    f->line == 0
			? f->file
			: arena_printf(&cli->arena, "%s:%u", f->file, f->line));
}

static enum actas_error
write_text(struct cli *cli, const struct result *r)
{
	const char *journal = arena_printf(&cli->arena,
	    "%llu revisions, %llu entities; the newest hash is %s",
	    (unsigned long long)r->journal.revisions,
	    (unsigned long long)r->journal.entities, r->journal.head);
	const char *audit = arena_printf(
	    &cli->arena, "%llu lines", (unsigned long long)r->lines);

	if (journal == NULL || audit == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	write_part(cli, "journal", &r->broken_journal, journal);
	write_part(cli, "audit log", &r->broken_audit, audit);
	return ACTAS_OK;
}

static enum actas_error
run(struct cli *cli)
{
	struct result r = {0};
	const char *folder;
	enum actas_error error = running_folder(cli, &folder);

	if (error == ACTAS_OK)
		error = check(cli, folder, &r);
	if (error == ACTAS_OK)
		error = cli_has(cli, OPTION_JSON) ? write_json(cli, &r)
						  : write_text(cli, &r);
	if (error == ACTAS_OK)
		cli->status = holds(&r.broken_journal) && holds(&r.broken_audit)
		    ? STATUS_YES
		    : STATUS_NO;
	return error;
}

const struct command command_verify = {
    .name = "verify",
    .operands = "",
    .summary = "do the journal and the audit log still hold?",
    .about =
	"Checks every hash of a platform's journal and of its audit log, and "
	"that the history gives exactly the entities that are in force. A "
	"row or line that was altered, removed or put between is told, the "
	"first one of each. Works while the server runs. Keep the newest "
	"hash elsewhere: it proves that nothing before it has changed. Files "
	"of old days of the audit log can be moved away, the oldest first; "
	"--audit-after then says what the first that is left must follow.\n"
	"Exit status: 0 both hold, 1 one does not, 2 error.",
    .examples = "actas verify\nactas verify -d /srv/actas --json",
    .options = options,
    .operands_least = 0,
    .operands_most = 0,
    .run = run,
};
