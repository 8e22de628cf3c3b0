"""What the Azure CLI does with the resource manager."""
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
