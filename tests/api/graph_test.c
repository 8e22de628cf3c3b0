#include "graph_test.h"

#define JSON "Content-Type: application/json"

struct reply
graph_call(struct fixture *f, const char *who, const char *method,
    const char *target, const char *body)
{
	const char *headers =
	    arena_printf(&f->arena, "%s\n" JSON, fixture_bearer(f, who, GRAPH));
	char *text = body == NULL ? NULL : arena_printf(&f->arena, "%s", body);

	for (char *at = text; at != NULL && *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	return ask(f, method, GRAPH_HOST, target, headers, text);
}

void
graph_expect(struct fixture *f, const char *who, const char *method,
    const char *target, uint32_t status, const char *path, const char *value)
{
	struct reply r = graph_call(f, who, method, target, NULL);

	assert_reply(&r, status, path, value);
	reply_free(&r);
}

const char *
graph_make(struct fixture *f, const char *target, const char *body)
{
	struct reply r = graph_call(f, ADMIN, "POST", target, body);
	const char *id;

	assert_reply(&r, 201, NULL, NULL);
	id = arena_printf(&f->arena, "%s", reply_at(&r, "id"));
	reply_free(&r);
	return id;
}

void
graph_change(struct fixture *f, const char *method, const char *target,
    const char *body, uint32_t status)
{
	struct reply r = graph_call(f, ADMIN, method, target, body);

	assert_reply(&r, status, NULL, NULL);
	reply_free(&r);
}
