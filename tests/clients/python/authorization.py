"""azure-mgmt-authorization: role definitions and assignments."""
import os
import uuid

from azure.mgmt.authorization import AuthorizationManagementClient

import common

client = AuthorizationManagementClient(common.credential(),
                                       os.environ["TEST_SUBSCRIPTION"])


def definition(scope, role):
    found = list(client.role_definitions.list(
        scope, filter=f"roleName eq '{role}'"))
    return {"count": len(found), "id": found[0].id if found else None,
            "name": found[0].role_name if found else None}


def assign(scope, role, principal, condition=None):
    found, = client.role_definitions.list(scope,
                                          filter=f"roleName eq '{role}'")
    made = client.role_assignments.create(scope, str(uuid.uuid4()), {
        "properties": {"roleDefinitionId": found.id, "principalId": principal,
                       "principalType": "ServicePrincipal",
                       "condition": condition,
                       "conditionVersion": condition and "2.0"}})
    return {"id": made.id, "name": made.name, "principal": made.principal_id,
            "condition": made.condition}


def assignments(scope, filter=None):
    return [each.principal_id for each in
            client.role_assignments.list_for_scope(scope, filter=filter)]


def put_role(scope, name, id=None, actions=(), data_actions=()):
    made = client.role_definitions.create_or_update(
        scope, id or str(uuid.uuid4()), {
            "roleName": name, "description": "made by a client",
            "type": "CustomRole", "assignableScopes": [scope],
            "permissions": [{"actions": list(actions),
                             "dataActions": list(data_actions)}]})
    return {"id": made.name, "type": made.role_type,
            "actions": made.permissions[0].actions,
            "data_actions": made.permissions[0].data_actions}


def custom_roles(scope):
    return [each.role_name for each in client.role_definitions.list(
        scope, filter="type eq 'CustomRole'")]


def remove_role(scope, id):
    return client.role_definitions.delete(scope, id).role_name


def remove(id):
    gone = client.role_assignments.delete_by_id(id)
    return None if gone is None else gone.name


common.main({f.__name__: f
             for f in (definition, assign, assignments, remove, put_role,
                       custom_roles, remove_role)})
