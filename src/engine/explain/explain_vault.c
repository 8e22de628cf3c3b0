#include "engine/explain/explain_private.h"

/*
 * What Key Vault's errors mean (facts 2.1). Key Vault checks the token, then
 * the network, then the authorisation, then the state of the object; so each
 * error also says what was in order.
 */

enum { MOST_VAULTS = 8 };

static const char *
vault_name(struct telling *x)
{
	scope_id s = x->out->scope == NONE
	    ? NONE
	    : estate_enclosing(x->t.e, x->out->scope, SCOPE_VAULT);

	if (s != NONE)
		return tell_scope(&x->t, s);
	return x->r.vault == NULL ? "the vault"
				  : tell(&x->t, "vault %s", x->r.vault);
}

/* The secret by name, or "the secret". */
static const char *
secret_name(struct telling *x)
{
	return x->r.object == NULL ? "the secret"
				   : tell(&x->t, "secret %s", x->r.object);
}

static const struct vault *
vault_row(const struct telling *x)
{
	scope_id s = x->out->scope == NONE
	    ? NONE
	    : estate_enclosing(x->t.e, x->out->scope, SCOPE_VAULT);

	return s == NONE ? NULL : estate_vault(x->t.e, s);
}

/*
 * An error comes from the model that the vault really has. Where the estate
 * has the other one, what it would decide and advise is worth nothing.
 */
static bool
model_is(struct telling *x, enum vault_model model)
{
	const struct vault *v = vault_row(x);

	if (v == NULL || v->model == model)
		return true;
	if (v->model == MODEL_UNSAID || v->model == MODEL_DISPUTED) {
		tell_reason(&x->t,
		    "The source %s whether %s goes by roles or by access "
		    "policies; this error shows that it is %s.",
		    v->model == MODEL_UNSAID ? "does not say"
					     : "contradicts itself about",
		    vault_name(x),
		    model == MODEL_RBAC ? "roles (RBAC)" : "access policies");
		return true;
	}
	tell_reason(&x->t,
	    "The source has %s under %s, but this error is one of a vault "
	    "under %s: the source is out of date there.",
	    vault_name(x),
	    v->model == MODEL_RBAC ? "roles (RBAC)" : "access policies",
	    model == MODEL_RBAC ? "roles (RBAC)" : "access policies");
	x->out->decided = false;
	x->out->remedies = NULL;
	x->out->remedy_count = 0;
	return false;
}

static const struct {
	const char *name, *sentence;
	bool no_role_helps;
} decision_reasons[] = {
    {"DeniedWithNoValidRBAC",
	"Key Vault found no role assignment that allows it "
	"(DeniedWithNoValidRBAC).",
	false},
    {"DeniedByDenyAssignment",
	"A deny assignment forbids it (DeniedByDenyAssignment); no role "
	"outweighs that.",
	true},
    {"DeniedWithABACEvaluationInRA",
	"A role assignment contains the action, but its condition did not "
	"hold (DeniedWithABACEvaluationInRA).",
	false},
    {"DeniedWithMissingAttributesInRA",
	"A role assignment contains the action, but its condition asks for an "
	"attribute that the request lacks (DeniedWithMissingAttributesInRA).",
	false},
};

/* False: a grant will not help. */
static bool
tell_decision_reason(struct telling *x)
{
	struct slice name = slice_of(x->r.decision_reason);

	for (size_t i = 0;
	     i < sizeof decision_reasons / sizeof *decision_reasons; i++) {
		if (!slice_eq_case(name, slice_of(decision_reasons[i].name)))
			continue;
		tell_reason(&x->t, "%s", decision_reasons[i].sentence);
		return !decision_reasons[i].no_role_helps;
	}
	return x->r.denial_id == NULL;
}

static void
tell_list_condition(struct telling *x)
{
	if (x->r.decision_reason == NULL || x->r.action == NULL ||
	    slice_find_case(slice_of(x->r.action), SLICE("/readMetadata/")) ==
		SIZE_MAX ||
	    (!slice_ends(
		 slice_of(x->r.decision_reason), SLICE("AttributesInRA")) &&
		!slice_ends(
		    slice_of(x->r.decision_reason), SLICE("EvaluationInRA"))))
		return;
	tell_reason(&x->t,
	    "A condition on the name of a secret always refuses the listing "
	    "of secrets: a list has no name.");
}

/* The text knows of an assignment with a condition, the estate of none. */
static bool
tell_missing_condition(struct telling *x)
{
	if (!slice_ends(slice_of(x->r.decision_reason), SLICE("InRA")))
		return false;
	tell_step(&x->t,
	    "Change the condition of that assignment so that it holds for "
	    "this request, or assign a role without one.");
	if (!x->out->decided || x->out->decision.reason != REASON_NO_RBAC)
		return false;
	tell_reason(&x->t,
	    "The source does not know that assignment: it is out of date.");
	return true;
}

void
tell_vault_rbac(struct telling *x)
{
	x->out->headline = tell(&x->t, "Key Vault did not let %s %s%s.", x->who,
	    tell_action(x, x->r.action), tell_in(x));
	if (!tell_decision_reason(x)) {
		tell_step(&x->t,
		    "See Access control (IAM), Deny assignments, of %s%s%s: "
		    "only Azure itself makes deny assignments, so what made "
		    "it has to be changed.",
		    vault_name(x), x->r.denial_id == NULL ? "" : " for id ",
		    x->r.denial_id == NULL ? "" : x->r.denial_id);
		return;
	}
	tell_list_condition(x);
	if (!model_is(x, MODEL_RBAC)) {
		tell_least_role(x);
		return;
	}
	if (!tell_missing_condition(x))
		tell_estate(x);
	tell_remedies(x);
}

static void
tell_policy_step(struct telling *x)
{
	if (x->out->decided && (x->out->decision.allowed || x->works))
		return;
	if (x->r.permission == NULL) {
		tell_step(&x->t,
		    "Give %s the permission that it lacks in the access "
		    "policies of %s.",
		    tell_grantee(x), vault_name(x));
		return;
	}
	tell_step(&x->t,
	    "Give %s the %s permission %s in the access policies of %s.",
	    tell_grantee(x), x->r.permission_on, x->r.permission,
	    vault_name(x));
}

void
tell_vault_policy(struct telling *x)
{
	if (x->r.permission == NULL)
		x->out->headline = tell(&x->t,
		    "The access policies of %s do not allow %s "
		    "what it asked for.",
		    vault_name(x), x->who);
	else
		x->out->headline = tell(&x->t,
		    "The access policies of %s do not give %s the %s "
		    "permission %s.",
		    vault_name(x), x->who, x->r.permission_on, x->r.permission);
	tell_reason(&x->t,
	    "This vault goes by access policies, so roles with data actions "
	    "(such as Key Vault Secrets User) have no effect on it.");
	if (x->r.groups > 0 && x->r.groups < 100000)
		tell_reason(&x->t,
		    "The token names %u groups; a policy for one of them "
		    "would have counted, too.",
		    (unsigned)x->r.groups);
	if (model_is(x, MODEL_POLICY))
		tell_estate(x);
	tell_policy_step(x);
}

void
tell_vault_obo(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "An access policy of %s lets %s in only on behalf of a user.",
	    vault_name(x), x->who);
	tell_reason(&x->t,
	    "The policy is for an application together with a user (a "
	    "compound identity), and the call came with a token that is not "
	    "on behalf of one.");
	tell_reason(&x->t,
	    "The on-behalf-of flow works for users only: a run of a service "
	    "principal or managed identity can never meet that policy.");
	tell_step(&x->t,
	    "Give %s an access policy of its own in %s, without an "
	    "authorized application.",
	    tell_grantee(x), vault_name(x));
	tell_step(&x->t,
	    "Or let a user call through the application, with the "
	    "on-behalf-of flow.");
}

static void
tell_network(struct telling *x)
{
	tell_reason(&x->t,
	    "This is about the network, not the identity: Key Vault looks at "
	    "the network before it looks at rights, so no role and no access "
	    "policy helps.");
	if (pasted_has(&x->text, "bypass is set to None"))
		tell_reason(&x->t,
		    "The vault's bypass is None: not even trusted Microsoft "
		    "services are let through.");
	if (pasted_has(&x->text, "NSP rules"))
		tell_reason(&x->t,
		    "The rules of the vault's network security perimeter did "
		    "not allow it either.");
}

static void
tell_trusted(struct telling *x)
{
	tell_reason(&x->t,
	    "Fabric, Azure Functions and Azure DevOps are not on Key Vault's "
	    "list of trusted services, so the exception for those does not "
	    "let them in.");
}

void
tell_vault_firewall(struct telling *x)
{
	const char *from = x->r.address == NULL
	    ? "the network address that the call came from"
	    : x->r.address;

	x->out->headline = tell(&x->t, "The firewall of %s does not allow %s.",
	    vault_name(x), from);
	tell_network(x);
	if (!acts_at_once(x))
		tell_trusted(x);
	tell_step(&x->t,
	    "Allow %s in the network settings of %s, if that address is "
	    "yours and does not change.",
	    from, vault_name(x));
	tell_step(&x->t, "%s",
	    acts_at_once(x)
		? "Or call from an address that the vault allows: this "
		  "platform "
		  "has no other ways in."
		: "Or call from a network that the vault allows, or through a "
		  "private endpoint; from Fabric, a managed private endpoint "
		  "of the workspace.");
}

void
tell_vault_connection(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "The way to %s is open to no public network, and the call did not "
	    "come through an approved private link.",
	    vault_name(x));
	tell_network(x);
	if (acts_at_once(x)) {
		tell_step(&x->t,
		    "Enable public network access for %s, restricted to the "
		    "addresses that need it: this platform has no private "
		    "endpoints.",
		    vault_name(x));
		return;
	}
	tell_trusted(x);
	tell_step(&x->t,
	    "Call through a private endpoint of %s whose connection is "
	    "approved; from Fabric, a managed private endpoint of the "
	    "workspace.",
	    vault_name(x));
	tell_step(&x->t,
	    "Or enable public network access for %s, restricted to the "
	    "addresses that need it.",
	    vault_name(x));
}

void
tell_vault_no_token(struct telling *x)
{
	x->out->headline = "The request to Key Vault carried no token.";
	tell_reason(&x->t,
	    "Many clients send the first request without one on purpose, to "
	    "be told the tenant and resource; then this is no error and the "
	    "next request matters.");
	tell_step(&x->t,
	    "If it was the last request, send a token for "
	    "https://vault.azure.net in the header Authorization.");
}

void
tell_vault_audience(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "The token is for %s; Key Vault takes only tokens for "
	    "https://vault.azure.net.",
	    x->r.found_value == NULL ? "another service" : x->r.found_value);
	tell_reason(&x->t,
	    "This is about what the token was asked for; no role helps.");
	tell_step(&x->t,
	    "Ask for a token with the scope https://vault.azure.net/.default "
	    "(or the resource https://vault.azure.net).");
	tell_step(&x->t,
	    "In a Fabric notebook: notebookutils.credentials.getToken"
	    "('keyvault').");
}

void
tell_vault_issuer(struct telling *x)
{
	x->out->headline =
	    tell(&x->t, "The token was issued by %s; %s trusts only %s.",
		x->r.found_value == NULL ? "another tenant" : x->r.found_value,
		vault_name(x),
		x->r.expected_value == NULL ? "its own tenant"
					    : x->r.expected_value);
	tell_reason(&x->t,
	    "A vault trusts the tenant that it is in; a principal of another "
	    "tenant gets in by no role.");
	tell_step(&x->t,
	    "Sign in to the vault's tenant: set the tenant id explicitly "
	    "(AZURE_TENANT_ID, or the client's tenant option).");
}

void
tell_vault_disabled(struct telling *x)
{
	x->out->headline =
	    tell(&x->t, "In %s, %s is disabled: its value cannot be read.",
		vault_name(x), secret_name(x));
	tell_reason(&x->t,
	    "Rights are not the matter: Key Vault checks them before the "
	    "state of the secret.");
	tell_reason(&x->t,
	    "Only being disabled blocks reading; a secret past its expiry "
	    "date can still be read.");
	tell_step(&x->t,
	    "Enable it (that takes the right to change a secret's "
	    "properties), or read a version that is enabled.");
}

/* The same name elsewhere is the likeliest slip. */
static void
tell_elsewhere(struct telling *x)
{
	const struct estate *e = x->t.e;
	const char *names[MOST_VAULTS];
	uint32_t count = 0;

	if (x->r.object == NULL)
		return;
	for (scope_id s = 0; s < e->scopes.count; s++) {
		const struct scope *row = &e->scopes.at[s];

		if (row->kind != SCOPE_SECRET || s == x->out->scope ||
		    row->parent == x->out->scope ||
		    !slice_eq_case(
			estate_text(e, row->segment), slice_of(x->r.object)))
			continue;
		if (count < MOST_VAULTS)
			names[count] = tell_scope(&x->t, row->parent);
		count++;
	}
	if (count > 0)
		tell_reason(&x->t,
		    "The source knows a secret of that name in %s.",
		    tell_list(&x->t, names, count, MOST_VAULTS));
}

void
tell_vault_missing(struct telling *x)
{
	x->out->headline =
	    tell(&x->t, "There is no %s in %s, or not in that version.",
		x->r.object == NULL ? "such secret" : secret_name(x),
		vault_name(x));
	tell_reason(&x->t,
	    "Rights are not the matter: Key Vault checks them before it looks "
	    "for the secret.");
	tell_elsewhere(x);
	tell_step(&x->t, "Check the secret's name and the vault's.");
	tell_step(&x->t,
	    "If it was deleted lately, recover it (az keyvault secret "
	    "recover).");
}

void
tell_vault_deleted(struct telling *x)
{
	x->out->headline = tell(&x->t, "There is no deleted %s in %s.",
	    secret_name(x), vault_name(x));
	tell_reason(&x->t,
	    "The request was about the deleted secrets of the vault: that "
	    "secret was never deleted, was recovered, or is purged for good.");
	tell_step(&x->t,
	    "Look for it among the secrets that exist; a purged one has to be "
	    "made anew.");
}

void
tell_vault_conflict(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "The name of %s is still taken by a deleted secret in %s.",
	    secret_name(x), vault_name(x));
	tell_reason(&x->t,
	    "A deleted secret keeps its name until it is purged or its "
	    "retention time (7 to 90 days) is over.");
	tell_step(&x->t,
	    "Recover it (az keyvault secret recover) and set a new version.");
	tell_step(&x->t,
	    "Or purge it, which takes the permission to purge and a vault "
	    "without purge protection; the conflict can last a few seconds "
	    "longer.");
}

void
tell_vault_throttled(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "Too many requests to %s: it refuses for a while.", vault_name(x));
	tell_reason(&x->t,
	    "A vault takes 4,000 requests in 10 seconds, a subscription five "
	    "times that; rights are not the matter.");
	tell_step(&x->t,
	    "Wait 1, 2, 4, 8 and 16 seconds between tries, and keep a secret "
	    "in memory for the length of a run.");
}

void
tell_vault_protected(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "Purge protection is on in %s: nobody can purge what was deleted "
	    "there before its retention is over.",
	    vault_name(x));
	tell_reason(&x->t,
	    "Rights are not the matter, and purge protection cannot be "
	    "switched off again.");
	tell_step(&x->t,
	    "Wait: it is purged by itself on the scheduled purge date that "
	    "the deletion named.");
	tell_step(&x->t,
	    "If its name is needed again, recover it (az keyvault secret "
	    "recover) and set a new version.");
}

void
tell_vault_bad_request(struct telling *x)
{
	x->out->headline =
	    "Key Vault could not make sense of the request (BadParameter).";
	tell_reason(&x->t, "Rights are not the matter.");
	tell_step(&x->t,
	    "Check the request: a secret's name has only letters, digits and "
	    "hyphens, its value at most 25 KB, and at most 15 tags; and the "
	    "api-version is one that Key Vault knows.");
}
