"""What the Azure CLI does with the directory."""
import json

from az import test


@test
def ad_app_credential_reset(az):
    az.login("actas-admin")
    app = az.world.principals["sp-stranger"]["clientId"]
    made = az.want("ad", "app", "credential", "reset", "--id", app,
                   "--append", "--display-name", "second")
    assert made["appId"] == app and len(made["password"]) == 40, "a secret"
    listed = az.want("ad", "app", "credential", "list", "--id", app)
    assert "second" in [each["displayName"] for each in listed], listed
    made = az.want("ad", "app", "credential", "reset", "--id", app)
    listed = az.want("ad", "app", "credential", "list", "--id", app)
    assert len(listed) == 1, listed
    az.world.principals["sp-stranger"]["secret"] = made["password"]
    az.login("sp-stranger")


def display_names(listed):
    return [each["displayName"] for each in listed]


@test
def ad_app_life(az):
    az.login("actas-admin")
    made = az.want("ad", "app", "create", "--display-name", "az app",
                   "--sign-in-audience", "AzureADMyOrg")
    app = ("--id", made["appId"])
    listed = az.want("ad", "app", "list", "--display-name", "az app")
    assert [each["id"] for each in listed] == [made["id"]], listed
    az.want("ad", "app", "update", *app, "--display-name", "az renamed")
    assert az.want("ad", "app", "show", *app)["displayName"] == "az renamed"
    az.want("ad", "sp", "create", "--id", made["appId"])
    owner = az.world.principals["sp-granter"]["objectId"]
    az.want("ad", "app", "owner", "add", *app, "--owner-object-id", owner)
    owners = display_names(az.want("ad", "app", "owner", "list", *app))
    assert sorted(owners) == ["actas-admin", "sp-granter"], owners
    az.want("ad", "app", "delete", *app)
    said = az.want_error("ad", "app", "show", *app)
    assert "does not exist" in said, said
    # With the application goes its service principal.
    said = az.want_error("ad", "sp", "show", *app)
    assert "does not exist" in said, said


@test
def ad_app_federated_credential_life(az):
    az.login("actas-admin")
    trusted = ("ad", "app", "federated-credential")
    app = ("--id", az.world.principals["sp-stranger"]["clientId"])

    def parameters(subject):
        return json.dumps({"name": "az-trust", "subject": subject,
                           "issuer": "https://issuer.example",
                           "audiences": ["api://AzureADTokenExchange"]})

    made = az.want(*trusted, "create", *app, "--parameters", parameters("a"))
    assert made["subject"] == "a", made
    one = (*app, "--federated-credential-id", "az-trust")
    az.want(*trusted, "update", *one, "--parameters", parameters("b"))
    assert az.want(*trusted, "show", *one)["subject"] == "b"
    assert "az-trust" in [each["name"] for each in
                          az.want(*trusted, "list", *app)]
    az.want(*trusted, "delete", *one)
    assert az.want(*trusted, "list", *app) == []


@test
def ad_sp_create_for_rbac(az):
    az.login("actas-admin")
    made = az.want("ad", "sp", "create-for-rbac", "--name", "az-bare")
    assert made["displayName"] == "az-bare", made["displayName"]
    shown = az.want("ad", "sp", "show", "--id", made["appId"])
    assert shown["servicePrincipalNames"] == [made["appId"]], shown
    assert "az-bare" in display_names(az.want("ad", "sp", "list", "--all"))
    az.want("ad", "sp", "delete", "--id", made["appId"])
    assert az.want("ad", "sp", "list", "--display-name", "az-bare") == []


@test
def ad_sp_create_for_rbac_with_a_role(az):
    az.login("actas-admin")
    made = az.want("ad", "sp", "create-for-rbac", "--name", "az-reader",
                   "--role", "Key Vault Secrets User", "--scopes",
                   az.world.scope)
    az.want("login", "--service-principal", "-u", made["appId"], "-p",
            made["password"], "--tenant", made["tenant"],
            "--allow-no-subscriptions")
    az.who = None
    assert az.want("keyvault", "secret", "show", "--vault-name", "kv-clients",
                   "--name", "first")["value"], "a value"


@test
def ad_sp_create_for_rbac_with_a_certificate(az):
    az.login("actas-admin")
    made = az.want("ad", "sp", "create-for-rbac", "--name", "az-certified",
                   "--create-cert", "--role", "Reader", "--scopes",
                   az.world.group)
    assert made["password"] is None, "no password"
    az.want("login", "--service-principal", "-u", made["appId"],
            "--certificate", made["fileWithCertAndPrivateKey"], "--tenant",
            made["tenant"])
    az.who = None
    listed = az.want("group", "list")
    assert [each["name"] for each in listed] == ["rg-clients"], listed


@test
def ad_group_life(az):
    az.login("actas-admin")
    group = ("--group", "az group")
    made = az.want("ad", "group", "create", "--display-name", "az group",
                   "--mail-nickname", "az-group")
    assert "az group" in display_names(az.want("ad", "group", "list"))
    worker, other = (("--member-id", az.world.principals[name]["objectId"])
                     for name in ("sp-worker", "sp-officer"))
    az.want("ad", "group", "member", "add", *group, *worker)
    listed = az.want("ad", "group", "member", "list", *group)
    assert display_names(listed) == ["sp-worker"], listed
    assert az.want("ad", "group", "member", "check", *group,
                   *worker) == {"value": True}
    assert az.want("ad", "group", "member", "check", *group,
                   *other) == {"value": False}
    az.want("ad", "group", "member", "remove", *group, *worker)
    assert az.want("ad", "group", "member", "list", *group) == []
    az.want("ad", "group", "delete", "--group", made["id"])
    az.want_error("ad", "group", "show", *group)


@test
def ad_user_life(az):
    az.login("actas-admin")
    name = "az.user@clients.example"
    user = ("--id", name)
    made = az.want("ad", "user", "create", "--display-name", "Az User",
                   "--user-principal-name", name, "--password",
                   "Not-used-here-1")
    assert "Az User" in display_names(az.want("ad", "user", "list"))
    assert az.want("ad", "user", "show", *user)["id"] == made["id"]
    given = az.want("role", "assignment", "create", "--assignee", name,
                    "--role", "Reader", "--scope", az.world.scope)
    assert given["principalType"] == "User", given
    listed = az.want("role", "assignment", "list", "--assignee", name,
                     "--scope", az.world.scope)
    assert [each["principalName"] for each in listed] == [name], listed
    az.want("role", "assignment", "delete", "--ids", given["id"])
    az.want("ad", "user", "delete", *user)
    said = az.want_error("ad", "user", "show", *user)
    assert "does not exist" in said, said


@test
def ad_signed_in_user(az):
    az.login("actas-admin")
    for command in (("signed-in-user", "show"), ("sp", "list", "--show-mine")):
        said = az.want_error("ad", *command)
        assert ("/me request is only valid with delegated authentication flow."
                in said), said


@test
def ad_denied(az):
    az.login("sp-stranger")
    app = az.world.principals["sp-worker"]["clientId"]
    for command in (
            ("app", "create", "--display-name", "az no"),
            ("app", "delete", "--id", app),
            ("app", "credential", "reset", "--id", app, "--append"),
            ("sp", "create-for-rbac", "--name", "az-no"),
            ("group", "create", "--display-name", "az no", "--mail-nickname",
             "no")):
        said = az.want_error("ad", *command)
        assert ("Insufficient privileges to complete the operation."
                in said), (command, said)
    az.want("ad", "app", "show", "--id", app)
