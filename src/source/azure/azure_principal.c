#include "source/azure/azure_field.h"

/*
 * Everything that documents say about principals comes through here, so that
 * the order of documents does not matter: a listing of the directory
 * outweighs a list of members, and that a mention beside an assignment. Among
 * words of one rank the text that sorts first stays, and the place that does.
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

void
azure_say_kind(struct azure_principal *said, struct slice type)
{
	said->kind = azure_principal_kind(type);
	said->elsewhere = slice_eq_case(type, SLICE("ForeignGroup")) ||
	    slice_eq_case(type, SLICE("ServicePrincipalProfile"));
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

bool
azure_is_earlier(const struct azure *az, struct origin a, struct origin b)
{
	int order = slice_cmp(strings_get(&az->b->strings, a.file),
	    strings_get(&az->b->strings, b.file));

	return order < 0 || (order == 0 && a.line < b.line);
}

static void
set_text(struct builder *b, string_id *text, struct slice said, int weight)
{
	struct slice known = strings_get(&b->strings, *text);

	if (said.length == 0 || slice_eq(known, said))
		return;
	if (known.length == 0 || weight > 0 ||
	    (weight == 0 && slice_cmp(said, known) < 0))
		*text = builder_string(b, said);
}

/* The rank of a principal, which may be new. */
static uint8_t *
rank_of(struct azure *az, principal_id id)
{
	uint32_t known = az->ranks.count;
	enum actas_error error;

	if (id >= known) {
		error = vector_reserve(&az->ranks, id + 1 - known);
		if (error != ACTAS_OK) {
			az->error = fault_plain(az->fault, error);
			return NULL;
		}
		memset(az->ranks.at + known, 0, id + 1 - known);
		az->ranks.count = id + 1;
	}
	return &az->ranks.at[id];
}

static void
describe(struct azure *az, principal_id id, const struct azure_principal *said,
    struct origin origin)
{
	struct principal *p = &az->b->principals.at[id];
	uint8_t *rank = rank_of(az, id);
	int weight;

	if (rank == NULL)
		return;
	weight = (int)said->rank - *rank;
	if (is_better_kind(p->kind, said->kind, weight > 0))
		p->kind = (uint8_t)said->kind;
	if (said->elsewhere)
		p->flags |= PRINCIPAL_ELSEWHERE;
	set_text(az->b, &p->name, said->name, weight);
	set_text(az->b, &p->upn, said->upn, weight);
	if (said->rank == RANK_MENTION)
		return;
	p->flags |= PRINCIPAL_DECLARED;
	if (weight > 0 ||
	    (weight == 0 && azure_is_earlier(az, origin, p->origin)))
		p->origin = origin;
	if (weight > 0)
		*rank = (uint8_t)said->rank;
}

principal_id
azure_principal(
    struct azure *az, const struct azure_principal *said, uint32_t line)
{
	struct origin origin = azure_origin(az, line);
	principal_id id;

	if (azure_failed(az))
		return NONE;
	id = builder_principal(az->b, said->object_id, origin);
	if (id == NONE)
		return NONE;
	describe(az, id, said, origin);
	if (!guid_is_nil(said->app_id) &&
	    !guid_eq(said->app_id, az->b->principals.at[id].app_id))
		builder_identify(az->b, id, (struct guid){0}, said->app_id);
	return azure_failed(az) ? NONE : id;
}

void
azure_declare_scope(
    struct azure *az, scope_id s, struct slice name, uint32_t line)
{
	struct origin origin = azure_origin(az, line);
	struct scope *row;
	bool first;

	if (azure_failed(az) || s == NONE)
		return;
	row = &az->b->scopes.at[s];
	first = !row->declared || azure_is_earlier(az, origin, row->origin);
	if (first)
		row->origin = origin;
	row->declared = 1;
	if (name.length > 0 && (first || row->name == 0) &&
	    !slice_eq(name, strings_get(&az->b->strings, row->segment)))
		row->name = builder_string(az->b, name);
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
	uint64_t parts[] = {guid_hash(id), number, kind};
	uint64_t hash =
	    slice_hash((struct slice){(const char *)parts, sizeof parts});
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

scope_id
azure_group_scope(struct azure *az, principal_id group, struct origin origin)
{
	char id[GUID_TEXT_LENGTH + 1];

	if (azure_failed(az) || group == NONE)
		return NONE;
	guid_format(az->b->principals.at[group].object_id, id);
	return builder_scope(
	    az->b, 0, SCOPE_GROUP, SLICE(""), slice_of(id), origin);
}
