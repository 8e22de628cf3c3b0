#include "platform/import/import_private.h"

/*
 * An answer is kept as one entity, and an entity has a ceiling, so that long
 * lists are kept in pages: "…/workspaces", "…/workspaces.2", which is how a
 * folder of answers calls them too.
 */

enum { PAGE_BYTES = LIMIT_VALUE_BYTES / 2 };

struct answer_list
answer_list(struct import *im, const char *request, const char *key)
{
	return (struct answer_list){
	    .im = im, .request = request, .key = key, .page = 1};
}

static void
write_page(struct answer_list *list)
{
	struct import *im = list->im;
	const char *request = list->page == 1
	    ? list->request
	    : import_text(im, "%s.%u", list->request, list->page);
	struct entity_text text;

	import_put(im,
	    entity_key(
		&text, ENTITY_ANSWER, slice_of(request), SLICE(""), SLICE("")),
	    json_pack("{s:o}", list->key, list->elements), request);
	list->elements = NULL;
	list->bytes = 0;
	list->page++;
}

void
answer_add(struct answer_list *list, json_t *element)
{
	size_t bytes = json_dumpb(element, NULL, 0, JSON_COMPACT);

	if (list->elements != NULL && list->bytes + bytes > PAGE_BYTES)
		write_page(list);
	if (list->elements == NULL)
		list->elements = json_array();
	list->bytes += bytes;
	if (element == NULL ||
	    json_array_append_new(list->elements, element) != 0)
		import_fail(list->im, ACTAS_ENOMEM);
}

void
answer_end(struct answer_list *list)
{
	if (list->elements != NULL)
		write_page(list);
}
