#include "cli/report.h"

/*
 * JUnit's XML, as CI systems read it: every rule is a test case, which fails
 * with the findings that make the check fail, and shows the others as
 * output.
 */

/* XML 1.0 has no way to write most control characters: they become U+FFFD,
 * as does broken UTF-8. */
static void
write_xml(struct buffer *out, struct slice text)
{
	static const struct {
		uint32_t character;
		const char *entity;
	} entities[] = {
	    {'&', "&amp;"},
	    {'<', "&lt;"},
	    {'>', "&gt;"},
	    {'"', "&quot;"},
	    {'\n', "&#10;"},
	};

	while (text.length > 0) {
		const char *entity = NULL;
		struct slice from = text;
		uint32_t c;
		bool good = text_next(&text, &c);

		for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
			entity = entities[i].character == c ? entities[i].entity
							    : entity;
		if (good && entity != NULL)
			buffer_puts(out, entity);
		else if (!good || text_is_unsafe(c) || c == 0xfffe ||
		    c == 0xffff)
			buffer_puts(out, "\xef\xbf\xbd");
		else
			buffer_add(
			    out, slice_sub(from, 0, from.length - text.length));
	}
}

static void
attribute(struct buffer *out, const char *name, const char *value)
{
	buffer_addf(out, " %s=\"", name);
	write_xml(out, slice_of(value));
	buffer_putc(out, '"');
}

static bool
fails(const struct report *r, const struct finding *f)
{
	return f->silenced == NULL && f->severity >= r->fail_on;
}

static uint32_t
failures_of(const struct report *r, const struct rule *rule)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < r->findings->count; i++) {
		const struct finding *f = &r->findings->at[i];

		count += f->rule == rule && fails(r, f);
	}
	return count;
}

/* One line for each finding of the rule that fails, or does not. */
static void
write_findings(struct cli *cli, struct buffer *out, const struct report *r,
    const struct rule *rule, bool failing)
{
	for (uint32_t i = 0; i < r->findings->count; i++) {
		const struct finding *f = &r->findings->at[i];

		if (f->rule != rule || fails(r, f) != failing)
			continue;
		if (f->location_count > 0)
			write_xml(out,
			    slice_of(word_format(cli,
				"%s: ", word_origin(cli, f->locations[0]))));
		buffer_addf(out, "%s: ", severity_name(f->severity));
		write_xml(out, slice_of(f->message));
		if (f->silenced != NULL) {
			buffer_puts(out, " (silenced: ");
			write_xml(out, slice_of(f->silenced));
			buffer_putc(out, ')');
		}
		buffer_putc(out, '\n');
	}
}

static void
write_case(struct cli *cli, struct buffer *out, const struct report *r,
    const struct rule *rule)
{
	uint32_t failures = failures_of(r, rule);
	struct buffer others = {0};

	buffer_puts(out, "    <testcase classname=\"actas.check\"");
	attribute(out, "name", rule->id);
	buffer_puts(out, ">\n");
	if (failures > 0) {
		buffer_puts(out, "      <failure");
		attribute(out, "type", severity_name(rule->severity));
		attribute(out, "message",
		    word_format(cli, "%s (%s)", rule->title,
			word_count(cli, failures, "finding")));
		buffer_putc(out, '>');
		write_findings(cli, out, r, rule, true);
		buffer_puts(out, "</failure>\n");
	}
	write_findings(cli, &others, r, rule, false);
	if (others.length > 0) {
		buffer_puts(out, "      <system-out>");
		buffer_add(out, buffer_slice(&others));
		buffer_puts(out, "</system-out>\n");
	}
	if (others.error != ACTAS_OK)
		out->error = others.error;
	buffer_release(&others);
	buffer_puts(out, "    </testcase>\n");
}

enum actas_error
report_junit(struct cli *cli, const struct report *r)
{
	struct buffer out = {0};
	const struct rule *rule;
	uint32_t rules = 0, failed = 0;

	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++) {
		rules += report_has_rule(cli, rule);
		failed += failures_of(r, rule) > 0;
	}
	buffer_puts(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buffer_addf(&out,
	    "<testsuites>\n  <testsuite name=\"actas check\" tests=\"%u\" "
	    "failures=\"%u\" errors=\"0\" skipped=\"0\">\n",
	    rules, failed);
	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++) {
		if (report_has_rule(cli, rule))
			write_case(cli, &out, r, rule);
	}
	buffer_puts(&out, "  </testsuite>\n</testsuites>\n");
	return json_send(cli, &out);
}
