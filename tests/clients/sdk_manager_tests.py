"""What SDKs do with the resource manager."""
from sdk import test


@test
def authorization_role_definition_by_name(sdk):
    found = sdk.want("authorization", "definition", "sp-granter",
                     scope=sdk.world.scope, role="Key Vault Secrets User")
    assert found["count"] == 1, found
    assert found["id"].endswith("4633458b-17de-408a-b874-0445c86b69e6"), found


@test
def authorization_grant_and_revoke(sdk):
    stranger = sdk.world.principals["sp-stranger"]["objectId"]
    sdk.want_error("vault", "get", "sp-stranger", name="first")
    made = sdk.want("authorization", "assign", "sp-granter",
                    scope=sdk.world.scope, role="Key Vault Secrets User",
                    principal=stranger)
    assert made["principal"] == stranger, made
    sdk.want("vault", "get", "sp-stranger", name="first")
    assert stranger in sdk.want("authorization", "assignments", "sp-granter",
                                scope=sdk.world.scope)
    assert sdk.want("authorization", "remove", "sp-granter",
                    id=made["id"]) == made["name"]
    sdk.want_error("vault", "get", "sp-stranger", name="first")


@test
def authorization_denied(sdk):
    worker = sdk.world.principals["sp-worker"]
    error = sdk.want_error("authorization", "assign", "sp-worker",
                           scope=sdk.world.scope, role="Owner",
                           principal=worker["objectId"])
    assert error["status"] == 403, error
    assert error["code"] == "AuthorizationFailed", error
    assert (f"with object id '{worker['objectId']}' does not have "
            "authorization to perform action" in error["text"]), error


@test
def manager_resource_group_life(sdk):
    group = f"rg-{sdk.language}"
    seen = sdk.want("manager", "group_life", "actas-admin", group=group)
    assert seen == {
        "there": False, "state": "Succeeded", "made": True, "listed": True,
        "tags": {"a": "b"}, "resources": [f"{group}-kv"],
        "vault": f"{group}-kv", "gone": "ResourceGroupNotFound"}, seen


@test
def manager_vault_life(sdk):
    name = f"{sdk.language}-life"
    seen = sdk.want("manager", "vault_life", "actas-admin",
                    group="rg-clients", name=name)
    made = seen.pop("made")
    assert made["id"].endswith(f"/vaults/{name}"), made
    assert made["state"] == "Succeeded" and made["by_roles"], made
    assert seen.pop("uri") == made["uri"] == (
        f"https://{name}.vault.azure.net/"), (made, seen)
    assert seen == {
        "in_group": True, "listed": True, "free": False, "tags": {"a": "b"},
        "gone": "ResourceNotFound", "deleted": True, "where": "westeurope",
        "recovered": {"a": "b"}, "purged": "DeletedVaultNotFound"}, seen


@test
def manager_identity_life(sdk):
    seen = sdk.want("manager", "identity_life", "actas-admin",
                    group="rg-clients", name=f"id-{sdk.language}")
    assert len(seen.pop("principal")) == len(seen.pop("client")) == 36, seen
    assert seen == {
        "same": True, "in_group": True, "listed": True,
        "subject": "system:serviceaccount:a:b", "trusted": ["cluster"],
        "untrusted": [], "gone": "ResourceNotFound"}, seen


@test
def manager_denied(sdk):
    who = sdk.world.principals["sp-worker"]
    at = {"group": "rg-clients", "name": f"{sdk.language}-denied"}
    for operation, action, given in (
            ("make_group", "Microsoft.Resources/subscriptions/resourceGroups/"
             "write", {"group": f"rg-{sdk.language}-denied"}),
            ("make_vault", "Microsoft.KeyVault/vaults/write", at),
            ("make_identity", "Microsoft.ManagedIdentity/"
             "userAssignedIdentities/write", at)):
        error = sdk.want_error("manager", operation, "sp-worker", **given)
        assert (error["status"], error["code"]) == (
            403, "AuthorizationFailed"), error
        assert error["text"].startswith(
            f"The client '{who['clientId']}' with object id "
            f"'{who['objectId']}' does not have authorization to perform "
            f"action '{action}' over scope "), error
