#ifndef API_GRAPH_FILTER_H
#define API_GRAPH_FILTER_H

/*
 * The part of OData's $filter that Graph's clients use on the directory:
 *
 *	or, and, not, ( … )
 *	appId eq '…'      ne, and for numbers and times lt, le, gt, ge
 *	id in ('…', '…')
 *	startswith(displayName, '…')   endswith, contains
 *	servicePrincipalNames/any(c: c eq '…')
 *
 * Values are text in quotes (a quote doubled), true, false, null, GUIDs
 * without quotes, and numbers. Text compares without ASCII case, as Graph
 * does. Untrusted: bounded in length and depth.
 */

#include "base/base.h"

#include <jansson.h>

struct filter; /* in the arena that it was parsed in */

/* Blank text is NULL, which takes everything. ACTAS_EPARSE with '*where' in
 * 'text', ACTAS_ELIMIT, ACTAS_ENOMEM. */
enum actas_error filter_parse(struct arena *arena, struct slice text,
    const struct filter **filter, size_t *where) ACTAS_MUST_USE;
bool filter_takes(const struct filter *filter, const json_t *object);

#endif
