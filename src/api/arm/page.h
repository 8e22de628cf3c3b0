#ifndef API_ARM_PAGE_H
#define API_ARM_PAGE_H

/* Long lists, at one revision. */

#include "api/arm/arm.h"

/* A list in the making: names in their order, of which one page is sent. */
struct arm_page {
	struct slice after; /* the last name that was sent; empty at first */
	uint32_t most;
	json_t *value;
	struct slice last;
	bool more;
};

/* False after answering for a token that is no good. Pins the revision of
 * the page before in place of the newest. */
bool arm_page_begin(struct arm_call *c, struct arm_page *page);
/* Whether the item stood on a page before; items come in the order of their
 * names. */
bool arm_page_is_past(const struct arm_page *page, struct slice name);
/* False where the page is full: then there is more. Asked for items only that
 * the caller may see. */
bool arm_page_has_room(struct arm_page *page);
/* Adds it; takes the item. 'name' must live until the page is sent. */
void arm_page_add(struct arm_page *page, struct slice name, json_t *item);
/* Makes the reply, with nextLink if there is more. */
void arm_page_end(struct arm_call *c, struct arm_page *page);

/* A whole list of what the caller may see: 'add' is called for each entity
 * behind 'prefix', until the page is full. Denied where the operation is and
 * nothing is seen. An empty prefix has no entities. */
typedef void arm_page_each(
    struct arm_call *c, struct arm_page *page, const struct entry *entry);
void arm_page_visible(
    struct arm_call *c, struct slice prefix, arm_page_each *add);

#endif
