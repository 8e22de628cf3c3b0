#ifndef TESTS_API_GRAPH_TEST_H
#define TESTS_API_GRAPH_TEST_H

/* Requests to Graph as some principal. */

#include "fixture.h"

#define APP    "/v1.0/applications/"
#define SP     "/v1.0/servicePrincipals/"
#define OBJECT "https://graph.microsoft.com/v1.0/directoryObjects/"

/* Bodies are written with single quotes; NULL: none. */
struct reply graph_call(struct fixture *f, const char *who, const char *method,
    const char *target, const char *body);
/* Asks and checks status and, where a path is given, what stands there. */
void graph_expect(struct fixture *f, const char *who, const char *method,
    const char *target, uint32_t status, const char *path, const char *value);
/* The same as the administrator, with a body; returns the reply's "id" (in
 * the fixture's arena). */
const char *graph_make(struct fixture *f, const char *target, const char *body);
/* A change by the administrator and its status. */
void graph_change(struct fixture *f, const char *method, const char *target,
    const char *body, uint32_t status);

#endif
