#ifndef ENGINE_TELLER_H
#define ENGINE_TELLER_H

/*
 * Sentences for people, put together in an arena. Errors stick, so that
 * twenty sentences need one check at the end. Nothing that a sentence takes
 * from a source or a paste can bring a control character into it.
 */

#include "estate/estate.h"

struct sentences {
	VECTOR(const char *) rows;
};

struct teller {
	const struct estate *e;
	struct arena *arena;
	enum actas_error error;
	struct buffer scratch;
	struct sentences reasons, steps;
};

/* All zero but 'e' and 'arena' is a teller that has said nothing. */
void teller_release(struct teller *t);

/* A text in the arena; "" after an error. */
const char *tell(struct teller *t, const char *format, ...) ACTAS_PRINTF(2, 3);
/* Adds a sentence, unless the list has it already. */
void tell_reason(struct teller *t, const char *format, ...) ACTAS_PRINTF(2, 3);
void tell_step(struct teller *t, const char *format, ...) ACTAS_PRINTF(2, 3);

/* Names, in the arena. */
const char *tell_principal(struct teller *t, principal_id p);
/* "service principal sp-x". */
const char *tell_who(struct teller *t, principal_id p);
/* "vault kv-x"; "the tenant" for the root. */
const char *tell_scope(struct teller *t, scope_id s);
const char *tell_path(struct teller *t, scope_id s);
const char *tell_role(struct teller *t, role_id r);
const char *tell_item(struct teller *t, item_id i);
const char *tell_guid(struct teller *t, struct guid id);
const char *tell_slice(struct teller *t, struct slice text);
/* "a, b and c": a list of names, at most 'most' and then how many more. */
const char *tell_list(
    struct teller *t, const char *const *names, uint32_t count, uint32_t most);

/*
 * A copy of 'template' in which each {key} is the value of that key. Keys and
 * values alternate in 'pairs', which ends with NULL.
 */
const char *tell_filled(
    struct teller *t, const char *template, const char *const *pairs);

/* The sentences of a list, moved into the arena. */
const char *const *teller_take(
    struct teller *t, struct sentences *from, uint32_t *count);

#endif
