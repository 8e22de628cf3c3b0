#include "api/keyvault/keyvault.h"
#include "api/surface.h"

/* --- which vault --- */

/* The one vault there is, where the address names none. */
static bool
only_vault(struct vault_call *c, const struct state *s)
{
	struct state_walk walk;
	struct entry entry, other;
	struct slice name;
	const char *copy;

	state_walk_prefix(&walk, s, SLICE("vault/"));
	if (!state_walk_next(&walk, &entry)) {
		refuse(c, 404, "VaultNotFound",
		    "This platform has no key vault yet.");
		return false;
	}
	if (state_walk_next(&walk, &other)) {
		refuse(c, 404, "VaultNotFound",
		    "This platform has several key vaults: name one as "
		    "https://{vault}.vault.localhost or with the path "
		    "/vaults/{vault}.");
		return false;
	}
	name = entity_last(entry.key);
	copy = arena_text(&c->x->arena, name);
	if (copy == NULL) {
		refuse_error(c, ACTAS_ENOMEM);
		return false;
	}
	c->vault = slice_of(copy);
	return true;
}

/* Whether the host's first label is the vault's name. */
static bool
host_names_vault(const struct vault_call *c)
{
	struct slice host = c->x->host, label;

	return slice_cut(&host, '.', &label) && host.at != NULL &&
	    slice_eq_case(label, c->vault);
}

/*
 * Ids are "{base}/secrets/{name}/{version}" and nothing else: clients count
 * the segments. So a vault that was reached by a path has the ids of its host
 * name, where that can be made up.
 */
static void
choose_bases(struct vault_call *c)
{
	struct exchange *x = c->x;
	const char *origin = exchange_origin(x);
	struct slice under = surface_vaults_under(exchange_api(x), x->host);
	struct slice port = slice_from(x->authority, x->host.length);

	c->showing.base = origin;
	c->link_base = origin;
	if (api_vault_name(x).length == 0 || host_names_vault(c))
		return;
	if (under.length > 0)
		c->showing.base = arena_printf(&x->arena,
		    "https://%.*s.vault.%.*s%.*s", SLICE_ARGS(c->vault),
		    SLICE_ARGS(under), SLICE_ARGS(port));
	c->link_base = arena_printf(
	    &x->arena, "%s/vaults/%.*s", origin, SLICE_ARGS(c->vault));
	if (c->showing.base == NULL || c->link_base == NULL)
		refuse_error(c, ACTAS_ENOMEM);
}

static void
read_vault(struct vault_call *c, struct slice value)
{
	json_t *vault = entity_parse(value);
	enum actas_error error = vault == NULL
	    ? ACTAS_ENOMEM
	    : vault_facts_read(vault, &c->x->arena, &c->facts);

	if (error == ACTAS_OK)
		c->network = network_check(
		    json_object_get(vault, "properties"), c->x->peer);
	else
		refuse_error(c, error);
	json_decref(vault);
}

bool
vault_find(struct vault_call *c, const struct snapshot *now)
{
	struct entity_text text;
	struct slice value;

	if (c->vault.length == 0)
		c->vault = api_vault_name(c->x);
	if (c->vault.length == 0 && !only_vault(c, now->state))
		return false;
	if (!state_get(now->state,
		entity_key(&text, ENTITY_VAULT, c->vault, SLICE(""), SLICE("")),
		&value)) {
		refuse(c, 404, "VaultNotFound",
		    "There is no key vault of that name.");
		return false;
	}
	read_vault(c, value);
	c->showing.vault = &c->facts;
	if (c->showing.base == NULL)
		choose_bases(c);
	return !is_refused(c);
}

/* --- whether --- */

static const char *
path_of(struct vault_call *c)
{
	const char *path = c->operation->of_vault
	    ? c->facts.path
	    : arena_printf(&c->x->arena, "%s/secrets/%.*s", c->facts.path,
		  SLICE_ARGS(c->name));

	if (path == NULL)
		refuse_error(c, ACTAS_ENOMEM);
	return path;
}

bool
vault_admit(struct vault_call *c, const struct snapshot *now)
{
	enum permission_id permission = c->facts.by_roles
	    ? c->operation->by_roles
	    : c->operation->by_policies;
	/* The name in a condition on what is asked for. */
	struct request request = {.secret_name = c->name};
	struct verdict verdict;

	c->decided.revision = now->revision;
	c->decided.path = path_of(c);
	if (is_refused(c))
		return false;
	if (c->network != NETWORK_OPEN) {
		refuse_network(c);
		return false;
	}
	verdict = view_decide(now, c->change.caller.object_id, permission,
	    slice_of(c->decided.path), c->name.length == 0 ? NULL : &request);
	c->decided.permission = permission;
	c->decided.reason = verdict.decision.reason;
	c->is_admitted = verdict.decision.allowed;
	if (!c->is_admitted)
		refuse_right(c, &verdict);
	return c->is_admitted;
}
