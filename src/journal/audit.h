#ifndef JOURNAL_AUDIT_H
#define JOURNAL_AUDIT_H

/*
 * Who did what: an append-only file of JSON lines, one a day, named
 * audit-2026-11-21.jsonl, each line chained to the one before by its hash
 * ("previous", "hash": SHA-256 over the previous hash and the line without
 * its "hash"). The first line of a file carries on the chain of the last file.
 *
 * A line is on its way to the disk before the answer that it tells of is
 * sent: audit_write returns ACTAS_OK only after the kernel took it (durable
 * against a crash of the process; LIMIT of power loss: fdatasync at most once
 * a second, and before audit_close). Where it cannot be written, the caller
 * refuses the request. Removal, truncation or replacement of the file under
 * the running process is noticed before the next line is written, told
 * through 'log', and every write fails until an administrator acts
 * (audit_reopen) or the server restarts, which records the break in the chain.
 *
 * Never given a secret value, token or client secret.
 */

#include "base/base.h"

struct audit;

enum audit_kind {
	AUDIT_TOKEN,        /* token issued */
	AUDIT_TOKEN_DENIED, /* token refused */
	AUDIT_ALLOWED,      /* request allowed: reads of secrets, writes */
	AUDIT_DENIED,       /* request denied */
	AUDIT_LIFE,         /* platform started, stopped, chain broken */
	AUDIT_KINDS
};
const char *audit_kind_name(enum audit_kind kind);

/* Empty slices and nil ids are left out of the line. */
struct audit_line {
	enum audit_kind kind;
	moment at;
	struct slice request; /* request id, GUID text */
	struct guid object_id, app_id;
	struct slice key_id;    /* credential that got the token */
	struct slice operation; /* "SecretGet", "Authentication", … */
	struct slice action;    /* Azure action that was decided, or "" */
	struct slice resource;  /* full path or id */
	struct slice reason;    /* reason of the decision, or error code */
	struct slice detail;    /* one sentence more, or "" */
	struct slice peer;      /* address of the client */
	uint32_t status;        /* HTTP status that is answered */
	uint64_t revision;
};

/* 'log' is told in a sentence what an operator must know. */
enum actas_error audit_open(const char *folder, struct clock clock,
    void (*log)(void *context, const char *line), void *log_context,
    struct audit **audit, struct fault *fault) ACTAS_MUST_USE;
void audit_close(struct audit *a);
/* Any thread. ACTAS_EIO: not written, refuse the request. */
enum actas_error audit_write(
    struct audit *a, const struct audit_line *line) ACTAS_MUST_USE;
/* Carries on after a noticed break, recording it. */
enum actas_error audit_reopen(
    struct audit *a, struct fault *fault) ACTAS_MUST_USE;

/* Reading, for `actas audit` and `actas verify`. */
struct audit_filter {
	struct slice principal; /* object or app id, lower case, or "" */
	struct slice resource;  /* any part of it, ASCII case folded, or "" */
	struct slice request;
	moment from, to; /* MOMENT_UNKNOWN: open */
};
/* Calls 'line' for each line that passes, oldest first; 'text' is the line as
 * it stands in the file. Stops at the first error it returns. */
enum actas_error audit_read(const char *folder,
    const struct audit_filter *filter,
    enum actas_error (*line)(void *context, struct slice text), void *context,
    struct fault *fault) ACTAS_MUST_USE;
/* Checks the chain over all files. '*lines' counts. */
enum actas_error audit_verify(
    const char *folder, uint64_t *lines, struct fault *fault) ACTAS_MUST_USE;

#endif
