"""How SDKs get tokens."""
from issuer import Issuer, trust
from sdk import test


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


@test
def login_with_an_assertion(sdk):
    subject = f"job:{sdk.language}"
    issuer = Issuer(sdk.world, f"{sdk.language}-jobs")

    def with_token(token):
        return {"name": "first", "environment": {
            "TEST_CREDENTIAL": "assertion", "TEST_ASSERTION": token}}

    trust(sdk.world, "sp-worker", issuer, subject)
    assert sdk.want("vault", "get", "sp-worker",
                    **with_token(issuer.token(subject)))["value"]
    error = sdk.want_error("vault", "get", "sp-worker",
                           **with_token(issuer.token("job:other")))
    assert "AADSTS700213" in error["message"], error
    error = sdk.want_error("vault", "get", "sp-worker",
                           **with_token(issuer.forged(subject)))
    assert "AADSTS700027" in error["message"], error


# As a pod logs in.

POD = "system:serviceaccount:etl:loader"


def pod(sdk, issuer):
    """The environment of a pod whose token is that issuer's."""
    path = sdk.world.folder / f"{issuer.name}-token"
    path.write_text(issuer.token(POD))
    return {"AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
            "AZURE_TENANT_ID": sdk.world.tenant,
            "AZURE_CLIENT_ID": sdk.world.principals["sp-worker"]["clientId"],
            "AZURE_FEDERATED_TOKEN_FILE": path}


@test
def login_as_workload(sdk):
    trusted = Issuer(sdk.world, f"{sdk.language}-cluster")
    trust(sdk.world, "sp-worker", trusted, POD)
    got = sdk.want("vault", "get", None, environment=pod(sdk, trusted),
                   name="first")
    assert got["value"], "a value"


@test
def login_as_workload_that_nobody_trusts(sdk):
    other = Issuer(sdk.world, f"{sdk.language}-other")
    error = sdk.want_error("vault", "get", None, environment=pod(sdk, other),
                           name="first")
    assert "AADSTS70021" in error["message"], error
