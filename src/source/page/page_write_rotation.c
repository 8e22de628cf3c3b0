#include "source/page/page_write.h"

/* Credentials, where their copies are, how they are rotated; the page's own
 * rules. */

void
write_credentials(struct page_writer *w)
{
	static const char *const titles[] = {"Credential", "Identity", "App ID",
	    "Kind", "Starts", "Ends", "Key ID", "Issuer", "Subject", NULL};
	static const char *const kinds[] = {
	    "secret", "certificate", "federated"};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < e->credentials.count; i++) {
		const struct credential *c = &e->credentials.at[i];

		cell_name(&t, estate_text(e, c->name));
		cell_principal(&t, w, c->principal);
		cell_guid(&t,
		    c->application == NONE
			? (struct guid){0}
			: e->applications.at[c->application].app_id);
		cell_word(&t, kinds[c->kind]);
		cell_moment(&t, c->starts);
		cell_moment(&t, c->ends);
		cell_guid(&t, c->key_id);
		cell_name(&t, estate_text(e, c->issuer));
		cell_name(&t, estate_text(e, c->subject));
	}
	table_end(&t, "## Credentials", w->out);
}

static void
write_sink(struct page_writer *w, const struct sink *s,
    void (*name)(struct buffer *out, struct slice name), struct buffer *out)
{
	if (s->scope == NONE) {
		buffer_puts(out, s->kind == SINK_FILE ? "file " : "secret ");
		name(out, estate_text(w->e, s->file));
		return;
	}
	buffer_puts(out,
	    s->kind == SINK_CONNECTION ? "service connection " : "secret ");
	name(out, writer_scope(w, s->scope));
}

void
write_copies(struct page_writer *w)
{
	static const char *const titles[] = {"Identity", "Held in", NULL};
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < w->e->sinks.count; i++) {
		const struct sink *s = &w->e->sinks.at[i];

		if (s->plan != NONE)
			continue;
		cell_principal(&t, w, s->principal);
		write_sink(w, s, md_name, &t.text);
		cell_end(&t);
	}
	table_end(&t, "## Copies of Credentials", w->out);
}

/* The places of a plan that its list names, or that its steps update. */
static uint32_t
write_sinks_of(
    struct page_writer *w, uint32_t plan, bool in_steps, const char *before)
{
	const struct estate *e = w->e;
	uint32_t count = 0;

	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *s = &e->sinks.at[i];

		if (s->plan != plan || (s->in_steps != 0) != in_steps)
			continue;
		buffer_puts(w->out, count++ == 0 ? before : ", ");
		write_sink(w, s, md_span, w->out);
	}
	return count;
}

static void
write_steps(struct page_writer *w, uint32_t plan)
{
	const struct estate *e = w->e;
	const struct plan *p = &e->plans.at[plan];
	const char *before = ": Run ";

	buffer_puts(w->out, "\n### Rotation steps for ");
	md_span(w->out, writer_principal(w, p->principal));
	buffer_puts(w->out, "\n\n1. Create a new credential\n");
	if (write_sinks_of(w, plan, true, "1. Update ") > 0)
		buffer_putc(w->out, '\n');
	if (p->has_verification) {
		buffer_puts(w->out, "1. Verify");
		for (uint32_t i = 0; i < e->verifications.count; i++) {
			const struct verification *v = &e->verifications.at[i];

			if (v->plan != plan)
				continue;
			buffer_puts(w->out, before);
			md_span(w->out,
			    writer_scope(w, e->items.at[v->item].scope));
			before = ", ";
		}
		buffer_putc(w->out, '\n');
	}
	if (p->deletes_old)
		buffer_puts(w->out, "1. Delete the old credential\n");
}

void
write_rotation(struct page_writer *w)
{
	const struct estate *e = w->e;

	if (e->plans.count == 0)
		return;
	buffer_puts(w->out,
	    "\n## Credential Rotation\n\n"
	    "**Affected identities:**\n\n");
	for (uint32_t i = 0; i < e->plans.count; i++) {
		buffer_puts(w->out, "- ");
		md_span(w->out, writer_principal(w, e->plans.at[i].principal));
		write_sinks_of(w, i, false, " -- held in ");
		buffer_putc(w->out, '\n');
	}
	for (uint32_t i = 0; i < e->plans.count; i++) {
		if (e->plans.at[i].has_steps)
			write_steps(w, i);
	}
}

static size_t
find_name(struct slice text, struct slice name)
{
	return name.length == 0 ? SIZE_MAX : slice_find_case(text, name);
}

/* The name by which the text speaks of the principal: its UPN, its name, or
 * the part of either before the @; empty if by none. */
static struct slice
name_in(const struct estate *e, struct slice text, principal_id p)
{
	struct slice names[] = {estate_text(e, e->principals.at[p].upn),
	    estate_text(e, e->principals.at[p].name)};

	for (size_t i = 0; i < 4; i++) {
		struct slice name = names[i % 2];

		if (i >= 2)
			name = slice_sub(name, 0, slice_find(name, SLICE("@")));
		if (find_name(text, name) != SIZE_MAX)
			return name;
	}
	return (struct slice){0};
}

/* The sentence with the names that the rule is about marked. */
static void
write_sentence(struct page_writer *w, const struct policy *p)
{
	const struct estate *e = w->e;
	struct slice text = estate_text(e, p->text);
	struct slice name = {0}, role = {0};
	size_t at;

	if (p->principal != NONE)
		name = name_in(e, text, p->principal);
	at = find_name(text, name);
	if (at != SIZE_MAX) {
		md_text(w->out, slice_sub(text, 0, at));
		md_span(w->out, slice_sub(text, at, name.length));
		text = slice_from(text, at + name.length);
	}
	if (p->role != NONE)
		role = estate_text(e, e->roles.at[p->role].name);
	at = find_name(text, role);
	if (at != SIZE_MAX) {
		md_text(w->out, slice_sub(text, 0, at));
		buffer_puts(w->out, "**");
		md_text(w->out, slice_sub(text, at, role.length));
		buffer_puts(w->out, "**");
		text = slice_from(text, at + role.length);
	}
	md_text(w->out, text);
}

void
write_key_rules(struct page_writer *w)
{
	if (w->e->policies.count == 0)
		return;
	buffer_puts(w->out, "\n## Key Rules\n\n");
	for (uint32_t i = 0; i < w->e->policies.count; i++) {
		buffer_puts(w->out, "- ");
		write_sentence(w, &w->e->policies.at[i]);
		buffer_putc(w->out, '\n');
	}
}

void
write_settings(struct page_writer *w)
{
	static const char *const titles[] = {
	    "Rule", "Severity", "Subject", "Reason", NULL};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < e->settings.count; i++) {
		const struct setting *s = &e->settings.at[i];

		cell_text(&t, estate_text(e, s->rule));
		cell_text(&t, estate_text(e, s->severity));
		cell_name(&t, estate_text(e, s->subject));
		cell_text(&t, estate_text(e, s->reason));
	}
	table_end(&t, "## Settings", w->out);
}
