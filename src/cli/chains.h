#ifndef CLI_CHAINS_H
#define CLI_CHAINS_H

/*
 * What access makes possible beyond what it says: chains of steps by which
 * one comes to act as another.
 */

#include "cli/words.h"

struct chain {
	struct start start;
	struct reached reached;
};

struct chain_list {
	struct chain *at;
	uint32_t count, capacity;
};

/* Everybody that one who begins there can come to act as. */
enum actas_error chains_starting(struct cli *cli, struct start start,
    struct chain_list *chains) ACTAS_MUST_USE;
/*
 * Everybody who is not allowed in 'list' but can come to act as one who is,
 * to assign roles at 'scope', or to write
 * the access policies of its vault; the shortest chain of each. Also starts
 * that are no principals: connections that stand open to any pipeline.
 */
enum actas_error chains_towards(struct cli *cli, const struct action *action,
    const struct access_list *list, scope_id scope,
    struct chain_list *chains) ACTAS_MUST_USE;

/* A title and the chains, or the sentence for none. */
void chains_write_text(struct cli *cli, const struct chain_list *chains,
    const char *title, const char *none);
void chains_put_json(struct cli *cli, struct json *j, const char *key,
    const struct chain_list *chains);

#endif
