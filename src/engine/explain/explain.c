#include "engine/explain.h"

#include "engine/explain/explain_private.h"

static enum actas_error
prepare(struct telling *x, struct slice text)
{
	enum actas_error error = pasted_clean(&x->text, text);

	if (error == ACTAS_OK)
		error = token_take(&x->text, &x->t, &x->r.claims);
	if (error == ACTAS_OK)
		error = pasted_pack(&x->text);
	return error;
}

static void
answer(struct telling *x)
{
	struct explanation *out = x->out;

	read_text(x);
	identify(x);
	out->form = x->r.form->form;
	out->code = x->r.code == NULL ? "" : x->r.code;
	out->inner_code = x->r.inner == NULL ? "" : x->r.inner;
	ask_estate(x);
	x->r.form->tell(x);
	tell_others(x);
	out->reasons = teller_take(&x->t, &x->t.reasons, &out->reason_count);
	out->steps = teller_take(&x->t, &x->t.steps, &out->step_count);
}

enum actas_error
explain(const struct estate *e, struct slice text, principal_id expected,
    moment now, struct arena *arena, struct explanation *out)
{
	struct telling x = {.t = {.e = e, .arena = arena},
	    .out = out,
	    .expected = expected,
	    .now = now};
	enum actas_error error;

	*out = (struct explanation){.code = "",
	    .inner_code = "",
	    .headline = "",
	    .scope = NONE,
	    .token_expires = MOMENT_UNKNOWN,
	    .decision = {.assignment = NONE, .denial = NONE},
	    .caller = {.principal = NONE}};
	error = prepare(&x, text);
	if (error == ACTAS_OK) {
		answer(&x);
		error = x.t.error;
	}
	pasted_release(&x.text);
	teller_release(&x.t);
	return error;
}
