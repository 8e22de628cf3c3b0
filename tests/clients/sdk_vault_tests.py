"""What SDKs do with a vault's secrets."""
from sdk import test


@test
def vault_set_and_get(sdk):
    name = f"{sdk.language}-one"
    made = sdk.want("vault", "put", "sp-officer", name=name, value="välue ✓",
                    tags={"a": "b"}, content_type="text/plain",
                    expires_in=86400)
    assert made["value"] == "välue ✓" and made["tags"] == {"a": "b"}, made
    assert made["content_type"] == "text/plain" and made["expires"], made
    got = sdk.want("vault", "get", "sp-worker", name=name)
    assert got["value"] == "välue ✓", got
    assert got["version"] == made["version"], got
    assert got["vault_url"].rstrip("/") == (
        "https://kv-clients.vault.azure.net"), got


@test
def vault_versions(sdk):
    name = f"{sdk.language}-versions"
    made = [sdk.want("vault", "put", "sp-officer", name=name,
                     value=f"v{i}")["version"] for i in range(3)]
    listed = sdk.want("vault", "versions", "sp-worker", name=name)
    assert sorted(listed) == sorted(made), (listed, made)
    old = sdk.want("vault", "get", "sp-worker", name=name, version=made[0])
    assert old["value"] == "v0", old


@test
def vault_update_and_disable(sdk):
    name = f"{sdk.language}-update"
    sdk.want("vault", "put", "sp-officer", name=name, value="x")
    changed = sdk.want("vault", "update", "sp-officer", name=name,
                       content_type="json", tags={"k": "v"})
    assert changed["content_type"] == "json", changed
    assert changed["tags"] == {"k": "v"}, changed
    sdk.want("vault", "update", "sp-officer", name=name, enabled=False)
    error = sdk.want_error("vault", "get", "sp-worker", name=name)
    assert error["status"] == 403 and error["inner"] == "SecretDisabled", (
        error)


@test
def vault_60_secrets_through_paging(sdk):
    prefix = f"{sdk.language}-page-"
    sdk.want("vault", "fill", "sp-officer", prefix=prefix, count=60)
    names = sdk.want("vault", "names", "sp-worker")
    mine = [name for name in names if name.startswith(prefix)]
    assert sorted(mine) == [f"{prefix}{i:02}" for i in range(60)], mine
    assert len(names) == len(set(names)), names


@test
def vault_denied_by_rbac(sdk):
    error = sdk.want_error("vault", "get", "sp-stranger", name="first")
    who = sdk.world.principals["sp-stranger"]
    assert error["status"] == 403, error
    assert error["code"] == "Forbidden", error
    assert error["inner"] == "ForbiddenByRbac", error
    assert error["text"].startswith(
        "Caller is not authorized to perform action on resource.\r\n"), error
    assert f"Caller: appid={who['clientId']};oid=" in error["text"], error
    assert ("Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'"
            in error["text"]), error
    assert "DecisionReason: 'DeniedWithNoValidRBAC' " in error["text"], error


@test
def vault_denied_the_same_whether_it_exists(sdk):
    there = sdk.want_error("vault", "get", "sp-stranger", name="first")
    absent = sdk.want_error("vault", "get", "sp-stranger", name="absent")
    assert (there["text"].replace("/first'", "/absent'")
            == absent["text"]), (there, absent)


@test
def vault_reader_may_not_write(sdk):
    error = sdk.want_error("vault", "put", "sp-worker", name="x", value="y")
    assert error["status"] == 403, error
    assert error["inner"] == "ForbiddenByRbac", error
    assert "secrets/setSecret/action" in error["text"], error


@test
def vault_secret_not_found(sdk):
    error = sdk.want_error("vault", "get", "sp-worker", name="absent")
    assert error["status"] == 404 and error["code"] == "SecretNotFound", error
    assert error["text"].startswith(
        "A secret with (name/id) absent was not found in this key vault."), (
            error)


@test
def vault_soft_deleted_name(sdk):
    name = f"{sdk.language}-deleted"
    sdk.want("vault", "put", "sp-officer", name=name, value="x")
    gone = sdk.want("vault", "delete", "sp-officer", name=name)
    assert gone["recovery_id"].endswith(f"/deletedsecrets/{name}"), gone
    error = sdk.want_error("vault", "put", "sp-officer", name=name, value="y")
    assert error["status"] == 409, error
    assert error["inner"] == "ObjectIsDeletedButRecoverable", error
    error = sdk.want_error("vault", "get", "sp-worker", name=name)
    assert error["status"] == 404, error
    assert name in sdk.want("vault", "deleted", "sp-officer")
    assert sdk.want("vault", "get_deleted", "sp-officer", name=name) == name
    sdk.want("vault", "recover", "sp-officer", name=name)
    assert sdk.want("vault", "get", "sp-worker", name=name)["value"] == "x"


@test
def vault_purge(sdk):
    name = f"{sdk.language}-purged"
    sdk.want("vault", "put", "sp-officer", name=name, value="x")
    sdk.want("vault", "delete", "sp-officer", name=name)
    sdk.want("vault", "purge", "sp-officer", name=name)
    made = sdk.want("vault", "put", "sp-officer", name=name, value="z")
    assert made["value"] == "z", made


@test
def vault_backup_and_restore(sdk):
    name = f"{sdk.language}-backup"
    sdk.want("vault", "put", "sp-officer", name=name, value="kept")
    back = sdk.want("vault", "backup_and_restore", "sp-officer", name=name)
    assert back["name"] == name, back
    assert sdk.want("vault", "get", "sp-worker", name=name)["value"] == "kept"


# Each language has a vault of its own for these.

def policy_denial(sdk, who, permission, vault):
    who = sdk.world.principals[who]
    return (
        f"The user, group or application 'appid={who['clientId']};"
        f"oid={who['objectId']};iss=https://sts.windows.net/"
        f"{sdk.world.tenant}/' does not have secrets {permission} permission "
        f"on key vault '{vault};location=westeurope'. For help resolving this "
        "issue, please see https://go.microsoft.com/fwlink/?linkid=2125287")


@test
def vault_access_policies(sdk):
    vault = f"{sdk.language}-policies"
    at = {"environment": {"TEST_VAULT": f"https://{vault}.vault.azure.net"}}
    ids = {name: each["objectId"]
           for name, each in sdk.world.principals.items()}
    made = sdk.want("manager", "make_vault", "actas-admin", name=vault,
                    group="rg-clients",
                    policies=[[ids["sp-officer"], ["get", "list", "set"]],
                              [ids["sp-worker"], ["get"]]])
    assert made["policies"] == 2 and not made["by_roles"], made
    sdk.want("vault", "put", "sp-officer", name="one", value="x", **at)
    assert sdk.want("vault", "get", "sp-worker", name="one",
                    **at)["value"] == "x"
    error = sdk.want_error("vault", "put", "sp-worker", name="one", value="y",
                           **at)
    assert (error["status"], error["code"], error["inner"]) == (
        403, "Forbidden", "AccessDenied"), error
    assert error["text"] == policy_denial(sdk, "sp-worker", "set", vault), (
        error)
    # Roles say nothing here, be it the owner's.
    error = sdk.want_error("vault", "get", "actas-admin", name="one", **at)
    assert error["inner"] == "AccessDenied", error
    change = {"group": "rg-clients", "name": vault,
              "principal": ids["sp-stranger"], "permissions": ["get"]}
    sdk.want_error("vault", "get", "sp-stranger", name="one", **at)
    assert sdk.want("manager", "change_policy", "actas-admin", kind="add",
                    **change), "policies"
    sdk.want("vault", "get", "sp-stranger", name="one", **at)
    sdk.want("manager", "change_policy", "actas-admin", kind="remove",
             **change)
    error = sdk.want_error("vault", "get", "sp-stranger", name="one", **at)
    assert error["text"] == policy_denial(sdk, "sp-stranger", "get", vault), (
        error)


@test
def vault_network_rules(sdk):
    vault = f"{sdk.language}-network"
    at = {"environment": {"TEST_VAULT": f"https://{vault}.vault.azure.net"}}
    who = sdk.world.principals["sp-worker"]
    rules = {"group": "rg-clients", "name": vault}
    sdk.want("manager", "make_vault", "actas-admin", **rules,
             policies=[[who["objectId"], ["set", "get"]]])
    sdk.want("vault", "put", "sp-worker", name="one", value="x", **at)
    assert sdk.want("manager", "set_network", "actas-admin", **rules,
                    addresses=[]) == ["Deny", []]
    error = sdk.want_error("vault", "get", "sp-worker", name="one", **at)
    assert (error["status"], error["code"], error["inner"]) == (
        403, "Forbidden", "ForbiddenByFirewall"), error
    assert error["text"] == (
        "Client address is not authorized and caller was ignored because "
        "bypass is set to None\r\nClient address: 127.0.0.1\r\n"
        f"Caller: appid={who['clientId']};oid={who['objectId']};"
        f"iss=https://sts.windows.net/{sdk.world.tenant}/\r\n"
        f"Vault: {vault};location=westeurope"), error
    assert sdk.want("manager", "set_network", "actas-admin", **rules,
                    addresses=["127.0.0.1"])[0] == "Deny"
    sdk.want("vault", "get", "sp-worker", name="one", **at)
    assert sdk.want("manager", "set_network", "actas-admin", **rules,
                    addresses=["10.1.0.0/16"])[0] == "Deny"
    error = sdk.want_error("vault", "get", "sp-worker", name="one", **at)
    assert error["inner"] == "ForbiddenByFirewall", error
    assert sdk.want("manager", "set_network", "actas-admin", **rules,
                    addresses=None) == ["Allow", []]
    sdk.want("vault", "get", "sp-worker", name="one", **at)
