#include "api/graph/graph.h"

#include <stdlib.h>

/*
 * Lists: $filter, $orderby, $select, $top, $count, and pages that are all of
 * one revision: the link to the next one names it.
 */

enum { PAGE_USUAL = 100, PAGE_MOST = 999 };

struct page {
	uint64_t skip, top;
};

static uint64_t
number_of(struct graph_call *c, const char *name, uint64_t usual)
{
	uint32_t count;
	struct slice text = exchange_query(c->x, name, &count);
	uint64_t number = usual;

	if (count > 0 && !slice_u64(text, &number))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Invalid value for the query option '%s'.", name);
	return number;
}

static struct page
page_of(struct graph_call *c)
{
	struct page page = {
	    number_of(c, "$skiptoken", 0), number_of(c, "$top", PAGE_USUAL)};

	if (page.top == 0 || page.top > PAGE_MOST)
		graph_refuse(c, 400, "Request_UnsupportedQuery",
		    "Invalid page size specified: '%llu'. Must be between 1 "
		    "and %d inclusive.",
		    (unsigned long long)page.top, PAGE_MOST);
	return page;
}

static json_t *
filtered(struct graph_call *c, json_t *all)
{
	const struct filter *filter;
	struct slice text = exchange_query(c->x, "$filter", NULL);
	json_t *some = json_array(), *each;
	size_t i, where;
	enum actas_error error =
	    filter_parse(&c->x->arena, text, &filter, &where);

	if (error != ACTAS_OK)
		graph_refuse(c, 400, "Request_UnsupportedQuery",
		    "Invalid filter clause: the part from position %zu on is "
		    "not understood.",
		    where);
	else
		json_array_foreach(all, i, each)
		{
			if (filter_takes(filter, each))
				json_array_append(some, each);
		}
	json_decref(all);
	return some;
}

/* --- $orderby: by one text --- */

struct order {
	const char *by;
	bool descending;
};

static int
compare(const void *a, const void *b, void *context)
{
	const struct order *order = context;
	const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
	int result = slice_cmp_case(
	    graph_text(left, order->by), graph_text(right, order->by));

	return order->descending ? -result : result;
}

static void
sort(struct graph_call *c, json_t *list)
{
	struct slice rest = exchange_query(c->x, "$orderby", NULL), word;
	size_t count = json_array_size(list);
	struct order order = {0};
	json_t **rows;

	if (rest.length == 0 || count == 0)
		return;
	(void)slice_cut(&rest, ' ', &word);
	order.by = arena_text(&c->x->arena, word);
	order.descending = slice_eq_case(slice_trim(rest), SLICE("desc"));
	rows = arena_zero(&c->x->arena, count, sizeof(json_t *));
	if (order.by == NULL || rows == NULL) {
		c->status = 500;
		return;
	}
	for (size_t i = 0; i < count; i++)
		rows[i] = json_incref(json_array_get(list, i));
	qsort_r(rows, count, sizeof(json_t *), compare, &order);
	json_array_clear(list);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, rows[i]);
}

/* --- $select --- */

json_t *
graph_select(struct graph_call *c, json_t *object)
{
	struct slice rest = exchange_query(c->x, "$select", NULL), word;
	json_t *some;

	if (rest.length == 0 || object == NULL)
		return object;
	some = json_object();
	json_object_set(
	    some, "@odata.type", json_object_get(object, "@odata.type"));
	while (slice_cut(&rest, ',', &word)) {
		const char *name = arena_text(&c->x->arena, slice_trim(word));
		json_t *value =
		    name == NULL ? NULL : json_object_get(object, name);

		if (name != NULL && name[0] != '\0')
			json_object_set_new(some, name,
			    value == NULL ? json_null() : json_incref(value));
	}
	json_decref(object);
	return some;
}

/* --- pages --- */

/* The same request, from another place on, at the same revision. */
static json_t *
next_link(struct graph_call *c, uint64_t skip)
{
	struct slice rest = c->x->target, path;
	struct buffer link = {0};
	json_t *text;

	(void)slice_cut(&rest, '?', &path);
	buffer_addf(&link, "%s%.*s?", exchange_origin(c->x), SLICE_ARGS(path));
	for (uint32_t i = 0; i < c->x->query_count; i++) {
		const struct parameter *p = &c->x->query[i];

		if (slice_eq_case(p->name, SLICE("$skiptoken")) ||
		    slice_eq_case(p->name, SLICE("$revision")))
			continue;
		buffer_add_encoded(&link, p->name, "$");
		buffer_putc(&link, '=');
		buffer_add_encoded(&link, p->value, "$");
		buffer_putc(&link, '&');
	}
	buffer_addf(&link, "$skiptoken=%llu&$revision=%llu",
	    (unsigned long long)skip,
	    (unsigned long long)c->snapshot->revision);
	text = json_stringn(buffer_text(&link), link.length);
	buffer_release(&link);
	store_keep(exchange_platform(c->x)->store, c->snapshot, STORE_STATE);
	return text;
}

static json_t *
page_value(struct graph_call *c, json_t *all, const struct page *page)
{
	json_t *value = json_array();

	for (uint64_t i = page->skip;
	     i < json_array_size(all) && i - page->skip < page->top; i++)
		if (json_array_append_new(value,
			graph_select(c, json_incref(json_array_get(all, i)))) !=
		    0)
			c->status = 500;
	return value;
}

void
graph_reply_list(struct graph_call *c, json_t *all)
{
	struct page page = page_of(c);
	struct slice counts = exchange_query(c->x, "$count", NULL);
	uint64_t total;
	json_t *reply;

	if (c->code != NULL || all == NULL) {
		json_decref(all);
		graph_reply(c, 500, NULL);
		return;
	}
	all = filtered(c, all);
	sort(c, all);
	total = json_array_size(all);
	reply = json_pack("{s:o}", "@odata.context",
	    json_sprintf("%s/$metadata#%s", graph_base(c),
		graph_collections[c->operation->kind].name));
	if (slice_eq_case(counts, SLICE("true")))
		graph_set(
		    reply, "@odata.count", json_integer((json_int_t)total));
	if (page.skip < total && total - page.skip > page.top)
		graph_set(reply, "@odata.nextLink",
		    next_link(c, page.skip + page.top));
	graph_set(reply, "value", page_value(c, all, &page));
	json_decref(all);
	graph_reply(c, 200, reply);
}
