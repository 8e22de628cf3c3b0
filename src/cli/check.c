#include "cli/report.h"

/* Names that an unknown one is held against. */
#define RULES_THERE_MOST 128

static const struct cli_option options[] = {
    {OPTION_FORMAT, 'f', "format", "FORMAT", "text|json|sarif|junit",
	"text (the default), json, sarif (2.1.0) or junit"},
    {OPTION_FAIL_ON, 0, "fail-on", "SEVERITY", "error|warning|note",
	"exit with 1 when there is a finding of this severity or above: "
	"error, warning (the default) or note"},
    {OPTION_TODAY, 0, "today", "DATE", NULL,
	"judge expiry as of this date, such as 2026-11-21"},
    {OPTION_EXPIRES_WITHIN, 0, "expires-within", "DAYS", NULL,
	"how long before its end a credential is expiring (30)"},
    {OPTION_MAX_AGE, 0, "max-age", "DAYS", NULL,
	"the longest life of a credential (365)"},
    {OPTION_RULES, 0, "rules", NULL, NULL, "list the rules, and check nothing"},
    {OPTION_RULE, 0, "rule", "ID", NULL,
	"only the findings of this rule; may be given several times"},
    OPTION_ROWS_COMMON,
    OPTION_END,
};

static enum style
severity_style(enum severity severity)
{
	static const enum style styles[] = {
	    [SEVERITY_OFF] = STYLE_DIM,
	    [SEVERITY_NOTE] = STYLE_NOTE,
	    [SEVERITY_WARNING] = STYLE_WARN,
	    [SEVERITY_ERROR] = STYLE_BAD,
	};

	return styles[severity];
}

/* Places go into one row when they are in one file and have lines. */
static bool
is_beside(struct origin a, struct origin b)
{
	return a.file == b.file && a.line != 0 && b.line != 0;
}

static bool
is_told(const struct finding *f, uint32_t place)
{
	for (uint32_t i = 1; i < place; i++) {
		if (is_beside(f->locations[i], f->locations[place]))
			return true;
	}
	return false;
}

/* "lines 27, 60 and 100": the places beside 'first', which is the first. */
static const char *
lines(struct cli *cli, const struct finding *f, uint32_t first)
{
	struct origin at = f->locations[first];
	struct buffer text = {0};
	uint32_t left = 0, count = 1;
	const char *told;

	buffer_addf(&text, "%u", at.line);
	for (uint32_t i = first + 1; i < f->location_count; i++)
		left += is_beside(f->locations[i], at);
	for (uint32_t i = first + 1; i < f->location_count; i++) {
		if (!is_beside(f->locations[i], at))
			continue;
		buffer_addf(&text, "%s%u", --left == 0 ? " and " : ", ",
		    f->locations[i].line);
		count++;
	}
	if (text.error != ACTAS_OK && cli->out.pending.error == ACTAS_OK)
		cli->out.pending.error = text.error;
	told = word_format(
	    cli, "line%s %s", count == 1 ? "" : "s", buffer_text(&text));
	buffer_release(&text);
	return told;
}

static void
write_places_of(struct cli *cli, const struct finding *f, uint32_t first)
{
	struct origin at = f->locations[first];
	const char *text = word_origin(cli, at), *told = lines(cli, f, first);

	if (is_beside(at, f->locations[0]))
		text = told;
	else if (slice_starts(slice_of(told), SLICE("lines ")))
		text = word_format(
		    cli, "%s, %s", estate_text(cli->estate, at.file).at, told);
	text_puts(&cli->out, STYLE_DIM, "    see ");
	text_flow(&cli->out, STYLE_PLAIN, 8, text);
	text_newline(&cli->out);
}

/* One row a file. */
static void
write_places(struct cli *cli, const struct finding *f)
{
	for (uint32_t i = 1; i < f->location_count; i++) {
		if (!is_told(f, i))
			write_places_of(cli, f, i);
	}
}

/* FILE:LINE: severity: message [rule], as compilers write and editors read;
 * then the other places and what to do. */
static void
write_finding(struct cli *cli, const struct finding *f)
{
	struct output *o = &cli->out;

	if (f->location_count > 0)
		text_puts(o, STYLE_BOLD,
		    word_format(
			cli, "%s: ", word_origin(cli, f->locations[0])));
	text_puts(o, severity_style(f->severity), severity_name(f->severity));
	text_puts(o, STYLE_PLAIN, ": ");
	text_flow(o, STYLE_PLAIN, 4, f->message);
	text_flow(o, STYLE_DIM, 4, word_format(cli, " [%s]", f->rule->id));
	text_newline(o);
	write_places(cli, f);
	if (f->fix != NULL && f->fix[0] != '\0') {
		text_puts(o, STYLE_DIM, "    fix ");
		text_flow(o, STYLE_PLAIN, 8, f->fix);
		text_newline(o);
	}
}

/* "2 errors, 1 warning and no note" */
static const char *
counts(struct cli *cli, const struct report *r)
{
	return word_format(cli, "%s, %s, %s",
	    word_count(cli, r->counts[SEVERITY_ERROR], "error"),
	    word_count(cli, r->counts[SEVERITY_WARNING], "warning"),
	    word_count(cli, r->counts[SEVERITY_NOTE], "note"));
}

static const char *
silenced(struct cli *cli, const struct report *r)
{
	if (r->silenced == 0)
		return "";
	return word_format(
	    cli, " (%u more silenced by the source)", r->silenced);
}

static void
write_clean(struct cli *cli, const struct report *r)
{
	const struct estate *e = cli->estate;

	text_puts(&cli->out, STYLE_GOOD, "clean");
	text_flow(&cli->out, STYLE_PLAIN, 7,
	    word_format(cli, ": nothing found in %s, %s and %s%s",
		word_count(cli, e->principals.count, "principal"),
		word_count(cli, e->grants.count, "assignment"),
		word_count(cli, e->secrets.count, "secret"), silenced(cli, r)));
	text_newline(&cli->out);
}

enum actas_error
report_text(struct cli *cli, const struct report *r)
{
	uint32_t shown = 0;

	for (uint32_t i = 0; i < r->findings->count; i++) {
		const struct finding *f = &r->findings->at[i];

		if (f->silenced != NULL)
			continue;
		if (shown++ > 0 && cli->out.columns > 0)
			text_newline(&cli->out);
		write_finding(cli, f);
	}
	if (shown == 0) {
		write_clean(cli, r);
		return ACTAS_OK;
	}
	text_newline(&cli->out);
	text_puts(
	    &cli->out, r->failed ? STYLE_BAD : STYLE_GOOD, counts(cli, r));
	text_puts(&cli->out, STYLE_PLAIN, silenced(cli, r));
	text_newline(&cli->out);
	return ACTAS_OK;
}

static void
put_references(struct json *j, const char *key, const char *references)
{
	struct slice rest = slice_of(references), part;

	json_open_array(j, key);
	while (slice_cut(&rest, ' ', &part)) {
		if (part.length > 0)
			json_put_text(j, NULL, part);
	}
	json_close(j);
}

static void
put_finding(struct cli *cli, struct json *j, const struct finding *f)
{
	json_open_object(j, NULL);
	json_put_string(j, "rule", f->rule->id);
	json_put_string(j, "severity", severity_name(f->severity));
	json_put_string(j, "message", f->message);
	json_put_strings(j, "subjects", f->subjects, f->subject_count);
	json_open_array(j, "locations");
	for (uint32_t i = 0; i < f->location_count; i++) {
		json_open_object(j, NULL);
		json_put_origin(cli->estate, j, f->locations[i]);
		json_close(j);
	}
	json_close(j);
	put_references(j, "references", f->rule->references);
	json_put_string(j, "fix", f->fix);
	json_put_string(j, "silenced", f->silenced);
	json_close(j);
}

enum actas_error
report_json(struct cli *cli, const struct report *r)
{
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_open_array(&j, "findings");
	for (uint32_t i = 0; i < r->findings->count; i++)
		put_finding(cli, &j, &r->findings->at[i]);
	json_close(&j);
	json_open_object(&j, "summary");
	json_put_number(&j, "errors", r->counts[SEVERITY_ERROR]);
	json_put_number(&j, "warnings", r->counts[SEVERITY_WARNING]);
	json_put_number(&j, "notes", r->counts[SEVERITY_NOTE]);
	json_put_number(&j, "silenced", r->silenced);
	json_put_flag(&j, "failed", r->failed);
	json_close(&j);
	json_put_number(&j, "revision", cli->estate->revision);
	json_close(&j);
	return json_send(cli, &text);
}

bool
report_has_rule(const struct cli *cli, const struct rule *rule)
{
	for (uint32_t i = 0; i < cli->arguments.repeated_count; i++) {
		if (strcmp(cli->arguments.repeated[i], rule->id) == 0)
			return true;
	}
	return cli->arguments.repeated_count == 0;
}

static enum actas_error
check_rule_name(struct cli *cli, const char *given)
{
	const char *ids[RULES_THERE_MOST + 1] = {NULL}, *near;
	const struct rule *rule;

	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++) {
		if (strcmp(rule->id, given) == 0)
			return ACTAS_OK;
		if (i < RULES_THERE_MOST)
			ids[i] = rule->id;
	}
	near = nearest_word(given, ids);
	return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
	    "there is no rule '%s'; %s%s%s", given,
	    near == NULL ? "--rules lists those there are" : "did you mean '",
	    near == NULL ? "" : near, near == NULL ? "" : "'?");
}

/* Drops what --rule does not ask for. */
static enum actas_error
select_findings(struct cli *cli, struct findings *findings)
{
	struct finding *kept;
	uint32_t count = 0;

	if (cli->arguments.repeated_count == 0)
		return ACTAS_OK;
	kept =
	    arena_zero(&cli->arena, (size_t)findings->count + 1, sizeof *kept);
	if (kept == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i < findings->count; i++) {
		if (report_has_rule(cli, findings->at[i].rule))
			kept[count++] = findings->at[i];
	}
	*findings = (struct findings){kept, count};
	return ACTAS_OK;
}

static void
count(struct report *r)
{
	for (uint32_t i = 0; i < r->findings->count; i++) {
		const struct finding *f = &r->findings->at[i];

		if (f->silenced != NULL) {
			r->silenced++;
			continue;
		}
		r->counts[f->severity]++;
		r->failed = r->failed || f->severity >= r->fail_on;
	}
}

static enum actas_error
read_settings(
    struct cli *cli, struct rules_options *settings, enum severity *fail_on)
{
	const char *const *values = cli->arguments.values;
	enum actas_error error = ACTAS_OK;

	*settings = rules_defaults(cli->clock.now(cli->clock.context));
	*fail_on = SEVERITY_WARNING;
	if (values[OPTION_TODAY] != NULL &&
	    !moment_parse(slice_of(values[OPTION_TODAY]), &settings->now))
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--today is a date such as 2026-11-21, not '%s'",
		    values[OPTION_TODAY]);
	if (values[OPTION_EXPIRES_WITHIN] != NULL)
		error = options_days("expires-within",
		    values[OPTION_EXPIRES_WITHIN], &settings->expires_soon_days,
		    &cli->fault);
	if (error == ACTAS_OK && values[OPTION_MAX_AGE] != NULL)
		error = options_days("max-age", values[OPTION_MAX_AGE],
		    &settings->max_age_days, &cli->fault);
	if (error == ACTAS_OK && values[OPTION_FAIL_ON] != NULL &&
	    !severity_parse(slice_of(values[OPTION_FAIL_ON]), fail_on))
		return ACTAS_EUSAGE;
	return error;
}

static enum actas_error
list_rules_text(struct cli *cli)
{
	struct table table = {.columns = 4};
	const struct rule *rule;

	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++) {
		table_cell(&table, STYLE_BOLD, rule->id);
		table_cell(&table, severity_style(rule->severity),
		    severity_name(rule->severity));
		table_cell(&table, STYLE_PLAIN, rule->title);
		table_cell(&table, STYLE_DIM, rule->references);
	}
	return table_write(&table, &cli->out);
}

static enum actas_error
list_rules_json(struct cli *cli)
{
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};
	const struct rule *rule;

	json_open_object(&j, NULL);
	json_open_array(&j, "rules");
	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++) {
		json_open_object(&j, NULL);
		json_put_string(&j, "id", rule->id);
		json_put_string(&j, "severity", severity_name(rule->severity));
		json_put_string(&j, "title", rule->title);
		json_put_string(&j, "protects", rule->protects);
		json_put_string(&j, "fix", rule->fix);
		put_references(&j, "references", rule->references);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	return json_send(cli, &text);
}

static const struct {
	const char *name;
	enum actas_error (*report)(struct cli *cli, const struct report *r);
	enum actas_error (*rules)(struct cli *cli); /* NULL: not a form of it */
} formats[] = {
    {"text", report_text, list_rules_text},
    {"json", report_json, list_rules_json},
    {"sarif", report_sarif, NULL},
    {"junit", report_junit, NULL},
};

/* The row of --format; the option's choices are those of the table. */
static size_t
chosen_format(const struct cli *cli)
{
	const char *name = cli->arguments.values[OPTION_FORMAT];
	size_t i = 0;

	while (name != NULL && strcmp(formats[i].name, name) != 0)
		i++;
	return i;
}

static enum actas_error
run(struct cli *cli)
{
	size_t format = chosen_format(cli);
	struct rules_options settings;
	struct findings findings = {0};
	struct report report = {.findings = &findings};
	enum actas_error error = read_settings(cli, &settings, &report.fail_on);

	if (error != ACTAS_OK)
		return error;
	for (uint32_t i = 0; i < cli->arguments.repeated_count; i++) {
		error = check_rule_name(cli, cli->arguments.repeated[i]);
		if (error != ACTAS_OK)
			return error;
	}
	if (cli_has(cli, OPTION_RULES) && formats[format].rules == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--rules writes text or json");
	if (cli_has(cli, OPTION_RULES))
		return formats[format].rules(cli);
	error = cli_load(cli);
	if (error != ACTAS_OK)
		return error;
	progress_say(&cli->progress, "checking", "");
	error = rules_run(cli->estate, &settings, &cli->arena, &findings);
	if (error == ACTAS_OK)
		error = select_findings(cli, &findings);
	if (error != ACTAS_OK)
		return error;
	count(&report);
	cli->status = report.failed ? STATUS_NO : STATUS_YES;
	return formats[format].report(cli, &report);
}

const struct command command_check = {
    .name = "check",
    .operands = "",
    .summary = "check the source against itself and the platform",
    .about =
	"Runs every rule over the source and writes what they find: places "
	"where it contradicts itself, claims that cannot be true on the "
	"platform, and access that is dangerous.\n"
	"A page can set a rule's severity, or silence one finding with a "
	"reason, in a table of its own (docs/page.md).\n"
	"Exit status: 0 clean, 1 findings (see --fail-on), 2 bad input.",
    .examples = "actas check -s access.md\n"
		"actas check -s access.md --format sarif > findings.sarif\n"
		"actas check -s access.md --rule disputed-grant\n"
		"actas check --rules",
    .options = options,
    .operands_least = 0,
    .operands_most = 0,
    .run = run,
};
