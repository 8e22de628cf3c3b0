#ifndef ENGINE_RULES_H
#define ENGINE_RULES_H

/*
 * Checks over an estate. A rule is a row of a table; what it finds names
 * every place by line. A finding that is not true is worse than one missed:
 * a rule speaks only of what the source says and the platform documents.
 */

#include "engine/reach.h"

enum severity { SEVERITY_OFF, SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct rule {
	const char *id;         /* "disputed-role": stable, kebab case */
	enum severity severity; /* unless the source sets another */
	const char *title;      /* what is wrong, a short sentence */
	const char *protects;   /* what from, a sentence */
	const char *fix;        /* what to do in general */
	const char *references; /* "NHI5:2025 CIS-Azure-6.0:5.3.4 MCSB:PA-7" */
};

/* The i-th rule, NULL behind the last. Ordered by id. */
const struct rule *rule_at(uint32_t i);

struct finding {
	const struct rule *rule;
	enum severity severity;      /* after the source's settings */
	const char *message;         /* a sentence or two, names both sides */
	const char *fix;             /* what to do here */
	const char *const *subjects; /* names of what it is about */
	uint32_t subject_count;
	const struct origin *locations; /* first is where it shows */
	uint32_t location_count;
	const char *silenced; /* the reason given in the source, or NULL */
};

struct findings {
	const struct finding *at; /* by first location, then rule */
	uint32_t count;
};

struct rules_options {
	moment now;
	uint32_t expires_soon_days; /* default 30 */
	uint32_t max_age_days;      /* credential's longest life; default 365 */
};

struct rules_options rules_defaults(moment now);

/* Runs all rules that are not off. Allocates in 'arena'. */
enum actas_error rules_run(const struct estate *e,
    const struct rules_options *options, struct arena *arena,
    struct findings *findings) ACTAS_MUST_USE;

const char *severity_name(enum severity severity);
bool severity_parse(struct slice name, enum severity *severity);

#endif
