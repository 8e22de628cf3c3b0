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


def assign(scope, role, principal):
    found, = client.role_definitions.list(scope,
                                          filter=f"roleName eq '{role}'")
    made = client.role_assignments.create(scope, str(uuid.uuid4()), {
        "properties": {"roleDefinitionId": found.id, "principalId": principal,
                       "principalType": "ServicePrincipal"}})
    return {"id": made.id, "name": made.name, "principal": made.principal_id}


def assignments(scope):
    return [each.principal_id
            for each in client.role_assignments.list_for_scope(scope)]


def remove(id):
    gone = client.role_assignments.delete_by_id(id)
    return None if gone is None else gone.name


common.main({f.__name__: f
             for f in (definition, assign, assignments, remove)})
