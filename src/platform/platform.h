#ifndef PLATFORM_PLATFORM_H
#define PLATFORM_PLATFORM_H

/*
 * A data folder, opened: journal, audit log, keys. Everything that a surface
 * needs, none of the network.
 *
 *	platform.db             journal (journal/journal.h)
 *	audit/                  audit log, a file a day (journal/audit.h)
 *	master.key | .wrapped   master key (keys/master.h)
 *	value.keys              keys of the values of secrets (keys/slots.h)
 *	ca.pem, ca.key, server.pem, server.key   (keys/authority.h)
 *	issuers.json            external issuers: {"issuer": "file or URL"}
 *	serve.json              where a running server listens, its process
 *
 * The folder belongs to one user (0700) and is served by one process, which
 * holds a lock on it.
 */

#include "journal/audit.h"
#include "keys/signer.h"
#include "platform/value_keys.h"
#include "platform/view.h"

struct platform {
	char *folder;
	struct guid tenant;
	struct store *store;
	struct audit *audit;
	struct master *master;
	struct value_keys *value_keys;
	struct clock clock;
	struct chance chance;
	/* What a person should know: one line to standard error. */
	void (*log)(void *context, const char *line);
	void *log_context;
	int lock; /* descriptor of the folder */
	struct arena arena;
	const char *const *hosts;
};

struct platform_options {
	const char *folder;
	const struct secret_bytes *passphrase; /* NULL: a key file */
	struct clock clock;
	struct chance chance;
	void (*log)(void *context, const char *line);
	void *log_context;
};

/* A credential that init made; shown once, then gone. */
struct new_credential {
	char name[256];
	struct guid app_id, object_id;
	struct secret_bytes secret;
};
struct new_credentials {
	VECTOR(struct new_credential) at; /* the administrator is the first */
};
void new_credentials_release(struct new_credentials *credentials);
/* As much of the name as fits. */
void new_credential_name(struct new_credential *credential, struct slice name);

/* What a platform begins with. */
struct platform_seed {
	const struct estate *estate; /* NULL: nothing */
	/* Names and addresses of the server beside localhost and those of
	 * Microsoft, NULL-terminated; NULL: none. */
	const char *const *hosts;
};

/* What init made. Release it in either case. */
struct platform_made {
	struct guid tenant;
	struct new_credentials credentials;
	struct buffer told; /* lines: what was not taken over */
};
void platform_made_release(struct platform_made *made);

#define PLATFORM_ADMIN "actas-admin"

/*
 * Makes a data folder (0700) that is not there or empty: tenant, keys, first
 * administrator (service principal PLATFORM_ADMIN: Owner and Key Vault
 * Administrator at the root, Global Administrator of the directory); from an
 * estate, if given, its principals, roles, assignments, vaults and secret
 * names, each application that has a secret with a new one, each secret with
 * a new value (platform/import.h). Half a folder is never left: it is made
 * under another name and renamed. Signing keys are made when the platform is
 * served first.
 */
enum actas_error platform_init(const struct platform_options *options,
    const struct platform_seed *seed, struct platform_made *made,
    struct fault *fault) ACTAS_MUST_USE;

/* ACTAS_ENOTFOUND where there is no data folder; ACTAS_EUSAGE where another
 * process serves it, the passphrase is wrong, or others may write to it. */
enum actas_error platform_open(const struct platform_options *options,
    struct platform *platform, struct fault *fault) ACTAS_MUST_USE;
void platform_close(struct platform *p);
/* Makes a change that nobody asked for, on a thread of the caller's own, and
 * has the audit log tell of it. */
enum actas_error platform_commit(
    struct platform *p, struct change *change) ACTAS_MUST_USE;
/* The names of the server that init was given, NULL-terminated: the authority
 * of the folder vouches for no others. */
const char *const *platform_hosts(const struct platform *p);

/* "$XDG_DATA_HOME/actas" or "~/.local/share/actas"; ACTAS_EUSAGE where there
 * is no home. */
enum actas_error platform_default_folder(
    struct buffer *path, struct fault *fault) ACTAS_MUST_USE;

#endif
