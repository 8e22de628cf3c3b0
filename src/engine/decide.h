#ifndef ENGINE_DECIDE_H
#define ENGINE_DECIDE_H

/*
 * May this principal do this, there? Pure: an estate in, an answer out.
 *
 * Azure RBAC as documented (facts 3): deny assignments first; then the union
 * of the assignments of the principal and its transitive groups at the scope
 * and all above it; notActions take away inside one role only; control and
 * data actions are apart; patterns ignore ASCII case and '*' spans segments;
 * a condition is evaluated per assignment. A vault's access policies count
 * when its model is policy and its data roles when it is RBAC; a model in
 * dispute or not known allows neither. PLANE_CLAIMED rights hold under any
 * model. Assignments in dispute (ASSIGNMENT_DISPUTED), compound and merely
 * eligible ones allow nothing, and are told as the reason where they would
 * have.
 *
 * Which reason a denial gives. A disabled principal comes first, then a deny
 * assignment. A grant that has several faults is told by the one that settles
 * the matter; where several grants fail, the most telling one is told: those
 * that say "not known" (condition not understood, claim in dispute, model in
 * dispute, model not said) before those that are certain (condition false,
 * attribute missing, on behalf of a user only, eligible only, other model);
 * no grant at all comes last.
 *
 * Deny assignments are Azure's: they do not bind a vault whose model is
 * policy, nor another plane.
 */

#include "estate/estate.h"

enum reason {
	REASON_GRANTED_BY_RBAC,      /* GrantedByRBAC */
	REASON_GRANTED_BY_ABAC,      /* GrantedByABAC: a condition held */
	REASON_GRANTED_BY_POLICY,    /* GrantedByAccessPolicy */
	REASON_GRANTED_BY_FABRIC,    /* GrantedByWorkspaceRole */
	REASON_GRANTED_BY_DEVOPS,    /* GrantedByDevOpsRole */
	REASON_GRANTED_BY_DIRECTORY, /* GrantedByDirectoryRole */
	REASON_GRANTED_BY_CLAIM,     /* GrantedByClaim: page says so, not how */
	REASON_NO_RBAC,              /* DeniedWithNoValidRBAC */
	REASON_DENY_ASSIGNMENT,      /* DeniedByDenyAssignment */
	REASON_CONDITION,            /* DeniedWithABACEvaluationInRA */
	REASON_MISSING_ATTRIBUTE,    /* DeniedWithMissingAttributesInRA */
	REASON_NO_POLICY,            /* DeniedWithNoAccessPolicy */
	REASON_OBO_REQUIRED,         /* DeniedByCompoundIdentity */
	REASON_NO_FABRIC_ROLE,       /* DeniedWithNoWorkspaceRole */
	REASON_NO_DEVOPS_ROLE,       /* DeniedWithNoDevOpsRole */
	REASON_NO_DIRECTORY_ROLE,    /* DeniedWithNoDirectoryRole */
	REASON_CONDITION_NOT_UNDERSTOOD, /* DeniedByConditionNotUnderstood */
	REASON_DISPUTED,                 /* DeniedByDisputedClaim */
	REASON_MODEL_DISPUTED,           /* DeniedByDisputedVaultModel */
	REASON_WRONG_MODEL,   /* DeniedByOtherVaultModel: a grant of the
				 model that the vault does not use */
	REASON_ELIGIBLE_ONLY, /* DeniedWithEligibleRoleOnly */
	REASON_DISABLED,      /* DeniedForDisabledPrincipal */
	REASON_MODEL_UNSAID,  /* DeniedByUnknownVaultModel */
	REASONS
};

/* The name in JSON, as in the comments above. */
const char *reason_name(enum reason reason);

/*
 * An action made ready for one estate: which roles contain it. Making it
 * ready costs one look at every role; deciding then costs no text.
 */
struct action {
	struct slice name; /* canonical where known, else as given */
	const struct operation *operation; /* NULL: not a known one */
	uint8_t plane; /* whose roles decide; claimed rights always count */
	bool is_data;
	bool in_vault;      /* a vault's model says which grants count */
	bool is_naming;     /* the request names the secret, not the resource */
	uint64_t *granting; /* a bit a role: contains it, no condition */
	uint64_t *conditional; /* a bit a role: contains it in a permission
				  that has a condition */
	uint64_t *matching;    /* a bit a role: any of the two */
	uint32_t *denials;     /* deny assignments that contain it, by scope */
	uint32_t denial_count;
	principal_id everyone; /* whose assignments are all people's, or NONE */
};

enum action_class { ACTION_AS_KNOWN, ACTION_CONTROL, ACTION_DATA };

/*
 * 'name': an operation's name or alias (estate/operations.h), else any action
 * string. Whether it is a data action: as known, else as the role definitions
 * of the estate list it, else a control action, unless 'class' says.
 * ACTAS_EUSAGE for text that is no action (neither known nor of the form
 * Namespace.Provider/type/verb), ACTAS_ENOMEM. Release it.
 */
enum actas_error action_prepare(const struct estate *e, struct slice name,
    enum action_class class, struct action *action,
    struct fault *fault) ACTAS_MUST_USE;
void action_release(struct action *action);

/*
 * ACTAS_EUSAGE where nothing of the action's kind lies at or below the scope:
 * a Key Vault action at a workspace. decide() would answer no, and no grant
 * would change it; whoever passes on what a person asks, asks this first.
 */
enum actas_error action_check_scope(const struct estate *e,
    const struct action *action, scope_id s,
    struct fault *fault) ACTAS_MUST_USE;

/* What a condition may ask about a request; empty slices are absent. */
struct request {
	struct slice secret_name; /* @Request; default: from the scope */
	struct slice suboperation;
	struct guid role;      /* being assigned or taken away */
	struct guid principal; /* to or from whom */
	struct slice principal_type;
	/* What is asked about lies below the scope, and the estate does not
	 * list it: deny assignments that are not for children of the scope do
	 * not bind it. */
	bool is_below;
	struct slice below_secret; /* its name, if it is a secret */
};

struct decision {
	bool allowed;
	enum reason reason;
	assignment_id assignment; /* that granted, or would have; or NONE */
	uint32_t denial;          /* deny assignment that blocked, or NONE */
};

/* 'request' may be NULL. */
struct decision decide(const struct estate *e, principal_id p,
    const struct action *action, scope_id s, const struct request *request);

/* Why somebody of whom the estate knows nothing is denied there. */
enum reason decide_unknown(
    const struct estate *e, const struct action *action, scope_id s);

/* Many questions at once: what each will read is fetched while others are
 * answered. */
struct question {
	principal_id principal;
	scope_id scope;
	const struct action *action;
	const struct request *request; /* or NULL */
};

void decide_batch(const struct estate *e, const struct question *questions,
    uint32_t count, struct decision *decisions);

/*
 * Whether this one assignment, if it were the principal's and nothing denied
 * it, would allow the action at the scope; why not, otherwise. REASONS where
 * it has nothing to do with them: another role, another scope.
 */
enum reason decide_grant(const struct estate *e, assignment_id a,
    const struct action *action, scope_id s, const struct request *request);

/* Whether a reason is that of an allowance. */
bool reason_allows(enum reason reason);
/* Whether 'a' says more than 'b', by the order above; allowances say most. */
bool reason_tells_more(enum reason a, enum reason b);

/* The deny assignment that blocks the action, or NONE. */
uint32_t decide_denial(const struct estate *e, principal_id p,
    const struct action *action, scope_id s, const struct request *request);

/*
 * How the principal comes to hold the assignment: p, the groups in between,
 * its holder; shortest chain. Allocated in 'arena'; NULL when out of memory.
 */
const principal_id *decision_chain(const struct estate *e, principal_id p,
    principal_id holder, struct arena *arena, uint32_t *count);

/* A grant that would help. */
struct remedy {
	role_id role; /* NONE: 'permission' says it */
	scope_id scope;
	const char *permission; /* of an access policy ("get"), else NULL */
};

/*
 * The grants any one of which would turn a denial into an allowance, least
 * role first: of the roles known, those that contain the action, in the
 * plane (and the vault's model) that decides, at the narrowest scope on which
 * the platform lets roles be assigned. The roles that people use, which ship
 * with actas, go first; then by how much else the role gives: fewer data
 * actions, fewer control actions, then name. Empty where no grant helps (deny
 * assignment, disputed claim). At most 'most' rows.
 */
enum actas_error decision_remedies(const struct estate *e,
    const struct action *action, scope_id s, const struct decision *decision,
    uint32_t most, struct arena *arena, const struct remedy **remedies,
    uint32_t *count) ACTAS_MUST_USE;

#endif
