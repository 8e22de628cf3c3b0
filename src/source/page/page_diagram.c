/* The diagram: nodes are identities and places, labels of edges are roles. */
#include "source/page/page_form.h"

#include "source/page/mermaid.h"

struct diagram {
	struct page *page;
	const struct mermaid *mermaid;
	uint32_t listing;
	principal_id *identities; /* by node; NONE: no declared identity */
};

static struct slice
first_line(struct slice label)
{
	struct slice line = SLICE("");

	slice_cut(&label, '\n', &line);
	return slice_trim(line);
}

static principal_id
node_identity(struct page *p, const struct mermaid_node *node)
{
	struct slice name = first_line(node->label);
	principal_id id = page_identity_silent(p, name);

	if (id == NONE)
		id = page_identity_silent(p, node->id);
	if (id == NONE && words_managed_identity(name) &&
	    p->declared[PRINCIPAL_MANAGED_IDENTITY] == 1)
		id = p->only[PRINCIPAL_MANAGED_IDENTITY];
	return id;
}

/* --- is it about access? --- */

static bool
is_about_access(const struct diagram *d, const struct block *b)
{
	static const char *const words[] = {"access", "identity", "identities",
	    "permission", "permissions", "role", "roles"};
	const struct block *heading = page_heading(d->page, b);

	for (uint32_t i = 0; i < d->mermaid->nodes.count; i++)
		if (d->identities[i] != NONE)
			return true;
	for (size_t i = 0; heading != NULL && i < sizeof words / sizeof *words;
	     i++)
		if (words_has(heading->text.plain, words[i]))
			return true;
	return false;
}

/* --- what nodes say --- */

/* "sp-x<br/>(CI/CD SPN)" */
static void
claim_kind(struct diagram *d, uint32_t at)
{
	struct page *p = d->page;
	const struct mermaid_node *node = &d->mermaid->nodes.at[at];
	struct slice before, inside;
	const struct identity_type *type;
	struct principal *principal;

	if (d->identities[at] == NONE ||
	    !words_bracket(node->label, &before, &inside))
		return;
	type = words_identity(inside);
	if (type == NULL)
		return;
	principal = &p->builder->principals.at[d->identities[at]];
	principal->flags |= type->flags;
	if (principal->kind == PRINCIPAL_UNKNOWN)
		principal->kind = type->kind;
	page_claim(p,
	    (struct claim){.listing = d->listing,
		.says = CLAIM_IS_KIND,
		.kind = type->kind,
		.human = type->human,
		.principal = d->identities[at],
		.role = NONE,
		.scope = NONE,
		.text = builder_string(p->builder, inside),
		.called = builder_string(p->builder, first_line(node->label)),
		.origin = page_origin(p, node->line)});
}

/* --- what edges say --- */

/* The node at the tail, as an identity; '*is_one' false where it is a place
 * of the page, from which no access goes out. */
static principal_id
tail_identity(struct diagram *d, const struct mermaid_edge *edge, bool *is_one)
{
	struct page *p = d->page;
	const struct mermaid_node *node = &d->mermaid->nodes.at[edge->from];
	struct slice name = first_line(node->label);
	struct text t = {.plain = name, .line = node->line};
	uint32_t scope;

	*is_one = true;
	if (d->identities[edge->from] != NONE)
		return d->identities[edge->from];
	*is_one = words_kind(name) == NULL &&
	    names_find(p, NAME_OF_PLACE, name, &scope) == 0 &&
	    !slice_starts_case(name, SLICE("all "));
	if (!*is_one)
		return NONE;
	d->identities[edge->from] = page_identity(p, &t);
	return d->identities[edge->from];
}

static bool
tell_undeclared_node(struct diagram *d, uint32_t at, uint32_t line)
{
	struct page *p = d->page;
	const struct mermaid_node *node = &d->mermaid->nodes.at[at];
	uint32_t scope;

	if (node->declared || d->identities[at] != NONE ||
	    names_find(p, NAME_OF_PLACE, node->id, &scope) > 0)
		return false;
	page_problem(p, PROBLEM_UNDECLARED_NODE, node->id, line,
	    "the edge goes to or from \"%.*s\", which is no node of this "
	    "diagram and nothing that this page declares",
	    SLICE_ARGS(page_shown(node->id)));
	return true;
}

/* "Member Gold" at all workspaces is Member, at Gold. */
static bool
claim_one_of_all(
    struct diagram *d, struct slice label, struct claim claim, uint32_t kind)
{
	struct page *p = d->page;
	size_t at = label.length;
	uint32_t line = claim.origin.line;

	while (at-- > 1) {
		scope_id scope;

		if (label.at[at] != ' ')
			continue;
		scope = page_scope_silent(p, slice_from(label, at + 1), kind);
		claim.role = scope == NONE
		    ? NONE
		    : page_role_silent(p, slice_sub(label, 0, at), kind, line);
		if (claim.role == NONE)
			continue;
		claim.scope = scope;
		page_claim(p, claim);
		page_problem(p, PROBLEM_SELF_CONTRADICTION, label, line,
		    "the edge goes to all of a kind, and its label, \"%.*s\", "
		    "says one of them; it is read as that one",
		    SLICE_ARGS(page_shown(label)));
		return true;
	}
	return false;
}

static bool
is_ownership(struct slice label)
{
	return slice_eq_case(label, SLICE("owner")) ||
	    slice_eq_case(label, SLICE("owns"));
}

static void
claim_ownership(struct diagram *d, struct scope_words said, struct claim claim)
{
	struct page *p = d->page;

	if (claim.principal == NONE)
		return;
	if (said.at_large)
		page_owns(p, claim.principal, NONE, said.item_kind,
		    claim.origin.line);
	for (uint32_t i = 0; i < p->targets.count && !page_failed(p); i++)
		page_owns(p, claim.principal, p->targets.at[i], ITEM_OTHER,
		    claim.origin.line);
}

static void
claim_targets(struct diagram *d, struct slice label, struct scope_words said,
    struct claim claim)
{
	struct page *p = d->page;
	uint32_t line = claim.origin.line;

	claim.role = page_role_silent(p, label, said.kind, line);
	if (claim.role == NONE && said.from_all &&
	    claim_one_of_all(d, label, claim, said.kind))
		return;
	if (claim.role == NONE)
		page_role(p, label, said.kind, line);
	claim.from_all = said.from_all;
	if (p->targets.count == 0)
		page_claim(p, claim);
	for (uint32_t i = 0; i < p->targets.count && !page_failed(p); i++) {
		claim.scope = p->targets.at[i];
		page_claim(p, claim);
	}
}

static void
claim_edge(struct diagram *d, const struct mermaid_edge *edge)
{
	struct page *p = d->page;
	const struct mermaid_node *to = &d->mermaid->nodes.at[edge->to];
	struct text target = {
	    .plain = first_line(to->label), .line = edge->line};
	struct claim claim = {.listing = d->listing,
	    .says = CLAIM_GRANTS,
	    .role = NONE,
	    .scope = NONE,
	    .text = builder_string(p->builder, edge->label),
	    .origin = page_origin(p, edge->line)};
	struct scope_words said;
	bool is_one, undeclared;

	undeclared = tell_undeclared_node(d, edge->from, edge->line);
	undeclared |= tell_undeclared_node(d, edge->to, edge->line);
	if (undeclared || edge->label.length == 0)
		return;
	claim.principal = tail_identity(d, edge, &is_one);
	if (!is_one || d->identities[edge->to] != NONE)
		return;
	said = page_scopes(p, &target, ANY_KIND);
	if (is_ownership(edge->label) &&
	    (said.at_large || said.kind == SCOPE_ITEM)) {
		claim_ownership(d, said, claim);
		return;
	}
	if (said.at_large)
		page_problem(p, PROBLEM_UNDECLARED_SCOPE, target.plain,
		    edge->line,
		    "\"%.*s\" names a kind of item, and this page declares no "
		    "single one",
		    SLICE_ARGS(page_shown(target.plain)));
	claim_targets(d, edge->label, said, claim);
}

static void
claim_diagram(struct diagram *d, const struct block *b)
{
	struct page *p = d->page;
	const struct mermaid *m = d->mermaid;

	d->listing = page_listing(p,
	    (struct listing){
		.view = VIEW_GRAPH, .principal = NONE, .scope = NONE},
	    b->line);
	for (uint32_t i = 0; i < m->faults.count; i++)
		page_problem(p, PROBLEM_MALFORMED_ROW, m->faults.at[i].found,
		    m->faults.at[i].line,
		    "the diagram is not understood at \"%.*s\"; expected %s",
		    SLICE_ARGS(page_shown(m->faults.at[i].found)),
		    m->faults.at[i].expected);
	for (uint32_t i = 0; i < m->nodes.count && !page_failed(p); i++)
		claim_kind(d, i);
	for (uint32_t i = 0; i < m->edges.count && !page_failed(p); i++)
		claim_edge(d, &m->edges.at[i]);
}

static bool
read_flowchart(struct page *p, const struct block *b, const struct mermaid *m)
{
	struct diagram d = {.page = p, .mermaid = m};
	bool mine;

	d.identities = arena_zero(
	    &p->document.arena, m->nodes.count + 1, sizeof *d.identities);
	if (d.identities == NULL) {
		page_keep(p, ACTAS_ENOMEM);
		return true;
	}
	for (uint32_t i = 0; i < m->nodes.count; i++)
		d.identities[i] = node_identity(p, &m->nodes.at[i]);
	mine = is_about_access(&d, b);
	if (mine)
		claim_diagram(&d, b);
	return mine;
}

bool
read_diagram(struct page *p, const struct block *b)
{
	struct mermaid m = {0};
	enum actas_error error;
	bool mine = true;

	if (b->kind != BLOCK_CODE ||
	    !slice_starts_case(b->info, SLICE("mermaid")) ||
	    !mermaid_is_flowchart(b->text.plain))
		return false;
	if (p->phase != PHASE_CLAIMS)
		return true;
	error =
	    mermaid_read(&m, &p->document.arena, b->text.plain, b->line + 1);
	if (error == ACTAS_ELIMIT)
		builder_fail(p->builder, error, page_origin(p, b->line),
		    "the diagram has more than %u edges", LIMIT_PAGE_EDGES);
	page_keep(p, error);
	if (error == ACTAS_OK)
		mine = read_flowchart(p, b, &m);
	mermaid_release(&m);
	return mine;
}
