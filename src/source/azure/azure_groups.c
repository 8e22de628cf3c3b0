#include "source/azure/azure.h"

/*
 * Answers about transitive members say who is in a group and not how. Where
 * the direct memberships of the source lead there, such an answer adds
 * nothing. Where they do not, the access is real and the way to it is not
 * known: the member is taken as a direct one, and a problem tells it, so that
 * nobody's access is missed and no path is passed off as read.
 */

struct groups {
	struct azure *az;
	uint32_t *first;       /* of each group: offset of its members */
	principal_id *members; /* by group */
	uint8_t *marks;        /* by principal: in the group at hand */
	principal_id *queue;
};

static bool
begin(struct groups *g)
{
	const struct builder *b = g->az->b;
	size_t principals = b->principals.count;

	g->first = mem_zero(principals + 2, sizeof *g->first);
	g->members = mem_zero(b->memberships.count, sizeof *g->members);
	g->marks = mem_zero(principals, 1);
	g->queue = mem_zero(principals, sizeof *g->queue);
	if (g->first == NULL || g->members == NULL || g->marks == NULL ||
	    g->queue == NULL) {
		g->az->error = ACTAS_ENOMEM;
		return false;
	}
	for (uint32_t i = 0; i < b->memberships.count; i++)
		g->first[b->memberships.at[i].group + 2]++;
	for (size_t i = 2; i < principals + 2; i++)
		g->first[i] += g->first[i - 1];
	for (uint32_t i = 0; i < b->memberships.count; i++)
		g->members[g->first[b->memberships.at[i].group + 1]++] =
		    b->memberships.at[i].member;
	return true;
}

/* Marks all that are in the group. */
static void
mark(struct groups *g, principal_id group)
{
	uint32_t known = 1;

	memset(g->marks, 0, g->az->b->principals.count);
	g->queue[0] = group;
	g->marks[group] = 1;
	for (uint32_t i = 0; i < known; i++) {
		principal_id at = g->queue[i];

		for (uint32_t k = g->first[at]; k < g->first[at + 1]; k++) {
			if (g->marks[g->members[k]])
				continue;
			g->marks[g->members[k]] = 1;
			g->queue[known++] = g->members[k];
		}
	}
}

/* Display name, else UPN, else object id. */
static void
write_name(struct azure *az, principal_id id, struct buffer *out)
{
	const struct principal *p = &az->b->principals.at[id];
	string_id name = p->name != 0 ? p->name : p->upn;
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(p->object_id, text);
	if (name != 0)
		buffer_add(out, strings_get(&az->b->strings, name));
	else
		buffer_puts(out, text);
}

static void
tell(struct azure *az, const struct waiting *w)
{
	struct buffer member = {0}, group = {0};

	write_name(az, w->principal, &member);
	write_name(az, w->row, &group);
	builder_problem(az->b, PROBLEM_INCOMPLETE_SOURCE, buffer_slice(&member),
	    w->origin, (struct origin){0},
	    "%s is in the group %s by a way that the source does not show: "
	    "taken as a direct member",
	    buffer_text(&member), buffer_text(&group));
	if (member.error != ACTAS_OK || group.error != ACTAS_OK)
		az->error = ACTAS_ENOMEM;
	buffer_release(&member);
	buffer_release(&group);
}

static bool
waits(const struct azure *az)
{
	for (uint32_t i = 0; i < az->waiting.count; i++)
		if (az->waiting.at[i].what == WAITING_TRANSITIVE)
			return true;
	return false;
}

void
azure_settle_groups(struct azure *az)
{
	struct groups g = {.az = az};
	principal_id marked = NONE;

	if (!waits(az) || !begin(&g))
		goto out;
	for (uint32_t i = 0; i < az->waiting.count && !azure_failed(az); i++) {
		const struct waiting *w = &az->waiting.at[i];

		if (w->what != WAITING_TRANSITIVE)
			continue;
		if (marked != w->row)
			mark(&g, w->row);
		marked = w->row;
		if (g.marks[w->principal])
			continue;
		g.marks[w->principal] = 1;
		tell(az, w);
		builder_member(az->b, w->row, w->principal, w->origin);
	}
out:
	mem_free(g.first);
	mem_free(g.members);
	mem_free(g.marks);
	mem_free(g.queue);
}
