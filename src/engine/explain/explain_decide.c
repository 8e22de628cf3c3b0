#include "engine/explain/explain_private.h"

#include "estate/names.h"
#include "estate/operations.h"

/*
 * What the estate says about a denial. Where the estate would have allowed
 * what the platform refused, that is said, and why the two can differ; the
 * estate is what somebody wrote down, and the error is what happened.
 */

enum { MOST_REMEDIES = 4, MOST_HELD = 4 };

/* The operation that an access-policy permission stands for. */
static const char *
action_of_permission(const struct reading *r)
{
	if (r->permission == NULL ||
	    !slice_eq_case(slice_of(r->permission_on), SLICE("secrets")))
		return NULL;
	for (uint32_t i = 0; operation_at(i) != NULL; i++) {
		const struct operation *o = operation_at(i);

		if (o->policy != NULL &&
		    slice_eq_case(slice_of(o->policy), slice_of(r->permission)))
			return o->name;
	}
	return NULL;
}

/* For a caller whom the estate cannot judge, the denial is the text's. */
static struct decision
denial_of_text(const struct telling *x)
{
	enum explain_form form = x->r.form->form;
	enum reason reason = form == EXPLAIN_VAULT_POLICY ? REASON_NO_POLICY
	    : form == EXPLAIN_FABRIC ? REASON_NO_FABRIC_ROLE
				     : REASON_NO_RBAC;

	return (struct decision){false, reason, NONE, NONE};
}

static void
decide_for(struct telling *x, const struct action *action)
{
	struct explanation *out = x->out;
	enum actas_error error;

	out->decision = denial_of_text(x);
	if (x->judged != NONE) {
		out->decided = true;
		out->decision =
		    decide(x->t.e, x->judged, action, out->scope, NULL);
	}
	if (out->decision.allowed)
		return;
	error = decision_remedies(x->t.e, action, out->scope, &out->decision,
	    MOST_REMEDIES, x->t.arena, &out->remedies, &out->remedy_count);
	if (error != ACTAS_OK)
		x->t.error = error;
}

void
ask_estate(struct telling *x)
{
	struct reading *r = &x->r;
	struct action action = {0};
	enum actas_error error;

	if (r->action == NULL)
		r->action = action_of_permission(r);
	x->out->action = r->action;
	x->out->scope_text = r->scope;
	x->out->scope = read_scope(x);
	if (r->action == NULL || x->out->scope == NONE ||
	    x->t.error != ACTAS_OK)
		return;
	error = action_prepare(
	    x->t.e, slice_of(r->action), ACTION_AS_KNOWN, &action, NULL);
	if (error == ACTAS_ENOMEM)
		x->t.error = error;
	if (error == ACTAS_OK)
		decide_for(x, &action);
	action_release(&action);
}

const char *
tell_action(struct telling *x, const char *action)
{
	const struct operation *o =
	    action == NULL ? NULL : operation_find(slice_of(action));

	if (o != NULL)
		return o->phrase;
	if (action == NULL)
		return "do what was asked for";
	return tell(&x->t, "perform %s", action);
}

static const char *
scope_phrase(struct telling *x, scope_id s)
{
	const struct scope *row = &x->t.e->scopes.at[s];

	if (row->kind != SCOPE_SECRET && row->kind != SCOPE_ITEM &&
	    row->kind != SCOPE_CONTAINER)
		return tell_scope(&x->t, s);
	return tell(&x->t, "%s of %s", tell_scope(&x->t, s),
	    tell_scope(&x->t, row->parent));
}

const char *
tell_where(struct telling *x)
{
	const struct reading *r = &x->r;

	if (x->out->scope != NONE && !x->above)
		return scope_phrase(x, x->out->scope);
	if (x->out->scope != NONE && r->object != NULL &&
	    x->t.e->scopes.at[x->out->scope].kind == SCOPE_VAULT)
		return tell(&x->t, "secret %s of %s", r->object,
		    tell_scope(&x->t, x->out->scope));
	if (r->scope != NULL)
		return r->scope;
	if (r->vault != NULL && r->object != NULL)
		return tell(
		    &x->t, "secret %s of vault %s", r->object, r->vault);
	return r->vault != NULL ? tell(&x->t, "vault %s", r->vault)
				: "what it asked for";
}

const char *
tell_in(struct telling *x)
{
	if (x->out->scope == NONE && x->r.scope == NULL && x->r.vault == NULL)
		return "";
	return tell(&x->t, " (%s)", tell_where(x));
}

/* Where roles are told to be missing: the scope that was decided on. */
static const char *
decided_where(struct telling *x)
{
	return scope_phrase(x, x->out->scope);
}

static const char *
chain_text(struct telling *x, principal_id holder)
{
	uint32_t count = 0;
	const principal_id *chain;
	const char *names[64];

	if (holder == x->judged)
		return "";
	chain = decision_chain(x->t.e, x->judged, holder, x->t.arena, &count);
	if (chain == NULL) {
		x->t.error = ACTAS_ENOMEM;
		return "";
	}
	if (count > 64)
		count = 64;
	for (uint32_t i = 1; i < count; i++)
		names[i - 1] = tell_principal(&x->t, chain[i]);
	return count < 2 ? ""
			 : tell(&x->t, " through group %s",
			       tell_list(&x->t, names, count - 1, 8));
}

/* Whether a principal's kind keeps group memberships in its token long. */
static bool
is_managed(const struct telling *x)
{
	uint8_t kind = x->t.e->principals.at[x->judged].kind;

	return kind == PRINCIPAL_MANAGED_IDENTITY ||
	    kind == PRINCIPAL_WORKSPACE_IDENTITY;
}

/* A platform of ours decides by the state that it has just written; Azure's
 * assignments take their time. */
bool
acts_at_once(const struct telling *x)
{
	return x->t.e->revision > 0;
}

static void
tell_allowed(struct telling *x)
{
	const struct decision *d = &x->out->decision;
	struct assignment a = {.principal = x->judged, .scope = NONE};
	const char *through;

	if (d->assignment != NONE)
		a = estate_assignment(x->t.e, d->assignment);
	through = chain_text(x, a.principal);
	if (d->assignment != NONE)
		tell_reason(&x->t,
		    "%sThe source says that it is allowed: %s has %s at %s%s.",
		    x->if_it_was, tell_principal(&x->t, x->judged),
		    tell_role(&x->t, a.role), scope_phrase(x, a.scope),
		    through);
	if (d->reason == REASON_GRANTED_BY_CLAIM) {
		tell_reason(&x->t,
		    "That is a claim of the page, which does not say what "
		    "grants it; the platform knows of no such grant.");
		return;
	}
	if (acts_at_once(x)) {
		tell_reason(&x->t,
		    "On this platform a grant has effect at once: it is newer "
		    "than the refusal, or the refusal is another platform's.");
		tell_step(&x->t,
		    "Try again; if it is still refused, check that it is this "
		    "platform that refuses.");
		return;
	}
	tell_reason(&x->t,
	    "So either the grant is new (a role assignment takes up to 10 "
	    "minutes to have effect%s), or the source is out of date.",
	    through[0] != '\0' && is_managed(x)
		? ", a managed identity's group membership up to a day"
		: "");
	tell_step(&x->t,
	    "Try again in 10 minutes; if it is still refused, check that the "
	    "grant really exists on the platform.");
}

/* Why not, for each reason of a denial. {role}, {at}: the grant that would
 * have allowed it. */
static const char *const why_not[REASONS] = {
    [REASON_NO_RBAC] =
	"{if}{who} holds no role at {where}, or above it, that contains "
	"{action}.",
    [REASON_DENY_ASSIGNMENT] =
	"{if}A deny assignment {denial}blocks it; no role outweighs that.",
    [REASON_CONDITION] =
	"{if}{who} has {role} at {at}, but the condition on it does not "
	"hold here.",
    [REASON_MISSING_ATTRIBUTE] =
	"{if}{who} has {role} at {at}, but the condition on it asks for an "
	"attribute that this request does not have.",
    [REASON_NO_POLICY] =
	"{if}{where} has no access policy that gives {who} {action}.",
    [REASON_OBO_REQUIRED] =
	"{if}The access policy for {who} demands that an application calls on "
	"behalf of a user.",
    [REASON_NO_FABRIC_ROLE] =
	"{if}{who} has no workspace role or item permission at {where} that "
	"contains {action}.",
    [REASON_NO_DEVOPS_ROLE] =
	"{if}{who} has no role in Azure DevOps at {where} that contains "
	"{action}.",
    [REASON_NO_DIRECTORY_ROLE] =
	"{if}{who} has no directory role and no ownership at {where} that "
	"contains {action}.",
    [REASON_CONDITION_NOT_UNDERSTOOD] =
	"{if}{who} has {role} at {at} under a condition that actas does not "
	"understand, so it is not taken for granted.",
    [REASON_DISPUTED] =
	"{if}The source contradicts itself about {role} of {who} at {at}.",
    [REASON_MODEL_DISPUTED] =
	"{if}{who} has {role} at {at}, but the source does not agree with "
	"itself whether that vault goes by access policies or by roles.",
    [REASON_MODEL_UNSAID] =
	"{if}{who} has {role} at {at}, but the source does not say whether "
	"that vault goes by access policies or by roles.",
    [REASON_WRONG_MODEL] =
	"{if}{who} has {role} at {at}, but the vault uses its other "
	"permission model and ignores that.",
    [REASON_ELIGIBLE_ONLY] =
	"{if}{who} is only eligible for {role} at {at}, and has not activated "
	"it.",
    [REASON_DISABLED] = "{if}{who} is disabled."};

static void
tell_why_not(struct telling *x, enum reason reason)
{
	const struct decision *d = &x->out->decision;
	struct assignment a = {0};
	const char *role = "", *at = "", *denial = "", *sentence;

	if (why_not[reason] == NULL)
		return;
	if (d->assignment != NONE) {
		a = estate_assignment(x->t.e, d->assignment);
		role = tell_role(&x->t, a.role);
		at = scope_phrase(x, a.scope);
	}
	if (d->denial != NONE)
		denial = tell(&x->t, "%.*s ",
		    SLICE_ARGS(estate_text(
			x->t.e, x->t.e->denials.at[d->denial].name)));
	sentence = tell_filled(&x->t, why_not[reason],
	    (const char *const[]){"if", x->if_it_was, "who",
		tell_principal(&x->t, x->judged), "where", decided_where(x),
		"action", x->r.action, "role", role, "at", at, "denial", denial,
		NULL});
	tell_reason(&x->t, "%s", sentence);
}

/* What somebody holds, in words. */
struct held {
	const char *names[MOST_HELD];
	uint32_t count;
};

/* What the holder, who is the caller or a group that it is in, has at the
 * scope or above, but for what decided. */
static void
add_held(struct telling *x, struct held *held, principal_id holder)
{
	const struct estate *e = x->t.e;
	uint32_t end = e->first_of_principal[holder + 1];

	for (uint32_t i = e->first_of_principal[holder]; i < end; i++) {
		struct assignment a = estate_assignment(e, i);

		if (i == x->out->decision.assignment ||
		    !estate_is_within(e, x->out->scope, a.scope))
			continue;
		if (held->count < MOST_HELD)
			held->names[held->count] = tell(&x->t, "%s at %s%s%s",
			    tell_role(&x->t, a.role), scope_phrase(x, a.scope),
			    holder == x->judged ? "" : " through ",
			    holder == x->judged ? "" : tell_who(&x->t, holder));
		held->count++;
	}
}

/* What else the caller has at the scope or above. */
static void
tell_held(struct telling *x)
{
	const struct decision *d = &x->out->decision;
	struct ids groups = estate_groups_of(x->t.e, x->judged);
	struct held held = {.count = 0};

	add_held(x, &held, x->judged);
	for (uint32_t i = 0; i < groups.count; i++)
		add_held(x, &held, groups.at[i]);
	if (held.count > 0)
		tell_reason(&x->t, "%s: %s.",
		    d->assignment == NONE && d->denial == NONE
			? "What it has there does not include it"
			: "What else it has there",
		    tell_list(&x->t, held.names, held.count, MOST_HELD));
}

const char *
tell_grantee(struct telling *x)
{
	const char *name =
	    x->judged == NONE ? x->who : tell_principal(&x->t, x->judged);
	const char *sure =
	    x->if_it_was[0] == '\0' ? "" : "if that is who called";
	struct guid id = x->judged == NONE
	    ? x->r.object_id
	    : x->t.e->principals.at[x->judged].object_id;

	if (guid_is_nil(id))
		return sure[0] == '\0' ? name
				       : tell(&x->t, "%s (%s)", name, sure);
	return tell(&x->t, "%s (object id %s%s%s)", name, tell_guid(&x->t, id),
	    sure[0] == '\0' ? "" : "; ", sure);
}

/* Nothing that a shell would take for more than a word. */
static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (strchr(" /.-_()", *text) == NULL &&
		    !(*text >= '0' && *text <= '9') &&
		    !(ascii_lower(*text) >= 'a' && ascii_lower(*text) <= 'z'))
			return false;
	return true;
}

/* Where to grant it: on what the text names, though the estate does not know
 * it, and not on all that is in its resource group. */
static bool
is_on_text(const struct telling *x, const struct remedy *m)
{
	return x->above && m->scope == x->out->scope &&
	    x->t.e->scopes.at[m->scope].kind != SCOPE_VAULT &&
	    x->r.scope != NULL &&
	    slice_starts_case(slice_of(x->r.scope), SLICE("/subscriptions/"));
}

static const char *
remedy_where(struct telling *x, const struct remedy *m)
{
	return is_on_text(x, m) ? x->r.scope : scope_phrase(x, m->scope);
}

static void
tell_command(struct telling *x, const struct remedy *remedy)
{
	const char *path = is_on_text(x, remedy)
	    ? x->r.scope
	    : tell_path(&x->t, remedy->scope);
	const char *role = tell_role(&x->t, remedy->role);
	struct guid id = x->judged == NONE
	    ? x->r.object_id
	    : x->t.e->principals.at[x->judged].object_id;

	if (guid_is_nil(id) ||
	    !slice_starts(slice_of(path), SLICE("/subscriptions/")) ||
	    !is_plain(path) || !is_plain(role))
		return;
	tell_step(&x->t,
	    "For example: az role assignment create --assignee-object-id %s "
	    "--role \"%s\" --scope \"%s\"",
	    tell_guid(&x->t, id), role, path);
}

/* The smallest grant. */
static void
tell_least(struct telling *x)
{
	const struct remedy *m = &x->out->remedies[0];
	const char *where = remedy_where(x, m);

	if (m->role == NONE) {
		tell_step(&x->t,
		    "Give %s the secret permission %s in the access policies "
		    "of %s.",
		    tell_grantee(x), m->permission, where);
		return;
	}
	tell_step(&x->t, "Give %s the role %s at %s.", tell_grantee(x),
	    tell_role(&x->t, m->role), where);
	tell_command(x, m);
}

static void
tell_larger(struct telling *x)
{
	const struct explanation *out = x->out;
	const char *names[MOST_REMEDIES];
	uint32_t count = 0;

	for (uint32_t i = 1; i < out->remedy_count; i++)
		names[count++] = tell_role(&x->t, out->remedies[i].role);
	if (count > 0)
		tell_step(&x->t, "Other roles that contain it give more: %s.",
		    tell_list(&x->t, names, count, count));
}

static bool
is_azure_role(const struct telling *x, role_id r)
{
	return r != NONE && x->t.e->roles.at[r].plane == PLANE_AZURE;
}

/* A group that is allowed already is a way in that needs no new grant. */
static void
tell_groups(struct telling *x)
{
	const struct estate *e = x->t.e;
	const struct remedy *best = &x->out->remedies[0];

	for (scope_id s = x->out->scope; s != NONE;
	     s = e->scopes.at[s].parent) {
		struct ids here = estate_assignments_at(e, s);

		for (uint32_t i = 0; i < here.count; i++) {
			struct assignment a = estate_assignment(e, here.at[i]);

			if (a.role != best->role || a.flags != 0 ||
			    e->principals.at[a.principal].kind !=
				PRINCIPAL_GROUP)
				continue;
			tell_step(&x->t,
			    "Or make it a member of group %s, which has %s at "
			    "%s, with all that the group has besides.",
			    tell_principal(&x->t, a.principal),
			    tell_role(&x->t, a.role), scope_phrase(x, s));
			return;
		}
	}
}

/* Where to give a role, for a scope that the estate lacks; NULL: not said. */
static const char *
foreign_place(struct telling *x, const struct action *action)
{
	if (!action->in_vault)
		return x->r.scope;
	return x->r.vault == NULL ? "the vault"
				  : tell(&x->t, "vault %s", x->r.vault);
}

/* The least role for the action anywhere: the tenant is above everything. */
static enum actas_error
find_least_role(struct telling *x, const struct action *action, role_id *least)
{
	const struct decision denied = {false, REASON_NO_RBAC, NONE, NONE};
	const struct remedy *remedies;
	uint32_t count;
	enum actas_error error = decision_remedies(
	    x->t.e, action, 0, &denied, 1, x->t.arena, &remedies, &count);

	*least = error == ACTAS_OK && count > 0 ? remedies[0].role : NONE;
	return error;
}

static void
tell_least_of(struct telling *x, const struct action *action)
{
	const char *place = foreign_place(x, action);
	role_id least = NONE;

	if (action->plane != PLANE_AZURE || place == NULL)
		return;
	if (find_least_role(x, action, &least) != ACTAS_OK)
		x->t.error = ACTAS_ENOMEM;
	if (least != NONE)
		tell_step(&x->t,
		    "Give %s the role %s at %s: of the roles that actas knows "
		    "it is the least that contains %s.",
		    tell_grantee(x), tell_role(&x->t, least), place,
		    x->r.action);
}

void
tell_least_role(struct telling *x)
{
	struct action action = {0};
	enum actas_error error;

	if (x->r.action == NULL)
		return;
	error = action_prepare(
	    x->t.e, slice_of(x->r.action), ACTION_AS_KNOWN, &action, NULL);
	if (error == ACTAS_OK)
		tell_least_of(x, &action);
	else if (error == ACTAS_ENOMEM)
		x->t.error = error;
	action_release(&action);
}

static bool
is_open_model(enum reason reason)
{
	return reason == REASON_MODEL_DISPUTED || reason == REASON_MODEL_UNSAID;
}

/*
 * Where the source leaves a vault's model open, the error itself says which
 * it is: a grant of that model counts (x->works), one of the other does not.
 */
static enum reason
reason_by_model(struct telling *x)
{
	const struct decision *d = &x->out->decision;
	enum explain_form form = x->r.form->form;
	struct assignment a;

	x->works = false;
	if (!is_open_model(d->reason) || d->assignment == NONE ||
	    (form != EXPLAIN_VAULT_RBAC && form != EXPLAIN_VAULT_POLICY))
		return d->reason;
	a = estate_assignment(x->t.e, d->assignment);
	x->works = (x->t.e->roles.at[a.role].plane == PLANE_POLICY) ==
	    (form == EXPLAIN_VAULT_POLICY);
	return REASON_WRONG_MODEL;
}

/* A page may know an account by its name and not where it lies. */
static bool
is_namesake(const struct telling *x)
{
	const struct estate *e = x->t.e;
	struct slice name = estate_text(e, e->scopes.at[x->out->scope].segment);
	struct slice path = slice_of(x->r.scope);

	return name.length > 0 && path.length > name.length &&
	    path.at[path.length - name.length - 1] == '/' &&
	    slice_ends_case(path, name);
}

/* A platform's live estate leaves out what no role is assigned on, secrets for
 * one, and whether those are there is not for everybody. */
static void
tell_above(struct telling *x)
{
	const char *text = x->r.scope != NULL ? x->r.scope : tell_where(x);

	if (acts_at_once(x))
		tell_reason(&x->t,
		    "By the source nothing is granted at %s itself; what "
		    "follows is decided at %s, which %s.",
		    text, decided_where(x),
		    is_namesake(x) ? "has the same name" : "is above it");
	else
		tell_reason(&x->t,
		    "The source does not know %s; what follows is decided at "
		    "%s, which %s.",
		    text, decided_where(x),
		    is_namesake(x) ? "has the same name" : "is above it");
}

void
tell_estate(struct telling *x)
{
	const struct explanation *out = x->out;
	enum reason reason;

	if (out->scope == NONE && (x->r.scope != NULL || x->r.vault != NULL))
		tell_reason(&x->t,
		    has_source(x)
			? "The source does not know %s, so what it allows "
			  "there cannot be said."
			: "Without a source (-s) it cannot be said what is "
			  "allowed at %s.",
		    tell_where(x));
	if (out->scope == NONE || !out->decided)
		return;
	if (x->above)
		tell_above(x);
	if (out->decision.allowed) {
		tell_allowed(x);
		return;
	}
	reason = reason_by_model(x);
	if (x->works) {
		tell_allowed(x);
		return;
	}
	tell_why_not(x, reason);
	tell_held(x);
}

void
tell_remedies(struct telling *x)
{
	const struct explanation *out = x->out;

	if (out->decided && (out->decision.allowed || x->works))
		return;
	if (out->remedy_count > 0)
		tell_least(x);
	if (out->remedy_count > 0 && is_azure_role(x, out->remedies[0].role)) {
		tell_step(&x->t, "%s",
		    acts_at_once(x)
			? "It has effect at once on this platform."
			: "Then wait: a new role assignment takes up to 10 "
			  "minutes to have effect.");
		tell_groups(x);
	}
	if (out->remedy_count > 0)
		tell_larger(x);
	if (out->remedy_count == 0 &&
	    (out->scope == NONE || is_open_model(out->decision.reason)))
		tell_least_role(x);
}
