"""What the Azure CLI does with the directory."""
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
