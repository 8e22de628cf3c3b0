#include "api/api.h"

/*
 * Changes on behalf of a request. The connection sleeps until the writer has
 * made them durable; the answer is given on the writer's thread. Where it is
 * known that the audit log could not tell of a change, it is not made. Where
 * the log fails after that, the change is answered as made, which it is: a 503
 * after the fact would hide a deletion that cannot be undone. The log tells of
 * it from the journal before it tells of anything else.
 */

static enum actas_error
apply(struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct api_change *c = (struct api_change *)change;
	enum actas_error error = audit_ready(exchange_platform(c->x)->audit);

	if (error != ACTAS_OK)
		return error;
	error = c->apply(c, now, writes);
	c->wrote = writes->at.count > 0;
	return error;
}

static void
done(struct change *change, enum actas_error result, uint64_t revision)
{
	struct api_change *c = (struct api_change *)change;
	bool answered = result != ACTAS_EIO && result != ACTAS_ENOMEM;

	c->is_made = result == ACTAS_OK && c->wrote;
	if (!answered && c->release != NULL)
		c->release(c);
	if (result == ACTAS_EIO)
		answer_unavailable(c->x);
	else if (result == ACTAS_ENOMEM)
		answer_json(c->x, 500, NULL);
	else
		c->answer(c, result, revision);
}

void
api_submit(struct api_change *c)
{
	struct exchange *x = c->x;
	char actor[GUID_TEXT_LENGTH + 1];
	const char *copy = NULL;

	guid_format(c->caller.object_id, actor);
	if (!guid_is_nil(c->caller.object_id))
		copy = arena_text(&x->arena, slice_of(actor));
	c->change.apply = apply;
	c->change.done = done;
	c->change.actor = slice_of(copy);
	c->change.request = slice_of(x->request_id);
	store_submit(exchange_platform(x)->store, &c->change);
}
