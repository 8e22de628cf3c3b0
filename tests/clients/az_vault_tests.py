"""What the Azure CLI does with a vault's secrets."""
from az import test
from sdk import Sdk


@test
def keyvault_secret_life(az):
    az.login("sp-officer")
    vault = ("--vault-name", "kv-clients", "--name", "az-life")
    made = az.want("keyvault", "secret", "set", *vault, "--value", "one")
    assert made["value"] == "one", made
    assert az.want("keyvault", "secret", "show", *vault)["value"] == "one"
    listed = az.want("keyvault", "secret", "list", "--vault-name",
                     "kv-clients")
    assert "az-life" in [each["name"] for each in listed], listed
    az.want("keyvault", "secret", "delete", *vault)
    deleted = az.want("keyvault", "secret", "list-deleted", "--vault-name",
                      "kv-clients")
    assert "az-life" in [each["name"] for each in deleted], deleted
    said = az.want_error("keyvault", "secret", "set", *vault, "--value", "x")
    assert "ObjectIsDeletedButRecoverable" in said, said
    az.want("keyvault", "secret", "recover", *vault)
    assert az.want("keyvault", "secret", "show", *vault)["value"] == "one"
    az.want("keyvault", "secret", "delete", *vault)
    az.want("keyvault", "secret", "purge", *vault)
    said = az.want_error("keyvault", "secret", "show", *vault)
    assert "SecretNotFound" in said, said


@test
def keyvault_60_secrets_through_paging(az):
    sdk = Sdk(az.world, "python")
    sdk.want("vault", "fill", "sp-officer", prefix="az-page-", count=60)
    az.login("sp-officer")
    listed = az.want("keyvault", "secret", "list", "--vault-name",
                     "kv-clients", "--maxresults", "25")
    assert len(listed) == 25, len(listed)
    listed = az.want("keyvault", "secret", "list", "--vault-name",
                     "kv-clients")
    names = [each["name"] for each in listed]
    assert len(names) == len(set(names)), names
    assert {f"az-page-{i:02}" for i in range(60)} <= set(names), names


@test
def keyvault_secret_denied(az):
    az.login("sp-stranger")
    said = az.want_error("keyvault", "secret", "show", "--vault-name",
                         "kv-clients", "--name", "first")
    assert "ForbiddenByRbac" in said, said
    assert "secrets/getSecret/action" in said, said


@test
def keyvault_secret_versions(az):
    az.login("sp-officer")
    vault = ("--vault-name", "kv-clients", "--name", "az-versions")
    made = [az.want("keyvault", "secret", "set", *vault, "--value",
                    value)["id"] for value in ("v0", "v1")]
    listed = az.want("keyvault", "secret", "list-versions", *vault)
    assert sorted(each["id"] for each in listed) == sorted(made), listed
    version = made[0].split("/")[-1]
    old = az.want("keyvault", "secret", "show", *vault, "--version", version)
    assert old["value"] == "v0", old
    assert az.want("keyvault", "secret", "show", "--id",
                   made[1])["value"] == "v1"


@test
def keyvault_secret_update_and_disable(az):
    az.login("sp-officer")
    vault = ("--vault-name", "kv-clients", "--name", "az-update")
    az.want("keyvault", "secret", "set", *vault, "--value", "x", "--tags",
            "a=b", "--description", "text/plain")
    changed = az.want("keyvault", "secret", "set-attributes", *vault,
                      "--content-type", "json", "--tags", "k=v", "--expires",
                      "2031-01-02T03:04:05Z")
    assert changed["contentType"] == "json", changed
    assert changed["tags"] == {"k": "v"}, changed
    assert changed["attributes"]["expires"] == (
        "2031-01-02T03:04:05+00:00"), changed
    az.want("keyvault", "secret", "set-attributes", *vault, "--enabled",
            "false")
    said = az.want_error("keyvault", "secret", "show", *vault)
    assert "SecretDisabled" in said, said
    assert "Operation get is not allowed on a disabled secret." in said, said


@test
def keyvault_secret_backup_and_restore(az):
    az.login("sp-officer")
    vault = ("--vault-name", "kv-clients", "--name", "az-backup")
    az.want("keyvault", "secret", "set", *vault, "--value", "kept")
    kept, plain = (az.world.folder / name for name in ("kept", "plain"))
    az.want("keyvault", "secret", "backup", *vault, "--file", kept)
    az.want("keyvault", "secret", "delete", *vault)
    az.want("keyvault", "secret", "purge", *vault)
    az.want("keyvault", "secret", "restore", "--vault-name", "kv-clients",
            "--file", kept)
    az.want("keyvault", "secret", "download", *vault, "--file", plain)
    assert plain.read_text(encoding="utf-8") == "kept", plain.read_text()


@test
def keyvault_secret_denied_the_same_whether_it_exists(az):
    az.login("sp-stranger")
    there, absent = (
        az.want_error("keyvault", "secret", "show", "--vault-name",
                      "kv-clients", "--name", name)
        for name in ("first", "absent"))
    assert "ForbiddenByRbac" in there, there
    assert there.replace("/first'", "/absent'") == absent, (there, absent)


@test
def keyvault_secret_reader_may_not_write(az):
    az.login("sp-worker")
    said = az.want_error("keyvault", "secret", "set", "--vault-name",
                         "kv-clients", "--name", "x", "--value", "y")
    assert "ForbiddenByRbac" in said, said
    assert "secrets/setSecret/action" in said, said


@test
def keyvault_access_policies(az):
    officer, worker = (az.world.principals[name]
                       for name in ("sp-officer", "sp-worker"))
    vault = ("--name", "az-policies")
    secret = ("--vault-name", "az-policies", "--name", "one")
    az.login("actas-admin")
    made = az.want("keyvault", "create", *vault, "--resource-group",
                   "rg-clients", "--location", "westeurope",
                   "--enable-rbac-authorization", "false",
                   "--no-self-perms", "true")
    assert made["properties"]["accessPolicies"] == [], made
    az.want("keyvault", "set-policy", *vault, "--object-id",
            officer["objectId"], "--secret-permissions", "get", "set")
    changed = az.want("keyvault", "set-policy", *vault, "--spn",
                      worker["clientId"], "--secret-permissions", "get",
                      "list")
    found = {each["objectId"]: sorted(each["permissions"]["secrets"])
             for each in changed["properties"]["accessPolicies"]}
    assert found == {officer["objectId"]: ["get", "set"],
                     worker["objectId"]: ["get", "list"]}, found
    az.login("sp-officer")
    az.want("keyvault", "secret", "set", *secret, "--value", "x")
    az.login("sp-worker")
    assert az.want("keyvault", "secret", "show", *secret)["value"] == "x"
    said = az.want_error("keyvault", "secret", "set", *secret, "--value", "y")
    assert (f"(Forbidden) The user, group or application 'appid="
            f"{worker['clientId']};oid={worker['objectId']};"
            f"iss=https://sts.windows.net/{az.world.tenant}/' does not have "
            "secrets set permission on key vault 'az-policies;"
            "location=westeurope'." in said), said
    assert '"code": "AccessDenied"' in said, said
    az.login("actas-admin")
    az.want("keyvault", "delete-policy", *vault, "--object-id",
            worker["objectId"])
    az.login("sp-worker")
    said = az.want_error("keyvault", "secret", "show", *secret)
    assert "does not have secrets get permission" in said, said


@test
def keyvault_network_rules(az):
    vault = ("--name", "az-network")
    secret = ("--vault-name", "az-network", "--name", "one")
    rule = ("keyvault", "network-rule")
    az.login("actas-admin")
    az.want("keyvault", "create", *vault, "--resource-group", "rg-clients",
            "--location", "westeurope", "--enable-rbac-authorization",
            "false", "--default-action", "Deny")
    said = az.want_error("keyvault", "secret", "set", *secret, "--value", "x")
    assert ("Client address is not authorized and caller is not a trusted "
            "service." in said), said
    assert "Client address: 127.0.0.1" in said, said
    assert '"code": "ForbiddenByFirewall"' in said, said
    az.want(*rule, "add", *vault, "--ip-address", "127.0.0.1")
    listed = az.want(*rule, "list", *vault)
    assert [each["value"].removesuffix("/32")
            for each in listed["ipRules"]] == ["127.0.0.1"], listed
    az.want("keyvault", "secret", "set", *secret, "--value", "x")
    az.want(*rule, "remove", *vault, "--ip-address", "127.0.0.1")
    said = az.want_error("keyvault", "secret", "show", *secret)
    assert '"code": "ForbiddenByFirewall"' in said, said
    az.want("keyvault", "update", *vault, "--default-action", "Allow")
    az.want("keyvault", "secret", "show", *secret)
