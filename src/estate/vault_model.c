#include "estate/private.h"

/*
 * Which permission model a vault has, where the source does not state it:
 * whichever its grants are of. An access policy on the vault or on one of its
 * secrets speaks for policies; an Azure role with a data action of Key Vault,
 * assigned on the vault or below, speaks for RBAC. The same role assigned on
 * a resource group says nothing: it covers whatever vaults there are, of
 * either model, and is ignored by those with policies. Nor does a right that
 * only a page claims.
 */

static bool
names_vaults(struct slice pattern)
{
	struct slice space = SLICE("Microsoft.KeyVault/");
	size_t star = slice_find(pattern, SLICE("*"));

	if (star < space.length)
		return slice_starts_case(space, slice_sub(pattern, 0, star));
	return slice_starts_case(pattern, space);
}

static bool
has_vault_data(const struct builder *b, const struct permission *p)
{
	for (uint32_t i = 0; i < p->data_actions.count; i++)
		if (names_vaults(strings_get(
			&b->strings, b->patterns.at[p->data_actions.from + i])))
			return true;
	return false;
}

static enum vault_model
evidence_of(const struct builder *b, role_id r)
{
	const struct role *row = &b->roles.at[r];

	if (row->plane == PLANE_POLICY)
		return MODEL_POLICY;
	if (row->plane != PLANE_AZURE)
		return MODEL_UNSAID;
	for (uint32_t i = 0; i < row->permission_count; i++)
		if (has_vault_data(b, &b->permissions.at[row->permissions + i]))
			return MODEL_RBAC;
	return MODEL_UNSAID;
}

static enum vault_model
both(enum vault_model a, enum vault_model b)
{
	return a == b || b == MODEL_UNSAID ? a
	    : a == MODEL_UNSAID            ? b
					   : MODEL_DISPUTED;
}

struct inference {
	const struct estate_private *own;
	uint8_t *of_role;  /* enum vault_model */
	scope_id *pending; /* stack of scopes to look at */
};

static enum vault_model
infer(const struct inference *in, scope_id vault)
{
	const struct estate_private *own = in->own;
	enum vault_model model = MODEL_UNSAID;
	uint32_t left = 0;

	in->pending[left++] = vault;
	while (left > 0) {
		scope_id s = in->pending[--left];

		for (uint32_t i = own->first_of_scope[s];
		     i < own->first_of_scope[s + 1]; i++) {
			struct grant g = own->grants[own->by_scope[i]];

			model = both(
			    model, in->of_role[g.role_and_flags >> FLAG_BITS]);
		}
		for (uint32_t i = own->first_child[s];
		     i < own->first_child[s + 1]; i++)
			in->pending[left++] = own->children[i];
	}
	return model;
}

static void
infer_all(struct builder *b, const struct inference *in)
{
	for (role_id r = 0; r < b->roles.count; r++)
		in->of_role[r] = (uint8_t)evidence_of(b, r);
	for (uint32_t i = 0; i < b->vaults.count; i++)
		if (!b->vaults.at[i].stated)
			b->vaults.at[i].model =
			    (uint8_t)infer(in, b->vaults.at[i].scope);
}

void
infer_vault_models(struct builder *b, const struct estate *e)
{
	struct inference in = {.own = e->private};

	if (b->error != ACTAS_OK || b->vaults.count == 0)
		return;
	in.of_role = mem_alloc(b->roles.count);
	in.pending = mem_alloc(b->scopes.count * sizeof *in.pending);
	if (in.of_role == NULL || in.pending == NULL)
		builder_stick(b, ACTAS_ENOMEM);
	else
		infer_all(b, &in);
	mem_free(in.of_role);
	mem_free(in.pending);
	for (uint32_t i = 0; i < b->vaults.count; i++)
		b->scopes.at[b->vaults.at[i].scope].model =
		    b->vaults.at[i].model;
}

/* A vault that a source mentions, as the scope of a grant, and does not
 * describe has a model all the same. */
void
describe_vaults(struct builder *b)
{
	if (b->error != ACTAS_OK)
		return;
	for (scope_id s = 0; s < b->scopes.count; s++) {
		if (b->scopes.at[s].kind == SCOPE_VAULT)
			(void)builder_vault(b, s, b->scopes.at[s].origin);
	}
}
