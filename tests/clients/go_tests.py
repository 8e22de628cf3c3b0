"""What Go's SDK must be able to do: the same as the others', but for Graph,
and the login of a pod."""
import functools
import os
import subprocess
import unittest

import sdk_tests
from issuer import Issuer, trust
from world import HERE

SECONDS = 1200  # a first build, on a machine that has more to do
POD = "system:serviceaccount:etl:loader"

TESTS = [each for each in sdk_tests.TESTS
         if not each.__name__.startswith("graph_")]


def test(function):
    TESTS.append(function)
    return function


class Go(sdk_tests.Sdk):
    """tests/clients/go, built when first used, over one world."""

    def __init__(self, world):
        self.world = world
        self.language = "go"

    @functools.cached_property
    def commands(self):
        folder = self.world.clients / "go"
        if not folder.exists():
            raise unittest.SkipTest("no Go, or its modules cannot be had")
        binary = self.world.folder / "go-clients"
        done = subprocess.run(
            [folder / "go", "build", "-mod=readonly", "-o", binary, "."],
            cwd=HERE / "go", capture_output=True, text=True, timeout=SECONDS,
            env={**os.environ, "GOPROXY": "off", "CGO_ENABLED": "0",
                 "GOFLAGS": "-buildvcs=false", "GOWORK": "off",
                 "GOMODCACHE": str(folder / "modules"),
                 "GOCACHE": str(folder / "build")})
        assert done.returncode == 0, done.stderr[-2000:]
        return {name: [binary, name] for name in ("vault", "authorization")}

    def pod(self, issuer):
        """The environment of a pod whose token is that issuer's."""
        path = self.world.folder / f"{issuer.name}-token"
        path.write_text(issuer.token(POD))
        return {
            "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
            "AZURE_TENANT_ID": self.world.tenant,
            "AZURE_CLIENT_ID":
                self.world.principals["sp-worker"]["clientId"],
            "AZURE_FEDERATED_TOKEN_FILE": path}


@test
def login_as_workload(go):
    trusted = Issuer(go.world, "go-cluster")
    trust(go.world, "sp-worker", trusted, POD)
    got = go.want("vault", "get", None, environment=go.pod(trusted),
                  name="first")
    assert got["value"], "a value"


@test
def login_as_workload_that_nobody_trusts(go):
    other = Issuer(go.world, "go-other")
    error = go.want_error("vault", "get", None, environment=go.pod(other),
                          name="first")
    assert "AADSTS70021" in error["message"], error
