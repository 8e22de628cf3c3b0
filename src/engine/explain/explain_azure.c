#include "engine/explain/explain_private.h"

/*
 * What errors of Azure Resource Manager, of storage accounts and of Microsoft
 * Graph mean.
 */

void
tell_arm_denied(struct telling *x)
{
	x->out->headline = tell(&x->t, "Azure did not let %s %s%s.", x->who,
	    tell_action(x, x->r.action), tell_in(x));
	if (x->out->scope == NONE || x->above)
		tell_reason(&x->t,
		    "Azure gives the same answer where the scope does not "
		    "exist.");
	tell_estate(x);
	tell_remedies(x);
	if (!acts_at_once(x))
		tell_step(&x->t,
		    "After a new grant sign in again: a token that was issued "
		    "before does not know of new group memberships.");
}

void
tell_arm_linked(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "Azure did not let %s %s, which the request needs on a second "
	    "resource%s.",
	    x->who, tell_action(x, x->r.action), tell_in(x));
	tell_reason(&x->t,
	    "The request itself was allowed; it ties in a second resource, on "
	    "which this right is missing.");
	tell_estate(x);
	tell_remedies(x);
}

void
tell_arm_blocked(struct telling *x)
{
	x->out->headline =
	    tell(&x->t, "A deny assignment does not let %s %s%s.", x->who,
		tell_action(x, x->r.action), tell_in(x));
	tell_reason(&x->t, "No role outweighs a deny assignment.");
	tell_step(&x->t,
	    "See Access control (IAM), Deny assignments%s%s: only Azure itself "
	    "makes them (for managed applications and deployment stacks, for "
	    "example), so what made it has to be changed.",
	    x->r.denial_id == NULL ? "" : ", id ",
	    x->r.denial_id == NULL ? "" : x->r.denial_id);
}

void
tell_arm_limit(struct telling *x)
{
	x->out->headline =
	    "No further role can be assigned: the limit of role assignments "
	    "is reached.";
	tell_reason(&x->t,
	    "A subscription has room for 4,000 role assignments and a "
	    "management group for 500; neither can be raised.");
	tell_step(&x->t,
	    "Remove assignments that are redundant or whose principal is "
	    "deleted.");
	tell_step(&x->t,
	    "Assign roles to groups in place of their members, and at the "
	    "resource group in place of each resource.");
}

void
tell_storage_role(struct telling *x)
{
	const char *where = x->r.object == NULL
	    ? "the storage account"
	    : tell(&x->t, "storage account %s", x->r.object);

	x->out->headline =
	    tell(&x->t, "On %s, %s lacks a role for the data.", where, x->who);
	tell_reason(&x->t,
	    "The network let the call through and its token or signature was "
	    "valid; what is missing is the permission for this operation.");
	tell_reason(&x->t,
	    "Owner, Contributor and Storage Account Contributor manage the "
	    "account; they contain no data action for its blobs.");
	tell_step(&x->t,
	    "Give %s the role Storage Blob Data Reader at the container to "
	    "read, Storage Blob Data Contributor to write or delete.",
	    tell_grantee(x));
	tell_step(&x->t,
	    "If the request used a shared access signature, make one with the "
	    "permission that is missing.");
}

void
tell_storage_network(struct telling *x)
{
	const char *where = x->r.object == NULL
	    ? "The storage account"
	    : tell(&x->t, "Storage account %s", x->r.object);

	x->out->headline = tell(&x->t,
	    "%s refused the request, most often by its network rules.", where);
	tell_reason(&x->t,
	    "A missing data role has an error of its own "
	    "(AuthorizationPermissionMismatch), so a role is not what is "
	    "missing.");
	tell_step(&x->t,
	    "Check whether the account allows the network that the call came "
	    "from: addresses, virtual networks, private endpoints, and for "
	    "Fabric trusted workspace access.");
	tell_step(&x->t,
	    "If the request used a shared access signature, check the "
	    "services, resource types and addresses that it is for.");
}

static void
tell_graph_app(struct telling *x)
{
	const char *roles = x->r.claims.roles;

	if (x->r.claims.form == TOKEN_READ || x->r.claims.form == TOKEN_DECODED)
		tell_reason(&x->t,
		    "The token's application permissions (roles) are: %s.",
		    roles == NULL ? "none" : roles);
	tell_step(&x->t,
	    "Give the application the Graph application permission that the "
	    "request needs (its page in the Graph reference names the least "
	    "one), and have an administrator consent; then get a new token.");
}

static void
tell_graph_user(struct telling *x)
{
	if (x->r.claims.scopes != NULL)
		tell_reason(&x->t,
		    "The token's delegated permissions (scp) are: %s.",
		    x->r.claims.scopes);
	tell_step(&x->t,
	    "A call for a user needs both: the delegated permission in the "
	    "token, and that the user may do it, by a directory role or as an "
	    "owner.");
}

/* A platform of ours gives no Graph permissions. */
static void
tell_graph_of_ours(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "Microsoft Graph did not let %s do it: a directory role or an "
	    "ownership is missing.",
	    x->who);
	tell_reason(&x->t,
	    "Roles of Azure (RBAC) and of Fabric workspaces do not count for "
	    "Graph, and this platform has no Graph permissions.");
	tell_step(&x->t,
	    "Ask the server which of them it takes: GET /actas/explain/ID, "
	    "with the request-id of the error, as the one who was denied.");
}

/* Graph itself does not say what was asked for; our server knows. */
static void
tell_graph_decided(struct telling *x)
{
	x->out->headline = tell(&x->t, "Microsoft Graph did not let %s %s%s.",
	    x->who, tell_action(x, x->r.action), tell_in(x));
	tell_estate(x);
	tell_remedies(x);
}

static void
tell_graph_of_microsoft(struct telling *x)
{
	x->out->headline = tell(&x->t,
	    "Microsoft Graph did not let %s do it: a Graph permission or a "
	    "directory role is missing.",
	    x->who);
	tell_reason(&x->t,
	    "Roles of Azure (RBAC) and of Fabric workspaces do not count for "
	    "Graph.");
	if (x->r.is_app != NO)
		tell_graph_app(x);
	if (x->r.is_app != YES)
		tell_graph_user(x);
}

void
tell_graph_denied(struct telling *x)
{
	if (x->out->decided)
		tell_graph_decided(x);
	else if (acts_at_once(x))
		tell_graph_of_ours(x);
	else
		tell_graph_of_microsoft(x);
}
