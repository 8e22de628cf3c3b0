"""Assigns a role, as the portal or Terraform would. Nothing here knows of
actas.

usage: grant.py ROLE OBJECT_ID SCOPE
"""
import sys
import uuid

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.authorization import AuthorizationManagementClient

role, principal, scope = sys.argv[1:]
subscription = scope.split("/")[2]
client = AuthorizationManagementClient(DefaultAzureCredential(), subscription)
try:
    definition, = client.role_definitions.list(
        scope, filter=f"roleName eq '{role}'")
    assignment = client.role_assignments.create(scope, str(uuid.uuid4()), {
        "properties": {
            "roleDefinitionId": definition.id,
            "principalId": principal,
            "principalType": "ServicePrincipal",
        },
    })
except HttpResponseError as error:
    print(f"HTTP {error.status_code}")
    print(error.message)
    sys.exit(1)
print(f"HTTP 201: role assignment {assignment.name[:8]}…")
