#ifndef ESTATE_TABLES_H
#define ESTATE_TABLES_H

/* The tables of a builder and of its estate, all alike, without their types:
 * only the files of this folder use it. */

#include "estate/builder.h"

/* Every vector of struct builder, with the type of its rows. */
#define EACH_TABLE(X)                           \
	X(principals, struct principal)         \
	X(applications, struct application)     \
	X(memberships, struct membership)       \
	X(scopes, struct scope)                 \
	X(roles, struct role)                   \
	X(permissions, struct permission)       \
	X(patterns, string_id)                  \
	X(denials, struct deny_assignment)      \
	X(denial_ids, uint32_t)                 \
	X(vaults, struct vault)                 \
	X(secrets, struct secret)               \
	X(usages, struct usage)                 \
	X(credentials, struct credential)       \
	X(sinks, struct sink)                   \
	X(connections, struct connection)       \
	X(authorizations, struct authorization) \
	X(items, struct item)                   \
	X(schedules, struct schedule)           \
	X(activities, struct activity)          \
	X(needs, struct need)                   \
	X(ownerships, struct ownership)         \
	X(listings, struct listing)             \
	X(claims, struct claim)                 \
	X(policies, struct policy)              \
	X(plans, struct plan)                   \
	X(verifications, struct verification)   \
	X(settings, struct setting)             \
	X(problems, struct problem)

enum table_id {
#define TABLE_ID(name, type) TABLE_##name,
	EACH_TABLE(TABLE_ID)
#undef TABLE_ID
	    TABLES,
	/* Not tables, but ids refer to them as well. */
	TABLE_strings = TABLES,
	TABLE_grants
};

/* A table seen without its type. */
struct rows {
	char *at;
	uint32_t count;
	size_t size;
};

struct rows table_rows(const struct builder *b, enum table_id table);
const char *table_name(enum table_id table);
void tables_release(struct builder *b);
void tables_trim(struct builder *b);
size_t tables_memory(const struct builder *b);
/* Each id of 'target' becomes map[id], in every row of every table. */
void tables_remap(struct builder *b, enum table_id target, const uint32_t *map);
/* Keeps the rows r with stays[r] == r, in order, and renumbers: each id r of
 * the table becomes map[r]. */
void table_keep(struct builder *b, enum table_id table, const uint32_t *stays,
    const uint32_t *map);
/* Copies what 'into' leaves unsaid from 'from', both rows of 'table'. False
 * where both say something and do not agree. */
bool table_merge(
    const struct builder *b, enum table_id table, uint32_t into, uint32_t from);
/* ACTAS_EUSAGE and a fault where a row refers to what is not there. */
enum actas_error tables_check(const struct builder *b, uint32_t assignments,
    struct fault *fault) ACTAS_MUST_USE;

#endif
