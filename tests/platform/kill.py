#!/usr/bin/env python3
"""kill -9 of a server under load, many times over: what was acknowledged is
there, whole, both chains hold, the audit log tells of each change once, and
there is a key for each value that is in force and for no other. Writes TAP.

    kill.py PROGRAM [ROUNDS]
"""
import http.client
import json
import pathlib
import random
import sqlite3
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
UNPROTECTED = "kv-tidewater-ops"
PAGE = (pathlib.Path(__file__).resolve().parent.parent.parent
        / "examples" / "tidewater.md")


class Platform:
    """One data folder, served and killed."""

    def __init__(self, program, folder):
        self.program = str(pathlib.Path(program).resolve())
        self.data = pathlib.Path(folder, "platform")
        page = pathlib.Path(folder, "access.md")
        page.write_text("".join(
            line.replace("| yes |", "| no |") if UNPROTECTED in line else line
            for line in PAGE.read_text().splitlines(keepends=True)))
        made = subprocess.run(
            [self.program, "init", self.data, "--from", page, "--json"],
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

    def ask(self, connection, method, name, value=None, where="secrets",
            vault=VAULT):
        body = None if value is None else json.dumps({"value": value})
        connection.request(
            method, f"/vaults/{vault}/{where}/{name}?api-version=7.6", body,
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


STEPS = [("PUT", "secrets", "x", 200), ("DELETE", "secrets", None, 200),
         ("DELETE", "deletedsecrets", None, 204)]


def purge(platform, at):
    """Sets secrets and purges them, and goes on where the last kill came in
    between, be it that the step was done and not answered."""
    try:
        connection = platform.connect()
        while True:
            step = at["step"] % len(STEPS)
            if step == 0:
                at["name"] = f"gone-{random.getrandbits(60)}"
            method, where, value, expected = STEPS[step]
            status, _ = platform.ask(connection, method, at["name"], value,
                                     where, UNPROTECTED)
            if status not in (expected, 404):
                return
            at["step"] += 1
    except (OSError, http.client.HTTPException):
        return


def purge_and_die(platform):
    """At rest: what was acknowledged is gone, with nothing started anew."""
    connection = platform.connect()
    for method, where, value, expected in STEPS:
        status, body = platform.ask(connection, method, "last", value, where,
                                    UNPROTECTED)
        assert status == expected, (method, status, body)
        if method == "PUT":
            key = newest_key(platform, f"version/{UNPROTECTED}/last/%")
            assert any(key_bytes(platform, key)), key
    platform.kill()
    assert not any(key_bytes(platform, key)), key
    platform.start()
    check_keys(platform)
    check_told(platform)


def newest_key(platform, like):
    base = sqlite3.connect(f"file:{platform.data}/platform.db?mode=ro",
                           uri=True)
    (value,) = base.execute("SELECT value FROM entity WHERE key LIKE ?",
                            (like,)).fetchone()
    base.close()
    return int(json.loads(value)["sealed"].split(".")[0])


def key_bytes(platform, slot):
    content = (platform.data / "value.keys").read_bytes()
    return content[64 * slot + 68:64 * slot + 128]


def check_keys(platform):
    """Behind a start and before the next write: the keys in the file are
    those of the values in the newest state."""
    base = sqlite3.connect(f"file:{platform.data}/platform.db?mode=ro",
                           uri=True)
    named = set()
    for (value,) in base.execute(
            "SELECT value FROM entity WHERE key LIKE 'version/%'"):
        slot, generation, _ = json.loads(value)["sealed"].split(".")
        named.add((int(slot), int(generation)))
    base.close()
    content = (platform.data / "value.keys").read_bytes()
    there = set()
    for at in range(64, len(content) - 63, 64):
        if any(content[at + 4:at + 64]):
            there.add((at // 64 - 1,
                       int.from_bytes(content[at:at + 4], "big")))
    assert there == named, (len(there), len(named))


def check_told(platform):
    """The log tells of every revision once, in order."""
    told = 0
    for file in sorted((platform.data / "audit").glob("audit-*.jsonl")):
        for line in file.read_text().splitlines():
            line = json.loads(line)
            now = line.get("told", told)
            assert now in (told, told + 1), (told, line)
            assert now == told or line["revision"] == now, line
            told = now
    base = sqlite3.connect(f"file:{platform.data}/platform.db?mode=ro",
                           uri=True)
    (newest,) = base.execute("SELECT max(revision) FROM journal").fetchone()
    base.close()
    assert told == newest, (told, newest)


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


def one_round(platform, written, purged):
    threads = [threading.Thread(target=load, args=(
        platform, client, written[client][1], written))
        for client in range(CLIENTS)]
    threads.append(threading.Thread(target=purge, args=(platform, purged)))
    for thread in threads:
        thread.start()
    time.sleep(random.uniform(0.01, 0.15))
    platform.kill()
    for thread in threads:
        thread.join()
    platform.start()
    check(platform, written)
    check_keys(platform)
    check_told(platform)


def main(program, rounds=ROUNDS):
    with tempfile.TemporaryDirectory(prefix="actas-kill-") as folder:
        platform = Platform(program, folder)
        written = [(0, 0)] * CLIENTS
        purged = {"step": 0}
        platform.start()
        try:
            platform.log_in()
            for number in range(int(rounds)):
                one_round(platform, written, purged)
                if number % VERIFY_EVERY == 0:
                    platform.verify()
            purge_and_die(platform)
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
