/*
 * Any request: "METHOD target\n", headers as "name: value\n", an empty line,
 * a body. What is let through keeps the promises of http/exchange.h, and the
 * router finds the same row twice.
 */
#include "http/router.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADERS = 160 };

static const struct route table[] = {
    {HTTP_GET | HTTP_PUT, "/secrets/{name}", NULL, NULL},
    {HTTP_GET, "/secrets/{name}/{version}", NULL, NULL},
    {HTTP_GET | HTTP_OTHER, "/{scope...}/providers/{a}/{b}", NULL, NULL},
    {HTTP_POST, "/{a}/oauth2/v2.0/token", NULL, NULL},
    {0},
};

static void
check_text(struct slice text, const char *allowed)
{
	for (size_t i = 0; i < text.length; i++)
		if (((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f) &&
		    (text.at[i] == '\0' || strchr(allowed, text.at[i]) == NULL))
			abort();
	if (!slice_is_utf8(text))
		abort();
}

static void
check_request(const struct exchange *x)
{
	if (x->host.length == 0 || x->authority.length < x->host.length ||
	    x->segment_count > HTTP_SEGMENTS_MOST ||
	    x->query_count > HTTP_PARAMETERS_MOST)
		abort();
	check_text(x->target, "");
	check_text(x->host, "");
	for (uint32_t i = 0; i < x->segment_count; i++) {
		check_text(x->segments[i], "");
		if (slice_eq(x->segments[i], SLICE("..")) ||
		    slice_eq(x->segments[i], SLICE(".")))
			abort();
	}
	for (uint32_t i = 0; i < x->query_count; i++) {
		check_text(x->query[i].name, "");
		check_text(x->query[i].value, "");
	}
	check_text(exchange_bearer(x), "\t");
	check_text(exchange_header(x, "X"), "\t");
}

static void
check_form(struct exchange *x)
{
	struct form form;

	if (exchange_form(x, &form) != ACTAS_OK)
		return;
	for (uint32_t i = 0; i < form.count; i++) {
		check_text(form.at[i].name, "");
		check_text(form.at[i].value, "\t\r\n");
	}
}

static void
check_route(struct exchange *x)
{
	const struct route *route, *again;
	uint32_t methods;

	if (router_find(table, x, &route, &methods) == ROUTE_FOUND &&
	    ((route->methods & x->method) == 0 ||
		router_find(table, x, &again, &methods) != ROUTE_FOUND ||
		again != route))
		abort();
}

static enum http_method
method_of(struct slice name)
{
	return name.length == 0 ? HTTP_GET
				: (enum http_method)(1u << (name.at[0] & 7));
}

/* A C string; the table of headers is of those. */
static const char *
text_of(struct arena *a, struct slice text)
{
	char *copy = arena_text(a, text);

	if (copy == NULL)
		abort();
	return copy;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size}, line, method, name;
	struct http_header headers[HEADERS + 1] = {{0}};
	struct arena arena = {0};
	struct exchange *x;
	uint32_t n = 0, refused = 0;

	if (!slice_cut(&rest, '\n', &line))
		return 0;
	slice_cut(&line, ' ', &method);
	struct slice target = line, header;
	while (n < HEADERS && slice_cut(&rest, '\n', &header) &&
	    header.length > 0) {
		slice_cut(&header, ':', &name);
		headers[n].name = text_of(&arena, name);
		headers[n++].value = text_of(&arena, header);
	}
	x = exchange_new(
	    method_of(method), target, headers, rest, NULL, NULL, &refused);
	if ((x == NULL) != (refused != 0) ||
	    (x == NULL && (refused < 400 || refused > 599)))
		abort();
	if (x != NULL) {
		check_request(x);
		check_form(x);
		check_route(x);
	}
	exchange_free(x);
	arena_release(&arena);
	return 0;
}
