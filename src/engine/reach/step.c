#include "engine/reach.h"

#include "estate/names.h"

/* One row a kind of step: words between which the scope and the principal
 * stand. %S is the scope, %V the vault around it, %P the principal. */
static const char *const sentences[STEP_KINDS] = {
    [STEP_READS_SECRET] = "reads secret %S, which holds %P's credential",
    [STEP_ADDS_CREDENTIAL] = "may add a credential to %P's application",
    [STEP_USES_CONNECTION] = "uses service connection %S, which %P backs",
    [STEP_EDITS_ITEM] = "edits %S, which runs as %P",
    [STEP_CONTROLS_HOST] = "controls %S, which acts as %P",
    [STEP_ASSIGNS_ROLES] = "may give any role on %S to anybody",
    [STEP_REWRITES_VAULT] =
	("may change the access policies of %V and so read %S, which holds "
	 "%P's credential"),
    [STEP_ADDS_MEMBER] = "may add itself to group %P",
};

static void
write_vault(const struct estate *e, scope_id s, struct buffer *out)
{
	scope_id vault = estate_enclosing(e, s, SCOPE_VAULT);

	estate_write_scope(e, vault == NONE ? s : vault, out);
}

/* Which sentence: roles of the directory are given on no scope. */
static const char *
sentence_of(const struct estate *e, const struct step *step)
{
	role_id role;

	if (step->kind == STEP_REWRITES_VAULT && step->to == NONE)
		return "may change the access policies of %V";
	if (step->kind == STEP_ASSIGNS_ROLES && step->limited)
		return "may give roles on %S that its condition lets pass, "
		       "one that suffices among them";
	if (step->kind == STEP_CONTROLS_HOST && step->scope == NONE)
		return "controls the resource that %P is the identity of";
	if (step->kind != STEP_ASSIGNS_ROLES || step->assignment == NONE)
		return sentences[step->kind];
	role = estate_assignment(e, step->assignment).role;
	return e->roles.at[role].plane == PLANE_DIRECTORY
	    ? "may give any role of the directory to anybody"
	    : sentences[step->kind];
}

void
step_write(const struct estate *e, const struct step *step, struct buffer *out)
{
	const char *s = sentence_of(e, step);

	for (; *s != '\0'; s++) {
		if (*s != '%') {
			buffer_putc(out, *s);
			continue;
		}
		s++;
		if (*s == 'P')
			estate_write_principal(e, step->to, out);
		else if (*s == 'V')
			write_vault(e, step->scope, out);
		else
			estate_write_scope(e, step->scope, out);
	}
	if (step->disputed)
		buffer_puts(
		    out, " (the source disputes this or leaves it open)");
}
