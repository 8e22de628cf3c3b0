"""The SDKs of a language over one world, and the tests of what they must be
able to do; the same for each language."""
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
            for name in ("vault", "manager", "authorization", "graph")}
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
