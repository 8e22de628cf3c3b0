#ifndef API_KEYVAULT_BUNDLE_H
#define API_KEYVAULT_BUNDLE_H

/*
 * How secrets are shown: the bundles and items of facts 2.2, without values,
 * in the order in which the service writes their members.
 */

#include "api/keyvault/secrets.h"
#include "api/keyvault/versions.h"

/* What the data plane knows of a vault. Texts lie in an arena. */
struct vault_facts {
	const char *name, *location;
	const char *path;          /* "/subscriptions/…/vaults/kv1" */
	uint32_t recoverable_days; /* of a deleted secret */
	bool is_protected;         /* from purging */
	bool by_roles;             /* RBAC; else access policies */
};

/* From the vault's entity; ACTAS_ENOMEM. */
enum actas_error vault_facts_read(const json_t *vault, struct arena *arena,
    struct vault_facts *facts) ACTAS_MUST_USE;

/* "Recoverable+Purgeable", …. */
const char *vault_recovery_level(const struct vault_facts *facts);

/* How to show it. */
struct showing {
	const char *base; /* "https://kv1.vault.azure.net" */
	const struct edition *edition;
	const struct vault_facts *vault;
};

/* One version of a secret; 'version' empty: shown without, as lists do.
 * 'stored' is its entity; 'deletion' NULL for one that is not deleted. New
 * reference, NULL when out of memory. */
json_t *bundle_make(const struct showing *how, const char *name,
    struct slice version, const json_t *stored,
    const struct deletion *deletion);

#endif
