#include "api/arm/scope.h"

bool
arm_segment_is_valid(struct slice segment)
{
	if (segment.length == 0 || segment.length > ARM_SEGMENT_BYTES ||
	    slice_eq(segment, SLICE(".")) || slice_eq(segment, SLICE("..")))
		return false;
	for (size_t i = 0; i < segment.length; i++)
		if ((unsigned char)segment.at[i] < ' ' ||
		    segment.at[i] == 0x7f ||
		    strchr("<>*%&:\\?/#\"", segment.at[i]) != NULL)
			return false;
	return slice_is_utf8(segment);
}

bool
arm_path_is_within(struct slice s, struct slice above)
{
	if (above.length <= 1)
		return true;
	return slice_starts_case(s, above) &&
	    (s.length == above.length || s.at[above.length] == '/');
}

struct slice
arm_path_above(struct slice path)
{
	while (path.length > 0 && path.at[path.length - 1] != '/')
		path.length--;
	if (path.length > 0)
		path.length--;
	return path;
}

struct walk {
	struct slice segments[ARM_SEGMENTS_MOST];
	uint32_t count, at;
	const char *text; /* of the whole path */
	struct arena *arena;
};

static bool
split(struct slice text, struct walk *w)
{
	struct slice rest = text, segment;

	while (slice_cut(&rest, '/', &segment)) {
		if (w->count == ARM_SEGMENTS_MOST ||
		    !arm_segment_is_valid(segment))
			return false;
		w->segments[w->count++] = segment;
	}
	return true;
}

/* The path up to the segment before 'at'. */
static struct slice
path_so_far(const struct walk *w)
{
	struct slice last = w->segments[w->at - 1];

	return (struct slice){
	    w->text, (size_t)(last.at + last.length - w->text)};
}

static bool
word_is(const struct walk *w, const char *word)
{
	return w->at + 1 < w->count &&
	    slice_eq_case(w->segments[w->at], slice_of(word));
}

static bool
add_type(struct walk *w, struct slice type, struct arm_scope *s)
{
	const char *joined = arena_printf(
	    w->arena, "%.*s/%.*s", SLICE_ARGS(s->type), SLICE_ARGS(type));

	s->type = slice_of(joined);
	return joined != NULL;
}

/* "providers/{namespace}/{type}/{name}[/{type}/{name}…]", once or, for an
 * extension, again. */
static bool
read_resource(struct walk *w, struct arm_scope *s)
{
	bool outermost = s->kind != ARM_RESOURCE;

	s->kind = ARM_RESOURCE;
	s->type = w->segments[w->at + 1];
	w->at += 2;
	do {
		if (w->at + 1 >= w->count ||
		    !add_type(w, w->segments[w->at], s))
			return false;
		s->name = w->segments[w->at + 1];
		w->at += 2;
		if (outermost) {
			s->top = path_so_far(w);
			s->top_type = s->type;
			s->top_name = s->name;
			outermost = false;
		}
	} while (w->at < w->count &&
	    !slice_eq_case(w->segments[w->at], SLICE("providers")));
	return true;
}

static bool
is_management_group(const struct walk *w)
{
	return w->count == 4 && w->at == 0 &&
	    slice_eq_case(w->segments[0], SLICE("providers")) &&
	    slice_eq_case(w->segments[1], SLICE("Microsoft.Management")) &&
	    slice_eq_case(w->segments[2], SLICE("managementGroups"));
}

static bool
read_scope(struct walk *w, struct arm_scope *s)
{
	if (is_management_group(w)) {
		s->kind = ARM_MANAGEMENT_GROUP;
		s->name = w->segments[3];
		return true;
	}
	if (word_is(w, "subscriptions")) {
		s->kind = ARM_SUBSCRIPTION;
		s->subscription = w->segments[1];
		w->at = 2;
		if (word_is(w, "resourceGroups")) {
			s->kind = ARM_GROUP;
			s->group = w->segments[3];
			w->at = 4;
		}
	}
	while (w->at < w->count) {
		if (!word_is(w, "providers") || !read_resource(w, s))
			return false;
	}
	return true;
}

bool
arm_scope_parse(struct arena *arena, struct slice text, struct arm_scope *scope)
{
	struct walk w = {.arena = arena};
	struct arm_scope s = {.path = SLICE("/")};

	*scope = s;
	while (text.length > 1 && text.at[0] == '/' && text.at[1] == '/')
		text = slice_from(text, 1);
	if (text.length > 1 && text.at[text.length - 1] == '/')
		text.length--;
	if (text.length == 0 || slice_eq(text, SLICE("/")))
		return true;
	if (text.at[0] != '/' || text.length > ARM_PATH_BYTES ||
	    !split(slice_from(text, 1), &w))
		return false;
	w.text = text.at;
	s.path = text;
	if (!read_scope(&w, &s))
		return false;
	*scope = s;
	return true;
}
