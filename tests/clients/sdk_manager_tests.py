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
def roles_custom(sdk):
    name = f"{sdk.language} custom"
    role = {"scope": sdk.world.group, "name": name}
    groups = "Microsoft.Resources/subscriptions/resourceGroups/read"
    secrets = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
    made = sdk.want("authorization", "put_role", "actas-admin", **role,
                    actions=[groups])
    assert made["type"] == "CustomRole" and made["actions"] == [groups], made
    assert name in sdk.want("authorization", "custom_roles", "actas-admin",
                            scope=sdk.world.group)
    made = sdk.want("authorization", "put_role", "actas-admin", **role,
                    id=made["id"], data_actions=[secrets])
    assert (made["actions"], made["data_actions"]) == ([], [secrets]), made
    given = sdk.want("authorization", "assign", "actas-admin",
                     scope=sdk.world.group, role=name,
                     principal=sdk.world.principals["sp-stranger"]["objectId"])
    sdk.want("vault", "get", "sp-stranger", name="first")
    error = sdk.want_error("authorization", "remove_role", "actas-admin",
                           scope=sdk.world.group, id=made["id"])
    assert error["code"] == "RoleDefinitionHasAssignments", error
    sdk.want("authorization", "remove", "actas-admin", id=given["id"])
    assert sdk.want("authorization", "remove_role", "actas-admin",
                    scope=sdk.world.group, id=made["id"]) == name
    error = sdk.want_error("authorization", "put_role", "sp-worker", **role)
    assert (error["status"], error["code"]) == (403, "AuthorizationFailed"), (
        error)


@test
def roles_listed(sdk):
    worker, granter = (sdk.world.principals[name]["objectId"]
                       for name in ("sp-worker", "sp-granter"))

    def found(filter, scope=sdk.world.scope):
        return sdk.want("authorization", "assignments", "actas-admin",
                        scope=scope, filter=filter)

    assert {worker, granter} <= set(found("atScope()"))
    assert found(f"principalId eq '{worker}'") == [worker]
    assert found(f"assignedTo('{granter}')") == [granter]
    # What lies below is not at the scope.
    assert worker not in found("atScope()", sdk.world.group)


@test
def roles_with_a_condition(sdk):
    secrets = "Microsoft.KeyVault/vaults/secrets"
    allowed = f"{sdk.language}-allowed"
    condition = (f"((!(ActionMatches{{'{secrets}/getSecret/action'}})) OR "
                 f"(@Resource[{secrets}:name] StringEquals '{allowed}'))")
    sdk.want("vault", "put", "sp-officer", name=allowed, value="x")
    made = sdk.want("authorization", "assign", "actas-admin",
                    scope=sdk.world.scope, role="Key Vault Secrets User",
                    principal=sdk.world.principals["sp-stranger"]["objectId"],
                    condition=condition)
    assert made["condition"] == condition, made
    sdk.want("vault", "get", "sp-stranger", name=allowed)
    error = sdk.want_error("vault", "get", "sp-stranger", name="first")
    assert error["inner"] == "ForbiddenByRbac", error
    sdk.want("authorization", "remove", "actas-admin", id=made["id"])


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
