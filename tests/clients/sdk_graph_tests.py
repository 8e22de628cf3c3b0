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


@test
def graph_federated_credential_life(sdk):
    app = sdk.world.principals["sp-stranger"]["clientId"]
    seen = sdk.want("graph", "federated_life", "actas-admin", app=app)
    assert seen == {"listed": ["b"], "gone": "Request_ResourceNotFound"}, seen


@test
def graph_group_life(sdk):
    member, other = (sdk.world.principals[name]["objectId"]
                     for name in ("sp-worker", "sp-stranger"))
    seen = sdk.want("graph", "group_life", "actas-admin",
                    name=f"{sdk.language} group", member=member, other=other)
    assert seen == {"members": [member], "checked": [True, False], "left": 0,
                    "gone": "Request_ResourceNotFound"}, seen


@test
def graph_user_life(sdk):
    seen = sdk.want("graph", "user_life", "actas-admin",
                    name=f"{sdk.language}.user@clients.example")
    assert seen == {"same": True, "name": "Renamed",
                    "gone": "Request_ResourceNotFound"}, seen
