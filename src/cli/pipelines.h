#ifndef CLI_PIPELINES_H
#define CLI_PIPELINES_H

/*
 * The pipelines that may use a service connection. They are no principals and
 * hold no role, and yet whoever runs or edits one acts as what backs it.
 */

#include "cli/text.h"
#include "cli/words.h"

struct pipelines {
	const struct connection *connection; /* NULL: not asked about one */
	uint32_t row;
	uint32_t count; /* that are authorized by name */
};

struct pipelines pipelines_of(
    const struct estate *e, const struct action *action, scope_id s);

/* "any pipeline of its project", "2 pipelines", or NULL for none. */
const char *pipelines_summary(struct cli *cli, const struct pipelines *p);
/* One row each, of three columns: name, kind, how. */
void pipelines_add_rows(
    struct cli *cli, const struct pipelines *p, struct table *table);
/* "anyPipeline" and "pipelines"; nothing where not asked. */
void pipelines_put_json(
    struct cli *cli, struct json *j, const struct pipelines *p);

#endif
