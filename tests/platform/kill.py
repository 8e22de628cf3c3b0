#!/usr/bin/env python3
"""kill -9 of a server under load, many times over: what was acknowledged is
there, whole, and both chains hold. Writes TAP.

    kill.py PROGRAM [ROUNDS]
"""
import http.client
import json
import pathlib
import random
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROUNDS = 200
CLIENTS = 4
VERIFY_EVERY = 20
VAULT = "kv-tidewater-data"
PAGE = (pathlib.Path(__file__).resolve().parent.parent.parent
        / "examples" / "tidewater.md")


class Platform:
    """One data folder, served and killed."""

    def __init__(self, program, folder):
        self.program = str(pathlib.Path(program).resolve())
        self.data = pathlib.Path(folder, "platform")
        made = subprocess.run(
            [self.program, "init", self.data, "--from", PAGE, "--json"],
            check=True, capture_output=True, text=True, timeout=60)
        made = json.loads(made.stdout)
        self.tenant = made["tenant"]
        self.administrator = made["administrator"]
        self.trust = ssl.create_default_context(
            cafile=str(self.data / "ca.pem"))
        self.token = None

    def start(self):
        notice = self.data / "serve.json"
        notice.unlink(missing_ok=True)
        self.server = subprocess.Popen(
            [self.program, "serve", self.data, "--listen", "127.0.0.1:0",
             "--proxy", "none"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        for _ in range(3000):
            if notice.exists():
                self.port = int(json.loads(
                    notice.read_text())["url"].rsplit(":", 1)[1])
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError("the server did not start")

    def connect(self):
        return http.client.HTTPSConnection("localhost", self.port, timeout=20,
                                           context=self.trust)

    def log_in(self):
        form = urllib.parse.urlencode({
            "grant_type": "client_credentials",
            "client_id": self.administrator["clientId"],
            "client_secret": self.administrator["secret"],
            "scope": "https://vault.azure.net/.default"})
        connection = self.connect()
        connection.request(
            "POST", f"/{self.tenant}/oauth2/v2.0/token", form,
            {"Content-Type": "application/x-www-form-urlencoded"})
        answer = json.loads(connection.getresponse().read())
        self.token = answer["access_token"]
        connection.close()

    def ask(self, connection, method, name, value=None):
        body = None if value is None else json.dumps({"value": value})
        connection.request(
            method, f"/vaults/{VAULT}/secrets/{name}?api-version=7.6", body,
            {"Authorization": f"Bearer {self.token}",
             "Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def kill(self):
        self.server.kill()
        self.server.wait()

    def verify(self):
        done = subprocess.run([self.program, "verify", "-d", self.data],
                              capture_output=True, text=True, timeout=60,
                              check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def load(platform, client, number, written):
    """Writes growing numbers to a secret of its own; keeps the last that was
    acknowledged and the last that was sent."""
    try:
        connection = platform.connect()
        while True:
            number += 1
            written[client] = (written[client][0], number)
            status, _ = platform.ask(connection, "PUT", f"load-{client}",
                                     str(number))
            if status != 200:
                return
            written[client] = (number, number)
    except (OSError, http.client.HTTPException):
        return


def check(platform, written):
    """A secret holds what was acknowledged last, or what was sent after it
    and not answered."""
    connection = platform.connect()
    for client, (acknowledged, sent) in enumerate(written):
        status, body = platform.ask(connection, "GET", f"load-{client}")
        if acknowledged == 0 and status == 404:
            continue
        assert status == 200, (client, status, body)
        found = int(json.loads(body)["value"])
        assert acknowledged <= found <= sent, (client, acknowledged, found,
                                               sent)
        written[client] = (found, found)
    connection.close()


def one_round(platform, written):
    threads = [threading.Thread(target=load, args=(
        platform, client, written[client][1], written))
        for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0.01, 0.15))
    platform.kill()
    for thread in threads:
        thread.join()
    platform.start()
    check(platform, written)


def main(program, rounds=ROUNDS):
    with tempfile.TemporaryDirectory(prefix="actas-kill-") as folder:
        platform = Platform(program, folder)
        written = [(0, 0)] * CLIENTS
        platform.start()
        try:
            platform.log_in()
            for number in range(int(rounds)):
                one_round(platform, written)
                if number % VERIFY_EVERY == 0:
                    platform.verify()
            platform.verify()
        except Exception as error:
            print(f"not ok 1 - killed under load: {error!r}")
            return 1
        finally:
            platform.kill()
        total = sum(acknowledged for acknowledged, _ in written)
    print(f"# {rounds} kills, {total} acknowledged writes")
    print("ok 1 - killed under load, and nothing acknowledged was lost"
          if total > int(rounds) else "not ok 1 - there was hardly any load")
    print("1..1")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
