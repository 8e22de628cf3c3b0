/*
 * What a source says about the rules themselves. A row of settings gives a
 * rule another severity, or hides findings: with severity "off", or with none
 * at all. It speaks of one subject or, where it names none, of the whole
 * rule. Hiding takes a reason: without one the row does nothing but be found.
 */

#include "engine/rules/rules_check.h"

static bool
names_rule(
    const struct check *c, const struct setting *s, const struct rule *rule)
{
	return slice_eq_case(estate_text(c->e, s->rule), slice_of(rule->id));
}

/* False where the row says no severity, or one that does not exist. */
static bool
says_severity(
    const struct check *c, const struct setting *s, enum severity *severity)
{
	return s->severity != 0 &&
	    severity_parse(estate_text(c->e, s->severity), severity);
}

static bool
hides(const struct check *c, const struct setting *s)
{
	enum severity severity = SEVERITY_NOTE;

	if (s->severity == 0)
		return true;
	return says_severity(c, s, &severity) && severity == SEVERITY_OFF;
}

static bool
has_reason(const struct check *c, const struct setting *s)
{
	return slice_trim(estate_text(c->e, s->reason)).length > 0;
}

enum severity
settings_severity(const struct check *c, const struct rule *rule)
{
	enum severity said, severity = rule->severity;

	for (uint32_t i = 0; i < c->e->settings.count; i++) {
		const struct setting *s = &c->e->settings.at[i];

		if (s->subject == 0 && !hides(c, s) && names_rule(c, s, rule) &&
		    says_severity(c, s, &said))
			severity = said;
	}
	return severity;
}

static bool
is_about(const struct check *c, const struct finding *f, string_id subject)
{
	struct slice name = estate_text(c->e, subject);

	for (uint32_t i = 0; i < f->subject_count; i++)
		if (slice_eq_case(name, slice_of(f->subjects[i])))
			return true;
	return subject == 0;
}

static void
apply(struct check *c, const struct setting *s, struct finding *f)
{
	enum severity severity;

	if (!hides(c, s)) {
		if (says_severity(c, s, &severity))
			f->severity = severity;
	} else if (has_reason(c, s) && f->silenced == NULL) {
		f->silenced = string(c, s->reason);
	}
}

void
settings_apply(struct check *c)
{
	if (c->error != ACTAS_OK)
		return;
	for (uint32_t i = 0; i < c->e->settings.count; i++) {
		const struct setting *s = &c->e->settings.at[i];

		for (uint32_t j = 0; j < c->findings.count; j++) {
			struct finding *f = &c->findings.at[j];

			if (!names_rule(c, s, f->rule) ||
			    !is_about(c, f, s->subject))
				continue;
			c->matched[i] = true;
			apply(c, s, f);
		}
	}
}

static const struct rule *
rule_named(struct slice name)
{
	const struct rule *rule;

	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++)
		if (slice_eq_case(name, slice_of(rule->id)))
			return rule;
	return NULL;
}

/* What the row is about, as findings of it are to be silenced in turn. */
static void
mark(struct check *c, const struct setting *s)
{
	finding_place(c, s->origin);
	finding_subject(c, string(c, s->rule));
	finding_subject(c, string(c, s->subject));
}

static const char *
about(struct check *c, const struct setting *s)
{
	if (s->subject == 0)
		return text(c, "all findings of %s", string(c, s->rule));
	return text(c, "findings of %s about %s", string(c, s->rule),
	    string(c, s->subject));
}

void
check_silence_reason(struct check *c)
{
	for (uint32_t i = 0; i < c->e->settings.count; i++) {
		const struct setting *s = &c->e->settings.at[i];

		if (!hides(c, s) || has_reason(c, s) ||
		    rule_named(estate_text(c->e, s->rule)) == NULL)
			continue;
		mark(c, s);
		finding_emit(c,
		    text(c,
			"The setting would silence %s but gives no "
			"reason, so it is not applied.",
			about(c, s)),
		    "Write why the finding may stand, or delete the row.");
	}
}

static void
tell_word(struct check *c, const struct setting *s, const char *message,
    const char *fix)
{
	mark(c, s);
	finding_emit(c, message, fix);
}

void
check_setting_words(struct check *c)
{
	enum severity severity;

	for (uint32_t i = 0; i < c->e->settings.count; i++) {
		const struct setting *s = &c->e->settings.at[i];

		if (rule_named(estate_text(c->e, s->rule)) == NULL)
			tell_word(c, s,
			    text(c,
				"The setting names rule \"%s\", which "
				"does not exist, so it does nothing.",
				string(c, s->rule)),
			    "Use a rule's id as the findings print it.");
		else if (s->severity != 0 && !says_severity(c, s, &severity))
			tell_word(c, s,
			    text(c,
				"The setting gives %s the severity "
				"\"%s\", which does not exist, so it "
				"does nothing.",
				string(c, s->rule), string(c, s->severity)),
			    "Use error, warning, note or off.");
	}
}

void
check_unused_silence(struct check *c)
{
	for (uint32_t i = 0; i < c->e->settings.count; i++) {
		const struct setting *s = &c->e->settings.at[i];
		const struct rule *rule =
		    rule_named(estate_text(c->e, s->rule));

		/* A silence of this very rule has nothing to match yet. */
		if (c->matched[i] || rule == NULL || rule == c->rule ||
		    !hides(c, s) || !has_reason(c, s))
			continue;
		mark(c, s);
		finding_emit(c,
		    text(c, "The setting silences %s, and there are none.",
			about(c, s)),
		    "Delete the row: what it silenced is mended, or its "
		    "subject is misspelt.");
	}
}
