#include "estate/private.h"

/*
 * Groups, closed transitively. Tarjan's algorithm, with its recursion kept in
 * arrays, finds the strongly connected components of "is a member of" and
 * ends with each only after those that it leads to: so the groups of a
 * component are those of the components above it, which are known, and its
 * own members where they contain each other. Only groups are visited; the
 * many principals that contain nobody take the union of their groups' lists.
 */

enum column {
	FIRST,     /* rows of memberships by member: offsets into UP */
	NUMBER,    /* order of the visit, 0: not visited */
	LOW,       /* lowest number that is reached from here */
	CURSOR,    /* next row of UP to look at */
	COMPONENT, /* 0: none yet */
	LIST,      /* where its groups begin in 'lists' */
	LISTED,    /* how many they are */
	PATH,      /* stack: being visited */
	OPEN,      /* stack: visited, without a component */
	SEEN,      /* equals 'stamp': is in 'found' */
	COLUMNS
};

struct closing {
	struct builder *b;
	uint32_t *at[COLUMNS]; /* each as long as the principals, plus two */
	uint32_t *up;          /* membership rows */
	uint8_t *is_group;
	bool tell;
	uint32_t path, open, numbers, components, stamp;
	VECTOR(principal_id) lists;
	VECTOR(principal_id) found;
};

static void
closing_release(struct closing *c)
{
	for (int i = 0; i < COLUMNS; i++)
		mem_free(c->at[i]);
	mem_free(c->up);
	mem_free(c->is_group);
	vector_release(&c->lists);
	vector_release(&c->found);
}

/* Membership rows by member, in the order in which they came. */
static void
index_members(struct closing *c)
{
	const struct builder *b = c->b;
	uint32_t *first = c->at[FIRST];

	for (uint32_t i = 0; i < b->memberships.count; i++) {
		first[b->memberships.at[i].member + 2]++;
		c->is_group[b->memberships.at[i].group] = 1;
	}
	offsets_from_counts(first + 1, b->principals.count);
	for (uint32_t i = 0; i < b->memberships.count; i++)
		c->up[first[b->memberships.at[i].member + 1]++] = i;
}

static bool
closing_begin(struct closing *c, struct builder *b)
{
	size_t count = (size_t)b->principals.count + 2;

	c->b = b;
	for (int i = 0; i < COLUMNS; i++) {
		c->at[i] = mem_zero(count, sizeof(uint32_t));
		if (c->at[i] == NULL)
			return false;
	}
	c->up = mem_alloc(b->memberships.count * sizeof *c->up);
	c->is_group = mem_zero(count, 1);
	if (c->up == NULL || c->is_group == NULL)
		return false;
	index_members(c);
	return true;
}

static principal_id
group_of(const struct closing *c, uint32_t i)
{
	return c->b->memberships.at[c->up[i]].group;
}

static void
find(struct closing *c, principal_id p)
{
	if (c->at[SEEN][p] == c->stamp)
		return;
	c->at[SEEN][p] = c->stamp;
	builder_stick(c->b, vector_push(&c->found, p));
}

/* The groups above 'p' that have a component, and all above those. */
static void
find_above(struct closing *c, principal_id p)
{
	for (uint32_t i = c->at[FIRST][p]; i < c->at[FIRST][p + 1]; i++) {
		principal_id g = group_of(c, i);
		uint32_t list = c->at[LIST][g];

		if (c->at[COMPONENT][g] == c->at[COMPONENT][p])
			continue;
		find(c, g);
		for (uint32_t k = 0; k < c->at[LISTED][g]; k++)
			find(c, c->lists.at[list + k]);
	}
}

/* Insertion for the few, radix for the many. */
static void
sort_found(struct closing *c)
{
	struct ordering o;
	principal_id *at = c->found.at;
	uint32_t n = c->found.count;

	for (uint32_t i = 1; n <= 32 && i < n; i++) {
		principal_id p = at[i];
		uint32_t k = i;

		for (; k > 0 && at[k - 1] > p; k--)
			at[k] = at[k - 1];
		at[k] = p;
	}
	if (n <= 32)
		return;
	builder_stick(c->b, ordering_begin(&o, n));
	if (c->b->error != ACTAS_OK)
		return;
	ordering_sort(
	    &o, &(struct sort_key){at, 1, UINT32_MAX, c->b->principals.count});
	for (uint32_t i = 0; i < n; i++)
		o.spare[i] = at[o.at[i]];
	memcpy(at, o.spare, n * sizeof *at);
	ordering_release(&o);
}

static void
find_anew(struct closing *c)
{
	c->found.count = 0;
	c->stamp++;
}

static bool
is_inside(const struct closing *c, uint32_t membership, uint32_t component)
{
	const struct membership *m = &c->b->memberships.at[membership];

	return c->at[COMPONENT][m->group] == component &&
	    c->at[COMPONENT][m->member] == component;
}

/* Memberships are ordered by group by now: where they were read tells which
 * came first. */
static bool
came_before(const struct closing *c, uint32_t x, uint32_t y)
{
	struct origin a = c->b->memberships.at[x].origin;
	struct origin b = c->b->memberships.at[y].origin;

	if (a.file != b.file)
		return a.file < b.file;
	return a.line != b.line ? a.line < b.line : x < y;
}

/* The first of the memberships that close a cycle, or the first of those
 * that came after 'behind'. */
static uint32_t
find_inside(const struct closing *c, const principal_id *members,
    uint32_t count, uint32_t behind)
{
	uint32_t component = c->at[COMPONENT][members[0]];
	uint32_t first = NONE;

	for (uint32_t m = 0; m < count; m++) {
		principal_id p = members[m];

		for (uint32_t i = c->at[FIRST][p]; i < c->at[FIRST][p + 1]; i++)
			if (is_inside(c, c->up[i], component) &&
			    (first == NONE ||
				came_before(c, c->up[i], first)) &&
			    (behind == NONE ||
				came_before(c, behind, c->up[i])))
				first = c->up[i];
	}
	return first;
}

enum { CYCLE_NAMES = 10 };

static void
write_cycle(const struct builder *b, const principal_id *members,
    uint32_t count, struct buffer *out)
{
	uint32_t named = count > CYCLE_NAMES ? CYCLE_NAMES : count;

	buffer_puts(out, count == 1 ? "the group " : "the groups ");
	for (uint32_t i = 0; i < named; i++) {
		if (i > 0)
			buffer_puts(out, i + 1 < count ? ", " : " and ");
		builder_write_principal(b, members[i], out);
	}
	if (named < count)
		buffer_addf(out, " and %u more", count - named);
	buffer_puts(out,
	    count == 1 ? " is a member of itself"
		       : " are members of each other");
}

static void
tell_cycle(struct closing *c, const principal_id *members, uint32_t count)
{
	struct builder *b = c->b;
	struct origin origin = {0}, other = {0};
	struct buffer text = {0}, subject = {0};
	uint32_t first, second = NONE;

	if (!c->tell)
		return;
	first = find_inside(c, members, count, NONE);
	if (first == NONE)
		return;
	origin = b->memberships.at[first].origin;
	second = find_inside(c, members, count, first);
	if (second != NONE)
		other = b->memberships.at[second].origin;
	write_cycle(b, members, count, &text);
	builder_write_principal(b, members[0], &subject);
	builder_stick(b, text.error);
	builder_stick(b, subject.error);
	builder_problem(b, PROBLEM_GROUP_CYCLE, buffer_slice(&subject), origin,
	    other, "%s", buffer_text(&text));
	buffer_release(&text);
	buffer_release(&subject);
}

/* Whether so many pairs of member and group can be held. */
static bool
has_room(struct closing *c, uint64_t pairs)
{
	if (c->b->error == ACTAS_OK && pairs > LIMIT_GROUP_PATHS)
		builder_fail(c->b, ACTAS_ELIMIT, (struct origin){0},
		    "groups are nested so deep that there are more than %u "
		    "pairs of a member and a group that it is in, directly or "
		    "through other groups",
		    LIMIT_GROUP_PATHS);
	return c->b->error == ACTAS_OK;
}

/* Ends the component of all that are open down to 'p'. */
static void
end_component(struct closing *c, principal_id p)
{
	uint32_t from = c->open, count;
	principal_id *members;

	do
		c->at[COMPONENT][c->at[OPEN][--from]] = c->components + 1;
	while (c->at[OPEN][from] != p);
	c->components++;
	members = c->at[OPEN] + from;
	count = c->open - from;
	c->open = from;
	tell_cycle(c, members, count);
	find_anew(c);
	for (uint32_t i = 0; i < count; i++) {
		if (count > 1)
			find(c, members[i]);
		find_above(c, members[i]);
	}
	sort_found(c);
	for (uint32_t i = 0; i < count; i++) {
		c->at[LIST][members[i]] = c->lists.count;
		c->at[LISTED][members[i]] = c->found.count;
	}
	if (has_room(c, (uint64_t)c->lists.count + c->found.count))
		for (uint32_t i = 0; i < c->found.count; i++)
			builder_stick(
			    c->b, vector_push(&c->lists, c->found.at[i]));
}

static void
enter(struct closing *c, principal_id p)
{
	c->at[NUMBER][p] = c->at[LOW][p] = ++c->numbers;
	c->at[CURSOR][p] = c->at[FIRST][p];
	c->at[PATH][c->path++] = p;
	c->at[OPEN][c->open++] = p;
}

static void
lower(uint32_t *low, uint32_t other)
{
	if (other < *low)
		*low = other;
}

static void
leave(struct closing *c, principal_id p)
{
	c->path--;
	if (c->at[LOW][p] == c->at[NUMBER][p])
		end_component(c, p);
	if (c->path > 0)
		lower(&c->at[LOW][c->at[PATH][c->path - 1]], c->at[LOW][p]);
}

static void
visit(struct closing *c, principal_id root)
{
	enter(c, root);
	while (c->path > 0 && c->b->error == ACTAS_OK) {
		principal_id p = c->at[PATH][c->path - 1], g;

		if (c->at[CURSOR][p] == c->at[FIRST][p + 1]) {
			leave(c, p);
			continue;
		}
		g = group_of(c, c->at[CURSOR][p]++);
		if (c->at[NUMBER][g] == 0)
			enter(c, g);
		else if (c->at[COMPONENT][g] == 0)
			lower(&c->at[LOW][p], c->at[NUMBER][g]);
	}
}

static void
add_groups(struct closing *c, principal_id p, struct estate_private *own)
{
	find_anew(c);
	if (c->is_group[p])
		for (uint32_t k = 0; k < c->at[LISTED][p]; k++)
			find(c, c->lists.at[c->at[LIST][p] + k]);
	else
		find_above(c, p);
	if (!c->is_group[p])
		sort_found(c);
	if (!has_room(c, (uint64_t)own->groups.count + c->found.count))
		return;
	for (uint32_t i = 0; i < c->found.count; i++)
		if (c->found.at[i] != p)
			builder_stick(
			    c->b, vector_push(&own->groups, c->found.at[i]));
}

static void
close_all(struct closing *c, struct estate_private *own)
{
	uint32_t count = c->b->principals.count;
	uint64_t pairs = 0;

	for (principal_id p = 0; p < count; p++)
		if (c->is_group[p] && c->at[NUMBER][p] == 0)
			visit(c, p);
	/* No group: a component that no other one equals. */
	for (principal_id p = 0; p < count; p++)
		if (!c->is_group[p])
			c->at[COMPONENT][p] = NONE;
	/* Groups in a cycle share one list, which is written out for each. */
	for (principal_id p = 0; p < count; p++)
		pairs += c->at[LISTED][p];
	if (!has_room(c, pairs))
		return;
	for (principal_id p = 0; p < count && c->b->error == ACTAS_OK; p++) {
		add_groups(c, p, own);
		own->first_group[p + 1] = own->groups.count;
	}
}

void
close_groups(struct builder *b, struct estate_private *own, bool tell)
{
	struct closing c = {.tell = tell};

	if (b->error != ACTAS_OK)
		return;
	own->first_group =
	    mem_zero((size_t)b->principals.count + 1, sizeof *own->first_group);
	if (own->first_group == NULL ||
	    (b->memberships.count > 0 && !closing_begin(&c, b)))
		builder_stick(b, ACTAS_ENOMEM);
	else if (b->memberships.count > 0)
		close_all(&c, own);
	closing_release(&c);
	vector_trim(&own->groups);
}
