#include "estate/private.h"

/* An application and the service principal that has its app id are one
 * another's, in whichever order they were read. */
static void
link_applications(struct builder *b, struct estate_private *own)
{
	if (b->error != ACTAS_OK || b->applications.count == 0)
		return;
	own->application_of = mem_alloc(
	    (size_t)b->principals.count * sizeof *own->application_of);
	if (own->application_of == NULL) {
		builder_stick(b, ACTAS_ENOMEM);
		return;
	}
	for (principal_id p = 0; p < b->principals.count; p++)
		own->application_of[p] = NONE;
	for (uint32_t i = 0; i < b->applications.count; i++) {
		struct application *row = &b->applications.at[i];

		if (row->principal == NONE)
			row->principal =
			    builder_principal_by_app_id(b, row->app_id);
		if (row->principal < b->principals.count)
			own->application_of[row->principal] = i;
	}
}

/* A group as a scope is called what it is called as a principal. */
static void
name_groups(struct builder *b)
{
	for (scope_id s = 1; s < b->scopes.count && b->error == ACTAS_OK; s++) {
		struct scope *row = &b->scopes.at[s];
		struct guid id;
		principal_id p;

		if (row->kind != SCOPE_GROUP ||
		    !guid_parse(strings_get(&b->strings, row->segment), &id))
			continue;
		p = builder_known(b, id);
		if (p == NONE)
			continue;
		row->name = b->principals.at[p].name;
		row->declared |=
		    (b->principals.at[p].flags & PRINCIPAL_DECLARED) != 0;
	}
}

void
link_children(struct builder *b, struct estate_private *own)
{
	uint32_t count = b->scopes.count;
	uint32_t *first;

	if (b->error != ACTAS_OK)
		return;
	first = mem_zero((size_t)count + 2, sizeof *first);
	own->first_child = first;
	own->children = mem_alloc(count * sizeof *own->children);
	if (first == NULL || own->children == NULL) {
		builder_stick(b, ACTAS_ENOMEM);
		return;
	}
	for (scope_id s = 1; s < count; s++)
		first[b->scopes.at[s].parent + 2]++;
	offsets_from_counts(first + 1, count);
	for (scope_id s = 1; s < count; s++)
		own->children[first[b->scopes.at[s].parent + 1]++] = s;
}

static void
check_rows(struct builder *b)
{
	struct fault fault = {0};

	if (b->error != ACTAS_OK)
		return;
	if (tables_check(b, 0, &fault) != ACTAS_OK)
		builder_fail(b, fault.error, (struct origin){0},
		    "the source was not put together rightly: %s",
		    fault.message);
}

/* The estate takes over all that the builder owns. */
static void
take_over(struct builder *b, struct estate *e)
{
	struct estate_private *own = e->private;

	tables_trim(b);
	vector_release(&b->private->made_under);
	index_release(&b->private->by_scope);
	index_release(&b->private->by_role_name);
	index_release(&b->private->by_application);
	vector_trim(&b->private->described_by);
	own->lookup = *b->private;
	own->tables = *b;
	mem_free(b->private);
	mem_free(b);
	own->tables.private = NULL;
	own->tables.fault = NULL;
	*own->texts = own->tables.strings;
	own->texts_made = own->texts->total;
	estate_show(e);
}

static void
build(struct builder *b, struct estate *e)
{
	check_rows(b);
	describe_vaults(b);
	settle_scopes(b);
	link_applications(b, e->private);
	name_groups(b);
	link_children(b, e->private);
	order_members(b, e->private);
	close_groups(b, e->private, true);
	lay_out_assignments(b, e);
	link_claims(b, e);
	find_orphans(b, e);
	find_shared_ids(b, e);
	infer_vault_models(b, e);
}

static enum actas_error
index_names(struct estate *e)
{
	struct names *names = &e->private->names;
	enum actas_error error;

	error = names_index_principals(e, &names->principals);
	return error == ACTAS_OK ? names_index_scopes(e, 0, &names->scopes)
				 : error;
}

enum actas_error
builder_finish(struct builder *b, struct estate **estate)
{
	struct fault *fault = b->fault;
	struct estate *e = NULL;
	enum actas_error error;

	*estate = NULL;
	if (b->error == ACTAS_OK)
		e = estate_new();
	if (e != NULL)
		e->private->texts = mem_zero(1, sizeof *e->private->texts);
	if (e != NULL && e->private->texts != NULL)
		build(b, e);
	else
		builder_stick(b, ACTAS_ENOMEM);
	error = b->error;
	if (error != ACTAS_OK) {
		estate_free(e);
		builder_free(b);
		return error;
	}
	take_over(b, e);
	error = index_names(e);
	if (error != ACTAS_OK) {
		estate_free(e);
		return fault_plain(fault, error);
	}
	*estate = e;
	return ACTAS_OK;
}
