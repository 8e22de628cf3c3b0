"""What the Azure CLI does with the resource manager."""
import json

from az import test


@test
def role_assignment_life(az):
    az.login("sp-granter")
    who = az.world.principals["sp-stranger"]
    made = az.want("role", "assignment", "create", "--assignee",
                   who["clientId"], "--role", "Key Vault Secrets User",
                   "--scope", az.world.scope)
    assert made["principalId"] == who["objectId"], made
    listed = az.want("role", "assignment", "list", "--scope", az.world.scope)
    mine = [each for each in listed if each["id"] == made["id"]]
    assert mine and mine[0]["principalName"] == who["clientId"], listed
    assert mine[0]["roleDefinitionName"] == "Key Vault Secrets User", mine
    az.login("sp-stranger")
    az.want("keyvault", "secret", "show", "--vault-name", "kv-clients",
            "--name", "first")
    az.login("sp-granter")
    az.want("role", "assignment", "delete", "--ids", made["id"])
    az.login("sp-stranger")
    az.want_error("keyvault", "secret", "show", "--vault-name", "kv-clients",
                  "--name", "first")


@test
def role_assignment_denied(az):
    az.login("sp-officer")
    who = az.world.principals["sp-officer"]
    said = az.want_error("role", "assignment", "create",
                         "--assignee-object-id", who["objectId"],
                         "--assignee-principal-type", "ServicePrincipal",
                         "--role", "Owner", "--scope", az.world.scope)
    assert "AuthorizationFailed" in said, said


def names(listed):
    return [each["name"] for each in listed]


@test
def group_life(az):
    group = ("--name", "rg-az")
    az.login("actas-admin")
    made = az.want("group", "create", *group, "--location", "westeurope",
                   "--tags", "a=b")
    assert made["properties"]["provisioningState"] == "Succeeded", made
    assert az.want("group", "show", *group)["tags"] == {"a": "b"}
    assert "rg-az" in names(az.want("group", "list"))
    az.want("identity", "create", "--resource-group", "rg-az", "--name",
            "id-in-it")
    assert names(az.want("resource", "list", "--resource-group",
                         "rg-az")) == ["id-in-it"]
    az.want("group", "delete", *group, "--yes", "--no-wait")
    az.want("group", "wait", *group, "--deleted", "--interval", "1")
    assert az.want("group", "exists", *group) is False
    said = az.want_error("group", "show", *group)
    assert "(ResourceGroupNotFound)" in said, said


@test
def identity_life(az):
    who = ("--resource-group", "rg-clients", "--name", "id-az")
    of = ("--resource-group", "rg-clients", "--identity-name", "id-az")
    trusted = ("identity", "federated-credential")
    az.login("actas-admin")
    made = az.want("identity", "create", *who, "--location", "westeurope")
    shown = az.want("identity", "show", *who)
    assert shown["principalId"] == made["principalId"], (made, shown)
    assert "id-az" in names(az.want("identity", "list"))
    az.want(*trusted, "create", *of, "--name", "cluster", "--issuer",
            "https://cluster.example", "--subject",
            "system:serviceaccount:a:b", "--audiences",
            "api://AzureADTokenExchange")
    assert names(az.want(*trusted, "list", *of)) == ["cluster"]
    az.want(*trusted, "delete", *of, "--name", "cluster", "--yes")
    assert az.want(*trusted, "list", *of) == []
    az.want("identity", "delete", *who)
    said = az.want_error("identity", "show", *who)
    assert "(ResourceNotFound)" in said, said


@test
def keyvault_life(az):
    vault = ("--name", "az-life")
    az.login("actas-admin")
    made = az.want("keyvault", "create", *vault, "--resource-group",
                   "rg-clients", "--location", "westeurope",
                   "--retention-days", "7")
    assert made["properties"]["vaultUri"] == (
        "https://az-life.vault.azure.net/"), made
    assert made["properties"]["enableRbacAuthorization"] is True, made
    assert "az-life" in names(az.want("keyvault", "list"))
    changed = az.want("keyvault", "update", *vault, "--set", "tags.a=b",
                      "--enabled-for-deployment", "true")
    assert changed["tags"] == {"a": "b"}, changed
    shown = az.want("keyvault", "show", *vault)
    assert shown["properties"]["enabledForDeployment"] is True, shown
    assert shown["properties"]["softDeleteRetentionInDays"] == 7, shown
    az.want("keyvault", "delete", *vault)
    assert "az-life" in names(az.want("keyvault", "list-deleted"))
    said = az.want_error("keyvault", "create", *vault, "--resource-group",
                         "rg-clients", "--location", "westeurope")
    assert "deleted state" in said, said
    az.want("keyvault", "recover", *vault)
    assert az.want("keyvault", "show", *vault)["tags"] == {"a": "b"}
    az.want("keyvault", "delete", *vault)
    az.want("keyvault", "purge", *vault)
    assert "az-life" not in names(az.want("keyvault", "list-deleted"))


@test
def manager_denied(az):
    az.login("sp-officer")
    who = az.world.principals["sp-officer"]["objectId"]
    at = ("--resource-group", "rg-clients", "--location", "westeurope")
    for action, command in (
            ("Microsoft.Resources/subscriptions/resourceGroups/write",
             ("group", "create", "--name", "rg-no", "--location",
              "westeurope")),
            ("Microsoft.ManagedIdentity/userAssignedIdentities/write",
             ("identity", "create", "--name", "id-no", *at)),
            ("Microsoft.KeyVault/vaults/write",
             ("keyvault", "create", "--name", "az-denied", *at)),
            ("Microsoft.Authorization/roleDefinitions/write",
             ("role", "definition", "create", "--role-definition",
              definition(az, "az denied")))):
        said = az.want_error(*command)
        assert "(AuthorizationFailed)" in said, said
        assert (f"with object id '{who}' does not have authorization to "
                f"perform action '{action}' over scope" in said), said


def definition(az, name, **changes):
    return json.dumps({
        "Name": name, "Description": "made by az", "IsCustom": True,
        "Actions": ["Microsoft.Resources/subscriptions/resourceGroups/read"],
        "AssignableScopes": [az.world.group], **changes})


@test
def role_definition_life(az):
    named = ("--name", "az custom", "--scope", az.world.group)
    az.login("actas-admin")
    made = az.want("role", "definition", "create", "--role-definition",
                   definition(az, "az custom"))
    assert made["roleType"] == "CustomRole", made
    listed = az.want("role", "definition", "list", *named)
    assert [each["id"] for each in listed] == [made["id"]], listed
    assert made["name"] in names(
        az.want("role", "definition", "list", "--custom-role-only", "--scope",
                az.world.group))
    az.want("role", "definition", "update", "--role-definition",
            definition(az, "az custom", DataActions=[
                "Microsoft.KeyVault/vaults/secrets/getSecret/action"]))
    stranger = az.world.principals["sp-stranger"]
    given = az.want("role", "assignment", "create", "--assignee",
                    stranger["clientId"], "--role", "az custom", "--scope",
                    az.world.group)
    az.login("sp-stranger")
    az.want("keyvault", "secret", "show", "--vault-name", "kv-clients",
            "--name", "first")
    az.login("actas-admin")
    said = az.want_error("role", "definition", "delete", *named)
    assert "(RoleDefinitionHasAssignments)" in said, said
    az.want("role", "assignment", "delete", "--ids", given["id"])
    az.want("role", "definition", "delete", *named)
    assert az.want("role", "definition", "list", *named) == []


def roles(az, *arguments):
    listed = az.want("role", "assignment", "list", *arguments)
    return sorted(each["roleDefinitionName"] for each in listed)


@test
def role_assignment_list(az):
    worker = ("--assignee", az.world.principals["sp-worker"]["clientId"])
    here = ("--scope", az.world.scope)
    az.login("actas-admin")
    assert {"Owner", "User Access Administrator",
            "Key Vault Secrets User"} <= set(roles(az, "--all"))
    assert roles(az, "--all", *worker) == ["Key Vault Secrets User"]
    assert "Owner" not in roles(az, *here)
    assert {"Owner", "User Access Administrator"} <= set(
        roles(az, *here, "--include-inherited"))
    assert roles(az, *here, *worker, "--include-groups") == (
        ["Key Vault Secrets User"])
    assert roles(az, *here, "--role", "Key Vault Secrets Officer") == (
        ["Key Vault Secrets Officer"])


@test
def role_assignment_with_a_condition(az):
    secrets = "Microsoft.KeyVault/vaults/secrets"
    condition = (f"((!(ActionMatches{{'{secrets}/getSecret/action'}})) OR "
                 f"(@Resource[{secrets}:name] StringEquals 'allowed'))")
    stranger = az.world.principals["sp-stranger"]["clientId"]
    vault = ("--vault-name", "kv-clients", "--name")
    az.login("actas-admin")
    made = az.want("role", "assignment", "create", "--assignee", stranger,
                   "--role", "Key Vault Secrets User", "--scope",
                   az.world.scope, "--description", "one secret",
                   "--condition", condition, "--condition-version", "2.0")
    assert made["condition"] == condition, made
    assert made["conditionVersion"] == "2.0", made
    az.login("sp-officer")
    az.want("keyvault", "secret", "set", *vault, "allowed", "--value", "x")
    az.login("sp-stranger")
    az.want("keyvault", "secret", "show", *vault, "allowed")
    said = az.want_error("keyvault", "secret", "show", *vault, "first")
    assert "ForbiddenByRbac" in said, said
    az.login("actas-admin")
    az.want("role", "assignment", "delete", "--assignee", stranger, "--role",
            "Key Vault Secrets User", "--scope", az.world.scope)
