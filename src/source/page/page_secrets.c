/* Secrets, service connections, and the places that hold credentials. */
#include "source/page/page_form.h"

/* --- sinks and ownerships --- */

void
page_sink(struct page *p, struct sink sink, uint32_t line)
{
	if (sink.principal == NONE)
		return;
	sink.origin = page_origin(p, line);
	page_keep(p, vector_push(&p->builder->sinks, sink));
}

void
page_owns(struct page *p, principal_id owner, scope_id scope, uint8_t item_kind,
    uint32_t line)
{
	if (scope != NONE && item_kind == ITEM_OTHER) {
		item_id item = builder_item(
		    p->builder, scope, ITEM_OTHER, page_origin(p, line));

		if (item != NONE)
			item_kind = p->builder->items.at[item].kind;
	}
	page_keep(p,
	    vector_push(&p->builder->ownerships,
		{.principal = owner,
		    .scope = scope,
		    .item_kind = item_kind,
		    .origin = page_origin(p, line)}));
}

/* The word before a code span: "Key Vault secret `x`", "Secrets > `x`". */
static bool
is_called(struct slice before, const char *word)
{
	while (before.length > 0 &&
	    strchr(" \t\n>:(", before.at[before.length - 1]) != NULL)
		before.length--;
	return slice_ends_case(before, slice_of(word));
}

static bool
is_called_secret(struct slice before)
{
	return is_called(before, "secret") || is_called(before, "secrets");
}

/* A secret that the page speaks of and lists nowhere: in the page's only
 * vault, where it has one. */
static scope_id
undeclared_secret(struct page *p, struct slice name, uint32_t line)
{
	scope_id vault = page_scope_silent(p, SLICE(""), SCOPE_VAULT);
	scope_id s;

	page_problem(p, PROBLEM_UNDECLARED_SECRET, name, line,
	    "no table of secrets lists \"%.*s\"", SLICE_ARGS(page_shown(name)));
	if (vault == NONE)
		return NONE;
	s = builder_scope(p->builder, vault, SCOPE_SECRET, SLICE(""), name,
	    page_origin(p, line));
	if (s != NONE)
		names_scope(p, s);
	return s;
}

static bool
find_sink(struct page *p, struct slice name, struct sink *sink)
{
	sink->kind = SINK_SECRET;
	sink->scope = page_scope_silent(p, name, SCOPE_SECRET);
	if (sink->scope != NONE)
		return true;
	sink->kind = SINK_CONNECTION;
	sink->scope = page_scope_silent(p, name, SCOPE_CONNECTION);
	return sink->scope != NONE;
}

static bool
make_sink(struct page *p, struct slice before, struct slice name,
    struct sink *sink, uint32_t line)
{
	if (find_sink(p, name, sink))
		return true;
	sink->scope = NONE;
	if (is_called_secret(before)) {
		sink->kind = SINK_SECRET;
		sink->scope = undeclared_secret(p, name, line);
		sink->file =
		    sink->scope == NONE ? builder_string(p->builder, name) : 0;
		return true;
	}
	if (is_called(before, "file")) {
		sink->kind = SINK_FILE;
		sink->file = builder_string(p->builder, name);
		return true;
	}
	if (is_called(before, "connection") || is_called(before, "backs") ||
	    is_called(before, "service connections"))
		page_problem(p, PROBLEM_UNDECLARED_CONNECTION, name, line,
		    "no table of service connections lists \"%.*s\"",
		    SLICE_ARGS(page_shown(name)));
	return false;
}

void
page_sinks_in(struct page *p, const struct text *t, struct sink sink)
{
	for (uint32_t i = 0; i < t->span_count && !page_failed(p); i++) {
		const struct span *span = &t->spans[i];
		struct slice before = slice_sub(t->plain, 0, span->from);
		struct slice name =
		    slice_sub(t->plain, span->from, span->length);
		struct sink found = sink;

		if (span->kind == SPAN_CODE &&
		    make_sink(p, before, slice_trim(name), &found, t->line))
			page_sink(p, found, t->line);
	}
}

/* --- the table of secrets --- */

enum {
	SECRET,
	USED_BY,
	PURPOSE,
	VAULT,
	EXPIRES,
	NOT_BEFORE,
	CREATED,
	UPDATED,
	ENABLED,
	CREDENTIAL_OF,
	IS_SECRET,
};

static scope_id
vault_of(struct sheet *s, const struct row *row, bool tell)
{
	struct page *p = s->page;

	if (sheet_said(s, row, VAULT).length > 0)
		return tell
		    ? page_scope(p, sheet_cell(s, row, VAULT), SCOPE_VAULT)
		    : page_scope_silent(
			  p, sheet_name(s, row, VAULT), SCOPE_VAULT);
	if (tell && p->of_kind[SCOPE_VAULT].count != 1)
		page_problem(p,
		    p->of_kind[SCOPE_VAULT].count == 0
			? PROBLEM_UNDECLARED_SCOPE
			: PROBLEM_AMBIGUOUS_NAME,
		    SLICE("vault"), row->line,
		    "this page declares %s, so the vault of a secret must be "
		    "said in a column \"Vault\"",
		    p->of_kind[SCOPE_VAULT].count == 0 ? "no vault"
						       : "several vaults");
	return page_scope_silent(p, SLICE(""), SCOPE_VAULT);
}

/* Where it lies when no vault is known: below the tenant, so that it can
 * still be spoken of. */
static scope_id
place_of_secret(struct sheet *s, const struct row *row, bool tell)
{
	scope_id vault = vault_of(s, row, tell);

	return vault == NONE ? 0 : vault;
}

static bool
is_second_row(struct sheet *s, scope_id scope, struct slice name, uint32_t line)
{
	const struct scope *row = &s->page->builder->scopes.at[scope];

	if (names_described(s->page, scope) || page_failed(s->page))
		return false;
	builder_problem(s->page->builder, PROBLEM_DUPLICATE, page_shown(name),
	    page_origin(s->page, line), row->origin,
	    "the secret \"%.*s\" is declared here and in line %u; only the "
	    "first row is read",
	    SLICE_ARGS(page_shown(name)), row->origin.line);
	return true;
}

static void
describe_secret(struct sheet *s, const struct row *row, struct secret *secret)
{
	uint8_t holds = UNSAID;

	secret->purpose = sheet_string(s, row, PURPOSE);
	sheet_moment(s, row, EXPIRES, &secret->expires);
	sheet_moment(s, row, NOT_BEFORE, &secret->not_before);
	sheet_moment(s, row, CREATED, &secret->created);
	sheet_moment(s, row, UPDATED, &secret->updated);
	sheet_tri(s, row, ENABLED, &secret->enabled);
	sheet_tri(s, row, IS_SECRET, &holds);
	secret->not_secret = holds == NO;
}

static void
declare_secret(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, SECRET);
	struct secret *secret;
	scope_id scope;

	p->listed[SCOPE_SECRET] = true;
	if (name.length == 0)
		return;
	scope = builder_scope(p->builder, place_of_secret(s, row, true),
	    SCOPE_SECRET, SLICE(""), name, page_origin(p, row->line));
	if (scope == NONE || is_second_row(s, scope, name, row->line))
		return;
	p->builder->scopes.at[scope].declared = 1;
	p->builder->scopes.at[scope].origin = page_origin(p, row->line);
	names_scope(p, scope);
	secret = builder_secret(p->builder, scope, page_origin(p, row->line));
	if (secret != NULL)
		describe_secret(s, row, secret);
}

static void
claim_user(struct page *p, scope_id secret, struct slice name, uint32_t line)
{
	struct usage usage = {.secret = secret,
	    .principal = page_identity_silent(p, name),
	    .item = NONE,
	    .origin = page_origin(p, line)};

	if (usage.principal == NONE)
		usage.item = page_item(p, name, ITEM_DEVOPS_PIPELINE, line);
	if (usage.principal != NONE || usage.item != NONE)
		page_keep(p, vector_push(&p->builder->usages, usage));
}

static void
claim_secret(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	const struct text *users = sheet_cell(s, row, USED_BY);
	struct slice name = sheet_name(s, row, SECRET);
	uint32_t at = 0;
	scope_id scope;

	if (name.length == 0)
		return;
	scope = builder_scope(p->builder, place_of_secret(s, row, false),
	    SCOPE_SECRET, SLICE(""), name, page_origin(p, row->line));
	if (scope == NONE ||
	    p->builder->scopes.at[scope].origin.line != row->line)
		return;
	while (!text_says_nothing(users) && page_next_name(users, &at, &name))
		claim_user(p, scope, name, row->line);
	if (sheet_said(s, row, CREDENTIAL_OF).length > 0)
		page_sink(p,
		    (struct sink){.principal = page_identity(
				      p, sheet_cell(s, row, CREDENTIAL_OF)),
			.scope = scope,
			.plan = NONE,
			.kind = SINK_SECRET},
		    row->line);
}

static void
begin_secrets(struct sheet *s)
{
	if (s->page->phase == PHASE_CLAIMS)
		s->listing = page_listing(s->page,
		    (struct listing){.view = VIEW_SECRETS,
			.complete = 1,
			.principal = NONE,
			.scope =
			    page_scope_silent(s->page, SLICE(""), SCOPE_VAULT)},
		    s->block->line);
}

const struct form form_secrets = {
    .columns = {[SECRET] = {"secret|secret name", true},
	[USED_BY] = {"used by|consumer|consumers|users", false},
	[PURPOSE] = {"purpose|description", false},
	[VAULT] = {"vault|key vault", false},
	[EXPIRES] = {"expires|expiry|expiration", false},
	[NOT_BEFORE] = {"not before", false},
	[CREATED] = {"created", false},
	[UPDATED] = {"updated", false},
	[ENABLED] = {"enabled", false},
	[CREDENTIAL_OF] = {"identity|credential of|owner", false},
	[IS_SECRET] = {"holds a secret|is secret", false}},
    .any_of = ~(1u << SECRET),
    .begin = begin_secrets,
    .row = {[PHASE_THINGS] = declare_secret, [PHASE_CLAIMS] = claim_secret},
};

/* --- service connections --- */

enum {
	CONNECTION,
	BACKED_BY,
	PIPELINES,
	CONNECTION_PURPOSE,
	SCHEME,
	READY,
	OPEN_TO_ALL,
	ORGANIZATION,
	PROJECT,
};

static scope_id
place_of_connection(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice organization = sheet_name(s, row, ORGANIZATION);
	struct slice project = sheet_name(s, row, PROJECT);
	scope_id above = 0;

	if (organization.length > 0)
		above = page_declare(p, above, SCOPE_ORGANIZATION, NULL,
		    organization, row->line);
	if (project.length > 0 && above != NONE)
		above = page_declare(
		    p, above, SCOPE_PROJECT, NULL, project, row->line);
	return above;
}

static scope_id
connection_scope(struct sheet *s, const struct row *row)
{
	struct slice name = sheet_name(s, row, CONNECTION);
	scope_id above = place_of_connection(s, row), scope = NONE;

	if (name.length == 0 || above == NONE)
		return NONE;
	if (above == 0)
		scope = page_scope_silent(s->page, name, SCOPE_CONNECTION);
	if (scope != NONE)
		return scope;
	return builder_scope(s->page->builder, above, SCOPE_CONNECTION,
	    SLICE(""), name, page_origin(s->page, row->line));
}

static void
declare_connection(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, CONNECTION);
	scope_id scope = connection_scope(s, row);
	struct connection *connection;
	struct scope *place;

	p->listed[SCOPE_CONNECTION] = true;
	if (scope == NONE)
		return;
	place = &p->builder->scopes.at[scope];
	if (!names_described(p, scope) && !page_failed(p)) {
		builder_problem(p->builder, PROBLEM_DUPLICATE, page_shown(name),
		    page_origin(p, row->line), place->origin,
		    "the service connection \"%.*s\" is declared here and in "
		    "line %u; only the first row is read",
		    SLICE_ARGS(page_shown(name)), place->origin.line);
		return;
	}
	place->declared = 1;
	place->origin = page_origin(p, row->line);
	connection =
	    builder_connection(p->builder, scope, page_origin(p, row->line));
	if (connection == NULL)
		return;
	connection->purpose = sheet_string(s, row, CONNECTION_PURPOSE);
	connection->scheme = sheet_string(s, row, SCHEME);
	sheet_tri(s, row, READY, &connection->ready);
	sheet_tri(s, row, OPEN_TO_ALL, &connection->all_pipelines);
}

static void
authorize(struct sheet *s, const struct row *row, scope_id scope, uint32_t at)
{
	struct page *p = s->page;
	const struct text *cell = sheet_cell(s, row, PIPELINES);
	struct slice name;
	uint32_t next = 0;

	if (text_says_nothing(cell))
		return;
	if (slice_eq_case(slice_trim(cell->plain), SLICE("all pipelines")) ||
	    slice_eq_case(slice_trim(cell->plain), SLICE("all"))) {
		struct connection *connection = builder_connection(
		    p->builder, scope, page_origin(p, row->line));

		if (connection != NULL)
			connection->all_pipelines = YES;
		return;
	}
	p->builder->connections.at[at].all_pipelines = NO;
	while (page_next_name(cell, &next, &name)) {
		item_id item =
		    page_item(p, name, ITEM_DEVOPS_PIPELINE, row->line);

		if (item != NONE)
			page_keep(p,
			    vector_push(&p->builder->authorizations,
				{.connection = at,
				    .item = item,
				    .origin = page_origin(p, row->line)}));
	}
}

static void
claim_connection(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	scope_id scope = connection_scope(s, row);
	struct connection *connection;
	principal_id backed;
	uint32_t at;

	if (scope == NONE ||
	    p->builder->scopes.at[scope].origin.line != row->line)
		return;
	backed = sheet_said(s, row, BACKED_BY).length == 0
	    ? NONE
	    : page_identity(p, sheet_cell(s, row, BACKED_BY));
	connection =
	    builder_connection(p->builder, scope, page_origin(p, row->line));
	if (connection == NULL)
		return;
	connection->principal = backed;
	at = (uint32_t)(connection - p->builder->connections.at);
	authorize(s, row, scope, at);
}

static void
begin_connections(struct sheet *s)
{
	if (s->page->phase == PHASE_CLAIMS)
		s->listing = page_listing(s->page,
		    (struct listing){.view = VIEW_CONNECTIONS,
			.complete = 1,
			.principal = NONE,
			.scope = NONE},
		    s->block->line);
}

const struct form form_connections = {
    .columns = {[CONNECTION] = {"service connection|connection", true},
	[BACKED_BY] = {"backed by|identity|service principal", true},
	[PIPELINES] = {"pipelines authorized|pipelines|authorized pipelines",
	    false},
	[CONNECTION_PURPOSE] = {"purpose|description", false},
	[SCHEME] = {"scheme|authentication", false},
	[READY] = {"ready", false},
	[OPEN_TO_ALL] = {"open to all pipelines", false},
	[ORGANIZATION] = {"organization|organisation", false},
	[PROJECT] = {"project", false}},
    .begin = begin_connections,
    .row = {[PHASE_THINGS] = declare_connection,
	[PHASE_CLAIMS] = claim_connection},
};

/* --- "Auth method:" --- */

bool
read_auth_method(struct page *p, const struct block *b)
{
	struct slice label = text_span(&b->text, SPAN_STRONG, 0);
	struct slice plain = slice_trim(b->text.plain);
	principal_id id;

	if (b->kind != BLOCK_PARAGRAPH || label.at != plain.at ||
	    !(slice_starts_case(label, SLICE("auth method")) ||
		slice_starts_case(label, SLICE("authentication"))))
		return false;
	if (p->phase != PHASE_CLAIMS)
		return true;
	id = page_identity_above(p, b);
	if (id == NONE)
		return false;
	page_listing(p,
	    (struct listing){.view = VIEW_AUTH, .principal = id, .scope = NONE},
	    b->line);
	for (uint32_t i = 0;; i++) {
		struct slice name = text_span(&b->text, SPAN_CODE, i);
		struct sink sink = {.principal = id, .plan = NONE};

		if (name.length == 0)
			break;
		if (find_sink(p, slice_trim(name), &sink))
			page_sink(p, sink, b->line);
	}
	return true;
}
