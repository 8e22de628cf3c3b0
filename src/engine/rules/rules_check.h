#ifndef ENGINE_RULES_CHECK_H
#define ENGINE_RULES_CHECK_H

/*
 * What rules are written with; private to engine/rules*.c. A rule is a
 * function that looks at the estate and emits findings. Errors stick in the
 * check: after the first one nothing further is kept and texts are "", so
 * that a rule needs no error paths of its own.
 *
 * A finding in the making is a message, places and subjects:
 *
 *	finding_place(c, claim->origin);
 *	finding_subject(c, name_principal(c, claim->principal));
 *	finding_emit(c, text(c, "…", …), text(c, "…", …));
 */

#include "engine/rules.h"
#include "engine/rules/rules_topics.h"

/* Actions that rules ask roles about. */
enum probe {
	PROBE_GET_SECRET,
	PROBE_SET_SECRET,
	PROBE_LIST_SECRETS,
	PROBE_READ_SECRET_RESOURCE,  /* through ARM: properties, not value */
	PROBE_WRITE_SECRET_RESOURCE, /* through ARM, value included */
	PROBE_WRITE_POLICIES,
	PROBE_WRITE_VAULT,
	PROBE_ASSIGN_ROLES,
	PROBE_LIST_KEYS,
	PROBE_READ_BLOB,
	PROBE_WRITE_BLOB,
	PROBES
};

/* The claims in the orders in which rules look at them (rules_tellings.c). */
struct tellings {
	struct ids by_assignment, by_line, by_scope;
	struct ids of_none; /* those that deny any role, by scope */
};

struct check {
	const struct estate *e;
	const struct rules_options *options;
	struct arena *arena;
	const struct rule *rule; /* the one that runs */
	uint32_t argument;       /* of its row */
	enum actas_error error;
	VECTOR(struct finding) findings;
	/* the finding in the making */
	VECTOR(struct origin) places;
	VECTOR(const char *) subjects;
	struct index seen_places, seen_subjects; /* where there are many */
	struct tellings tellings;
	struct action probes[PROBES];
	const char **scope_names; /* written so far; or NULL */
	uint8_t *covers; /* roles × roles: not known, no, yes; or NULL */
	bool *matched;   /* a setting each: it applied to something */
};

struct rule_row {
	struct rule rule;
	void (*run)(struct check *c);
	uint32_t argument;
};

/* The i-th row, NULL behind the last. */
const struct rule_row *rule_row(uint32_t i);

/* rules.c */
void finding_place(struct check *c, struct origin place);
void finding_subject(struct check *c, const char *name);
/* Emits the finding in the making; texts live in the arena. */
void finding_emit(struct check *c, const char *message, const char *fix);
/* Forgets the finding in the making. */
void finding_drop(struct check *c);
/* Keeps an error, if it is one. */
void check_error(struct check *c, enum actas_error error);
/* Zeroed elements in the arena; NULL when out of memory, which sticks. */
void *check_zero(struct check *c, size_t count, size_t size);

/* rules_settings.c */
enum severity settings_severity(const struct check *c, const struct rule *rule);
void settings_apply(struct check *c);

/* rules_words.c: texts in the arena, never NULL. */
const char *text(struct check *c, const char *format, ...) ACTAS_PRINTF(2, 3);
const char *string(const struct check *c, string_id id);
const char *name_principal(struct check *c, principal_id p);
const char *name_scope(struct check *c, scope_id s);  /* "vault kv" */
const char *short_scope(struct check *c, scope_id s); /* "kv" */
/* "workspaces Gold and Bronze"; "vault kv and workspace Gold". */
const char *name_scopes(
    struct check *c, const scope_id *scopes, uint32_t count);
const char *name_role(struct check *c, role_id r);
/* "line 75"; of another file than 'near': "other.md line 75". */
const char *name_place(
    struct check *c, struct origin place, struct origin near);
/* "lines 110, 112 and 113", each place once, in order. */
const char *name_places(
    struct check *c, const struct origin *places, uint32_t count);
/* "a, b and c"; at most 'most', then "and 4 more". */
const char *name_list(
    struct check *c, const char *const *names, uint32_t count, uint32_t most);
int origin_cmp(const struct estate *e, struct origin a, struct origin b);
bool origin_eq(struct origin a, struct origin b);

/* rules_tellings.c: runs of claim numbers. */
void tellings_order(struct check *c);
/* Those that became part of an assignment. */
struct ids tellings_of_assignment(const struct check *c, assignment_id a);
/* Those about a principal, in reading order; and about it at one scope. */
struct ids tellings_of(const struct check *c, principal_id p);
struct ids tellings_at(const struct check *c, principal_id p, scope_id s);
/* The claim that denies the principal any role at the scope, or NULL. */
const struct claim *telling_of_none(
    const struct check *c, principal_id p, scope_id s);
/* A claim that grants a role, and not a right without one. */
bool grants_role(const struct check *c, const struct claim *claim);
/* A claim of a right that names no role ("Get Secrets"). */
bool grants_right(const struct check *c, const struct claim *claim);
/* The lines of an assignment's claims, else its origin. */
const struct origin *assignment_places(
    struct check *c, assignment_id a, uint32_t *count);
void place_assignment(struct check *c, assignment_id a);
/* "line 73": name_places of assignment_places. */
const char *assignment_lines(struct check *c, assignment_id a);
const char *view_of(const struct check *c, const struct claim *claim);
const char *view_phrase(enum view view); /* "the workspace matrix" */

/* How the page writes the right or role of a claim, else the role's name. */
const char *claim_text(struct check *c, const struct claim *claim);

/* rules_holders.c: who holds a grant that reaches a scope. */
struct holding {
	principal_id holder;
	assignment_id assignment;
};
struct holdings {
	struct holding *at;
	uint32_t count;
};
/*
 * The assignments at the scope, above it and, for a vault, at its secrets,
 * whose role gives one of the probes (a bit each), ordered by holder. Without
 * those that are not active and those of a model that the vault does not use.
 */
struct holdings holders_of(struct check *c, scope_id s, uint32_t probes);
/* The first row from 'i' on of another holder. */
uint32_t holdings_next(struct holdings all, uint32_t i);
/* "Get Secrets, lines 26 and 59; Contributor on vault kv, line 3". */
const char *name_holdings(
    struct check *c, const struct holding *rows, uint32_t count);
void place_holdings(
    struct check *c, const struct holding *rows, uint32_t count);
/* "Admin on workspaces Gold and Bronze and Reader on vault kv". */
const char *name_grants(
    struct check *c, const assignment_id *grants, uint32_t count);

/* rules_grants.c: whether the platform lets the role be given there. */
bool role_fits(const struct check *c, role_id r, scope_id s);

/* rules_roles.c */
bool role_gives(const struct check *c, role_id r, enum probe probe);
/* Whether all that 'small' gives, 'large' gives too; false where unsure. */
bool role_covers(struct check *c, role_id large, role_id small);
/* An assignment of the principal itself that gives at least what assignment
 * 'a' gives, unconditionally, or NONE. Never 'a' itself. */
assignment_id covering_assignment(
    struct check *c, principal_id p, assignment_id a);
bool principal_is_person(const struct principal *p);

#endif
