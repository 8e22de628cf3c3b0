/* Tables about places: vaults, resources, and the matrix of workspaces. */
#include "source/page/page_form.h"

/* --- vaults --- */

enum {
	VAULT,
	VAULT_GROUP,
	VAULT_SUBSCRIPTION,
	VAULT_MODEL,
	VAULT_PURGE,
	VAULT_SOFT_DELETE,
	VAULT_PUBLIC,
	VAULT_FIREWALL,
	VAULT_LOCATION,
	VAULT_TENANT,
};

static scope_id
declare_vault(struct page *p, struct slice subscription, struct slice group,
    struct slice name, uint32_t line)
{
	scope_id above = 0, known = NONE;

	if (subscription.length > 0)
		above = page_declare(
		    p, above, SCOPE_SUBSCRIPTION, NULL, subscription, line);
	if (group.length > 0 && above != NONE)
		above = page_declare(
		    p, above, SCOPE_RESOURCE_GROUP, NULL, group, line);
	p->listed[SCOPE_VAULT] = true;
	if (above == NONE)
		return NONE;
	/* A table of resources may say where it lies. */
	if (above == 0)
		known = page_scope_silent(p, name, SCOPE_VAULT);
	if (known != NONE)
		return known;
	return page_declare(p, above, SCOPE_VAULT, NULL, name, line);
}

static uint8_t
vault_model(const struct sheet *s, const struct row *row)
{
	struct slice said = sheet_said(s, row, VAULT_MODEL);

	if (said.length == 0)
		return MODEL_UNSAID;
	if (words_has(said, "rbac"))
		return MODEL_RBAC;
	if (words_has(said, "policy") || words_has(said, "policies"))
		return MODEL_POLICY;
	page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
	    "\"%.*s\" is no permission model; expected RBAC or access "
	    "policies",
	    SLICE_ARGS(page_shown(said)));
	return MODEL_UNSAID;
}

static void
place_vault(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, VAULT);
	struct text path = {.plain = name, .line = row->line};
	uint8_t model;
	struct vault *vault;
	scope_id scope;

	if (name.length == 0)
		return;
	p->listed[SCOPE_VAULT] = true;
	scope = slice_starts(name, SLICE("/"))
	    ? page_scope(p, &path, SCOPE_VAULT)
	    : declare_vault(p, sheet_name(s, row, VAULT_SUBSCRIPTION),
		  sheet_name(s, row, VAULT_GROUP), name, row->line);
	if (scope == NONE || page_failed(p))
		return;
	p->builder->scopes.at[scope].declared = 1;
	model = vault_model(s, row);
	vault = builder_vault(p->builder, scope, page_origin(p, row->line));
	if (vault == NULL)
		return;
	if (model != MODEL_UNSAID) {
		vault->model = model;
		vault->stated = 1;
	}
	sheet_tri(s, row, VAULT_PURGE, &vault->purge_protection);
	sheet_tri(s, row, VAULT_SOFT_DELETE, &vault->soft_delete);
	sheet_tri(s, row, VAULT_PUBLIC, &vault->public_access);
	sheet_tri(s, row, VAULT_FIREWALL, &vault->firewall);
	sheet_guid(s, row, VAULT_TENANT, &vault->tenant);
	vault->location = sheet_string(s, row, VAULT_LOCATION);
}

const struct form form_vaults = {
    .columns = {[VAULT] = {"vault|key vault", true},
	[VAULT_GROUP] = {"resource group", false},
	[VAULT_SUBSCRIPTION] = {"subscription", false},
	[VAULT_MODEL] = {"permission model|model|authorization", false},
	[VAULT_PURGE] = {"purge protection", false},
	[VAULT_SOFT_DELETE] = {"soft delete", false},
	[VAULT_PUBLIC] = {"public access|public network access", false},
	[VAULT_FIREWALL] = {"firewall", false},
	[VAULT_LOCATION] = {"location|region", false},
	[VAULT_TENANT] = {"tenant id", false}},
    .any_of = ~(1u << VAULT),
    .row = {[PHASE_PLACES] = place_vault},
};

/* "Single vault: `kv` in resource group `rg`." */
bool
read_vault_sentence(struct page *p, const struct block *b)
{
	static const char *const starts[] = {
	    "single vault:", "single key vault:", "vault:", "key vault:"};
	struct slice plain = slice_trim(b->text.plain);
	struct slice name = slice_trim(text_span(&b->text, SPAN_CODE, 0));
	struct slice group = slice_trim(text_span(&b->text, SPAN_CODE, 1));
	bool mine = false;
	scope_id vault;

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		mine |= slice_starts_case(plain, slice_of(starts[i]));
	if (b->kind != BLOCK_PARAGRAPH || !mine || name.length == 0)
		return false;
	if (p->phase != PHASE_PLACES)
		return true;
	if (!words_has(plain, "resource group"))
		group = SLICE("");
	vault = declare_vault(p, SLICE(""), group, name, b->line);
	if (vault != NONE)
		page_keep(p,
		    builder_vault(p->builder, vault, page_origin(p, b->line)) ==
			    NULL
			? p->builder->error
			: ACTAS_OK);
	return true;
}

/* --- resources --- */

enum { RESOURCE, RESOURCE_KIND, PARENT, DISPLAY_NAME, ITEM_TYPE };

static const struct kind_word *
resource_kind(
    const struct sheet *s, const struct row *row, struct kind_word *arm)
{
	struct slice said = sheet_name(s, row, RESOURCE_KIND);
	const struct kind_word *kind = words_kind(said);

	if (kind != NULL)
		return kind;
	if (slice_find(said, SLICE("/")) != SIZE_MAX) {
		*arm = (struct kind_word){.scope = SCOPE_RESOURCE};
		return arm;
	}
	page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
	    "\"%.*s\" is no kind of thing; expected a word such as resource "
	    "group, storage account, workspace or notebook, or a type such "
	    "as Microsoft.Web/sites",
	    SLICE_ARGS(page_shown(said)));
	return NULL;
}

/* Rows that refer to rows below them, which do the same, and so on: also
 * where the parents go round in a circle. */
enum { ROWS_DEEP = 32 };

/* Names of the rows of one table. */
static uint32_t
rows_of(const struct sheet *s)
{
	return NAME_OF_ROW + (uint32_t)(s->block - s->page->document.blocks.at);
}

static void
begin_resources(struct sheet *s)
{
	if (s->page->phase != PHASE_PLACES)
		return;
	for (uint32_t i = 1; i < s->block->count; i++)
		names_add(s->page, rows_of(s),
		    sheet_name(s, &s->block->rows[i], RESOURCE), i);
}

static scope_id place_resource_row(
    struct sheet *s, const struct row *row, uint32_t depth);

static scope_id
resource_parent(struct sheet *s, const struct row *row, uint32_t depth)
{
	struct page *p = s->page;
	const struct text *cell = sheet_cell(s, row, PARENT);
	struct slice name = sheet_name(s, row, PARENT);
	scope_id parent;
	uint32_t below;

	if (name.length == 0)
		return 0;
	parent = page_scope_silent(p, name, ANY_KIND);
	if (parent != NONE)
		return parent;
	if (depth < ROWS_DEEP && names_find(p, rows_of(s), name, &below) == 1 &&
	    &s->block->rows[below] != row)
		return place_resource_row(s, &s->block->rows[below], depth + 1);
	return page_scope(p, cell, ANY_KIND);
}

/* Kinds whose path does not go through their parent: so that a path finds
 * them, they are made below the tenant and moved. */
static bool
is_path_start(uint32_t kind)
{
	return kind == SCOPE_SUBSCRIPTION || kind == SCOPE_MANAGEMENT_GROUP;
}

static scope_id
place_resource_row(struct sheet *s, const struct row *row, uint32_t depth)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, RESOURCE);
	struct slice type = sheet_name(s, row, ITEM_TYPE);
	struct kind_word arm;
	const struct kind_word *kind = resource_kind(s, row, &arm);
	scope_id parent, scope;
	string_id shown;

	if (name.length == 0 || kind == NULL)
		return NONE;
	parent = resource_parent(s, row, depth);
	if (parent == NONE || page_failed(p))
		return NONE;
	if (kind->scope == SCOPE_ITEM && s->at[ITEM_TYPE] == NONE)
		type = slice_of(kind->type);
	else if (kind == &arm)
		type = sheet_name(s, row, RESOURCE_KIND);
	shown = builder_string(p->builder, sheet_name(s, row, DISPLAY_NAME));
	scope =
	    builder_scope(p->builder, is_path_start(kind->scope) ? 0 : parent,
		kind->scope, type, name, page_origin(p, row->line));
	if (scope == NONE)
		return NONE;
	if (is_path_start(kind->scope))
		builder_move(p->builder, scope, parent);
	p->builder->scopes.at[scope].declared = 1;
	p->builder->scopes.at[scope].name = shown;
	p->listed[kind->scope] = true;
	names_scope(p, scope);
	if (kind->scope == SCOPE_ITEM)
		page_keep(p,
		    builder_item(p->builder, scope, kind->item,
			page_origin(p, row->line)) == NONE
			? p->builder->error
			: ACTAS_OK);
	return scope;
}

static void
place_resource(struct sheet *s, const struct row *row)
{
	place_resource_row(s, row, 0);
}

const struct form form_resources = {
    .columns = {[RESOURCE] = {"resource|scope", true},
	[RESOURCE_KIND] = {"kind|type|resource type", true},
	[PARENT] = {"parent|in|inside", true},
	[DISPLAY_NAME] = {"display name", false},
	[ITEM_TYPE] = {"item type", false}},
    .begin = begin_resources,
    .row = {[PHASE_PLACES] = place_resource},
};

/* --- the matrix --- */

static bool
is_matrix(
    struct page *p ACTAS_UNUSED, const struct block *b, const struct sheet *s)
{
	return s->at[0] == 0 && b->rows[0].count > 1;
}

static bool
is_identity_column(const struct sheet *s, uint32_t column)
{
	static const char *const others[] = {
	    "purpose", "description", "id", "capacity", "note", "notes"};
	struct slice header = slice_trim(s->block->rows[0].cells[column].plain);

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (slice_eq_case(header, slice_of(others[i])))
			return false;
	return column > 0 && header.length > 0;
}

/* A table of workspaces may be about something else than access. */
static bool
is_about_access(const struct sheet *s)
{
	const struct block *heading = page_heading(s->page, s->block);

	if (heading != NULL &&
	    (words_has(heading->text.plain, "matrix") ||
		words_has(heading->text.plain, "access")))
		return true;
	for (uint32_t i = 1; i < s->block->rows[0].count; i++) {
		const struct text *t = &s->block->rows[0].cells[i];
		struct slice code = text_span(t, SPAN_CODE, 0);

		if (page_identity_silent(
			s->page, code.length > 0 ? code : t->plain) != NONE)
			return true;
	}
	return false;
}

static void
place_workspace(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, 0);
	uint32_t first;

	if (name.length == 0)
		return;
	p->listed[SCOPE_WORKSPACE] = true;
	first = page_scope_silent(p, name, SCOPE_WORKSPACE);
	if (first != NONE &&
	    p->builder->scopes.at[first].origin.line > s->block->line &&
	    p->builder->scopes.at[first].origin.line < row->line) {
		builder_problem(p->builder, PROBLEM_DUPLICATE, page_shown(name),
		    page_origin(p, row->line),
		    p->builder->scopes.at[first].origin,
		    "the workspace \"%.*s\" has two rows in this table",
		    SLICE_ARGS(page_shown(name)));
		return;
	}
	if (first == NONE)
		page_declare(p, 0, SCOPE_WORKSPACE, NULL, name, row->line);
	else
		p->builder->scopes.at[first].declared = 1;
}

static void
claim_cell(
    struct sheet *s, const struct row *row, uint32_t column, struct claim claim)
{
	struct page *p = s->page;
	struct slice cell = slice_trim(row->cells[column].plain);
	struct slice role, why;

	claim.text = builder_string(p->builder, cell);
	if (words_nothing(cell)) {
		claim.says = CLAIM_HAS_NONE;
		page_claim(p, claim);
		return;
	}
	words_bracket(cell, &role, &why);
	claim.says = CLAIM_GRANTS;
	claim.role = page_role(p, role, SCOPE_WORKSPACE, row->line);
	claim.purpose = builder_string(p->builder, why);
	page_claim(p, claim);
}

static void
claim_workspace(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	const struct row *header = &s->block->rows[0];
	scope_id scope =
	    page_scope_silent(p, sheet_name(s, row, 0), SCOPE_WORKSPACE);

	if (s->listing == NONE || scope == NONE)
		return;
	for (uint32_t i = 1; i < header->count && i < row->count; i++) {
		if (!is_identity_column(s, i) || page_failed(p))
			continue;
		claim_cell(s, row, i,
		    (struct claim){.listing = s->listing,
			.principal = page_identity(p, &header->cells[i]),
			.role = NONE,
			.scope = scope,
			.origin = page_origin(p, row->line)});
	}
}

static void
begin_matrix(struct sheet *s)
{
	if (s->page->phase == PHASE_CLAIMS && is_about_access(s))
		s->listing = page_listing(s->page,
		    (struct listing){
			.view = VIEW_MATRIX, .principal = NONE, .scope = NONE},
		    s->block->line);
}

const struct form form_matrix = {
    .columns = {{"workspace", true}},
    .fits = is_matrix,
    .begin = begin_matrix,
    .row = {[PHASE_PLACES] = place_workspace, [PHASE_CLAIMS] = claim_workspace},
};
