"""The Azure CLI over one world, and the tests of what it must be able to do."""
import json

TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Az:
    """The Azure CLI over one world, logged in as one principal at a time."""

    def __init__(self, world):
        self.world = world
        self.binary = world.clients / "azure-cli" / "bin" / "az"
        self.home = world.folder / "home"
        self.home.mkdir()
        self.who = None

    def run(self, *arguments, identity=None):
        return self.world.run([self.binary, *arguments],
                              {"HOME": self.home, "AZURE_CORE_COLLECT_TELEMETRY":
                               "no"}, identity)

    def want(self, *arguments, identity=None):
        done = self.run(*arguments, "--output", "json", identity=identity)
        assert done.returncode == 0, (arguments[:3], done.stderr[-2500:])
        return json.loads(done.stdout) if done.stdout.strip() else None

    def want_error(self, *arguments, identity=None):
        done = self.run(*arguments, identity=identity)
        assert done.returncode != 0, (arguments[:3], "was done")
        return done.stderr

    def login(self, name):
        if self.who == name:
            return
        who = self.world.principals[name]
        self.want("login", "--service-principal", "-u", who["clientId"], "-p",
                  who["secret"], "--tenant", self.world.tenant,
                  "--allow-no-subscriptions")
        self.who = name
