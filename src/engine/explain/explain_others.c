#include "engine/explain/explain_private.h"

/*
 * One text, one explanation: where people paste a whole log, the rest of it
 * must not seem to be explained as well.
 */

/* What stands behind these words tells two errors of one form apart. */
static const struct {
	enum explain_form form;
	const char *words;
} repeated[] = {
    {EXPLAIN_VAULT_RBAC, "Action:"},
    {EXPLAIN_VAULT_POLICY, "does not have secrets"},
    {EXPLAIN_ARM, "does not have authorization to perform action"},
    {EXPLAIN_ENTRA, "AADSTS"},
};

static bool
same_word(const struct pasted *p, size_t a, size_t b)
{
	char first[256], second[256];
	uint64_t x = 0, y = 0;

	if (pasted_number(p, a, &x) && pasted_number(p, b, &y))
		return x == y;
	return slice_eq_case(pasted_word(p, a, first, sizeof first),
	    pasted_word(p, b, second, sizeof second));
}

static bool
is_repeated(const struct pasted *p, const char *words)
{
	size_t first = pasted_after(p, words, 0), next = first;

	while (next != PASTED_NOWHERE) {
		if (!same_word(p, first, next))
			return true;
		next = pasted_after(p, words, next);
	}
	return false;
}

void
tell_others(struct telling *x)
{
	const struct form *other = form_other(x);
	bool again = false;

	for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++)
		again = again ||
		    (repeated[i].form == x->r.form->form &&
			is_repeated(&x->text, repeated[i].words));
	if (other == NULL && !again)
		return;
	tell_reason(&x->t,
	    "The text holds another error%s, which this does not explain: "
	    "give it alone.",
	    other == NULL
		? " of the same kind"
		: tell(&x->t, " (%s)",
		      other->code != NULL ? other->code : other->anchor));
}
