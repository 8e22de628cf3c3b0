#ifndef ENGINE_DIFF_FACTS_H
#define ENGINE_DIFF_FACTS_H

/*
 * An estate as a list of facts that can be compared one by one; private to
 * engine/diff*.c. A fact is there or not (a grant), or has a value (a vault's
 * model). Numbers are common to both estates (diff_match.h), texts too.
 */

#include "engine/diff/diff_match.h"

enum fact_kind {
	FACT_GRANT, /* one a plane: FACT_GRANT + enum plane */
	FACT_DENIAL = FACT_GRANT + PLANES,
	FACT_MEMBERSHIP, /* scope is the group's number */
	FACT_ROLE,       /* value: what it gives */
	FACT_PRINCIPAL,
	FACT_ENABLED_PRINCIPAL, /* value */
	FACT_CONNECTION,
	FACT_BACKED, /* value: a principal */
	FACT_OPEN,   /* value: enum tri */
	FACT_MODEL,  /* value: enum vault_model */
	FACT_SECRET,
	FACT_ENABLED_SECRET, /* value: enum tri */
	FACT_EXPIRES,        /* value: a moment */
	FACT_CREDENTIAL,
	FACT_ENDS, /* value: a moment */
	FACT_OWNED_ITEM,
	FACT_OWNED_KIND, /* role is enum item_kind */
	FACT_KINDS
};

struct fact {
	uint32_t principal, role, scope; /* common numbers, NONE where n/a */
	string_id detail;                /* condition, name; 0 where n/a */
	uint8_t kind;
	uint64_t value;
	struct origin origin; /* of its estate */
};

struct facts {
	VECTOR(struct fact) at;
	uint32_t counts[FACT_KINDS];
	enum actas_error error;
};

/* The facts of one of the two estates, each once, ordered. 'texts' holds
 * details of both. Release them in either case. */
enum actas_error facts_collect(struct facts *f, const struct match *m,
    bool is_after, struct strings *texts) ACTAS_MUST_USE;
void facts_release(struct facts *f);

/* The order of facts, value and origin aside. */
int fact_cmp(const struct fact *a, const struct fact *b);
/* Whether the kind has a value. */
bool fact_has_value(enum fact_kind kind);

#endif
