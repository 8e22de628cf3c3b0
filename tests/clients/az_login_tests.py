"""How the Azure CLI logs in."""
import base64
import json
import os

from az import test
from issuer import Issuer, trust
from sdk import Sdk


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
def login_unknown_application(az):
    said = az.want_error("login", "--service-principal", "-u",
                         "11111111-2222-3333-4444-555555555555", "-p",
                         "secret~" + "x" * 33, "--tenant", az.world.tenant)
    assert "AADSTS700016" in said, said


@test
def login_with_an_unknown_certificate(az):
    who = az.world.principals["sp-granter"]
    said = az.want_error("login", "--service-principal", "-u",
                         who["clientId"], "--certificate",
                         az.world.make_certificate("unknown"), "--tenant",
                         az.world.tenant)
    assert "AADSTS700027" in said, said


@test
def login_with_an_assertion(az):
    who = az.world.principals["sp-granter"]
    issuer = Issuer(az.world, "az-jobs")
    login = ("login", "--service-principal", "-u", who["clientId"],
             "--tenant", az.world.tenant, "--federated-token")
    # What fails comes first: az keeps tokens.
    said = az.want_error(*login, issuer.token("job:az"))
    assert "AADSTS70025" in said, said
    trust(az.world, "sp-granter", issuer, "job:az")
    said = az.want_error(*login, issuer.token("job:other"))
    assert "AADSTS700213" in said, said
    said = az.want_error(*login, issuer.forged("job:az"))
    assert "AADSTS700027" in said, said
    az.want(*login, issuer.token("job:az"))
    az.who = "sp-granter"
    assert az.want("group", "list"), "what sp-granter sees"


@test
def login_as_managed_identity(az):
    az.who = None
    az.want("login", "--identity", "--allow-no-subscriptions",
            identity="sp-worker")
    shown = az.want("account", "show", identity="sp-worker")
    assert shown["user"]["name"] == "systemAssignedIdentity", shown
    assert az.want("keyvault", "secret", "show", "--vault-name", "kv-clients",
                   "--name", "first", identity="sp-worker")["value"]
    other = az.world.principals["sp-officer"]["clientId"]
    said = az.want_error("login", "--identity", "--client-id", other,
                         identity="sp-worker")
    assert "Unable to load the proper Managed Identity" in said, said


@test
def account(az):
    az.login("actas-admin")
    listed = az.want("account", "list")
    listed, = [each for each in listed if each["isDefault"]]
    assert listed["id"] == az.world.subscription, listed
    assert listed["tenantId"] == az.world.tenant, listed
    token = az.want("account", "get-access-token", "--resource",
                    "https://vault.azure.net")
    assert token["tenant"] == az.world.tenant, "a tenant"
    claims = token["accessToken"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert claims["aud"] == "https://vault.azure.net", claims
    assert claims["oid"] == (
        az.world.principals["actas-admin"]["objectId"]), claims
    places = az.want("account", "list-locations")
    assert "westeurope" in [each["name"] for each in places], places


@test
def login_lent_to_sdks(az):
    az.login("sp-officer")
    path = f"{az.binary.parent}:{os.environ['PATH']}"
    for language in ("python", "node"):
        got = Sdk(az.world, language).want(
            "vault", "get", None, name="first", environment={
                "TEST_CREDENTIAL": "az", "PATH": path, "HOME": az.home})
        assert got["value"], got
