"""What SDKs do with the directory."""
from sdk import test


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
