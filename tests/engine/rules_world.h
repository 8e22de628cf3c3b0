#ifndef TESTS_ENGINE_RULES_WORLD_H
#define TESTS_ENGINE_RULES_WORLD_H

/*
 * Small pages for the tests of rules, said claim by claim with their lines,
 * and the table that every rule has a row in: what makes it fire, and the
 * near miss on which it stays silent.
 */

#include "engine/engine.h"
#include "estate/builtin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct world {
	struct builder *b;
	struct fault fault;
};

/* A case builds its page; the near miss differs as little as it can. */
struct rule_case {
	const char *rule;
	void (*build)(struct world *w, bool near);
	const char *message;
	const char *lines; /* "75 110", the first is where it shows */
};

struct rule_cases {
	const struct rule_case *at;
	size_t count;
};

extern const struct rule_cases cases_of_input, cases_of_claims, cases_of_grants,
    cases_of_credentials, cases_of_owners, cases_of_rotation, cases_of_limits;

/* The day on which the cases are checked: 2026-11-21. */
#define TODAY ((moment)1795219200)

void world_begin(struct world *w);
/* Ends the building; the caller frees the estate. */
struct estate *world_estate(struct world *w);
void world_drop(struct world *w);

struct origin at(struct world *w, uint32_t line);
string_id said(struct world *w, const char *text);

principal_id identity(
    struct world *w, const char *name, enum principal_kind kind, uint32_t line);
principal_id service(struct world *w, const char *name, uint32_t line);
void flag(struct world *w, principal_id p, enum principal_flag flag);

scope_id subscription(struct world *w);
scope_id resource_group(struct world *w, const char *name);
scope_id vault(struct world *w, const char *name, enum vault_model model,
    uint32_t line); /* in resource group rg */
scope_id secret(
    struct world *w, scope_id vault, const char *name, uint32_t line);
scope_id account(struct world *w, const char *name);
scope_id scope(
    struct world *w, scope_id parent, enum scope_kind kind, const char *name);
scope_id workspace(struct world *w, const char *name);
item_id item(struct world *w, scope_id workspace, const char *name,
    enum item_kind kind, uint32_t line);
uint32_t connection(struct world *w, const char *name, principal_id backed_by,
    uint32_t line); /* row number */

role_id role_of(struct world *w, enum plane plane, const char *name);
role_id policy_of(struct world *w, const char *permission);

/* An assignment that no page claims, as an export has it. */
void grant(
    struct world *w, principal_id p, role_id role, scope_id s, uint32_t line);
uint32_t listing(struct world *w, enum view view, bool complete, uint32_t line);
uint32_t role_table(struct world *w, principal_id p, uint32_t line);
/* Readers or writers of a vault. */
uint32_t list_of(
    struct world *w, enum view view, scope_id vault, uint32_t line);

struct said_role {
	principal_id p;
	role_id role;
	scope_id scope;
	const char *purpose;
	bool from_all;
};
void tell(
    struct world *w, uint32_t listing, struct said_role claim, uint32_t line);
void tell_none(struct world *w, uint32_t listing, principal_id p, scope_id s,
    uint32_t line);
void tell_kind(struct world *w, uint32_t listing, principal_id p,
    const char *text, enum tri human, uint32_t line);
void sink(struct world *w, principal_id p, enum sink_kind kind, scope_id s,
    uint32_t plan, bool in_steps, uint32_t line);
void setting(struct world *w, const char *rule, const char *severity,
    const char *subject, const char *reason, uint32_t line);

#endif
