/*
 * Vaults. A vault has one permission model at a time (facts 2.3): under RBAC
 * its access policies are void, under access policies its data roles are.
 * Control-plane roles (Reader, Contributor) hold under both.
 */

#include "engine/rules/rules_check.h"

static bool
is_data_role(const struct check *c, role_id r)
{
	return role_gives(c, r, PROBE_GET_SECRET) ||
	    role_gives(c, r, PROBE_SET_SECRET) ||
	    role_gives(c, r, PROBE_LIST_SECRETS);
}

/* The data-plane grants of one plane at the vault or at its secrets. */
struct grants {
	assignment_id *at;
	uint32_t count;
};

static void
add_grants(struct check *c, scope_id s, enum plane plane, struct grants *into)
{
	struct ids all = estate_assignments_at(c->e, s);
	assignment_id *rows =
	    check_zero(c, into->count + all.count + 1, sizeof *rows);

	if (rows == NULL)
		return;
	for (uint32_t i = 0; i < into->count; i++)
		rows[i] = into->at[i];
	into->at = rows;
	for (uint32_t i = 0; i < all.count; i++) {
		role_id r = estate_assignment(c->e, all.at[i]).role;

		if (c->e->roles.at[r].plane == plane && is_data_role(c, r))
			rows[into->count++] = all.at[i];
	}
}

static struct grants
grants_of_plane(struct check *c, scope_id vault, enum plane plane)
{
	struct ids secrets = estate_children(c->e, vault);
	struct grants all = {0};

	add_grants(c, vault, plane, &all);
	for (uint32_t i = 0; i < secrets.count; i++)
		if (estate_assignments_at(c->e, secrets.at[i]).count > 0)
			add_grants(c, secrets.at[i], plane, &all);
	return all;
}

/* "sp-x by Key Vault Secrets User (line 73)" for each. */
static const char *
name_holders(struct check *c, struct grants all)
{
	const char **names = check_zero(c, all.count + 1, sizeof *names);

	for (uint32_t i = 0; names != NULL && i < all.count; i++) {
		struct assignment a = estate_assignment(c->e, all.at[i]);
		bool policy = c->e->roles.at[a.role].plane == PLANE_POLICY;

		names[i] = text(c, "%s%s%s (%s)",
		    name_principal(c, a.principal), policy ? "" : " by ",
		    policy ? "" : name_role(c, a.role),
		    assignment_lines(c, all.at[i]));
	}
	return names == NULL ? "" : name_list(c, names, all.count, 6);
}

static void
place_grants(struct check *c, struct grants all)
{
	for (uint32_t i = 0; i < all.count; i++)
		place_assignment(c, all.at[i]);
}

void
check_two_models(struct check *c)
{
	for (uint32_t i = 0; i < c->e->vaults.count; i++) {
		const struct vault *v = &c->e->vaults.at[i];
		struct grants rbac, policy;

		if (v->model != MODEL_DISPUTED)
			continue;
		rbac = grants_of_plane(c, v->scope, PLANE_AZURE);
		policy = grants_of_plane(c, v->scope, PLANE_POLICY);
		place_grants(c, rbac);
		place_grants(c, policy);
		finding_place(c, v->origin);
		finding_subject(c, short_scope(c, v->scope));
		finding_emit(c,
		    text(c,
			"Vault %s gives rights by roles to %s, and by access "
			"policy to %s. A vault uses one of the two at a "
			"time; whichever this one uses, the other's "
			"grants give nothing.",
			short_scope(c, v->scope), name_holders(c, rbac),
			name_holders(c, policy)),
		    text(c,
			"Look up the permission model of %s, say it on "
			"the page, and move the other grants to it "
			"(RBAC is the recommended one).",
			short_scope(c, v->scope)));
	}
}

static void
tell_void(struct check *c, const struct vault *v, struct grants void_ones)
{
	bool rbac = v->model == MODEL_RBAC;

	place_grants(c, void_ones);
	finding_place(c, v->origin);
	finding_subject(c, short_scope(c, v->scope));
	finding_emit(c,
	    text(c, "Vault %s uses %s, so %s give nothing: %s.",
		short_scope(c, v->scope), rbac ? "RBAC" : "access policies",
		rbac ? "these access policies" : "these data roles",
		name_holders(c, void_ones)),
	    text(c,
		"Delete the void grants of %s, or give the same right "
		"under the model that it uses.",
		short_scope(c, v->scope)));
}

void
check_void_grant(struct check *c)
{
	for (uint32_t i = 0; i < c->e->vaults.count; i++) {
		const struct vault *v = &c->e->vaults.at[i];
		struct grants rows;

		if (v->model != MODEL_RBAC && v->model != MODEL_POLICY)
			continue;
		rows = grants_of_plane(c, v->scope,
		    v->model == MODEL_RBAC ? PLANE_POLICY : PLANE_AZURE);
		if (rows.count > 0)
			tell_void(c, v, rows);
	}
}

/* The settings of a vault that the source states outright. */
static void
check_vaults(
    struct check *c, bool (*bad)(const struct vault *v), const char *message)
{
	for (uint32_t i = 0; i < c->e->vaults.count; i++) {
		const struct vault *v = &c->e->vaults.at[i];

		if (!bad(v))
			continue;
		finding_place(c, v->origin);
		finding_subject(c, short_scope(c, v->scope));
		finding_emit(c,
		    text(c, "Vault %s %s", short_scope(c, v->scope), message),
		    c->rule->fix);
	}
}

static bool
uses_policies(const struct vault *v)
{
	return v->model == MODEL_POLICY && v->stated;
}

void
check_vault_policies(struct check *c)
{
	check_vaults(c, uses_policies,
	    "uses access policies: whoever may write the vault can give "
	    "itself every right on its secrets.");
}

static bool
is_purgeable(const struct vault *v)
{
	return v->purge_protection == NO;
}

void
check_vault_purge(struct check *c)
{
	check_vaults(c, is_purgeable,
	    "has no purge protection: what is deleted can be purged at once "
	    "and for good.");
}

static bool
is_public(const struct vault *v)
{
	return v->public_access == YES && v->firewall == NO;
}

void
check_vault_public(struct check *c)
{
	check_vaults(c, is_public,
	    "answers to any network address: a stolen credential works from "
	    "everywhere.");
}
