#ifndef CLI_RUNNING_H
#define CLI_RUNNING_H

/*
 * The server of a data folder, seen from another process: where it listens
 * (serve.json, written by `actas serve`), and one of our own where none runs.
 */

#include "cli/cli.h"

#include <sys/types.h>

struct running {
	char *folder; /* absolute */
	char *url;    /* "https://127.0.0.1:8443" */
	char *proxy;  /* "http://127.0.0.1:8080", or NULL: it has none */
	char *tenant;
	char *ca; /* path of the authority's certificate */
	pid_t pid;
	bool ours; /* started by running_start */
};

/* --dir, or the user's own data folder; in the arena. ACTAS_ENOTFOUND where
 * there is no platform in it, with what to do. */
enum actas_error running_folder(
    struct cli *cli, const char **folder) ACTAS_MUST_USE;
/* ACTAS_ENOTFOUND where no server runs on the folder. Texts lie in
 * cli->arena. */
enum actas_error running_find(
    struct cli *cli, const char *folder, struct running *r) ACTAS_MUST_USE;
/* Starts one on free ports of loopback, its log in serve.log, and waits until
 * it listens. */
enum actas_error running_start(
    struct cli *cli, const char *folder, struct running *r) ACTAS_MUST_USE;
/* Ends the server, if it is ours, and waits for it. */
void running_stop(struct running *r);

/* The identity of one command (api/sessions): what a client must send to be
 * given tokens of a principal. */
struct session {
	char *endpoint, *header;
	char *name; /* of the principal, as the server spells it */
};
/* Asked of the server by who can read the folder's master key. */
enum actas_error session_begin(struct cli *cli, const struct running *r,
    const char *principal, struct session *s) ACTAS_MUST_USE;
/* Its tokens stop being given. Failing to is harmless: it ends by itself. */
void session_end(
    struct cli *cli, const struct running *r, const struct session *s);

#endif
