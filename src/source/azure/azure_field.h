#ifndef SOURCE_AZURE_FIELD_H
#define SOURCE_AZURE_FIELD_H

/* Typed access to keys of an element, at the top or in "properties". */

#include "source/azure/azure.h"

struct origin azure_origin(const struct azure *az, uint32_t line);
/* The value, or NULL where it is absent or null. */
json_t *azure_field(const struct json_node *n, const char *key);
/* A nested object or list with its place; false where absent. */
bool azure_node(struct azure *az, const struct json_node *n, const char *key,
    struct json_node *found);
/* Elements of a list; of nothing where it is absent. */
struct json_walk azure_list(
    struct azure *az, const struct json_node *n, const char *key);
/* Text that may be absent (then empty), and text that must be there. The
 * slice lives as long as the node. */
struct slice azure_text(
    struct azure *az, const struct json_node *n, const char *key);
struct slice azure_need_text(struct azure *az, const struct json_node *n,
    const char *key, const char *expected);
struct guid azure_guid(
    struct azure *az, const struct json_node *n, const char *key);
struct guid azure_need_guid(
    struct azure *az, const struct json_node *n, const char *key);
enum tri azure_bool(
    struct azure *az, const struct json_node *n, const char *key);
/* ISO 8601 text, or seconds since 1970 as Key Vault writes them. */
moment azure_moment(
    struct azure *az, const struct json_node *n, const char *key);
/* The interned text of a key, 0 where absent. */
string_id azure_string(
    struct azure *az, const struct json_node *n, const char *key);
/* Sets the sticky error: what the key holds, and what was expected. */
void azure_complain(struct azure *az, const struct json_node *n,
    const char *key, const char *expected);
/* The same for anything else that is wrong in a line. */
void azure_refuse(struct azure *az, uint32_t line, const char *format, ...)
    ACTAS_PRINTF(3, 4);

#endif
