#include "source/azure.h"

/*
 * Everything that documents say about principals comes through here, so that
 * the order of documents does not matter: what a directory lists outweighs
 * what an assignment mentions beside it, and among two mentions the name that
 * sorts first stays.
 */

static const struct {
	const char *name;
	enum principal_kind kind;
} kinds[] = {
    {"User", PRINCIPAL_USER},
    {"Group", PRINCIPAL_GROUP},
    {"ForeignGroup", PRINCIPAL_GROUP},
    {"ServicePrincipal", PRINCIPAL_SERVICE},
    {"ServicePrincipalProfile", PRINCIPAL_SERVICE},
    {"App", PRINCIPAL_SERVICE},
    {"MSI", PRINCIPAL_MANAGED_IDENTITY},
    {"#microsoft.graph.user", PRINCIPAL_USER},
    {"#microsoft.graph.group", PRINCIPAL_GROUP},
    {"#microsoft.graph.servicePrincipal", PRINCIPAL_SERVICE},
};

enum principal_kind
azure_principal_kind(struct slice type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (slice_eq_case(type, slice_of(kinds[i].name)))
			return kinds[i].kind;
	return PRINCIPAL_UNKNOWN;
}

/* A managed or workspace identity is a service principal too, and often only
 * called that: the narrower kind stays. */
static bool
is_better_kind(
    enum principal_kind known, enum principal_kind said, bool outweighs)
{
	if (said == PRINCIPAL_UNKNOWN || said == known)
		return false;
	if (known == PRINCIPAL_UNKNOWN)
		return true;
	if (known == PRINCIPAL_SERVICE)
		return said > PRINCIPAL_SERVICE || outweighs;
	return said < PRINCIPAL_SERVICE && outweighs;
}

static void
set_text(struct builder *b, string_id *text, struct slice said, bool outweighs)
{
	struct slice known = strings_get(&b->strings, *text);

	if (said.length == 0 || slice_eq(known, said))
		return;
	if (known.length == 0 || outweighs)
		*text = builder_string(b, said);
}

principal_id
azure_principal(
    struct azure *az, const struct azure_principal *said, uint32_t line)
{
	struct origin origin = azure_origin(az, line);
	principal_id id;
	struct principal *p;
	bool known, outweighs;

	if (azure_failed(az))
		return NONE;
	id = builder_principal(az->b, said->object_id, origin);
	if (id == NONE)
		return NONE;
	p = &az->b->principals.at[id];
	known = (p->flags & PRINCIPAL_DECLARED) != 0;
	outweighs = said->declared && !known;
	if (is_better_kind(p->kind, said->kind, outweighs))
		p->kind = (uint8_t)said->kind;
	if (said->name.length > 0 && (!known || said->declared))
		set_text(az->b, &p->name, said->name,
		    outweighs ||
			(!known &&
			    slice_cmp(said->name,
				strings_get(&az->b->strings, p->name)) < 0));
	if (said->upn.length > 0)
		set_text(az->b, &p->upn, said->upn, outweighs);
	if (!guid_is_nil(said->app_id) && !guid_eq(said->app_id, p->app_id))
		builder_identify(az->b, id, (struct guid){0}, said->app_id);
	p = &az->b->principals.at[id];
	if (outweighs)
		p->origin = origin;
	if (said->declared)
		p->flags |= PRINCIPAL_DECLARED;
	return id;
}

void
azure_wait(struct azure *az, const struct waiting *fact)
{
	enum actas_error error;

	if (azure_failed(az))
		return;
	error = vector_push(&az->waiting, *fact);
	if (error != ACTAS_OK)
		az->error = fault_plain(az->fault, error);
}

bool
azure_seen(
    struct azure *az, enum seen_kind kind, struct guid id, uint64_t number)
{
	struct seen seen = {(uint8_t)kind, id, number};
	uint64_t hash = guid_hash(id) ^ (number * 31 + kind);
	struct index_walk walk = index_start(&az->seen_index, hash);
	enum actas_error error;
	uint32_t row;

	while (index_next(&walk, &row))
		if (az->seen.at[row].kind == kind &&
		    az->seen.at[row].number == number &&
		    guid_eq(az->seen.at[row].id, id))
			return true;
	error = index_add(&az->seen_index, hash, az->seen.count);
	if (error == ACTAS_OK)
		error = vector_push(&az->seen, seen);
	if (error != ACTAS_OK && !azure_failed(az))
		az->error = fault_plain(az->fault, error);
	return false;
}

scope_id
azure_application_scope(struct azure *az, uint32_t row)
{
	struct application *a;
	char id[GUID_TEXT_LENGTH + 1];
	scope_id s;

	if (azure_failed(az) || row == NONE)
		return NONE;
	a = &az->b->applications.at[row];
	if (a->scope != NONE)
		return a->scope;
	guid_format(a->app_id, id);
	s = builder_scope(
	    az->b, 0, SCOPE_APPLICATION, SLICE(""), slice_of(id), a->origin);
	az->b->applications.at[row].scope = s;
	return s;
}
