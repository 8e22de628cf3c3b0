#ifndef API_KEYVAULT_KEYVAULT_H
#define API_KEYVAULT_KEYVAULT_H

/*
 * The secrets data plane of a vault (facts 2): https://{vault}.vault.…,
 * https://HOST/vaults/{vault}/…, or https://localhost/… where there is one
 * vault only.
 *
 * The way of a request: which vault (keyvault.c) → token (challenge.c) →
 * edition, path, name → body → network and right (admit.c) → the operation,
 * on a snapshot if it reads, on the writer's thread if it changes something;
 * there network and right are looked at again on the state it lands on. What
 * comes out, good or bad, is audited and sent in one place (keyvault.c).
 *
 * A client without the right learns nothing of what is in the vault: the
 * right is decided on names alone, before anything is looked up.
 */

#include "api/past.h"
#include "api/keyvault/bundle.h"
#include "api/keyvault/network.h"
#include "api/keyvault/secrets.h"
#include "api/keyvault/settings.h"
#include "platform/value_keys.h"

struct vault_call;

/* A row of operations.c. */
struct vault_operation {
	const char *name; /* in the audit log: "SecretGet" */
	enum permission_id by_roles, by_policies;
	const char *policy; /* permission of an access policy: "get" */
	bool of_vault;      /* the right is needed at the vault, not a secret */
	bool is_change;
	/* Reads the body; what it refuses is told only to those who have the
	 * right. NULL: nothing to read. */
	void (*read)(struct vault_call *c);
	/* Seals what read found, before the writer is asked; lets go of every
	 * value in the clear. NULL: nothing to seal. */
	void (*seal)(struct vault_call *c);
	/* Does it: fills the answer, or refuses. 'writes' is NULL where it
	 * changes nothing. */
	void (*run)(struct vault_call *c, const struct snapshot *now,
	    struct writes *writes);
};

/* What comes out. 'status' 0 while nothing is refused; 200 and 204 go with
 * x->answer. */
struct outcome {
	uint32_t status;
	const char *code, *inner, *message;
	const char *reason; /* of the denial; NULL: no denial */
};

/* One request. Lives in the arena of its exchange, as do all its texts. */
struct vault_call {
	struct api_change change; /* holds the caller */
	struct exchange *x;
	const struct vault_operation *operation;
	moment now;

	struct slice vault; /* its name */
	struct vault_facts facts;
	enum network network; /* what its rules say of the client */
	struct showing showing;
	const char *link_base; /* of the address of a next page */

	struct slice name, version; /* of the secret, as the path has them */
	const char *spelling;       /* the name, as first written */
	struct settings settings;
	struct secret_bytes value;   /* to be sealed; then empty */
	struct slice sealed;         /* what became of it, base64 */
	struct restoring *restoring; /* of a backup */

	const struct past_question *awaited; /* of which a page is */
	struct outcome outcome;
	bool is_admitted; /* by network and right */
	struct {
		enum permission_id permission; /* PERMITS: none yet */
		enum reason reason;
		const char *path;
		uint64_t revision;
	} decided;
};

static inline struct platform *
call_platform(const struct vault_call *c)
{
	return exchange_platform(c->x);
}

/* --- keyvault.c --- */

/* Sets the answer: 200 with the JSON (takes the reference; NULL: out of
 * memory). */
void respond(struct vault_call *c, json_t *body);

/* --- operations.c: rows with a struct vault_operation as detail --- */

extern const struct route vault_operations[];

/* --- refusals.c: the first refusal stays --- */

void refuse(struct vault_call *c, uint32_t status, const char *code,
    const char *format, ...) ACTAS_PRINTF(4, 5);
static inline bool
is_refused(const struct vault_call *c)
{
	return c->outcome.status >= 300;
}
/* Out of memory, or what must not happen. */
void refuse_error(struct vault_call *c, enum actas_error error);
/* A member of the body that is not of its form. */
void refuse_member(struct vault_call *c, const char *member);
void refuse_network(struct vault_call *c);
void refuse_right(struct vault_call *c, const struct verdict *v);
void refuse_state(struct vault_call *c, const char *inner, const char *message);
void refuse_purge(struct vault_call *c);
void refuse_missing(struct vault_call *c);
void refuse_missing_deleted(struct vault_call *c);
void refuse_deleted_name(struct vault_call *c);

/* --- challenge.c --- */

/* False after it refused with 401; else change.caller is who asks. */
bool vault_authenticate(struct vault_call *c);
/* Headers that every answer of a vault has. */
void vault_headers(struct vault_call *c);

/* --- admit.c --- */

/* Which vault: fills vault, facts, key, showing. Refuses with 404. */
bool vault_find(struct vault_call *c, const struct snapshot *now);
/* Network and right. */
bool vault_admit(struct vault_call *c, const struct snapshot *now);

/* --- operations --- */

/* read.c: the version that is asked for, of a secret that is live; the newest
 * one of a deleted secret. A new reference; NULL after they refused. */
json_t *find_version(struct vault_call *c, const struct state *s,
    struct kept_secret *secret, struct slice *version);
json_t *find_deleted(
    struct vault_call *c, const struct state *s, struct kept_secret *secret);
void run_get(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
void run_get_deleted(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
/* list.c */
void run_list(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
void run_list_versions(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
void run_list_deleted(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
/* write.c */
void read_set(struct vault_call *c);
void seal_set(struct vault_call *c);
void run_set(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
void read_update(struct vault_call *c);
void run_update(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
/* life.c */
void run_delete(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
void run_recover(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
void run_purge(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
/* backup.c */
void run_backup(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);
void read_restore(struct vault_call *c);
void seal_restore(struct vault_call *c);
/* Lets go of the keys of what was sealed to be restored, in vain. */
void drop_restore(struct vault_call *c);
void run_restore(
    struct vault_call *c, const struct snapshot *now, struct writes *writes);

#endif
