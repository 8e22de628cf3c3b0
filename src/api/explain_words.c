#include "api/explain_words.h"

#include "engine/explain.h"

enum actas_error
explain_words(const struct estate *e, struct slice text, moment now,
    struct arena *arena, struct words *words)
{
	struct explanation found;
	enum actas_error error = explain(e, text, NONE, now, arena, &found);

	*words = (struct words){0};
	if (error != ACTAS_OK)
		return error;
	*words = (struct words){
	    .headline = found.headline,
	    .reasons = found.reasons,
	    .reason_count = found.reason_count,
	    .steps = found.steps,
	    .step_count = found.step_count,
	};
	return ACTAS_OK;
}
