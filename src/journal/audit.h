#ifndef JOURNAL_AUDIT_H
#define JOURNAL_AUDIT_H

/*
 * Who did what: an append-only file of JSON lines, one a day (UTC), named
 * audit-2026-11-21.jsonl. A line is plain ASCII and ends with
 *
 *	,"previous":"<64 hex>","hash":"<64 hex>"}
 *
 * where "hash" is SHA-256 of everything before `,"hash"`, and "previous" the
 * hash of the line before; the first line of a file carries on the chain of
 * the last file, the very first has zeros. So no line can be altered, removed
 * or put between without a trace, unless all that follow are made anew. That
 * the last lines are missing is seen by the file "head", which tells where
 * the chain stood when it was last brought to the disk.
 *
 * A line is on its way to the disk before the answer that it tells of is
 * sent: audit_write returns ACTAS_OK only after the kernel took it. That is
 * durable against a crash of the process; against loss of power after a second
 * at most, and after audit_close (fdatasync by a thread of its own). Where it
 * cannot be written, the caller refuses the request. Removal, truncation or
 * replacement of the file under the running process is noticed before the next
 * line is written, told through 'log', and every write fails until an
 * administrator acts (audit_reopen) or the server restarts; both record the
 * break in the chain. Bytes altered in place are found by audit_verify alone.
 *
 * After a disk was full, writing goes on as soon as there is room: nothing of
 * a line that was not acknowledged stays in the file, and half a line that a
 * crash left is cut off and told when the log is opened next.
 *
 * A change is another matter: the journal has it, with who made it, before
 * this log can tell of it. So it is answered as made, whatever becomes of its
 * line. Where that fails, every other line is refused until what lacks was
 * written from the journal, in order and each once; so is a line that a crash
 * kept from being written, when the log is opened, and the line of a change
 * that no request asked for. Every line says how far that goes.
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
	AUDIT_LIFE,         /* the log itself: begun anew after a break */
	AUDIT_KINDS
};
/* "token", "token-denied", "allowed", "denied", "life". */
const char *audit_kind_name(enum audit_kind kind);

/*
 * In the file: kind, at, request, objectId, appId, keyId, operation, action,
 * resource, reason, detail, peer, status, revision, count, from, to, told.
 * Denials that repeat are counted: such a line stands for 'count' of them
 * between 'from' and 'to' (journal/audit_repeats.h). 'told' is the revision of
 * the journal up to which the log, with this line, tells of every change; a
 * line written from the journal has the operation "Change", and the key of the
 * first entity as its resource. Empty slices, nil ids and zeros are left out. A
 * text is cut at LIMIT_AUDIT_FIELD_BYTES (and then ends with U+2026); NUL and
 * what is no UTF-8 become U+FFFD.
 */
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
	uint64_t revision;      /* decided on; of a change: made */
	/* The log's own: so many denials, in place of a line each. */
	uint32_t count;
	moment from, to;
};

/*
 * Opens the log of a folder, which is made where it is not there, or carries
 * it on. 'log' is told in a sentence what an operator must know; on any
 * thread, and must not call back. 'folder' is copied. ACTAS_EIO; ACTAS_EPARSE
 * where the newest file does not end like a log: that is for a person.
 */
enum actas_error audit_open(const char *folder, struct clock clock,
    void (*log)(void *context, const char *line), void *log_context,
    struct audit **audit, struct fault *fault) ACTAS_MUST_USE;
/* Brings everything to the disk. NULL is allowed. */
void audit_close(struct audit *a);
/* Any thread. Not ACTAS_OK: no line can be written now. Asked before a change
 * is made, which cannot be taken back when its line fails. A disk that is
 * full is found by writing alone. */
enum actas_error audit_ready(struct audit *a) ACTAS_MUST_USE;
/* Any thread. Not ACTAS_OK: not written, refuse the request. */
enum actas_error audit_write(
    struct audit *a, const struct audit_line *line) ACTAS_MUST_USE;
/*
 * Changes. audit_follow, once, before any is made: the file of the journal,
 * and its newest revision; tells at once of what was not told. ACTAS_ENOMEM.
 * audit_change tells of the change that line->revision came of, and
 * audit_made of all up to a revision from the journal alone; neither can
 * fail: what cannot be written now is caught up with. Both are called once
 * the revision is durable, and audit_change in the order of revisions.
 */
enum actas_error audit_follow(
    struct audit *a, const char *journal, uint64_t newest) ACTAS_MUST_USE;
void audit_change(struct audit *a, const struct audit_line *line);
void audit_made(struct audit *a, uint64_t revision);
/* Carries on after a noticed break, recording it; does nothing where there is
 * none. */
enum actas_error audit_reopen(
    struct audit *a, struct fault *fault) ACTAS_MUST_USE;

/* Reading, for `actas audit` and `actas verify`; also while it is written. */
struct audit_filter {
	struct slice principal; /* object or app id, lower case, or "" */
	struct slice resource;  /* any part of it, ASCII case folded, or "" */
	struct slice request;
	moment from, to; /* both included; MOMENT_UNKNOWN: open */
};
/* Calls 'line' for each line that passes, oldest first; 'text' is the line as
 * it stands in the file. Then for changes of the journal (its file, or NULL)
 * that the log does not tell of yet; these lines are in no chain. Stops at
 * the first error it returns. */
enum actas_error audit_read(const char *folder, const char *journal,
    const struct audit_filter *filter,
    enum actas_error (*line)(void *context, struct slice text), void *context,
    struct fault *fault) ACTAS_MUST_USE;
/*
 * Checks the chain over all files. ACTAS_EPARSE with file and line of the
 * first break. '*lines' counts those that hold. 'after' is the hash of the
 * line that the first must follow, where files of older days were taken away;
 * "" for a log that begins with the first ever. ACTAS_EUSAGE for one that is
 * no hash.
 */
enum actas_error audit_verify(const char *folder, struct slice after,
    uint64_t *lines, struct fault *fault) ACTAS_MUST_USE;

#endif
