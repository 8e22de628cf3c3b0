#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

/*
 * Routes are rows of tables. A pattern is a path whose segments are literals
 * (ASCII case ignored), "{name}" (exactly one segment, not empty), or, at the
 * front only, "{scope...}" (any number of segments, also none and empty ones,
 * but none with a "/" inside). A trailing slash of the request is ignored
 * (x->ends_with_slash). Captures are in the order of the pattern, at most 8;
 * that of "{scope...}" is the joined path with a leading "/", as ARM writes
 * scopes: "" for none, and "/" for that of "//providers/…", which is how az
 * writes the root.
 */

#include "http/exchange.h"

struct route {
	uint32_t methods;    /* enum http_method, or'ed; 0 ends a table */
	const char *pattern; /* "/secrets/{name}/{version}" */
	void (*handle)(struct exchange *x);
	const void *detail; /* whatever the surface wants to know of a row */
};

enum route_result {
	ROUTE_FOUND,
	ROUTE_NO_PATH,  /* 404 */
	ROUTE_NO_METHOD /* 405; '*methods' are those of the path */
};

/* Finds the first row that fits, and sets x->captures. */
enum route_result router_find(const struct route *table, struct exchange *x,
    const struct route **route, uint32_t *methods);

#endif
