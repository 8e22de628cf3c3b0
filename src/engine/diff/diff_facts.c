/*
 * What an estate says, as facts. Where one estate is a page and the other is
 * not, what only one of the forms can say is left out here: rights without a
 * role and people without names (a page only), and values that a page leaves
 * unsaid. A whole kind of fact that one of them does not speak of is left out
 * by the comparison.
 */

#include "engine/diff/diff_facts.h"

#include <stdlib.h>

struct collector {
	struct facts *facts;
	const struct match *m;
	const struct estate *e;
	struct strings *texts;
	bool is_after;
};

bool
fact_has_value(enum fact_kind kind)
{
	static const bool valued[FACT_KINDS] = {
	    [FACT_ROLE] = true,
	    [FACT_ENABLED_PRINCIPAL] = true,
	    [FACT_BACKED] = true,
	    [FACT_OPEN] = true,
	    [FACT_MODEL] = true,
	    [FACT_ENABLED_SECRET] = true,
	    [FACT_EXPIRES] = true,
	    [FACT_ENDS] = true,
	};

	return valued[kind];
}

static uint32_t
principal_number(const struct collector *c, principal_id p)
{
	return match_number(&c->m->principals, c->is_after, p);
}

static uint32_t
scope_number(const struct collector *c, scope_id s)
{
	return match_number(&c->m->scopes, c->is_after, s);
}

static string_id
common_text(struct collector *c, struct slice text)
{
	string_id id = 0;

	if (c->facts->error == ACTAS_OK)
		c->facts->error = strings_add(c->texts, text, &id);
	return id;
}

static void
add(struct collector *c, struct fact fact)
{
	if (c->facts->error == ACTAS_OK)
		c->facts->error = vector_push(&c->facts->at, fact);
}

/* A page names people by a word for all of them; nothing else can. */
static bool
is_comparable(const struct collector *c, principal_id p)
{
	return !c->m->cross ||
	    (c->e->principals.at[p].flags & PRINCIPAL_COLLECTIVE) == 0;
}

static void
collect_grants(struct collector *c)
{
	const struct estate *e = c->e;

	for (assignment_id a = 0; a < e->grants.count; a++) {
		struct assignment row = estate_assignment(e, a);
		uint8_t plane = e->roles.at[row.role].plane;

		if (row.flags != 0 || !is_comparable(c, row.principal) ||
		    (c->m->cross && plane == PLANE_CLAIMED))
			continue;
		add(c,
		    (struct fact){.kind = (uint8_t)(FACT_GRANT + plane),
			.principal = principal_number(c, row.principal),
			.role =
			    match_number(&c->m->roles, c->is_after, row.role),
			.scope = scope_number(c, row.scope),
			.detail = row.condition == 0
			    ? 0
			    : common_text(c, estate_text(e, row.condition)),
			.origin = row.origin});
	}
}

static void
collect_denials(struct collector *c)
{
	for (uint32_t i = 0; i < c->e->denials.count; i++) {
		const struct deny_assignment *row = &c->e->denials.at[i];
		char id[GUID_TEXT_LENGTH + 1];
		struct slice name = estate_text(c->e, row->name);

		guid_format(row->id, id);
		if (name.length == 0)
			name = slice_of(id);
		add(c,
		    (struct fact){.kind = FACT_DENIAL,
			.principal = NONE,
			.role = NONE,
			.scope = scope_number(c, row->scope),
			.detail = common_text(c, name),
			.origin = row->origin});
	}
}

static void
collect_memberships(struct collector *c)
{
	for (uint32_t i = 0; i < c->e->memberships.count; i++) {
		const struct membership *row = &c->e->memberships.at[i];

		add(c,
		    (struct fact){.kind = FACT_MEMBERSHIP,
			.principal = principal_number(c, row->member),
			.role = NONE,
			.scope = principal_number(c, row->group),
			.origin = row->origin});
	}
}

/* One line a pattern of one permission, behind what kind it is. */
static void
add_patterns(struct collector *c, struct patterns run, const char *kind,
    struct buffer *lines)
{
	for (uint32_t i = 0; i < run.count; i++) {
		struct slice p =
		    estate_text(c->e, c->e->patterns.at[run.from + i]);

		buffer_puts(lines, kind);
		for (size_t j = 0; j < p.length; j++)
			buffer_putc(lines, ascii_lower(p.at[j]));
		buffer_putc(lines, '\n');
	}
}

static int
by_slice(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* The parts of a text in order, each once: equal sets have equal texts. */
static void
sort_parts(
    struct collector *c, struct slice text, char separator, struct buffer *out)
{
	VECTOR(struct slice) parts = {0};
	struct slice part;

	while (
	    c->facts->error == ACTAS_OK && slice_cut(&text, separator, &part))
		if (part.length > 0)
			c->facts->error = vector_push(&parts, part);
	if (parts.count > 1)
		qsort(parts.at, parts.count, sizeof *parts.at, by_slice);
	for (uint32_t i = 0; i < parts.count; i++)
		if (i == 0 || !slice_eq(parts.at[i - 1], parts.at[i])) {
			buffer_add(out, parts.at[i]);
			buffer_putc(out, separator);
		}
	vector_release(&parts);
}

enum { BETWEEN_BLOCKS = '\f' };

/* What a role gives, the same text for the same permissions in any order. */
static string_id
role_text(struct collector *c, const struct role *role)
{
	struct buffer blocks = {0}, lines = {0}, all = {0};
	string_id id;

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &c->e->permissions.at[role->permissions + i];

		buffer_clear(&lines);
		add_patterns(c, p->actions, "", &lines);
		add_patterns(c, p->not_actions, "not ", &lines);
		add_patterns(c, p->data_actions, "data ", &lines);
		add_patterns(c, p->not_data_actions, "not data ", &lines);
		if (p->condition != 0)
			buffer_addf(&lines, "if %.*s\n",
			    SLICE_ARGS(estate_text(c->e, p->condition)));
		sort_parts(c, buffer_slice(&lines), '\n', &blocks);
		buffer_putc(&blocks, BETWEEN_BLOCKS);
	}
	sort_parts(c, buffer_slice(&blocks), BETWEEN_BLOCKS, &all);
	if (c->facts->error == ACTAS_OK)
		c->facts->error = blocks.error != ACTAS_OK ? blocks.error
		    : lines.error != ACTAS_OK              ? lines.error
							   : all.error;
	id = common_text(c, buffer_slice(&all));
	buffer_release(&blocks);
	buffer_release(&lines);
	buffer_release(&all);
	return id;
}

/* Shipped definitions are nothing that a source says. */
static void
collect_roles(struct collector *c)
{
	for (role_id r = 0; r < c->e->roles.count; r++) {
		const struct role *role = &c->e->roles.at[r];

		if (role->builtin || role->permission_count == 0 ||
		    role->plane == PLANE_CLAIMED || role->plane == PLANE_POLICY)
			continue;
		add(c,
		    (struct fact){.kind = FACT_ROLE,
			.principal = NONE,
			.role = match_number(&c->m->roles, c->is_after, r),
			.scope = NONE,
			.value = role_text(c, role),
			.origin = role->origin});
	}
}

/* A page says that somebody is disabled or says nothing. */
static bool
speaks_of_disabled(const struct collector *c)
{
	if (!c->m->cross || !estate_is_page(c->e))
		return true;
	for (principal_id p = 0; p < c->e->principals.count; p++)
		if (c->e->principals.at[p].flags & PRINCIPAL_DISABLED)
			return true;
	return false;
}

static void
collect_principals(struct collector *c)
{
	bool speaks = speaks_of_disabled(c);

	for (principal_id p = 0; p < c->e->principals.count; p++) {
		const struct principal *row = &c->e->principals.at[p];
		struct fact fact = {.kind = FACT_PRINCIPAL,
		    .principal = principal_number(c, p),
		    .role = NONE,
		    .scope = NONE,
		    .origin = row->origin};

		if (!(row->flags & PRINCIPAL_DECLARED) || !is_comparable(c, p))
			continue;
		add(c, fact);
		fact.kind = FACT_ENABLED_PRINCIPAL;
		fact.value = (row->flags & PRINCIPAL_DISABLED) == 0;
		if (speaks)
			add(c, fact);
	}
}

static void
collect_connections(struct collector *c)
{
	for (uint32_t i = 0; i < c->e->connections.count; i++) {
		const struct connection *row = &c->e->connections.at[i];
		struct fact fact = {.kind = FACT_CONNECTION,
		    .principal = NONE,
		    .role = NONE,
		    .scope = scope_number(c, row->scope),
		    .origin = row->origin};

		add(c, fact);
		fact.kind = FACT_BACKED;
		fact.value = principal_number(c, row->principal);
		if (row->principal != NONE)
			add(c, fact);
		fact.kind = FACT_OPEN;
		fact.value = row->all_pipelines;
		if (row->all_pipelines != UNSAID)
			add(c, fact);
	}
}

static void
collect_vaults(struct collector *c)
{
	for (uint32_t i = 0; i < c->e->vaults.count; i++) {
		const struct vault *row = &c->e->vaults.at[i];

		if (row->model == MODEL_RBAC || row->model == MODEL_POLICY)
			add(c,
			    (struct fact){.kind = FACT_MODEL,
				.principal = NONE,
				.role = NONE,
				.scope = scope_number(c, row->scope),
				.value = row->model,
				.origin = row->origin});
	}
}

static void
collect_secrets(struct collector *c)
{
	for (uint32_t i = 0; i < c->e->secrets.count; i++) {
		const struct secret *row = &c->e->secrets.at[i];
		struct fact fact = {.kind = FACT_SECRET,
		    .principal = NONE,
		    .role = NONE,
		    .scope = scope_number(c, row->scope),
		    .origin = row->origin};

		add(c, fact);
		fact.kind = FACT_ENABLED_SECRET;
		fact.value = row->enabled;
		if (row->enabled != UNSAID)
			add(c, fact);
		fact.kind = FACT_EXPIRES;
		fact.value = (uint64_t)row->expires;
		if (row->expires != MOMENT_UNKNOWN || !c->m->cross)
			add(c, fact);
	}
}

/* What a credential is known by: between two exports its key id, else what
 * people call it. */
static string_id
credential_text(struct collector *c, const struct credential *row)
{
	struct buffer text = {0};
	char id[GUID_TEXT_LENGTH + 1];
	string_id known;

	guid_format(row->key_id, id);
	if (row->kind == CREDENTIAL_FEDERATED)
		buffer_addf(&text, "%.*s %.*s",
		    SLICE_ARGS(estate_text(c->e, row->issuer)),
		    SLICE_ARGS(estate_text(c->e, row->subject)));
	else if (!guid_is_nil(row->key_id) && (!c->m->cross || row->name == 0))
		buffer_puts(&text, id);
	else
		buffer_add(&text, estate_text(c->e, row->name));
	if (c->facts->error == ACTAS_OK)
		c->facts->error = text.error;
	known = common_text(c, buffer_slice(&text));
	buffer_release(&text);
	return known;
}

static void
collect_credentials(struct collector *c)
{
	for (uint32_t i = 0; i < c->e->credentials.count; i++) {
		const struct credential *row = &c->e->credentials.at[i];
		principal_id p = row->principal;
		struct fact fact;

		if (p == NONE && row->application != NONE)
			p = c->e->applications.at[row->application].principal;
		fact = (struct fact){.kind = FACT_CREDENTIAL,
		    .principal = principal_number(c, p),
		    .role = NONE,
		    .scope = NONE,
		    .detail = credential_text(c, row),
		    .origin = row->origin};
		add(c, fact);
		fact.kind = FACT_ENDS;
		fact.value = (uint64_t)row->ends;
		if (row->ends != MOMENT_UNKNOWN || !c->m->cross)
			add(c, fact);
	}
}

static void
add_owner(struct collector *c, principal_id p, scope_id s, uint8_t item_kind,
    struct origin origin)
{
	bool one = s != NONE;

	if (p == NONE || !is_comparable(c, p))
		return;
	add(c,
	    (struct fact){.kind = one ? FACT_OWNED_ITEM : FACT_OWNED_KIND,
		.principal = principal_number(c, p),
		.role = one ? NONE : item_kind,
		.scope = scope_number(c, s),
		.origin = origin});
}

static void
collect_owners(struct collector *c)
{
	for (uint32_t i = 0; i < c->e->ownerships.count; i++) {
		const struct ownership *row = &c->e->ownerships.at[i];

		add_owner(
		    c, row->principal, row->scope, row->item_kind, row->origin);
	}
	for (uint32_t i = 0; i < c->e->items.count; i++) {
		const struct item *row = &c->e->items.at[i];

		add_owner(c, row->owner, row->scope, row->kind, row->origin);
	}
}

static int
cmp(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

int
fact_cmp(const struct fact *a, const struct fact *b)
{
	int d = cmp(a->kind, b->kind);

	if (d == 0)
		d = cmp(a->principal, b->principal);
	if (d == 0)
		d = cmp(a->scope, b->scope);
	if (d == 0)
		d = cmp(a->role, b->role);
	return d != 0 ? d : cmp(a->detail, b->detail);
}

static int
by_order(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int d = fact_cmp(x, y);

	if (d == 0)
		d = x->value < y->value ? -1 : x->value > y->value;
	return d != 0 ? d : cmp(x->origin.line, y->origin.line);
}

/* Orders the facts and drops those that are told twice. */
static void
settle(struct facts *f)
{
	uint32_t n = 0;

	if (f->at.count > 1)
		qsort(f->at.at, f->at.count, sizeof *f->at.at, by_order);
	for (uint32_t i = 0; i < f->at.count; i++) {
		if (n > 0 && fact_cmp(&f->at.at[n - 1], &f->at.at[i]) == 0)
			continue;
		f->at.at[n++] = f->at.at[i];
		f->counts[f->at.at[i].kind]++;
	}
	f->at.count = n;
}

enum actas_error
facts_collect(struct facts *f, const struct match *m, bool is_after,
    struct strings *texts)
{
	static void (*const collectors[])(struct collector * c) = {
	    collect_grants, collect_denials, collect_memberships, collect_roles,
	    collect_principals, collect_connections, collect_vaults,
	    collect_secrets, collect_credentials, collect_owners};
	struct collector c = {
	    f, m, is_after ? m->after : m->before, texts, is_after};

	*f = (struct facts){0};
	for (size_t i = 0; i < sizeof collectors / sizeof collectors[0]; i++)
		collectors[i](&c);
	if (f->error == ACTAS_OK)
		settle(f);
	return f->error;
}

void
facts_release(struct facts *f)
{
	vector_release(&f->at);
}
