"""What Go's SDK must be able to do: the same as the others', but for Graph,
and for what its scripts do not have."""
import functools
import os
import subprocess
import unittest

import sdk_tests
from world import HERE

SECONDS = 1200  # a first build, on a machine that has more to do

TESTS = [each for each in sdk_tests.TESTS if not each.__name__.startswith(
    ("graph_", "manager_", "roles_", "login_with_an_assertion"))]


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
        # Vaults are made by another client.
        return {"manager": sdk_tests.Sdk(self.world, "python").
                commands["manager"],
                **{name: [binary, name] for name in ("vault",
                                                     "authorization")}}
