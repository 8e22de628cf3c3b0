#include "engine/explain/explain_private.h"

/*
 * A token alone, and texts of which little or nothing is understood.
 */

static void
tell_life(struct telling *x)
{
	const struct claims *c = &x->r.claims;
	char text[MOMENT_TEXT_LENGTH + 1];

	x->out->token_expires = c->expires;
	if (c->expires == MOMENT_UNKNOWN)
		return;
	moment_format(c->expires, text);
	if (c->expires <= x->now) {
		tell_reason(&x->t, "It expired at %s.", text);
		tell_step(&x->t, "Get a new token: this one has expired.");
		return;
	}
	tell_reason(&x->t, "It is valid until %s.", text);
	if (c->form == TOKEN_READ)
		tell_step(&x->t,
		    "Treat it as a secret: until it expires, whoever has it "
		    "can use it, and it cannot be taken back.");
	if (c->not_before != MOMENT_UNKNOWN && c->not_before > x->now) {
		moment_format(c->not_before, text);
		tell_reason(&x->t, "It is not valid before %s.", text);
	}
}

static void
tell_kind(struct telling *x)
{
	const struct claims *c = &x->r.claims;

	if (c->is_app == YES)
		tell_reason(&x->t,
		    "It is app-only: no user is behind it, and it cannot be "
		    "used for the on-behalf-of flow.");
	if (c->is_app == NO)
		tell_reason(&x->t,
		    "It is a user's: the object id is that of the user, the "
		    "app id that of the application which asked for it.");
	if (c->is_app == UNSAID)
		tell_reason(
		    &x->t, "It does not say whether a user is behind it.");
}

static void
tell_rights(struct telling *x)
{
	const struct claims *c = &x->r.claims;

	if (c->scopes != NULL)
		tell_reason(
		    &x->t, "Delegated permissions (scp): %s.", c->scopes);
	if (c->roles != NULL)
		tell_reason(
		    &x->t, "Application permissions (roles): %s.", c->roles);
	if (c->directory_roles > 0)
		tell_reason(&x->t, "It names %u directory roles (wids).",
		    c->directory_roles);
	if (c->groups > 0)
		tell_reason(&x->t, "It names %u groups.", c->groups);
	if (c->groups_left_out)
		tell_reason(&x->t,
		    "Its holder is in too many groups (over 200) for the "
		    "token to name them: a service has to ask Graph.");
}

void
tell_token(struct telling *x)
{
	const struct claims *c = &x->r.claims;

	if (c->form == TOKEN_UNREADABLE) {
		x->out->headline = "The text holds what looks like a token, "
				   "but its claims cannot be read.";
		tell_step(&x->t, "Paste all of it, from eyJ on.");
		return;
	}
	x->out->headline = tell(&x->t,
	    "A token of %s for %s; its claims are read, not verified.",
	    x->out->caller.principal == NONE ? "somebody unknown" : x->who,
	    c->audience == NULL ? "an unnamed audience" : c->audience);
	tell_kind(x);
	tell_rights(x);
	tell_life(x);
}

void
tell_fragment(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "The text names a caller%s%s, but not what was "
	    "refused.",
	    x->out->caller.principal == NONE ? "" : ", ",
	    x->out->caller.principal == NONE ? "" : x->who);
	tell_step(&x->t,
	    "Paste the whole error: the lines with Action and Resource say "
	    "what was refused, and where.");
}

void
tell_not_understood(struct telling *x)
{
	x->out->headline = "No known error and no token is in the text.";
	tell_step(&x->t,
	    "Paste the error as it came, with its code: of Key Vault, Azure "
	    "Resource Manager, storage, Graph, Fabric or a sign-in (AADSTS); "
	    "or a token.");
}
