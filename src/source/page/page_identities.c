/* Tables about identities: the inventory, groups, credentials, owners. */
#include "source/page/page_form.h"

/* --- the inventory --- */

enum {
	IDENTITY,
	TYPE,
	LICENCE,
	PURPOSE,
	OBJECT_ID,
	APP_ID,
	UPN,
	OWNER,
	ENABLED,
	HOME,
	WORKSPACE,
};

static bool
is_duplicate(
    struct page *p, struct slice name, struct guid object_id, uint32_t line)
{
	const struct principal *first;
	uint32_t id;

	if (names_find(p, NAME_OF_PRINCIPAL, name, &id) == 0)
		return false;
	first = &p->builder->principals.at[id];
	if (!guid_is_nil(object_id) && !guid_is_nil(first->object_id) &&
	    !guid_eq(first->object_id, object_id))
		return false;
	builder_problem(p->builder, PROBLEM_DUPLICATE, page_shown(name),
	    page_origin(p, line), first->origin,
	    "the identity \"%.*s\" is declared here and in line %u; only the "
	    "first row is read",
	    SLICE_ARGS(page_shown(name)), first->origin.line);
	return true;
}

static void
name_identity(struct page *p, principal_id id, struct slice name)
{
	size_t at = slice_find(name, SLICE("@"));

	names_add(p, NAME_OF_PRINCIPAL, name, id);
	if (at != SIZE_MAX)
		names_add(p, NAME_OF_ACCOUNT, slice_sub(name, 0, at), id);
}

static void
name_by_guid(struct page *p, principal_id id, struct guid guid)
{
	char text[GUID_TEXT_LENGTH + 1], *kept;

	if (guid_is_nil(guid))
		return;
	guid_format(guid, text);
	kept = arena_text(&p->document.arena, slice_of(text));
	if (kept == NULL)
		page_keep(p, ACTAS_ENOMEM);
	names_add(p, NAME_OF_PRINCIPAL, slice_of(kept), id);
}

static const struct identity_type *
type_of(const struct sheet *s, const struct row *row)
{
	static const struct identity_type unknown = {
	    "", PRINCIPAL_UNKNOWN, UNSAID, 0};
	struct slice said = sheet_said(s, row, TYPE);
	const struct identity_type *type = words_identity(said);

	if (type != NULL || said.length == 0)
		return type == NULL ? &unknown : type;
	page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
	    "\"%.*s\" is no type of identity; expected service principal, "
	    "service account, user, group, managed identity or workspace "
	    "identity",
	    SLICE_ARGS(page_shown(said)));
	return &unknown;
}

static uint8_t
flags_of(const struct sheet *s, const struct row *row,
    const struct identity_type *type, struct slice name)
{
	uint8_t flags = type->flags, enabled = UNSAID;

	/* "Unknown": others speak of it, and nobody has declared it. */
	if (type->kind != PRINCIPAL_UNKNOWN || type->words[0] == '\0')
		flags |= PRINCIPAL_DECLARED;
	if (text_span(sheet_cell(s, row, IDENTITY), SPAN_CODE, 0).length == 0)
		flags |= words_collective(name);
	if (words_has(sheet_said(s, row, TYPE), "human"))
		flags |= PRINCIPAL_HUMAN;
	sheet_tri(s, row, ENABLED, &enabled);
	if (enabled == NO)
		flags |= PRINCIPAL_DISABLED;
	return flags;
}

static void
describe_identity(
    struct sheet *s, const struct row *row, principal_id id, struct slice name)
{
	struct builder *b = s->page->builder;
	struct slice upn = sheet_name(s, row, UPN);
	string_id licence = sheet_string(s, row, LICENCE);
	string_id purpose = sheet_string(s, row, PURPOSE);
	string_id home = builder_string(b, sheet_name(s, row, HOME));
	string_id account;

	/* A table with a column for UPNs says there what is one. */
	if (s->at[UPN] == NONE && slice_find(name, SLICE("@")) != SIZE_MAX)
		upn = name;
	account = builder_string(b, upn);
	b->principals.at[id].licence = licence;
	b->principals.at[id].purpose = purpose;
	b->principals.at[id].home = home;
	b->principals.at[id].upn = account;
	name_identity(s->page, id, name);
	name_identity(s->page, id, upn);
}

static void
declare_identity(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct slice name = sheet_name(s, row, IDENTITY);
	struct guid object_id = {0}, app_id = {0}, named;
	const struct identity_type *type;
	principal_id id;

	if (name.length == 0)
		return;
	sheet_guid(s, row, OBJECT_ID, &object_id);
	sheet_guid(s, row, APP_ID, &app_id);
	if (guid_parse(name, &named)) {
		object_id = named;
		name = SLICE("");
	}
	if (is_duplicate(p, name, object_id, row->line))
		return;
	type = type_of(s, row);
	id = builder_principal_new(
	    p->builder, name, type->kind, page_origin(p, row->line));
	if (id == NONE)
		return;
	p->builder->principals.at[id].flags |= flags_of(s, row, type, name);
	builder_identify(p->builder, id, object_id, app_id);
	describe_identity(s, row, id, name);
	name_by_guid(p, id, object_id);
	name_by_guid(p, id, app_id);
	p->only[type->kind] = id;
	p->declared[type->kind]++;
}

/* The identity that this very row declares: not a duplicate's. */
static principal_id
identity_of(const struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct guid guid;
	principal_id id = NONE;

	if (guid_parse(sheet_name(s, row, OBJECT_ID), &guid)) {
		char text[GUID_TEXT_LENGTH + 1];

		guid_format(guid, text);
		id = page_identity_silent(p, slice_of(text));
	}
	if (id == NONE)
		id = page_identity_silent(p, sheet_name(s, row, IDENTITY));
	if (id == NONE ||
	    p->builder->principals.at[id].origin.line != row->line)
		return NONE;
	return id;
}

static void
place_identity(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	principal_id id = identity_of(s, row);
	scope_id workspace;

	if (id == NONE || sheet_said(s, row, WORKSPACE).length == 0)
		return;
	workspace =
	    page_scope(p, sheet_cell(s, row, WORKSPACE), SCOPE_WORKSPACE);
	if (id < p->builder->principals.count)
		p->builder->principals.at[id].workspace = workspace;
}

static scope_id
application_scope(struct page *p, principal_id id, uint32_t line)
{
	struct builder *b = p->builder;
	struct principal row = b->principals.at[id];
	char text[GUID_TEXT_LENGTH + 1];
	struct slice segment = strings_get(&b->strings, row.name);
	uint32_t application;
	scope_id scope;

	if (!guid_is_nil(row.app_id)) {
		guid_format(row.app_id, text);
		segment = slice_of(text);
	}
	scope = builder_scope(
	    b, 0, SCOPE_APPLICATION, SLICE(""), segment, page_origin(p, line));
	if (scope == NONE || guid_is_nil(row.app_id))
		return scope;
	application = builder_application(b, row.app_id, page_origin(p, line));
	if (application == NONE)
		return NONE;
	b->applications.at[application].principal = id;
	b->applications.at[application].scope = scope;
	b->applications.at[application].name = row.name;
	return scope;
}

static void
claim_owners(struct sheet *s, const struct row *row, principal_id owned)
{
	struct page *p = s->page;
	const struct text *cell = sheet_cell(s, row, OWNER);
	struct slice name;
	uint32_t at = 0;

	if (text_says_nothing(cell))
		return;
	while (page_next_name(cell, &at, &name)) {
		struct text owner = {.plain = name, .line = row->line};
		struct claim claim = {.listing = s->listing,
		    .says = CLAIM_GRANTS,
		    .principal = page_identity(p, &owner),
		    .scope = application_scope(p, owned, row->line),
		    .text = builder_string(p->builder, SLICE("Owner")),
		    .origin = page_origin(p, row->line)};

		claim.role = builder_role_by_name(
		    p->builder, PLANE_DIRECTORY, SLICE("Application owner"));
		page_claim(p, claim);
	}
}

static void
claim_backs(struct sheet *s, const struct row *row, principal_id id)
{
	const struct text *purpose = sheet_cell(s, row, PURPOSE);
	size_t at = words_find(purpose->plain, "backs");
	struct text part;

	if (at == SIZE_MAX)
		return;
	part = text_part(
	    &s->page->document.arena, purpose, at, purpose->plain.length - at);
	part.line = row->line;
	page_sinks_in(
	    s->page, &part, (struct sink){.principal = id, .plan = NONE});
}

static void
claim_identity(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	principal_id id = identity_of(s, row);
	const struct identity_type *type =
	    words_identity(sheet_said(s, row, TYPE));
	struct slice purpose = sheet_cell(s, row, PURPOSE)->plain;
	size_t owns = words_find(purpose, "owns");
	const struct kind_word *owned;

	if (id == NONE)
		return;
	if (type != NULL && type->kind != PRINCIPAL_UNKNOWN)
		page_claim(p,
		    (struct claim){.listing = s->listing,
			.says = CLAIM_IS_KIND,
			.kind = type->kind,
			.human = type->human,
			.principal = id,
			.role = NONE,
			.scope = NONE,
			.text = sheet_string(s, row, TYPE),
			.origin = page_origin(p, row->line)});
	claim_owners(s, row, id);
	claim_backs(s, row, id);
	owned =
	    owns == SIZE_MAX ? NULL : words_item_in(slice_from(purpose, owns));
	if (owned != NULL)
		page_owns(p, id, NONE, owned->item, row->line);
}

static void
begin_identities(struct sheet *s)
{
	if (s->page->phase == PHASE_CLAIMS)
		s->listing = page_listing(s->page,
		    (struct listing){.view = VIEW_INVENTORY,
			.principal = NONE,
			.scope = NONE},
		    s->block->line);
}

const struct form form_identities = {
    .columns = {[IDENTITY] = {"identity|principal|account|service account",
		    true},
	[TYPE] = {"type|kind|identity type", true},
	[LICENCE] = {"license|licence", false},
	[PURPOSE] = {"purpose|description|used for", false},
	[OBJECT_ID] = {"object id", false},
	[APP_ID] = {"app id|application id|client id", false},
	[UPN] = {"upn", false},
	[OWNER] = {"owner|owners|owned by", false},
	[ENABLED] = {"enabled|active", false},
	[HOME] = {"home|resource", false},
	[WORKSPACE] = {"workspace", false}},
    .begin = begin_identities,
    .row = {[PHASE_PLACES] = declare_identity,
	[PHASE_THINGS] = place_identity,
	[PHASE_CLAIMS] = claim_identity},
};

/* --- groups --- */

enum { GROUP, MEMBERS };

static void
claim_group(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	const struct text *members = sheet_cell(s, row, MEMBERS);
	principal_id group = page_identity(p, sheet_cell(s, row, GROUP));
	struct slice name;
	uint32_t at = 0;

	if (text_says_nothing(members))
		return;
	while (page_next_name(members, &at, &name)) {
		struct text t = {.plain = name, .line = row->line};
		principal_id member = page_identity(p, &t);

		if (group != NONE && member != NONE)
			builder_member(p->builder, group, member,
			    page_origin(p, row->line));
	}
}

static void
begin_groups(struct sheet *s)
{
	if (s->page->phase == PHASE_CLAIMS)
		s->listing = page_listing(s->page,
		    (struct listing){
			.view = VIEW_GROUPS, .principal = NONE, .scope = NONE},
		    s->block->line);
}

const struct form form_groups = {
    .columns =
	{[GROUP] = {"group", true}, [MEMBERS] = {"members|member", true}},
    .begin = begin_groups,
    .row = {[PHASE_CLAIMS] = claim_group},
};

/* --- applications --- */

enum { APPLICATION, APPLICATION_ID, APP_OBJECT_ID, APP_IDENTITY, APP_SCOPE };

static void
claim_application(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct guid app_id = {0};
	struct application a;
	uint32_t at;

	sheet_guid(s, row, APPLICATION_ID, &app_id);
	if (guid_is_nil(app_id))
		return;
	at = builder_application(p->builder, app_id, page_origin(p, row->line));
	if (at == NONE)
		return;
	a = p->builder->applications.at[at];
	sheet_guid(s, row, APP_OBJECT_ID, &a.object_id);
	a.name = builder_string(p->builder, sheet_name(s, row, APPLICATION));
	if (sheet_said(s, row, APP_IDENTITY).length > 0)
		a.principal =
		    page_identity(p, sheet_cell(s, row, APP_IDENTITY));
	if (sheet_said(s, row, APP_SCOPE).length > 0)
		a.scope = page_scope(
		    p, sheet_cell(s, row, APP_SCOPE), SCOPE_APPLICATION);
	p->builder->applications.at[at] = a;
}

const struct form form_applications = {
    .columns = {[APPLICATION] = {"application", true},
	[APPLICATION_ID] = {"app id|application id|client id", true},
	[APP_OBJECT_ID] = {"object id", false},
	[APP_IDENTITY] = {"identity|service principal", false},
	[APP_SCOPE] = {"scope", false}},
    .row = {[PHASE_CLAIMS] = claim_application},
};

/* --- credentials --- */

enum {
	CREDENTIAL,
	WHOSE,
	KIND,
	STARTS,
	ENDS,
	KEY_ID,
	ISSUER,
	SUBJECT,
	CREDENTIAL_APP,
};

static uint8_t
credential_kind(const struct sheet *s, const struct row *row)
{
	struct slice said = sheet_said(s, row, KIND);

	if (words_has(said, "federated"))
		return CREDENTIAL_FEDERATED;
	if (words_has(said, "certificate"))
		return CREDENTIAL_CERTIFICATE;
	if (said.length > 0 && !words_has(said, "secret"))
		page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
		    "\"%.*s\" is no kind of credential; expected secret, "
		    "certificate or federated",
		    SLICE_ARGS(page_shown(said)));
	return CREDENTIAL_SECRET;
}

static void
claim_credential(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct guid app_id = {0};
	struct credential c = {.principal = NONE,
	    .application = NONE,
	    .starts = MOMENT_UNKNOWN,
	    .ends = MOMENT_UNKNOWN,
	    .origin = page_origin(p, row->line)};

	sheet_guid(s, row, CREDENTIAL_APP, &app_id);
	if (!guid_is_nil(app_id))
		c.application =
		    builder_application(p->builder, app_id, c.origin);
	if (c.application == NONE || sheet_said(s, row, WHOSE).length > 0)
		c.principal = page_identity(p, sheet_cell(s, row, WHOSE));
	if (c.principal == NONE && c.application == NONE)
		return;
	c.kind = credential_kind(s, row);
	c.name = builder_string(p->builder, sheet_name(s, row, CREDENTIAL));
	c.issuer = builder_string(p->builder, sheet_name(s, row, ISSUER));
	c.subject = builder_string(p->builder, sheet_name(s, row, SUBJECT));
	sheet_moment(s, row, STARTS, &c.starts);
	sheet_moment(s, row, ENDS, &c.ends);
	sheet_guid(s, row, KEY_ID, &c.key_id);
	page_keep(p, vector_push(&p->builder->credentials, c));
}

const struct form form_credentials = {
    .columns = {[CREDENTIAL] = {"credential|key|credential name", true},
	[WHOSE] = {"identity|credential of|application", true},
	[KIND] = {"kind|type", false},
	[STARTS] = {"starts|created", false},
	[ENDS] = {"ends|expires", false},
	[KEY_ID] = {"key id", false},
	[ISSUER] = {"issuer", false},
	[SUBJECT] = {"subject", false},
	[CREDENTIAL_APP] = {"app id", false}},
    .row = {[PHASE_CLAIMS] = claim_credential},
};

/* --- copies of credentials --- */

enum { COPY_OF, HELD_IN };

static void
claim_copy(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	struct sink sink = {.plan = NONE};

	sink.principal = page_identity(p, sheet_cell(s, row, COPY_OF));
	if (sink.principal != NONE)
		page_sinks_in(p, sheet_cell(s, row, HELD_IN), sink);
}

const struct form form_copies = {
    .columns = {[COPY_OF] = {"identity|credential of", true},
	[HELD_IN] = {"held in|stored in|copies", true}},
    .row = {[PHASE_CLAIMS] = claim_copy},
};

/* --- owners --- */

enum { OWNER_NAME, OWNS };

/* "semantic models" are all of the kind, also where the page has one. */
static const struct kind_word *
owned_at_large(const struct text *owned)
{
	struct slice plain = slice_trim(owned->plain);
	const struct kind_word *word = words_kind(plain);

	return text_span(owned, SPAN_CODE, 0).length == 0 && word != NULL &&
		word->scope == SCOPE_ITEM &&
		!slice_eq_case(plain, slice_of(word->words))
	    ? word
	    : NULL;
}

static void
claim_owner(struct sheet *s, const struct row *row)
{
	struct page *p = s->page;
	const struct text *owned = sheet_cell(s, row, OWNS);
	principal_id owner = page_identity(p, sheet_cell(s, row, OWNER_NAME));
	const struct kind_word *kind = owned_at_large(owned);
	struct scope_words said;

	if (owner == NONE)
		return;
	if (kind != NULL) {
		page_owns(p, owner, NONE, kind->item, row->line);
		return;
	}
	said = page_scopes(p, owned, SCOPE_ITEM);
	if (said.at_large)
		page_owns(p, owner, NONE, said.item_kind, row->line);
	for (uint32_t i = 0; i < p->targets.count; i++)
		page_owns(p, owner, p->targets.at[i], ITEM_OTHER, row->line);
}

const struct form form_owners = {
    .columns =
	{[OWNER_NAME] = {"owner|owned by", true}, [OWNS] = {"owns", true}},
    .row = {[PHASE_CLAIMS] = claim_owner},
};
