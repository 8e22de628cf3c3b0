#include "engine/decide.h"

/* How much a reason tells; within one grant the fault that tells least
 * settles the matter. */
static const struct {
	const char *name;
	uint8_t telling;
	bool allows;
} reasons[REASONS] = {
    [REASON_GRANTED_BY_RBAC] = {"GrantedByRBAC", 21, true},
    [REASON_GRANTED_BY_ABAC] = {"GrantedByABAC", 20, true},
    [REASON_GRANTED_BY_POLICY] = {"GrantedByAccessPolicy", 21, true},
    [REASON_GRANTED_BY_FABRIC] = {"GrantedByWorkspaceRole", 21, true},
    [REASON_GRANTED_BY_DEVOPS] = {"GrantedByDevOpsRole", 21, true},
    [REASON_GRANTED_BY_DIRECTORY] = {"GrantedByDirectoryRole", 21, true},
    [REASON_GRANTED_BY_CLAIM] = {"GrantedByClaim", 21, true},
    [REASON_NO_RBAC] = {"DeniedWithNoValidRBAC", 0, false},
    [REASON_DENY_ASSIGNMENT] = {"DeniedByDenyAssignment", 18, false},
    [REASON_CONDITION] = {"DeniedWithABACEvaluationInRA", 5, false},
    [REASON_MISSING_ATTRIBUTE] = {"DeniedWithMissingAttributesInRA", 4, false},
    [REASON_NO_POLICY] = {"DeniedWithNoAccessPolicy", 0, false},
    [REASON_OBO_REQUIRED] = {"DeniedByCompoundIdentity", 3, false},
    [REASON_NO_FABRIC_ROLE] = {"DeniedWithNoWorkspaceRole", 0, false},
    [REASON_NO_DEVOPS_ROLE] = {"DeniedWithNoDevOpsRole", 0, false},
    [REASON_NO_DIRECTORY_ROLE] = {"DeniedWithNoDirectoryRole", 0, false},
    [REASON_CONDITION_NOT_UNDERSTOOD] = {"DeniedByConditionNotUnderstood", 9,
	false},
    [REASON_DISPUTED] = {"DeniedByDisputedClaim", 8, false},
    [REASON_MODEL_DISPUTED] = {"DeniedByDisputedVaultModel", 7, false},
    [REASON_WRONG_MODEL] = {"DeniedByOtherVaultModel", 1, false},
    [REASON_ELIGIBLE_ONLY] = {"DeniedWithEligibleRoleOnly", 2, false},
    [REASON_DISABLED] = {"DeniedForDisabledPrincipal", 19, false},
    [REASON_MODEL_UNSAID] = {"DeniedByUnknownVaultModel", 6, false},
};

const char *
reason_name(enum reason reason)
{
	return reasons[reason].name;
}

bool
reason_allows(enum reason reason)
{
	return reasons[reason].allows;
}

bool
reason_tells_more(enum reason a, enum reason b)
{
	return reasons[a].telling > reasons[b].telling;
}
