"""What the SDKs of a language must be able to do; the same for each."""
import json

from world import HERE, login

TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Sdk:
    """The scripts of one language over one world."""

    def __init__(self, world, language):
        self.world = world
        self.language = language
        binary = world.clients / language / "bin" / language
        suffix = {"python": "py", "node": "cjs"}[language]
        self.commands = {
            name: [binary, HERE / language / f"{name}.{suffix}"]
            for name in ("vault", "authorization", "graph")}
        if language == "python":
            self.commands["graph"][0] = (
                world.clients / "msgraph" / "bin" / "python")

    def ask(self, script, operation, who, identity=None, environment=None,
            **arguments):
        given = {"TEST_CREDENTIAL": "default",
                 "TEST_VAULT": "https://kv-clients.vault.azure.net",
                 "TEST_SUBSCRIPTION": self.world.subscription}
        if who:
            given = login(self.world, who)
        given.update(environment or {})
        done = self.world.run(
            [*self.commands[script], operation, json.dumps(arguments)],
            given, identity)
        lines = done.stdout.strip().splitlines()
        if not lines:
            raise AssertionError(f"{self.language} printed nothing:\n"
                                 f"{done.stderr[-2000:]}")
        return json.loads(lines[-1])

    def want(self, *arguments, **more):
        answer = self.ask(*arguments, **more)
        assert "ok" in answer, answer
        return answer["ok"]

    def want_error(self, *arguments, **more):
        answer = self.ask(*arguments, **more)
        assert "error" in answer, answer
        return answer["error"]


# --- the vault ---

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


# --- credentials ---

@test
def login_wrong_secret(sdk):
    wrong = {"TEST_SECRET": "wrong~" + "x" * 34}
    error = sdk.want_error("vault", "get", "sp-worker", environment=wrong,
                           name="first")
    assert "AADSTS7000215" in error["message"], error
    assert "Invalid client secret provided." in error["message"], error


@test
def login_unknown_application(sdk):
    unknown = {"TEST_CLIENT": "11111111-2222-3333-4444-555555555555"}
    error = sdk.want_error("vault", "get", "sp-worker", environment=unknown,
                           name="first")
    assert "AADSTS700016" in error["message"], error


@test
def login_expired_secret(sdk):
    expired = {"TEST_SECRET": sdk.world.expired_secret("sp-officer")}
    error = sdk.want_error("vault", "get", "sp-officer", name="first",
                           environment=expired)
    assert "AADSTS7000222" in error["message"], error
    assert "are expired" in error["message"], error


@test
def login_with_certificate(sdk):
    path = sdk.world.certificate("sp-worker")
    got = sdk.want("vault", "get", "sp-worker", name="first",
                   environment={"TEST_CREDENTIAL": "certificate",
                                "TEST_CERTIFICATE": path})
    assert got["value"], got


@test
def login_with_an_unknown_certificate(sdk):
    path = sdk.world.make_certificate("unknown")
    error = sdk.want_error("vault", "get", "sp-worker", name="first",
                           environment={"TEST_CREDENTIAL": "certificate",
                                        "TEST_CERTIFICATE": path})
    assert "AADSTS700027" in error["message"], error


@test
def login_as_managed_identity(sdk):
    got = sdk.want("vault", "get", None, identity="sp-worker", name="first")
    assert got["value"], got
    error = sdk.want_error("vault", "get", None, identity="sp-stranger",
                           name="first")
    assert error["inner"] == "ForbiddenByRbac", error


# --- resource manager ---

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


# --- Graph ---

@test
def graph_application_by_app_id(sdk):
    app = sdk.world.principals["sp-worker"]["clientId"]
    found = sdk.want("graph", "application", "actas-admin", app=app)
    assert found["name"] == "sp-worker" and found["secrets"] >= 1, found


@test
def graph_add_and_remove_password(sdk):
    app = sdk.world.principals["sp-worker"]["clientId"]
    made = sdk.want("graph", "add_password", "actas-admin", app=app,
                    name="second")
    assert len(made["secret"]) == 40, "a secret has 40 characters"
    second = {"TEST_SECRET": made["secret"]}
    sdk.want("vault", "get", "sp-worker", name="first", environment=second)
    sdk.want("vault", "get", "sp-worker", name="first")
    sdk.want("graph", "remove_password", "actas-admin", app=app,
             key=made["key"])
    error = sdk.want_error("vault", "get", "sp-worker", name="first",
                           environment=second)
    assert "AADSTS7000215" in error["message"], error
    sdk.want("vault", "get", "sp-worker", name="first")


@test
def graph_denied(sdk):
    app = sdk.world.principals["sp-worker"]["clientId"]
    error = sdk.want_error("graph", "add_password", "sp-stranger", app=app,
                           name="x")
    assert error["status"] == 403, error
    assert error["code"] == "Authorization_RequestDenied", error


@test
def graph_create_and_delete_application(sdk):
    sdk.want("graph", "create_and_delete", "actas-admin", name="brief")


@test
def graph_service_principals(sdk):
    names = sdk.want("graph", "service_principals", "actas-admin")
    assert {"sp-worker", "sp-officer", "actas-admin"} <= set(names), names
