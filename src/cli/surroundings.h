#ifndef CLI_SURROUNDINGS_H
#define CLI_SURROUNDINGS_H

/*
 * The environment in which Azure clients reach a local platform unmodified
 * (docs/clients.md): a proxy that leads every Microsoft host name to it, its
 * authority as the one that is trusted, and, if asked for, an identity.
 */

#include "cli/running.h"

struct variable {
	const char *name;
	const char *value; /* NULL: must not be set */
};

enum { VARIABLES_MOST = 48 };
struct surroundings {
	struct variable at[VARIABLES_MOST];
	uint32_t count;
};

/* 'session' may be NULL: credentials are then left as they are. Texts lie in
 * cli->arena. */
enum actas_error surroundings_make(struct cli *cli, const struct running *r,
    const struct session *session, struct surroundings *s) ACTAS_MUST_USE;

#endif
