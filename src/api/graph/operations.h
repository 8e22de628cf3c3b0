#ifndef API_GRAPH_OPERATIONS_H
#define API_GRAPH_OPERATIONS_H

/* What the routes of Graph lead to. */

#include "api/graph/graph.h"

/* Rows of the table, by file. */
extern const struct graph_operation graph_object_list[GRAPH_KINDS],
    graph_object_get[GRAPH_KINDS], graph_object_create[GRAPH_KINDS],
    graph_object_update[GRAPH_KINDS], graph_object_delete[GRAPH_KINDS],
    graph_password_add[GRAPH_KINDS], graph_password_remove[GRAPH_KINDS],
    graph_key_add[GRAPH_KINDS], graph_key_remove[GRAPH_KINDS],
    graph_federated_list, graph_federated_get, graph_federated_create,
    graph_federated_update, graph_federated_delete,
    graph_owners_list[GRAPH_KINDS], graph_owner_add[GRAPH_KINDS],
    graph_owner_remove[GRAPH_KINDS], graph_members_list,
    graph_members_transitive, graph_member_add, graph_member_remove,
    graph_member_of[GRAPH_KINDS], graph_transitive_member_of[GRAPH_KINDS],
    graph_member_groups[GRAPH_KINDS], graph_check_groups[GRAPH_KINDS],
    graph_check_groups_of_any, graph_me, graph_my_objects, graph_objects_by_ids,
    graph_object_by_id, graph_object_by_app_id, graph_organization,
    graph_user_manager, graph_app_roles_given[GRAPH_KINDS],
    graph_app_role_give[GRAPH_KINDS], graph_app_role_take[GRAPH_KINDS],
    graph_app_role_holders, graph_app_role_holder, graph_app_role_hand_out,
    graph_app_role_withdraw, graph_role_assignments_list,
    graph_role_assignment_get, graph_role_assignment_create,
    graph_role_assignment_delete, graph_role_definitions_list,
    graph_role_definition_get, graph_directory_roles_list,
    graph_directory_role_get, graph_directory_role_activate,
    graph_role_templates_list, graph_role_template_get, graph_role_members_list,
    graph_role_member_add, graph_role_member_remove,
    graph_empty_list[GRAPH_KINDS];

#endif
