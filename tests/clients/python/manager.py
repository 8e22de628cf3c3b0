"""azure-mgmt-keyvault, azure-mgmt-msi, azure-mgmt-resource: what holds
secrets, what acts, and where both are."""
import os

from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient

import common

who = common.credential(), os.environ["TEST_SUBSCRIPTION"]
vaults = KeyVaultManagementClient(*who).vaults
identities = ManagedServiceIdentityClient(*who)
resources = ResourceManagementClient(*who)
groups = resources.resource_groups
PLACE = "westeurope"


def names(pages):
    return sorted(each.name for each in pages)


def is_gone(get, *arguments):
    try:
        get(*arguments)
    except ResourceNotFoundError as error:
        return error.error.code
    return None


# --- resource groups ---

def make_group(group):
    return groups.create_or_update(
        group, {"location": PLACE}).properties.provisioning_state


def group_life(group):
    seen = {"there": groups.check_existence(group)}
    seen["state"] = make_group(group)
    seen["made"] = groups.check_existence(group)
    seen["listed"] = group in names(groups.list())
    seen["tags"] = groups.update(group, {"tags": {"a": "b"}}).tags
    vault = make_vault(group, f"{group}-kv", policies=[])
    seen["resources"] = names(resources.resources.list_by_resource_group(group))
    seen["vault"] = vault["name"]
    groups.begin_delete(group).result()
    seen["gone"] = is_gone(groups.get, group)
    vaults.begin_purge_deleted(vault["name"], PLACE).result()
    return seen


# --- vaults ---

def policy(principal, permissions):
    return {"tenantId": os.environ["TEST_TENANT"], "objectId": principal,
            "permissions": {"secrets": permissions}}


def make_vault(group, name, policies=None):
    """One of access policies, or, without any, one of roles."""
    made = vaults.begin_create_or_update(group, name, {
        "location": PLACE, "properties": {
            "tenantId": os.environ["TEST_TENANT"],
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": policies is None,
            "accessPolicies": [policy(*each) for each in policies or []],
        }}).result()
    return {"id": made.id, "name": made.name,
            "uri": made.properties.vault_uri,
            "state": made.properties.provisioning_state,
            "by_roles": made.properties.enable_rbac_authorization,
            "policies": len(made.properties.access_policies)}


def vault_life(group, name):
    seen = {"made": make_vault(group, name)}
    seen["uri"] = vaults.get(group, name).properties.vault_uri
    seen["in_group"] = name in names(vaults.list_by_resource_group(group))
    seen["listed"] = name in names(vaults.list_by_subscription())
    seen["free"] = vaults.check_name_availability({
        "name": name, "type": "Microsoft.KeyVault/vaults"}).name_available
    seen["tags"] = vaults.update(group, name, {"tags": {"a": "b"}}).tags
    vaults.delete(group, name)
    seen["gone"] = is_gone(vaults.get, group, name)
    seen["deleted"] = name in names(vaults.list_deleted())
    seen["where"] = vaults.get_deleted(name, PLACE).properties.location
    seen["recovered"] = vaults.begin_create_or_update(group, name, {
        "location": PLACE, "properties": {
            "tenantId": os.environ["TEST_TENANT"], "createMode": "recover",
            "sku": {"family": "A", "name": "standard"},
        }}).result().tags
    vaults.delete(group, name)
    vaults.begin_purge_deleted(name, PLACE).result()
    seen["purged"] = is_gone(vaults.get_deleted, name, PLACE)
    return seen


def change_policy(group, name, kind, principal, permissions):
    changed = vaults.update_access_policy(group, name, kind, {
        "properties": {"accessPolicies": [policy(principal, permissions)]}})
    return len(changed.properties.access_policies)


def set_network(group, name, addresses):
    """Nobody else may come in; None opens the vault again."""
    is_open = addresses is None
    rules = vaults.update(group, name, {"properties": {"networkAcls": {
        "bypass": "None", "defaultAction": "Allow" if is_open else "Deny",
        "ipRules": [{"value": each} for each in addresses or []],
    }}}).properties.network_acls
    return [rules.default_action, [each.value for each in rules.ip_rules]]


# --- identities ---

def identity_life(group, name):
    own = identities.user_assigned_identities
    trusted = identities.federated_identity_credentials
    made = own.create_or_update(group, name, {"location": PLACE})
    seen = {"principal": made.principal_id, "client": made.client_id}
    seen["same"] = own.get(group, name).principal_id == made.principal_id
    seen["in_group"] = name in names(own.list_by_resource_group(group))
    seen["listed"] = name in names(own.list_by_subscription())
    seen["subject"] = trusted.create_or_update(group, name, "cluster", {
        "properties": {"issuer": "https://cluster.example",
                       "subject": "system:serviceaccount:a:b",
                       "audiences": ["api://AzureADTokenExchange"]}}).subject
    seen["trusted"] = names(trusted.list(group, name))
    trusted.delete(group, name, "cluster")
    seen["untrusted"] = names(trusted.list(group, name))
    own.delete(group, name)
    seen["gone"] = is_gone(own.get, group, name)
    return seen


def make_identity(group, name):
    return identities.user_assigned_identities.create_or_update(
        group, name, {"location": PLACE}).principal_id


common.main({f.__name__: f for f in (
    make_group, group_life, make_vault, vault_life, change_policy,
    set_network, identity_life, make_identity)})
