#ifndef SOURCE_AZURE_READERS_H
#define SOURCE_AZURE_READERS_H

/*
 * The readers of single elements, by topic: each adds to the builder what one
 * element says.
 */

#include "source/azure/azure_field.h"

typedef void azure_reader(struct azure *az, const struct json_node *n);

/* azure_answers.c */
azure_reader azure_read_answer;
/* azure_rbac.c */
azure_reader azure_read_assignment, azure_read_eligibility,
    azure_read_active_instance, azure_read_definition, azure_read_denial;
/* azure_directory.c */
azure_reader azure_read_user, azure_read_group, azure_read_service_principal,
    azure_read_application, azure_read_directory_object,
    azure_read_organization;
/* azure_relations.c */
azure_reader azure_read_member, azure_read_transitive_member,
    azure_read_group_owner, azure_read_application_owner,
    azure_read_service_principal_owner, azure_read_federated,
    azure_read_identity_federated, azure_read_directory_role,
    azure_read_directory_role_member, azure_read_directory_assignment,
    azure_read_directory_eligibility, azure_read_directory_definition,
    azure_read_member_of;
/* azure_resources.c */
azure_reader azure_read_vault, azure_read_secret, azure_read_resource,
    azure_read_identity, azure_read_subscription, azure_read_management_group;
/* azure_fabric.c */
enum item_kind azure_item_kind(struct slice type);
scope_id azure_workspace(struct azure *az, struct guid id, uint32_t line);
item_id azure_item(struct azure *az, scope_id workspace, struct guid id,
    struct slice type, uint32_t line);
azure_reader azure_read_workspace, azure_read_item, azure_read_workspace_role,
    azure_read_schedule, azure_read_fabric_connection,
    azure_read_connection_role, azure_read_workspace_identity,
    azure_read_workspace_access, azure_read_item_access;
/* azure_powerbi.c */
azure_reader azure_read_scanned_workspace, azure_read_powerbi_user;
/* azure_devops.c */
azure_reader azure_read_endpoint, azure_read_pipeline_permission,
    azure_read_project, azure_read_devops_pipeline;

#endif
