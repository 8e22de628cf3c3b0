#include "engine/explain/explain_private.h"

/*
 * What Fabric's errors mean (facts 1.6 and 4). Its bodies name neither the
 * caller nor the role; a URL in the text says where.
 */

static const char *const call_setting =
    "Service principals can call Fabric public APIs";

void
tell_fabric_role(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "Fabric did not let %s %s%s: a workspace role or item permission "
	    "is missing.",
	    x->who, tell_action(x, x->r.action), tell_in(x));
	tell_reason(&x->t,
	    "A tenant setting that is off has been seen to give 401; 403 "
	    "means that a role is missing.");
	if (x->r.is_app == YES)
		tell_reason(&x->t,
		    "Application permissions in the token (roles) do not "
		    "count for a service principal in Fabric; its workspace "
		    "role does.");
	tell_estate(x);
	tell_remedies(x);
	if (x->out->remedy_count > 0 ||
	    (x->out->decided && x->out->decision.allowed))
		return;
	tell_step(&x->t,
	    "Give %s the workspace role Contributor to run or edit items; "
	    "Viewer is enough to see them, Member to add members, Admin to "
	    "change the workspace.",
	    tell_grantee(x));
}

static void
tell_audience(struct telling *x)
{
	const char *audience = x->r.claims.audience;

	if (audience == NULL ||
	    slice_find_case(slice_of(audience),
		SLICE("api.fabric.microsoft.com")) != SIZE_MAX ||
	    slice_find_case(slice_of(audience),
		SLICE("analysis.windows.net/powerbi")) != SIZE_MAX)
		return;
	tell_reason(&x->t, "The token in the text is for %s.", audience);
}

void
tell_fabric_unauthorized(struct telling *x)
{
	x->out->headline =
	    tell(&x->t, "Fabric did not accept %s at all (401).", x->who);
	if (x->r.is_app != NO)
		tell_reason(&x->t,
		    "For a service principal, a bare 401 on every call has "
		    "been seen to mean that the tenant setting \"%s\" is off "
		    "for it; a missing role is answered with 403.",
		    call_setting);
	tell_audience(x);
	if (x->r.is_app != NO)
		tell_step(&x->t,
		    "Have a Fabric administrator enable \"%s\" for a security "
		    "group that contains %s.",
		    call_setting, tell_grantee(x));
	tell_step(&x->t,
	    "Check that the token is for https://api.fabric.microsoft.com and "
	    "has not expired.");
}

void
tell_fabric_expired(struct telling *x)
{
	x->out->headline = "The token that Fabric was given has expired.";
	tell_reason(&x->t, "Rights are not the matter.");
	tell_step(&x->t,
	    "Get a new token; a client that runs long has to do so before "
	    "each one ends.");
}

void
tell_fabric_scopes(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "The token of %s has not the scope that this call of Fabric's API "
	    "needs.",
	    x->who);
	tell_reason(&x->t,
	    "Scopes are what the application asked for in the user's name; a "
	    "role does not add one.");
	if (x->r.claims.scopes != NULL)
		tell_reason(
		    &x->t, "The token's scopes are: %s.", x->r.claims.scopes);
	tell_step(&x->t,
	    "Ask for a token with the scope that the API's page names (to run "
	    "an item: Item.Execute.All).");
}

void
tell_fabric_missing(struct telling *x)
{
	x->out->headline =
	    tell(&x->t, "Fabric found no such item%s.", tell_in(x));
	tell_step(&x->t,
	    "Check the ids of the workspace and of the item; an item that was "
	    "deployed anew has a new id.");
}

void
tell_fabric_throttled(struct telling *x)
{
	x->out->headline = "Fabric takes no more job requests for a while.";
	tell_reason(&x->t, "Rights are not the matter.");
	tell_step(&x->t,
	    "Wait as long as the header Retry-After says, then try again.");
}
