#include "http/router.h"

enum {
	CAPTURES = sizeof((struct exchange *)0)->captures / sizeof(struct slice)
};

/* A pattern, split into what may stand in front and what must follow. */
struct pattern {
	bool scoped;       /* begins with "{scope...}" */
	struct slice rest; /* without a leading slash; NULL: nothing */
	uint32_t parts;    /* of the rest */
};

static struct pattern
pattern_of(const char *text)
{
	const struct slice scope = SLICE("/{scope...}");
	struct pattern p = {.rest = slice_of(text)};
	struct slice rest, part;

	p.scoped = slice_starts(p.rest, scope);
	p.rest = slice_from(p.rest, p.scoped ? scope.length + 1 : 1);
	for (rest = p.rest; slice_cut(&rest, '/', &part);)
		p.parts++;
	return p;
}

static bool
is_capture(struct slice part)
{
	return part.length > 0 && part.at[0] == '{';
}

static bool
matches(const struct pattern *p, const struct exchange *x)
{
	struct slice rest = p->rest, part;
	uint32_t i;

	if (p->scoped ? x->segment_count < p->parts
		      : x->segment_count != p->parts)
		return false;
	for (i = x->segment_count - p->parts; slice_cut(&rest, '/', &part); i++)
		if (is_capture(part) ? x->segments[i].length == 0
				     : !slice_eq_case(part, x->segments[i]))
			return false;
	return true;
}

/*
 * "/a/b" of the first 'count' segments, "" of none. A slash inside a segment
 * would make two readings of one scope, so there is no match then; nor when
 * out of memory, since "" is a scope too, and the widest.
 */
static bool
join_scope(struct exchange *x, uint32_t count, struct slice *scope)
{
	size_t length = 0, at = 0;
	char *text;

	for (uint32_t i = 0; i < count; i++) {
		if (slice_find(x->segments[i], SLICE("/")) != SIZE_MAX)
			return false;
		length += 1 + x->segments[i].length;
	}
	text = arena_zero(&x->arena, length + 1, 1);
	if (text == NULL)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		text[at++] = '/';
		memcpy(text + at, x->segments[i].at, x->segments[i].length);
		at += x->segments[i].length;
	}
	*scope = (struct slice){text, length};
	return true;
}

static bool
capture(const struct pattern *p, struct exchange *x)
{
	uint32_t n = 0, i = x->segment_count - p->parts;
	struct slice rest = p->rest, part;

	if (p->scoped && !join_scope(x, i, &x->captures[n++]))
		return false;
	for (; slice_cut(&rest, '/', &part); i++)
		if (is_capture(part) && n < CAPTURES)
			x->captures[n++] = x->segments[i];
	return true;
}

enum route_result
router_find(const struct route *table, struct exchange *x,
    const struct route **route, uint32_t *methods)
{
	*route = NULL;
	*methods = 0;
	for (; table->methods != 0; table++) {
		struct pattern p = pattern_of(table->pattern);

		if (!matches(&p, x))
			continue;
		*methods |= table->methods;
		if ((table->methods & x->method) == 0)
			continue;
		if (!capture(&p, x))
			return ROUTE_NO_PATH;
		*route = table;
		return ROUTE_FOUND;
	}
	return *methods == 0 ? ROUTE_NO_PATH : ROUTE_NO_METHOD;
}
