#ifndef CLI_WORDS_H
#define CLI_WORDS_H

/*
 * The names of things, as people read them and as JSON has them. Texts lie
 * in the run's arena; "" when out of memory, which the run's fault then says.
 */

#include "cli/cli.h"
#include "estate/operations.h"

const char *word_principal(struct cli *cli, principal_id p);
const char *word_kind(const struct cli *cli, principal_id p);
const char *word_scope(struct cli *cli, scope_id s);
/* "vault kv-data" */
const char *word_place(struct cli *cli, scope_id s);
const char *word_role(struct cli *cli, role_id r);
/* "page.md:12", or "" where no file is to blame. */
const char *word_origin(struct cli *cli, struct origin origin);
/* The same for a row: "line 12" where the file is the one that was named. */
const char *word_line(struct cli *cli, struct origin origin);
const char *word_format(struct cli *cli, const char *format, ...)
    ACTAS_PRINTF(2, 3);
/* "secret db-password of vault kv-data" */
const char *word_place_fully(struct cli *cli, scope_id s);
/* "read the value of a secret", else "do the action X". */
const char *word_action(struct cli *cli, const struct action *action);
/* A sentence without a full stop. */
const char *word_reason(enum reason reason);
/* The same in a word or three, for a row; the sentences then stand once below
 * the rows: legend_add for each reason that a row names, then legend_write. */
const char *word_reason_short(enum reason reason);

struct legend {
	bool told[REASONS];
	bool any;
};

void legend_add(struct legend *l, enum reason reason);
/* A blank line and the sentences, or nothing where no reason was named. */
enum actas_error legend_write(
    struct cli *cli, const struct legend *l) ACTAS_MUST_USE;
/* "1 error", "2 errors" */
const char *word_count(struct cli *cli, uint64_t count, const char *one);

/* {"name","kind","objectId","appId"}; null for NONE. */
void json_put_principal(
    const struct estate *e, struct json *j, const char *key, principal_id p);
/* {"name","kind","path"}; null for NONE. */
void json_put_scope(
    const struct estate *e, struct json *j, const char *key, scope_id s);
/* The name of the role; null for NONE. */
void json_put_role(
    const struct estate *e, struct json *j, const char *key, role_id r);
/* "file" and "line", null where not known; two keys of an open object. */
void json_put_origin(
    const struct estate *e, struct json *j, struct origin origin);
void json_put_guid(struct json *j, const char *key, struct guid guid);
/* A date and time, or null. */
void json_put_moment(struct json *j, const char *key, moment when);

/* Sends what a json writer wrote to the output. */
enum actas_error json_send(
    struct cli *cli, struct buffer *written) ACTAS_MUST_USE;

#endif
