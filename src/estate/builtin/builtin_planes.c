#include "estate/builtin/builtin_table.h"

/*
 * Roles of the planes beside Azure RBAC. Fabric's workspace roles follow the
 * capability matrix (facts 4); what a role of Azure DevOps or of the directory
 * gives is cut down to the operations that actas knows. Directory roles bear
 * the platform's template ids. Names of roles are the platforms' own but for
 * those of a Fabric connection, which are "User" and "Owner" there.
 */

#define WORKSPACES  "Microsoft.Fabric/workspaces/"
#define ITEMS       WORKSPACES "items/"
#define CAPACITIES  "Microsoft.Fabric/capacities/"
#define CONNECTIONS "Microsoft.Fabric/connections/"
#define ENDPOINTS   "Microsoft.DevOps/projects/serviceEndpoints/"
#define PIPELINES   "Microsoft.DevOps/projects/pipelines/"
#define APPS        "microsoft.directory/applications/"
#define PRINCIPALS  "microsoft.directory/servicePrincipals/"
#define GROUPS      "microsoft.directory/groups/"
#define USERS       "microsoft.directory/users/"

/* What both administrators of applications may do. */
#define MANAGE_APPS                                                            \
	APPS "appRoles/update " APPS "audience/update " APPS                   \
	     "authentication/update " APPS "basic/update " APPS "create " APPS \
	     "credentials/update " APPS "delete " APPS "owners/update " APPS   \
	     "permissions/update " APPS "policies/update "                     \
	     "microsoft.directory/deletedItems.applications/delete "           \
	     "microsoft.directory/deletedItems.applications/restore "          \
	     "microsoft.directory/oAuth2PermissionGrants/allProperties/"       \
	     "allTasks " PRINCIPALS "appRoleAssignedTo/update " PRINCIPALS     \
	     "authentication/update " PRINCIPALS "basic/update " PRINCIPALS    \
	     "create " PRINCIPALS "credentials/update " PRINCIPALS             \
	     "delete " PRINCIPALS "disable " PRINCIPALS "enable " PRINCIPALS   \
	     "owners/update " PRINCIPALS "permissions/update"

/* What both administrators of groups may do; not with groups to which
 * directory roles can be given. */
#define MANAGE_GROUPS                                                   \
	GROUPS "basic/update " GROUPS "create " GROUPS "delete " GROUPS \
	       "dynamicMembershipRule/update " GROUPS                   \
	       "hiddenMembers/read " GROUPS "members/update " GROUPS    \
	       "owners/update " GROUPS "restore " GROUPS "settings/update"

#define GIVES(list)                                        \
	.permission_count = 1,                             \
	.permissions = (const struct shipped_permission[]) \
	{                                                  \
		{                                          \
			.actions = list                    \
		}                                          \
	}

static const struct shipped_role roles[] = {
    {.plane = PLANE_FABRIC, .name = "Admin", GIVES(WORKSPACES "*")},
    {.plane = PLANE_FABRIC,
	.name = "Member",
	GIVES(WORKSPACES "read " WORKSPACES "roleAssignments/read " WORKSPACES
			 "members/write " WORKSPACES
			 "identity/use/action " ITEMS "*")},
    {.plane = PLANE_FABRIC,
	.name = "Contributor",
	GIVES(WORKSPACES "read " WORKSPACES "identity/use/action " ITEMS
			 "read " ITEMS "write " ITEMS "execute/action " ITEMS
			 "explore/action " ITEMS "readData/action " ITEMS
			 "readAll/action " ITEMS "writeAll/action")},
    {.plane = PLANE_FABRIC,
	.name = "Viewer",
	GIVES(WORKSPACES "read " ITEMS "read " ITEMS "readData/action")},

    {.plane = PLANE_FABRIC, .name = "Read", GIVES(ITEMS "read")},
    {.plane = PLANE_FABRIC, .name = "Write", GIVES(ITEMS "write")},
    {.plane = PLANE_FABRIC, .name = "Reshare", GIVES(ITEMS "share/action")},
    {.plane = PLANE_FABRIC, .name = "Explore", GIVES(ITEMS "explore/action")},
    {.plane = PLANE_FABRIC, .name = "Execute", GIVES(ITEMS "execute/action")},
    {.plane = PLANE_FABRIC, .name = "ReadData", GIVES(ITEMS "readData/action")},
    {.plane = PLANE_FABRIC, .name = "ReadAll", GIVES(ITEMS "readAll/action")},

    {.plane = PLANE_FABRIC, .name = "Capacity Admin", GIVES(CAPACITIES "*")},
    {.plane = PLANE_FABRIC,
	.name = "Capacity Contributor",
	GIVES(CAPACITIES "assign/action")},
    {.plane = PLANE_FABRIC,
	.name = "Connection User",
	GIVES(CONNECTIONS "use/action")},
    {.plane = PLANE_FABRIC,
	.name = "Connection User with Reshare",
	GIVES(CONNECTIONS "use/action " CONNECTIONS "share/action")},
    {.plane = PLANE_FABRIC, .name = "Connection Owner", GIVES(CONNECTIONS "*")},

    {.plane = PLANE_DEVOPS, .name = "Administrator", GIVES(ENDPOINTS "*")},
    {.plane = PLANE_DEVOPS,
	.name = "Creator",
	GIVES(ENDPOINTS "read " ENDPOINTS "create/action")},
    {.plane = PLANE_DEVOPS,
	.name = "User",
	GIVES(ENDPOINTS "read " ENDPOINTS "use/action")},
    {.plane = PLANE_DEVOPS, .name = "Reader", GIVES(ENDPOINTS "read")},
    {.plane = PLANE_DEVOPS,
	.name = "Project Administrators",
	GIVES("Microsoft.DevOps/projects/*")},
    {.plane = PLANE_DEVOPS,
	.name = "Build Administrators",
	GIVES(PIPELINES "*")},
    {.plane = PLANE_DEVOPS, .name = "Contributors", GIVES(PIPELINES "*")},
    {.plane = PLANE_DEVOPS, .name = "Readers", GIVES(PIPELINES "read")},

    {.plane = PLANE_DIRECTORY,
	.id = "62e90394-69f5-4237-9190-012177145e10",
	.name = "Global Administrator",
	GIVES("microsoft.directory/* "
	      "microsoft.powerApps.powerBI/allEntities/allTasks")},
    {.plane = PLANE_DIRECTORY,
	.id = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
	.name = "Application Administrator",
	GIVES(MANAGE_APPS)},
    {.plane = PLANE_DIRECTORY,
	.id = "158c047a-c907-4556-b7ef-446551a6b5f7",
	.name = "Cloud Application Administrator",
	GIVES(MANAGE_APPS)},
    {.plane = PLANE_DIRECTORY,
	.id = "e8611ab8-c189-46e8-94e1-60213ab1f814",
	.name = "Privileged Role Administrator",
	GIVES("microsoft.directory/roleAssignments/* "
	      "microsoft.directory/roleDefinitions/* "
	      "microsoft.directory/directoryRoles/* "
	      "microsoft.directory/groupsAssignableToRoles/* "
	      "microsoft.directory/oAuth2PermissionGrants/* " PRINCIPALS
	      "appRoleAssignedTo/update " PRINCIPALS "permissions/update")},
    {.plane = PLANE_DIRECTORY,
	.id = "fdd7a751-b60b-444a-984c-02652fe8fa1c",
	.name = "Groups Administrator",
	GIVES(MANAGE_GROUPS)},
    {.plane = PLANE_DIRECTORY,
	.id = "fe930be7-5e62-47db-91af-98c3a49a38b1",
	.name = "User Administrator",
	GIVES(MANAGE_GROUPS
	    " " PRINCIPALS "appRoleAssignedTo/update " USERS
	    "basic/update " USERS "create " USERS "delete " USERS
	    "disable " USERS "enable " USERS "password/update " USERS
	    "invalidateAllRefreshTokens " USERS "userPrincipalName/update")},
    {.plane = PLANE_DIRECTORY,
	.id = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
	.name = "Directory Readers",
	GIVES(APPS "owners/read " APPS "policies/read " APPS
		   "standard/read " PRINCIPALS "standard/read " PRINCIPALS
		   "owners/read " PRINCIPALS "memberOf/read " PRINCIPALS
		   "appRoleAssignedTo/read " PRINCIPALS
		   "appRoleAssignments/read " GROUPS "standard/read " GROUPS
		   "members/read " GROUPS "owners/read " GROUPS "memberOf/read "
		   "microsoft.directory/directoryRoles/members/read "
		   "microsoft.directory/roleAssignments/standard/read "
		   "microsoft.directory/roleDefinitions/standard/read " USERS
		   "standard/read " USERS "memberOf/read")},
    {.plane = PLANE_DIRECTORY,
	.id = "a9ea8996-122f-4c74-9520-8edcd192826c",
	.name = "Fabric Administrator",
	GIVES("microsoft.powerApps.powerBI/allEntities/allTasks")},
    {.plane = PLANE_DIRECTORY,
	.name = "Application owner",
	GIVES(
	    APPS "audience/update " APPS "authentication/update " APPS
		 "basic/update " APPS "credentials/update " APPS "delete " APPS
		 "owners/update " APPS "permissions/update " APPS
		 "policies/update " APPS "standard/read")},
    {.plane = PLANE_DIRECTORY,
	.name = "Service principal owner",
	GIVES(PRINCIPALS
	    "authentication/update " PRINCIPALS "basic/update " PRINCIPALS
	    "credentials/update " PRINCIPALS "delete " PRINCIPALS
	    "owners/update " PRINCIPALS "permissions/update " PRINCIPALS
	    "standard/read")},
    {.plane = PLANE_DIRECTORY,
	.name = "Group owner",
	GIVES(
	    GROUPS "basic/update " GROUPS "delete " GROUPS
		   "dynamicMembershipRule/update " GROUPS
		   "members/update " GROUPS "owners/update " GROUPS
		   "restore " GROUPS "settings/update " GROUPS "standard/read "
		   "microsoft.directory/groupsAssignableToRoles/allProperties/"
		   "update")},
};

const struct shipped_roles builtin_planes = {
    roles, sizeof roles / sizeof roles[0]};
