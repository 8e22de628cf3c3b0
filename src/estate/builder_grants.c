#include "estate/private.h"

/* A column that begins at the first row that needs it. */
static enum actas_error
add_condition(struct builder_private *own, string_id condition)
{
	uint32_t rows = own->keys.count;
	enum actas_error error;

	if (condition == 0 && own->conditions.count == 0)
		return ACTAS_OK;
	if (own->conditions.count < rows) {
		error = vector_reserve(
		    &own->conditions, rows - own->conditions.count);
		if (error != ACTAS_OK)
			return error;
		memset(own->conditions.at + own->conditions.count, 0,
		    (rows - own->conditions.count) * sizeof condition);
		own->conditions.count = rows;
	}
	return vector_push(&own->conditions, condition);
}

void
builder_assign(struct builder *b, const struct assignment *a)
{
	struct builder_private *own = b->private;
	struct key key = {a->principal, a->scope,
	    a->role << FLAG_BITS | (a->flags & FLAG_MASK)};

	if (b->error != ACTAS_OK)
		return;
	if (a->principal >= b->principals.count ||
	    a->scope >= b->scopes.count || a->role >= b->roles.count) {
		builder_fail(b, ACTAS_EUSAGE, a->origin,
		    "an assignment of role %u to principal %u at scope %u, "
		    "not all of which were made",
		    a->role, a->principal, a->scope);
		return;
	}
	builder_stick(b, add_condition(own, a->condition));
	builder_stick(b, vector_push(&own->ids, a->id));
	builder_stick(b, vector_push(&own->origins, a->origin));
	builder_stick(b, vector_push(&own->keys, key));
}

void
builder_claim(struct builder *b, const struct claim *c)
{
	struct claim claim = *c;
	struct assignment a = {.principal = c->principal,
	    .role = c->role,
	    .scope = c->scope,
	    .origin = c->origin};

	if (b->error != ACTAS_OK)
		return;
	claim.assignment = NONE;
	builder_stick(b, vector_push(&b->claims, claim));
	if (c->says == CLAIM_GRANTS && c->principal != NONE &&
	    c->role != NONE && c->scope != NONE)
		builder_assign(b, &a);
}
