#include "api/graph/operations.h"

/* Both versions of Graph have the same rows. */
#define BOTH(METHODS, PATH, OPERATION)                             \
	{METHODS, "/v1.0/" PATH, graph_handle, &(OPERATION)},      \
	{                                                          \
		METHODS, "/beta/" PATH, graph_handle, &(OPERATION) \
	}

#define COLLECTION(NAME, KIND)                                         \
	BOTH(HTTP_GET, NAME, graph_object_list[KIND]),                 \
	    BOTH(HTTP_POST, NAME, graph_object_create[KIND]),          \
	    BOTH(HTTP_GET, NAME "/{id}", graph_object_get[KIND]),      \
	    BOTH(HTTP_PATCH, NAME "/{id}", graph_object_update[KIND]), \
	    BOTH(HTTP_DELETE, NAME "/{id}", graph_object_delete[KIND])

#define CREDENTIALS(NAME, KIND)                                              \
	BOTH(HTTP_POST, NAME "/{id}/addPassword", graph_password_add[KIND]), \
	    BOTH(HTTP_POST, NAME "/{id}/removePassword",                     \
		graph_password_remove[KIND]),                                \
	    BOTH(HTTP_POST, NAME "/{id}/addKey", graph_key_add[KIND]),       \
	    BOTH(HTTP_POST, NAME "/{id}/removeKey", graph_key_remove[KIND])

#define OWNERS(NAME, KIND)                                                    \
	BOTH(HTTP_GET, NAME "/{id}/owners", graph_owners_list[KIND]),         \
	    BOTH(HTTP_POST, NAME "/{id}/owners/$ref", graph_owner_add[KIND]), \
	    BOTH(HTTP_DELETE, NAME "/{id}/owners/{owner}/$ref",               \
		graph_owner_remove[KIND])

#define MEMBER_OF(NAME, KIND)                                         \
	BOTH(HTTP_GET, NAME "/{id}/memberOf", graph_member_of[KIND]), \
	    BOTH(HTTP_GET, NAME "/{id}/transitiveMemberOf",           \
		graph_transitive_member_of[KIND]),                    \
	    BOTH(HTTP_POST, NAME "/{id}/getMemberGroups",             \
		graph_member_groups[KIND]),                           \
	    BOTH(HTTP_POST, NAME "/{id}/getMemberObjects",            \
		graph_member_groups[KIND]),                           \
	    BOTH(HTTP_POST, NAME "/{id}/checkMemberGroups",           \
		graph_check_groups[KIND])

#define APP_ROLES(NAME, KIND)                                               \
	BOTH(HTTP_GET, NAME "/{id}/appRoleAssignments",                     \
	    graph_app_roles_given[KIND]),                                   \
	    BOTH(HTTP_POST, NAME "/{id}/appRoleAssignments",                \
		graph_app_role_give[KIND]),                                 \
	    BOTH(HTTP_DELETE, NAME "/{id}/appRoleAssignments/{assignment}", \
		graph_app_role_take[KIND])

#define ASSIGNED  "servicePrincipals/{id}/appRoleAssignedTo"
#define FEDERATED "applications/{id}/federatedIdentityCredentials"
#define ROLES     "roleManagement/directory/"

const struct route graph_routes[] = {
    COLLECTION("applications", GRAPH_APPLICATION),
    COLLECTION("servicePrincipals", GRAPH_PRINCIPAL),
    COLLECTION("users", GRAPH_USER),
    COLLECTION("groups", GRAPH_GROUP),
    CREDENTIALS("applications", GRAPH_APPLICATION),
    CREDENTIALS("servicePrincipals", GRAPH_PRINCIPAL),
    OWNERS("applications", GRAPH_APPLICATION),
    OWNERS("servicePrincipals", GRAPH_PRINCIPAL),
    OWNERS("groups", GRAPH_GROUP),
    MEMBER_OF("servicePrincipals", GRAPH_PRINCIPAL),
    MEMBER_OF("users", GRAPH_USER),
    MEMBER_OF("groups", GRAPH_GROUP),
    BOTH(HTTP_GET, "groups/{id}/members", graph_members_list),
    BOTH(HTTP_GET, "groups/{id}/transitiveMembers", graph_members_transitive),
    BOTH(HTTP_POST, "groups/{id}/members/$ref", graph_member_add),
    BOTH(HTTP_DELETE, "groups/{id}/members/{member}/$ref", graph_member_remove),
    BOTH(HTTP_GET, FEDERATED, graph_federated_list),
    BOTH(HTTP_POST, FEDERATED, graph_federated_create),
    BOTH(HTTP_GET, FEDERATED "/{name}", graph_federated_get),
    BOTH(HTTP_PATCH, FEDERATED "/{name}", graph_federated_update),
    BOTH(HTTP_DELETE, FEDERATED "/{name}", graph_federated_delete),
    APP_ROLES("servicePrincipals", GRAPH_PRINCIPAL),
    APP_ROLES("users", GRAPH_USER),
    APP_ROLES("groups", GRAPH_GROUP),
    BOTH(HTTP_GET, ASSIGNED, graph_app_role_holders),
    BOTH(HTTP_POST, ASSIGNED, graph_app_role_hand_out),
    BOTH(HTTP_GET, ASSIGNED "/{assignment}", graph_app_role_holder),
    BOTH(HTTP_DELETE, ASSIGNED "/{assignment}", graph_app_role_withdraw),
    BOTH(HTTP_GET, "users/{id}/manager", graph_user_manager),
    BOTH(HTTP_GET, "servicePrincipals/{id}/oauth2PermissionGrants",
	graph_empty_list[GRAPH_PRINCIPAL]),
    BOTH(HTTP_GET, "applications/{id}/extensionProperties",
	graph_empty_list[GRAPH_APPLICATION]),
    BOTH(HTTP_POST, "directoryObjects/getByIds", graph_objects_by_ids),
    BOTH(HTTP_GET, "directoryObjects/{id}", graph_object_by_id),
    BOTH(HTTP_POST, "directoryObjects/{id}/checkMemberGroups",
	graph_check_groups_of_any),
    BOTH(HTTP_GET, "me", graph_me),
    BOTH(HTTP_GET, "me/ownedObjects", graph_my_objects),
    BOTH(HTTP_GET, "organization", graph_organization),
    BOTH(HTTP_GET, ROLES "roleAssignments", graph_role_assignments_list),
    BOTH(HTTP_POST, ROLES "roleAssignments", graph_role_assignment_create),
    BOTH(HTTP_GET, ROLES "roleAssignments/{id}", graph_role_assignment_get),
    BOTH(HTTP_DELETE, ROLES "roleAssignments/{id}",
	graph_role_assignment_delete),
    BOTH(HTTP_GET, ROLES "roleDefinitions", graph_role_definitions_list),
    BOTH(HTTP_GET, ROLES "roleDefinitions/{id}", graph_role_definition_get),
    BOTH(HTTP_GET, "directoryRoles", graph_directory_roles_list),
    BOTH(HTTP_POST, "directoryRoles", graph_directory_role_activate),
    BOTH(HTTP_GET, "directoryRoles/{id}", graph_directory_role_get),
    BOTH(HTTP_GET, "directoryRoles/{id}/members", graph_role_members_list),
    BOTH(HTTP_POST, "directoryRoles/{id}/members/$ref", graph_role_member_add),
    BOTH(HTTP_DELETE, "directoryRoles/{id}/members/{member}/$ref",
	graph_role_member_remove),
    BOTH(HTTP_GET, "directoryRoleTemplates", graph_role_templates_list),
    BOTH(HTTP_GET, "directoryRoleTemplates/{id}", graph_role_template_get),
    BOTH(HTTP_GET, "{object}", graph_object_by_app_id),
    {0},
};
