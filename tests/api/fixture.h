#ifndef TESTS_API_FIXTURE_H
#define TESTS_API_FIXTURE_H

/*
 * A platform in a temporary folder, and requests to it without a socket.
 *
 *	struct reply r = ask(f, "GET", VAULT_HOST, "/secrets?api-version=7.6",
 *	    fixture_bearer(f, READER, VAULT), NULL);
 *	assert_reply(&r, 403, "error.code", "Forbidden");
 *	reply_free(&r);
 *
 * Its entities are fixture_world.c's. JSON is written with single quotes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Ids end in these two digits. */
#define NUMBER(nn)   "00000000-0000-4000-8000-0000000000" nn
#define TENANT       NUMBER("01")
#define SUBSCRIPTION NUMBER("02")
#define DOMAIN       "tidewater.example"

/* Principals, by object id; their app ids; their applications. */
#define ADMIN        NUMBER("10") /* Owner, Key Vault Administrator, Global… */
#define ADMIN_APP    NUMBER("11")
#define ADMIN_HOME   NUMBER("12")
#define READER       NUMBER("20") /* Key Vault Secrets User of kv-data */
#define READER_APP   NUMBER("21")
#define READER_HOME  NUMBER("22")
#define NOBODY       NUMBER("30") /* no rights at all */
#define NOBODY_APP   NUMBER("31")
#define NOBODY_HOME  NUMBER("32")
#define STOPPED      NUMBER("40") /* disabled, else like READER */
#define STOPPED_APP  NUMBER("41")
#define STOPPED_HOME NUMBER("42")
#define LOOSE_APP    NUMBER("51") /* an application without principal */
#define LOOSE_HOME   NUMBER("52")
#define MANAGED      NUMBER("60") /* managed identity; reads kv-data */
#define MANAGED_APP  NUMBER("61")
#define DORA         NUMBER("70") /* user */
#define TEAM         NUMBER("71") /* group with DORA */

/* Credentials: their key ids and, of secrets, their values. */
#define ADMIN_KEY          NUMBER("a0")
#define ADMIN_SECRET       "adm~0123456789.abcdefghijklmnopqrstuvwxy"
#define READER_KEY         NUMBER("a1")
#define READER_SECRET      "rd1~0123456789.abcdefghijklmnopqrstuvwxy"
#define READER_KEY_2       NUMBER("a2")
#define READER_SECRET_2    "rd2~0123456789.abcdefghijklmnopqrstuvwxy"
#define READER_KEY_OLD     NUMBER("a3")
#define READER_SECRET_OLD  "rd3~0123456789.abcdefghijklmnopqrstuvwxy"
#define READER_KEY_SOON    NUMBER("a4")
#define READER_SECRET_SOON "rd4~0123456789.abcdefghijklmnopqrstuvwxy"
#define NOBODY_KEY         NUMBER("a5")
#define NOBODY_SECRET      "nob~0123456789.abcdefghijklmnopqrstuvwxy"
#define STOPPED_KEY        NUMBER("a6")
#define STOPPED_SECRET     "sto~0123456789.abcdefghijklmnopqrstuvwxy"
#define LOOSE_KEY          NUMBER("a7")
#define LOOSE_SECRET       "loo~0123456789.abcdefghijklmnopqrstuvwxy"

#define SUB_PATH "/subscriptions/" SUBSCRIPTION
#define RG_PATH  SUB_PATH "/resourceGroups/rg-data"
#define KV_PATH  RG_PATH "/providers/Microsoft.KeyVault/vaults/kv-data"
#define OLD_PATH RG_PATH "/providers/Microsoft.KeyVault/vaults/kv-old"
#define MI_PATH                                                                \
	RG_PATH "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" \
		"mi-job"

/* Hosts and audiences. */
#define LOGIN_HOST "login.microsoftonline.com"
#define GRAPH_HOST "graph.microsoft.com"
#define ARM_HOST   "management.azure.com"
#define VAULT_HOST "kv-data.vault.azure.net"
#define OLD_HOST   "kv-old.vault.azure.net"
#define LOCAL_HOST "localhost:8443"
#define VAULT      "https://vault.azure.net"
#define ARM        "https://management.azure.com"
#define GRAPH      "https://graph.microsoft.com"

/* 2026-11-21T18:17:39Z, where the clock stands at first. */
#define FIXTURE_NOW ((moment)1795285059)

struct fixture {
	char folder[64];
	_Atomic moment now;
	struct platform platform;
	struct api *api;
	const char *peer; /* of the next requests */
	bool peer_is_loopback;
	struct arena arena; /* what its functions return lives there */
};

/* For cmocka; '*state' is the fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* --- the state --- */

/* Sets entities in one change: key, JSON, key, JSON, …, NULL. A NULL JSON
 * removes. */
void fixture_put(struct fixture *f, ...);
/* A new reference; NULL where there is none. */
json_t *fixture_get(struct fixture *f, const char *key);
/* A client secret of an application or service principal (object id). */
void fixture_secret(struct fixture *f, const char *owner, const char *key_id,
    const char *secret, const char *from, const char *until);
/* What the worker does from time to time, now. */
void fixture_tick(struct fixture *f);
/* All lines of the audit log; a new reference. */
json_t *fixture_audit(struct fixture *f);

/* --- tokens --- */

/* A token of a service principal, issued straight away. */
const char *fixture_token(
    struct fixture *f, const char *principal, const char *audience);
/* "Authorization: Bearer …" with it. */
const char *fixture_bearer(
    struct fixture *f, const char *principal, const char *audience);
/* The claims of a JWT, its signature unseen; a new reference. */
json_t *fixture_claims(const char *token);

/* --- requests --- */

struct reply {
	uint32_t status;
	json_t *body; /* NULL where it is no JSON */
	struct slice text;
	struct exchange *x;
};

/* 'headers': "Name: value\nName: value" or NULL; 'body' NULL: empty. Waits
 * until it is answered. A request that is refused before a surface sees it
 * has the status and no body. */
struct reply ask(struct fixture *f, const char *method, const char *host,
    const char *target, const char *headers, const char *body);
void reply_free(struct reply *r);
/* A header of the answer, NULL if absent. */
const char *reply_header(const struct reply *r, const char *name);
/* What stands at "error.innererror.code" or "value.0.name": text as it is,
 * "" where nothing is, other values as JSON. Lives as long as the reply. */
const char *reply_at(const struct reply *r, const char *path);
const char *json_at(const json_t *value, const char *path);

/* Status and what stands at a path, if one is given. */
void assert_reply_(const struct reply *r, uint32_t status, const char *path,
    const char *expected, const char *file, int line);
#define assert_reply(r, status, path, expected) \
	assert_reply_(r, status, path, expected, __FILE__, __LINE__)

#endif
