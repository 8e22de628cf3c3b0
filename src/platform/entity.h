#ifndef PLATFORM_ENTITY_H
#define PLATFORM_ENTITY_H

/*
 * What a platform's state holds. One entity is one key and one JSON object
 * (compact, as json_dumps with JSON_COMPACT writes it), in the shape in which
 * the service itself shows it wherever there is such a shape, so that
 * surfaces mostly send what is stored.
 *
 * Keys are lower case, but for those of answers; ids are GUIDs in lower case;
 * names and ARM paths are folded (entity_key does it). Where the service
 * compares names without case, the spelling of the first writer is in the
 * value.
 *
 * kind              key behind "kind/"       value
 * tenant            (key is "tenant")        id, displayName, domain
 * application       object id                Graph application, without
 *                                            credentials
 * service-principal object id                Graph servicePrincipal, without
 *                                            credentials; also managed and
 *                                            workspace identities
 * user              object id                Graph user
 * group             object id                Graph group
 * member            group/principal          {}
 * owner             object/principal         {}; of an application, service
 *                                            principal or group
 * credential        owner/key id             kind ("secret", "certificate"),
 *                                            displayName, startDateTime,
 *                                            endDateTime; secret: hint, hash
 *                                            (base64); certificate: key (DER,
 *                                            base64), customKeyIdentifier,
 *                                            x5t, x5t#S256 (base64url), usage,
 *                                            type. 'owner' is the object id
 *                                            of the application, or of a
 *                                            service principal without one
 * federated         owner/id                 Graph federatedIdentity-
 *                                            Credential
 * use               key id                   last (Unix seconds), count
 * role              role GUID                ARM roleDefinition
 * assignment        assignment GUID          ARM roleAssignment
 * deny              deny assignment GUID     ARM denyAssignment
 * directory-role    assignment GUID          Graph unifiedRoleAssignment
 * app-role          resource/assignment      Graph appRoleAssignment, without
 *                                            names; 'resource' is the object
 *                                            id of a service principal
 * management-group  name                     ARM managementGroup
 * subscription      GUID                     ARM subscription
 * resource-group    GUID/name                ARM resourceGroup
 * resource          ARM path, no "/" first   any other ARM resource
 * vault             name                     ARM vault
 * deleted-vault     name                     ARM deletedVault
 * secret            vault/name               name; deletedDate,
 *                                            scheduledPurgeDate while deleted
 * current           vault/name               version
 * version           vault/name/version       sealed (platform/value_keys.h),
 *                                            contentType, tags, attributes,
 *                                            sequence
 * signing-key       kid                      sealed, certificate (base64),
 *                                            from, until (Unix seconds)
 * answer            request                  what a service that the platform
 *                                            does not serve yet answers to
 *                                            that request (Fabric, DevOps);
 *                                            kept so that an import loses
 *                                            nothing
 */

#include "journal/store.h"

#include <jansson.h>

enum entity {
	ENTITY_TENANT,
	ENTITY_APPLICATION,
	ENTITY_SERVICE_PRINCIPAL,
	ENTITY_USER,
	ENTITY_GROUP,
	ENTITY_MEMBER,
	ENTITY_OWNER,
	ENTITY_CREDENTIAL,
	ENTITY_FEDERATED,
	ENTITY_USE,
	ENTITY_ROLE,
	ENTITY_ASSIGNMENT,
	ENTITY_DENY,
	ENTITY_DIRECTORY_ROLE,
	ENTITY_APP_ROLE,
	ENTITY_MANAGEMENT_GROUP,
	ENTITY_SUBSCRIPTION,
	ENTITY_RESOURCE_GROUP,
	ENTITY_RESOURCE,
	ENTITY_VAULT,
	ENTITY_DELETED_VAULT,
	ENTITY_SECRET,
	ENTITY_CURRENT,
	ENTITY_VERSION,
	ENTITY_SIGNING_KEY,
	ENTITY_ANSWER,
	ENTITIES
};

/* "application", … without slash. Static storage. */
const char *entity_name(enum entity kind);
/* Of which kind a key is; ENTITIES where of none. */
enum entity entity_kind(struct slice key);

/*
 * A key from as many parts as the kind has (the others are ""), folded, in a
 * buffer that the caller provides; the slice lies in it. A path may have a
 * "/" in front. Empty, and so the key of nothing, where a part is missing or
 * one too many, holds a control character or, being no path, a "/", or where
 * the key would be longer than the buffer: so text from the network may be
 * given as it is. entity_prefix takes fewer parts and ends with "/":
 * "secret/kv-data/".
 */
enum { ENTITY_KEY_BYTES = 2048 };
struct entity_text {
	char at[ENTITY_KEY_BYTES];
};
struct slice entity_key(struct entity_text *text, enum entity kind,
    struct slice a, struct slice b, struct slice c);
struct slice entity_prefix(
    struct entity_text *text, enum entity kind, struct slice a, struct slice b);
/* The same from an id. */
struct slice entity_guid_key(
    struct entity_text *text, enum entity kind, struct guid id);
/* The part of a key behind its last "/". */
struct slice entity_last(struct slice key);

/* The entity, parsed; a new reference, NULL where there is none (or no
 * memory). */
json_t *entity_get(const struct state *s, struct slice key);
bool entity_exists(const struct state *s, struct slice key);
/* A value that state_get or a walk gave, parsed; NULL as above. */
json_t *entity_parse(struct slice value);
/* Writes an entity; the error sticks to 'writes', also that of an empty
 * key (ACTAS_EUSAGE). */
void entity_put(struct writes *w, struct slice key, const json_t *value);

#endif
