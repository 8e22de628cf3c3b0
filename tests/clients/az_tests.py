"""What the Azure CLI must be able to do."""
import json

import sdk_tests

TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Az:
    """The Azure CLI over one world, logged in as one principal at a time."""

    def __init__(self, world):
        self.world = world
        self.binary = world.clients / "azure-cli" / "bin" / "az"
        self.who = None

    def run(self, *arguments):
        home = self.world.folder / "home"
        home.mkdir(exist_ok=True)
        return self.world.run([self.binary, *arguments],
                              {"HOME": home, "AZURE_CORE_COLLECT_TELEMETRY":
                               "no"})

    def want(self, *arguments):
        done = self.run(*arguments, "--output", "json")
        assert done.returncode == 0, (arguments, done.stderr[-2500:])
        return json.loads(done.stdout) if done.stdout.strip() else None

    def want_error(self, *arguments):
        done = self.run(*arguments)
        assert done.returncode != 0, (arguments, done.stdout[-500:])
        return done.stderr

    def login(self, name):
        if self.who == name:
            return
        who = self.world.principals[name]
        self.want("login", "--service-principal", "-u", who["clientId"], "-p",
                  who["secret"], "--tenant", self.world.tenant,
                  "--allow-no-subscriptions")
        self.who = name


@test
def login_with_secret(az):
    az.who = None
    az.login("sp-officer")
    shown = az.want("account", "show")
    assert shown["tenantId"] == az.world.tenant, shown
    assert shown["user"]["name"] == (
        az.world.principals["sp-officer"]["clientId"]), shown


@test
def login_with_certificate(az):
    who = az.world.principals["sp-worker"]
    path = az.world.certificate("sp-worker")
    az.want("login", "--service-principal", "-u", who["clientId"],
            "--certificate", path, "--tenant", az.world.tenant,
            "--allow-no-subscriptions")
    az.who = "sp-worker"
    got = az.want("keyvault", "secret", "show", "--vault-name", "kv-clients",
                  "--name", "first")
    assert got["value"], "a value"


@test
def login_wrong_secret(az):
    # Nobody that was logged in before: az keeps tokens.
    who = az.world.principals["sp-granter"]
    said = az.want_error("login", "--service-principal", "-u", who["clientId"],
                         "-p", "wrong~" + "x" * 34, "--tenant",
                         az.world.tenant)
    assert "AADSTS7000215" in said, said


@test
def login_expired_secret(az):
    who = az.world.principals["sp-granter"]
    said = az.want_error("login", "--service-principal", "-u",
                         who["clientId"], "-p",
                         az.world.expired_secret("sp-granter"), "--tenant",
                         az.world.tenant)
    assert "AADSTS7000222" in said, said


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
    sdk = sdk_tests.Sdk(az.world, "python")
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
