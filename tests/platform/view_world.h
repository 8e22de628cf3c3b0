#ifndef TESTS_VIEW_WORLD_H
#define TESTS_VIEW_WORLD_H

/*
 * A small platform: as entities of a state, and as what Azure would answer
 * about the same platform, written down apart.
 */

#include "journal/writes.h"
#include "platform/view.h"

/* Ids end in these two digits. */
#define NUMBER(nn)   "00000000-0000-4000-8000-0000000000" nn
#define TENANT       NUMBER("01")
#define SUBSCRIPTION NUMBER("02")

#define ADA     NUMBER("11") /* a user, owns the application LOADER */
#define BOB     NUMBER("12") /* a disabled user, Owner of the subscription */
#define LOADER  NUMBER("21") /* a service principal, in INNER, reads KV */
#define ADMIN   NUMBER("22") /* Global Administrator, Owner at the root */
#define MANAGED NUMBER("23") /* a managed identity, Contributor of RG */
#define OUTSIDE NUMBER("24") /* a service principal with no rights */
#define PICKY   NUMBER("25") /* reads secrets of one name only */
#define ONE     NUMBER("26") /* reads one secret of KV */
#define APPMAN  NUMBER("27") /* Application Administrator of LOADER only */
#define GONE    NUMBER("28") /* has rights; the directory has forgotten it */
#define DENIED  NUMBER("29") /* reads KV but for a deny assignment */
#define OFFICER NUMBER("2A") /* Key Vault Administrator at KV */
#define OUTER   NUMBER("31") /* a group, KV Secrets User at KV */
#define INNER   NUMBER("32") /* a group in OUTER, owned by ADA */

#define LOADER_APP    NUMBER("41") /* object id */
#define LOADER_APP_ID NUMBER("42") /* app id */

#define ROOT_PATH    "/"
#define SUB_PATH     "/subscriptions/" SUBSCRIPTION
#define RG_PATH      SUB_PATH "/resourceGroups/Rg"
#define KV_PATH      RG_PATH "/providers/Microsoft.KeyVault/vaults/Kv-Data"
#define POLICY_PATH  RG_PATH "/providers/Microsoft.KeyVault/vaults/kv-old"
#define STORAGE_PATH RG_PATH "/providers/Microsoft.Storage/storageAccounts/sa"
#define IDENTITY_PATH                                                          \
	RG_PATH "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" \
		"mi"
#define MG_PATH "/providers/Microsoft.Management/managementGroups/Top"

struct row {
	const char *key, *value;
};

/* Ends with a NULL key. */
extern const struct row view_entities[];
/* Requests and bodies of the same platform; ends with a NULL key. */
extern const struct row view_world_answers[];

/* The entities as a state, which the caller releases. */
const struct state *view_state(void);
/* Sets a key, or removes it (NULL). */
void view_put(const struct state **s, const char *key, const char *value);

/* A snapshot with a live view, without a store. */
struct snapshot view_snapshot(const struct state *s, uint64_t revision);
/* The view and the state. */
void view_snapshot_release(struct snapshot *snapshot);

struct guid view_id(const char *text);

#endif
