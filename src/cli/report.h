#ifndef CLI_REPORT_H
#define CLI_REPORT_H

/* The forms in which check writes its findings. */

#include "cli/words.h"

struct report {
	const struct findings *findings;
	enum severity fail_on;
	uint32_t counts[SEVERITY_ERROR + 1]; /* not silenced, by severity */
	uint32_t silenced;
	bool failed; /* a finding of that severity or above */
};

/* Whether --rule asks for it, or does not say. */
bool report_has_rule(const struct cli *cli, const struct rule *rule);

enum actas_error report_text(
    struct cli *cli, const struct report *r) ACTAS_MUST_USE;
enum actas_error report_json(
    struct cli *cli, const struct report *r) ACTAS_MUST_USE;
/* SARIF 2.1.0 */
enum actas_error report_sarif(
    struct cli *cli, const struct report *r) ACTAS_MUST_USE;
/* JUnit: a test case a rule. */
enum actas_error report_junit(
    struct cli *cli, const struct report *r) ACTAS_MUST_USE;

#endif
