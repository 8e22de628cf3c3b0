#include "estate/private.h"

/*
 * What only all assignments together can show: those of a principal or role
 * that nothing describes, and two that bear one GUID. A principal or role is
 * told of once, with the number of its assignments.
 */

struct tally {
	uint32_t count;
	assignment_id first;
};

static struct origin
origin_of(const struct estate *e, const struct tally *t)
{
	return e->assignment_origins[t->first];
}

static bool
has_directory(const struct builder *b)
{
	for (principal_id p = 0; p < b->principals.count; p++)
		if ((b->principals.at[p].flags & PRINCIPAL_DECLARED) != 0)
			return true;
	return false;
}

static bool
is_undescribed(const struct principal *p)
{
	return p->kind == PRINCIPAL_UNKNOWN &&
	    (p->flags &
		(PRINCIPAL_DECLARED | PRINCIPAL_COLLECTIVE |
		    PRINCIPAL_EVERYONE)) == 0;
}

/* A managed identity is often called a service principal only, and the list
 * of those has both. */
static const struct {
	uint8_t by; /* bits of kinds, the list of one of which would have it */
	const char *list;
} lists[PRINCIPAL_KINDS] = {
    [PRINCIPAL_USER] = {1 << PRINCIPAL_USER, "users"},
    [PRINCIPAL_GROUP] = {1 << PRINCIPAL_GROUP, "groups"},
    [PRINCIPAL_SERVICE] = {1 << PRINCIPAL_SERVICE, "service principals"},
    [PRINCIPAL_MANAGED_IDENTITY] = {1 << PRINCIPAL_SERVICE |
	    1 << PRINCIPAL_MANAGED_IDENTITY,
	"service principals"},
};

bool
builder_is_unlisted(const struct builder *b, principal_id p)
{
	const struct principal *row = &b->principals.at[p];

	return (b->listed & lists[row->kind].by) != 0 &&
	    (row->flags &
		(PRINCIPAL_DECLARED | PRINCIPAL_COLLECTIVE |
		    PRINCIPAL_EVERYONE | PRINCIPAL_ELSEWHERE)) == 0;
}

static void
tell_principal(struct builder *b, const struct estate *e, principal_id p)
{
	struct tally t = {
	    e->first_of_principal[p + 1] - e->first_of_principal[p],
	    e->first_of_principal[p]};
	const char *list = lists[b->principals.at[p].kind].list;
	struct buffer name = {0};

	if (t.count == 0)
		return;
	builder_write_principal(b, p, &name);
	builder_stick(b, name.error);
	builder_problem(b, PROBLEM_ORPHAN_ASSIGNMENT, buffer_slice(&name),
	    origin_of(e, &t), (struct origin){0},
	    "%u role assignment%s to %s, which the source lists nowhere: it "
	    "was deleted, or the list of %s is not complete",
	    t.count, t.count == 1 ? " is" : "s are", buffer_text(&name),
	    list == NULL ? "principals" : list);
	buffer_release(&name);
}

static void
tell_role(
    struct builder *b, const struct estate *e, role_id r, const struct tally *t)
{
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(b->roles.at[r].id, id);
	builder_problem(b, PROBLEM_ORPHAN_ASSIGNMENT, slice_of(id),
	    origin_of(e, t), (struct origin){0},
	    "%u role assignment%s of the role %s, which no role definition "
	    "describes: what it allows is not known",
	    t->count, t->count == 1 ? " is" : "s are", id);
}

static bool
is_empty(const struct role *r)
{
	return r->name == 0 && r->permission_count == 0 && !r->builtin;
}

static void
find_roles(struct builder *b, const struct estate *e, struct tally *roles)
{
	for (assignment_id a = 0; a < e->grants.count; a++) {
		struct tally *t =
		    &roles[e->grants.at[a].role_and_flags >> FLAG_BITS];

		if (t->count++ == 0)
			t->first = a;
	}
	for (role_id r = 0; r < b->roles.count; r++)
		if (roles[r].count > 0 && is_empty(&b->roles.at[r]))
			tell_role(b, e, r, &roles[r]);
}

void
find_orphans(struct builder *b, const struct estate *e)
{
	struct tally *roles;
	bool directory;

	if (b->error != ACTAS_OK)
		return;
	directory = has_directory(b);
	for (principal_id p = 0; p < b->principals.count; p++)
		if ((directory && is_undescribed(&b->principals.at[p])) ||
		    builder_is_unlisted(b, p))
			tell_principal(b, e, p);
	roles = mem_zero(b->roles.count, sizeof *roles);
	if (roles != NULL)
		find_roles(b, e, roles);
	else
		builder_stick(b, ACTAS_ENOMEM);
	mem_free(roles);
}

/* A table of row numbers plus one, by hash of the GUID; only while looking.
 * At most two thirds full. */
struct seen {
	uint32_t *slots;
	uint32_t mask;
};

static bool
seen_begin(struct seen *s, uint32_t count)
{
	uint64_t size = 16;

	while (size * 2 / 3 < count)
		size *= 2;
	s->mask = (uint32_t)(size - 1);
	s->slots = mem_zero(size, sizeof *s->slots);
	return s->slots != NULL;
}

/* The earlier row with the same GUID, or NONE and it is remembered. */
static assignment_id
seen_before(struct seen *s, const struct guid *ids, assignment_id a)
{
	uint32_t at = (uint32_t)guid_hash(ids[a]) & s->mask;

	for (; s->slots[at] != 0; at = (at + 1) & s->mask)
		if (guid_eq(ids[s->slots[at] - 1], ids[a]))
			return s->slots[at] - 1;
	s->slots[at] = a + 1;
	return NONE;
}

static bool
is_later(struct origin a, struct origin b)
{
	return a.file == b.file ? a.line > b.line : a.file > b.file;
}

static void
tell_shared_id(
    struct builder *b, const struct estate *e, assignment_id x, assignment_id y)
{
	struct origin first = e->assignment_origins[x];
	struct origin second = e->assignment_origins[y];
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(e->assignment_ids[x], id);
	if (is_later(first, second)) {
		first = second;
		second = e->assignment_origins[x];
	}
	builder_problem(b, PROBLEM_DUPLICATE, slice_of(id), second, first,
	    "two different role assignments have the id %s, which is unique "
	    "in a tenant",
	    id);
}

static bool
has_ids(const struct estate *e)
{
	for (assignment_id a = 0; a < e->grants.count; a++)
		if (!guid_is_nil(e->assignment_ids[a]))
			return true;
	return false;
}

void
find_shared_ids(struct builder *b, const struct estate *e)
{
	struct seen seen;

	if (b->error != ACTAS_OK || !has_ids(e))
		return;
	if (!seen_begin(&seen, e->grants.count)) {
		builder_stick(b, ACTAS_ENOMEM);
		return;
	}
	for (assignment_id a = 0; a < e->grants.count; a++) {
		assignment_id other;

		if (guid_is_nil(e->assignment_ids[a]))
			continue;
		other = seen_before(&seen, e->assignment_ids, a);
		if (other != NONE)
			tell_shared_id(b, e, other, a);
	}
	mem_free(seen.slots);
}
