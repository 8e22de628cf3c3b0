"""A platform of its own for the tests of clients: made, served, stopped."""
import base64
import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 120


class World:
    """The platform of world.md, its server, and its principals' secrets."""

    def __init__(self, program, clients):
        self.program = pathlib.Path(program).resolve()
        self.clients = pathlib.Path(clients)
        self.kept = tempfile.TemporaryDirectory(prefix="actas-clients-")
        self.folder = pathlib.Path(self.kept.name)
        self.data = self.folder / "platform"
        made = subprocess.run(
            [self.program, "init", self.data, "--from", HERE / "world.md",
             "--json"], check=True, capture_output=True, text=True,
            timeout=SECONDS)
        self.made = json.loads(made.stdout)
        self.tenant = self.made["tenant"]
        self.principals = {
            each["name"]: each for each in [self.made["administrator"],
                                            *self.made["applications"]]}
        self.log = open(self.folder / "serve.log", "w", encoding="utf-8")
        self.server = subprocess.Popen(
            [self.program, "serve", self.data, "--listen", "127.0.0.1:0",
             "--proxy", "127.0.0.1:0"], stdout=subprocess.DEVNULL,
            stderr=self.log)
        self.notice = self._await_notice()
        self.url = self.notice["url"]
        self.scope = self._scope()

    def _await_notice(self):
        path = self.data / "serve.json"
        for _ in range(400):
            if path.exists():
                notice = json.loads(path.read_text(encoding="utf-8"))
                if notice["pid"] == self.server.pid:
                    return notice
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("the server did not start:\n" + self.logged())

    def logged(self):
        return (self.folder / "serve.log").read_text(encoding="utf-8")

    def _scope(self):
        """The vault's ARM id, whose subscription the import has made."""
        answer = self.actas("who", "get-secret", "kv-clients", "-s",
                            str(self.data), "--json")
        return json.loads(answer.stdout)["scope"]["path"]

    @property
    def subscription(self):
        return self.scope.split("/")[2]

    @property
    def group(self):
        return self.scope.split("/providers/")[0]

    def actas(self, *arguments, **options):
        return subprocess.run([self.program, *arguments], text=True,
                              capture_output=True, timeout=SECONDS, **options)

    def run(self, command, environment=None, identity=None, cwd=None):
        """A command inside of `actas exec`; None in the environment unsets."""
        given = {k: v for k, v in os.environ.items()
                 if not k.startswith(("AZURE_", "TEST_", "ACTAS_", "ARM_"))}
        for name, value in (environment or {}).items():
            given[name] = str(value)
        given["NODE_PATH"] = str(self.clients / "node" / "node_modules")
        arguments = ["exec", "-d", str(self.data)]
        if identity:
            arguments += ["--as", identity]
        return self.actas(*arguments, "--", *map(str, command), env=given,
                          cwd=cwd or self.folder)

    def make_certificate(self, name):
        """A key and its certificate in one PEM file."""
        path = self.folder / f"{name}.pem"
        if not path.exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                 "-subj", f"/CN={name}", "-days", "2", "-keyout",
                 f"{path}.key", "-out", f"{path}.crt"], check=True,
                capture_output=True, timeout=SECONDS)
            path.write_text(pathlib.Path(f"{path}.key").read_text() +
                            pathlib.Path(f"{path}.crt").read_text())
        return path

    def certificate(self, name):
        """The same, registered with the application of that name."""
        path = self.folder / f"{name}.pem"
        if not path.exists():
            self.make_certificate(name)
            self.add_certificate(name, f"{path}.crt")
        return path

    def graph(self, method, path, body):
        """Asks Graph as the administrator, without any client."""
        done = self.run(
            [self.clients / "python" / "bin" / "python", HERE / "ask.py",
             method, path, json.dumps(body)], login(self, "actas-admin"))
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    def application(self, name):
        app = self.principals[name]["clientId"]
        found = self.graph(
            "GET", f"/v1.0/applications?$filter=appId%20eq%20'{app}'", None)
        return found["value"][0]["id"]

    def add_certificate(self, name, path):
        der = subprocess.run(
            ["openssl", "x509", "-in", path, "-outform", "DER"], check=True,
            capture_output=True, timeout=SECONDS).stdout
        self.graph("PATCH", f"/v1.0/applications/{self.application(name)}", {
            "keyCredentials": [{
                "type": "AsymmetricX509Cert", "usage": "Verify",
                "key": base64.b64encode(der).decode()}]})

    def expired_secret(self, name):
        """A secret that has just run out."""
        now = datetime.datetime.now(datetime.timezone.utc)
        start, end = ((now + datetime.timedelta(seconds=seconds)).strftime(
            "%Y-%m-%dT%H:%M:%SZ") for seconds in (-60, 1))
        made = self.graph(
            "POST", f"/v1.0/applications/{self.application(name)}/addPassword",
            {"passwordCredential": {"displayName": "brief",
                                    "startDateTime": start,
                                    "endDateTime": end}})
        time.sleep(2.2)
        return made["secretText"]

    def stop(self):
        self.server.terminate()
        code = self.server.wait(timeout=30)
        self.log.close()
        return code


def login(world, name, **changes):
    """The environment that gives a script that principal's secret."""
    who = world.principals[name]
    return {"TEST_CREDENTIAL": "secret", "TEST_TENANT": world.tenant,
            "TEST_CLIENT": who["clientId"], "TEST_SECRET": who["secret"],
            "TEST_VAULT": "https://kv-clients.vault.azure.net",
            "TEST_SUBSCRIPTION": world.subscription, **changes}
