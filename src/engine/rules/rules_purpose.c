/*
 * A grant that cannot do what the page says it is for. Purposes are prose, so
 * only plain words count: a verb and its object, on a vault or on storage.
 * What the role does not give in the data plane it may still reach another
 * way (a secret's properties through ARM, blobs through the account's keys);
 * then the purpose is served and nothing is told.
 */

#include "engine/rules/rules_purpose.h"

struct wish {
	uint32_t kinds;         /* of scope, a bit each */
	const char *verbs[5];   /* one of them */
	const char *objects[7]; /* and one of them */
	enum probe probe;
	enum probe instead; /* serves as well */
};

#define AT(kind) (1u << (kind))
#define ON_VAULT (AT(SCOPE_VAULT) | AT(SCOPE_SECRET))
#define ON_BLOBS (AT(SCOPE_STORAGE_ACCOUNT) | AT(SCOPE_CONTAINER))
#define FILES                                                           \
	{                                                               \
		"blob", "file", "manifest", "state", "artifact", "docs" \
	}

/* The first row that fits counts: "list secret metadata" reads no value. */
static const struct wish wishes[] = {
    {ON_VAULT, {"list", "metadata"}, {"secret"}, PROBE_LIST_SECRETS,
	PROBE_READ_SECRET_RESOURCE},
    {ON_VAULT, {"write", "rotate", "store", "set "}, {"secret"},
	PROBE_SET_SECRET, PROBE_WRITE_SECRET_RESOURCE},
    {ON_VAULT, {"read", "fetch", "get "}, {"secret", "credential"},
	PROBE_GET_SECRET, PROBE_GET_SECRET},
    {ON_BLOBS, {"write", "upload"}, FILES, PROBE_WRITE_BLOB, PROBE_WRITE_BLOB},
    {ON_BLOBS, {"read", "download"}, FILES, PROBE_READ_BLOB, PROBE_READ_BLOB},
};

static bool
has_word(struct slice prose, const char *const *words, size_t most)
{
	for (size_t i = 0; i < most && words[i] != NULL; i++)
		if (slice_find_case(prose, slice_of(words[i])) != SIZE_MAX)
			return true;
	return false;
}

static const struct wish *
wish_of(const struct check *c, const struct claim *claim)
{
	struct slice prose = estate_text(c->e, claim->purpose);

	if (claim->purpose == 0 || !grants_role(c, claim))
		return NULL;
	for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
		const struct wish *w = &wishes[i];

		if ((w->kinds & AT(c->e->scopes.at[claim->scope].kind)) != 0 &&
		    has_word(prose, w->verbs, 5) &&
		    has_word(prose, w->objects, 7))
			return w;
	}
	return NULL;
}

bool
purpose_needs(
    const struct check *c, const struct claim *claim, enum probe *probe)
{
	const struct wish *w = wish_of(c, claim);

	if (w != NULL)
		*probe = w->probe;
	return w != NULL;
}

assignment_id
purpose_served_by(
    const struct check *c, const struct claim *claim, enum probe probe)
{
	const struct estate *e = c->e;
	principal_id p = claim->principal;

	for (assignment_id a = e->first_of_principal[p];
	     a < e->first_of_principal[p + 1]; a++) {
		struct assignment row = estate_assignment(e, a);

		if (a != claim->assignment &&
		    e->roles.at[row.role].plane != PLANE_CLAIMED &&
		    role_gives(c, row.role, probe) &&
		    estate_is_within(e, claim->scope, row.scope))
			return a;
	}
	return NONE;
}

/* The account's keys open its blobs to whoever may list them. */
static bool
serves(const struct check *c, const struct claim *claim, const struct wish *w)
{
	if (role_gives(c, claim->role, w->probe) ||
	    role_gives(c, claim->role, w->instead))
		return true;
	return c->e->scopes.at[claim->scope].kind == SCOPE_STORAGE_ACCOUNT &&
	    role_gives(c, claim->role, PROBE_LIST_KEYS);
}

void
check_role_lacks_purpose(struct check *c)
{
	for (uint32_t i = 0; i < c->e->claims.count; i++) {
		const struct claim *claim = &c->e->claims.at[i];
		const struct wish *w = wish_of(c, claim);
		const char *who, *role;

		if (w == NULL || serves(c, claim, w))
			continue;
		who = name_principal(c, claim->principal);
		role = name_role(c, claim->role);
		finding_place(c, claim->origin);
		finding_subject(c, who);
		finding_subject(c, short_scope(c, claim->scope));
		finding_emit(c,
		    text(c,
			"%s on %s is given to %s for \"%s\" (line %u), "
			"but %s does not contain %.*s.",
			role, name_scope(c, claim->scope), who,
			string(c, claim->purpose), claim->origin.line, role,
			SLICE_ARGS(c->probes[w->probe].name)),
		    text(c,
			"Give %s a role that contains it, or correct the "
			"purpose.",
			who));
	}
}
