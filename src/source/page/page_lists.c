/* Lists: who can read and write secrets, and the key rules. */
#include "source/page/page_form.h"

/* --- readers and writers --- */

static const struct list_words {
	const char *words;
	uint8_t view;
} list_words[] = {
    {"who can read secrets", VIEW_READERS},
    {"who can read the secrets", VIEW_READERS},
    {"who can write secrets", VIEW_WRITERS},
    {"who can write the secrets", VIEW_WRITERS},
    {"secret readers", VIEW_READERS},
    {"secret writers", VIEW_WRITERS},
    {"readers", VIEW_READERS},
    {"writers", VIEW_WRITERS},
};

static const struct list_words *
list_words_in(const struct block *over)
{
	struct slice plain;

	if (over == NULL)
		return NULL;
	plain = slice_trim(over->text.plain);
	for (size_t i = 0; i < sizeof list_words / sizeof *list_words; i++)
		if (slice_starts_case(plain, slice_of(list_words[i].words)))
			return &list_words[i];
	return NULL;
}

struct secret_list {
	struct page *page;
	uint8_t view;
	uint32_t listing;
	scope_id vault;
};

static role_id
policy_role(struct secret_list *l, struct slice bracket, uint32_t line)
{
	size_t colon = slice_find(bracket, SLICE(":"));
	struct slice said;

	if (colon != SIZE_MAX)
		return page_role(l->page, bracket, SCOPE_VAULT, line);
	said = l->view == VIEW_READERS ? SLICE("policy: get")
				       : SLICE("policy: set");
	return page_role(l->page, said, SCOPE_VAULT, line);
}

/* Roles that a vault can have: those of Key Vault, and the general ones. */
static bool
is_of_vaults(struct slice name)
{
	static const char *const general[] = {"owner", "contributor", "reader",
	    "user access administrator",
	    "role based access control administrator"};

	if (slice_starts_case(name, SLICE("key vault")))
		return true;
	for (size_t i = 0; i < sizeof general / sizeof *general; i++)
		if (slice_eq_case(name, slice_of(general[i])))
			return true;
	return false;
}

/* "Key Vault Secrets User role -- for pipelines": the role. */
static struct slice
role_in_bracket(struct slice bracket)
{
	static const char *const ends[] = {
	    " -- ", " \xe2\x80\x93 ", " \xe2\x80\x94 ", "; ", ", "};
	size_t at = bracket.length;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t found = slice_find(bracket, slice_of(ends[i]));

		if (found < at)
			at = found;
	}
	bracket = slice_trim(slice_sub(bracket, 0, at));
	if (slice_ends_case(bracket, SLICE(" role")))
		bracket = slice_sub(bracket, 0, bracket.length - 5);
	return slice_trim(bracket);
}

static void
claim_mechanism(
    struct secret_list *l, struct slice bracket, struct claim *claim)
{
	struct page *p = l->page;
	struct slice name = role_in_bracket(bracket);
	uint32_t line = claim->origin.line;

	claim->text = builder_string(p->builder, bracket);
	if (words_has(bracket, "access policy")) {
		claim->role = policy_role(l, bracket, line);
		return;
	}
	claim->role = page_role_silent(p, name, SCOPE_VAULT, line);
	if (claim->role == NONE)
		page_role(p, name, SCOPE_VAULT, line);
	else if (!is_of_vaults(strings_get(&p->builder->strings,
		     p->builder->roles.at[claim->role].name)) &&
	    p->builder->roles.at[claim->role].plane == PLANE_AZURE)
		claim->scope = NONE;
}

static void
tell_contradiction(struct secret_list *l, struct slice bracket, uint32_t line)
{
	size_t at = words_find(bracket, "not");
	struct slice denied =
	    at == SIZE_MAX ? SLICE("") : slice_from(bracket, at);
	bool writes = l->view == VIEW_WRITERS;

	if (!words_has(denied, writes ? "writes" : "reads") &&
	    !words_has(denied, writes ? "write" : "read"))
		return;
	page_problem(l->page, PROBLEM_SELF_CONTRADICTION, bracket, line,
	    "the list names who can %s secrets, and the entry says \"%.*s\"",
	    writes ? "write" : "read", SLICE_ARGS(page_shown(denied)));
}

/* The identity's part of an entry: up to a bracket, a dash or "via". */
static struct text
subject_of(struct page *p, const struct text *t)
{
	static const char *const ends[] = {
	    "(", " via ", " -- ", " \xe2\x80\x93 ", " \xe2\x80\x94 ", ":"};
	size_t at = t->plain.length;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t found = slice_find(t->plain, slice_of(ends[i]));

		if (found < at)
			at = found;
	}
	return text_part(&p->document.arena, t, 0, at);
}

static void
claim_entry(struct secret_list *l, const struct entry *e)
{
	struct page *p = l->page;
	struct text subject = subject_of(p, &e->text);
	struct slice before, bracket;
	struct claim claim = {.listing = l->listing,
	    .says = CLAIM_GRANTS,
	    .role = NONE,
	    .scope = l->vault,
	    .origin = page_origin(p, e->text.line)};

	if (slice_trim(subject.plain).length == 0)
		return;
	claim.principal = page_identity(p, &subject);
	if (words_bracket(e->text.plain, &before, &bracket)) {
		claim_mechanism(l, bracket, &claim);
		tell_contradiction(l, bracket, e->text.line);
	} else {
		claim.role = page_role(p,
		    l->view == VIEW_READERS ? SLICE("Get Secrets")
					    : SLICE("Set Secrets"),
		    SCOPE_VAULT, e->text.line);
		claim.text = builder_string(p->builder,
		    slice_trim(slice_from(slice_trim(e->text.plain),
			slice_trim(subject.plain).length)));
	}
	page_claim(p, claim);
}

static scope_id
vault_named(struct page *p, const struct block *over, uint32_t line)
{
	scope_id vault;

	for (uint32_t i = 0; over != NULL; i++) {
		struct slice code = text_span(&over->text, SPAN_CODE, i);

		if (code.length == 0)
			break;
		vault = page_scope_silent(p, code, SCOPE_VAULT);
		if (vault != NONE)
			return vault;
	}
	vault = page_scope_silent(p, SLICE(""), SCOPE_VAULT);
	if (vault == NONE)
		page_problem(p,
		    p->of_kind[SCOPE_VAULT].count == 0
			? PROBLEM_UNDECLARED_SCOPE
			: PROBLEM_AMBIGUOUS_NAME,
		    SLICE("secrets"), line,
		    "the list does not say of which vault; expected its name "
		    "in the line above");
	return vault;
}

bool
read_secret_list(struct page *p, const struct block *b)
{
	const struct block *over = page_lead(p, b);
	const struct list_words *words;
	struct secret_list list = {.page = p};

	if (b->kind != BLOCK_LIST)
		return false;
	words = list_words_in(over);
	if (words == NULL && over == NULL) {
		over = page_heading(p, b);
		words = list_words_in(over);
	}
	if (words == NULL)
		return false;
	if (p->phase != PHASE_CLAIMS)
		return true;
	list.view = words->view;
	list.vault = vault_named(p, over, b->line);
	list.listing = page_listing(p,
	    (struct listing){.view = list.view,
		.complete = 1,
		.principal = NONE,
		.scope = list.vault},
	    over->line);
	for (uint32_t i = 0; i < b->count && !page_failed(p); i++)
		if (b->entries[i].depth == 0)
			claim_entry(&list, &b->entries[i]);
	return true;
}

/* --- key rules --- */

struct sentence {
	struct page *page;
	const struct text *text;
	struct policy policy;
};

static principal_id
named_identity(struct sentence *s, size_t from)
{
	struct text part = text_part(&s->page->document.arena, s->text, from,
	    s->text->plain.length - from);

	if (text_span(&part, SPAN_CODE, 0).length == 0)
		return NONE;
	return page_identity(s->page, &part);
}

static bool
cannot_own(struct sentence *s)
{
	struct slice plain = s->text->plain;
	size_t at = words_find(plain, "cannot own");
	const struct kind_word *owned;
	const struct identity_type *type;
	size_t use;

	if (at == SIZE_MAX)
		return false;
	type = words_identity(slice_sub(plain, 0, at));
	owned = words_item_in(slice_from(plain, at));
	if (type == NULL || owned == NULL)
		return false;
	use = words_find(plain, "use");
	s->policy.kind = POLICY_CANNOT_OWN;
	s->policy.principal_kind = type->kind;
	s->policy.personal = type->human == YES;
	s->policy.item_kind = owned->item;
	s->policy.principal = use == SIZE_MAX ? NONE : named_identity(s, use);
	return true;
}

static bool
only_owner(struct sentence *s)
{
	struct slice plain = s->text->plain;
	size_t at = words_find(plain, "only identity that should own");
	const struct kind_word *owned;

	if (at == SIZE_MAX)
		return false;
	owned = words_item_in(slice_from(plain, at));
	if (owned == NULL)
		return false;
	s->policy.kind = POLICY_ONLY_OWNER;
	s->policy.item_kind = owned->item;
	s->policy.principal = named_identity(s, 0);
	return s->policy.principal != NONE;
}

static bool
not_sole_owner(struct sentence *s)
{
	struct slice plain = s->text->plain;
	size_t at = words_find(plain, "must not be the sole owner");
	const struct identity_type *type;
	const struct kind_word *owned;

	if (at == SIZE_MAX)
		return false;
	type = words_identity(slice_sub(plain, 0, at));
	if (type == NULL)
		return false;
	owned = words_item_in(slice_from(plain, at));
	s->policy.kind = POLICY_NOT_SOLE_OWNER;
	s->policy.principal_kind = type->kind;
	s->policy.personal = type->human == YES;
	s->policy.item_kind = owned == NULL ? ITEM_OTHER : owned->item;
	return true;
}

static size_t
sentence_end(struct slice plain, size_t from)
{
	static const char *const ends[] = {" -- ", " \xe2\x80\x93 ",
	    " \xe2\x80\x94 ", ". ", "; ", ", ", " for ", " to "};
	size_t end = plain.length;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t at =
		    slice_find(slice_from(plain, from), slice_of(ends[i]));

		if (at != SIZE_MAX && from + at < end)
			end = from + at;
	}
	if (end == plain.length && end > from && plain.at[end - 1] == '.')
		end--;
	return end;
}

static bool
needs_role(struct sentence *s)
{
	struct page *p = s->page;
	struct slice plain = s->text->plain;
	size_t needs = words_find(plain, "needs");
	struct slice role = text_span(s->text, SPAN_STRONG, 0);
	size_t on, end;
	struct text where;
	struct scope_words said;

	if (needs == SIZE_MAX || role.length == 0 || role.at < plain.at + needs)
		return false;
	on = (size_t)(role.at - plain.at) + role.length;
	if (!slice_starts_case(slice_from(plain, on), SLICE(" on ")))
		return false;
	end = sentence_end(plain, on + 4);
	where = text_part(&p->document.arena, s->text, on + 4, end - on - 4);
	s->policy.kind = POLICY_NEEDS_ROLE;
	s->policy.principal = named_identity(s, 0);
	said = page_scopes(p, &where, ANY_KIND);
	s->policy.scope = p->targets.count == 1 ? p->targets.at[0] : NONE;
	s->policy.role = page_role(p, role, said.kind, s->text->line);
	return s->policy.principal != NONE && s->policy.scope != NONE &&
	    s->policy.role != NONE;
}

static void
read_sentence(struct page *p, const struct text *t)
{
	static bool (*const readers[])(struct sentence * s) = {
	    cannot_own, only_owner, not_sole_owner, needs_role};
	struct sentence s = {.page = p, .text = t};

	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		s.policy = (struct policy){.principal = NONE,
		    .role = NONE,
		    .scope = NONE,
		    .text = builder_string(p->builder, t->plain),
		    .origin = page_origin(p, t->line)};
		if (!readers[i](&s))
			continue;
		page_keep(p, vector_push(&p->builder->policies, s.policy));
		return;
	}
}

bool
read_key_rules(struct page *p, const struct block *b)
{
	const struct block *heading = page_heading(p, b);

	if (b->kind != BLOCK_LIST || heading == NULL ||
	    !words_has(heading->text.plain, "rules"))
		return false;
	if (p->phase != PHASE_CLAIMS)
		return true;
	page_listing(p,
	    (struct listing){
		.view = VIEW_RULES, .principal = NONE, .scope = NONE},
	    heading->line);
	for (uint32_t i = 0; i < b->count && !page_failed(p); i++)
		read_sentence(p, &b->entries[i].text);
	return true;
}
