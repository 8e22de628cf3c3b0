#!/usr/bin/env python3
"""init and serve through the built program: folders, passphrases, starting,
stopping. Writes TAP.

    serve.py PROGRAM [WORD…]

WORDs select the scenes whose names contain one of them."""
import concurrent.futures
import fcntl
import http.client
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "examples" / "tidewater.md"
EXPORT = ROOT / "examples" / "tidewater"
LIMIT = 30
FREE = ["--listen", "127.0.0.1:0", "--proxy", "none"]
SCENES = []


class Wrong(Exception):
    """What a scene found."""


def scene(function):
    """Adds a function to the scenes, by its name."""
    SCENES.append((function.__name__, function))
    return function


def same(got, wanted):
    """Two values are one."""
    if got != wanted:
        raise Wrong(f"got\n{got!r}\nand not\n{wanted!r}")


def holds(text, part):
    """The part stands in the text."""
    if part not in text:
        raise Wrong(f"{part!r} is not in\n{text}")


class World:
    """The program under test, and a folder to work in."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.children = []

    def environment(self, **more):
        """A bare one, whose home is in the scene's folder."""
        kept = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC",
                "HOME": str(self.folder / "home")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
                     "TSAN_OPTIONS"):
            if name in os.environ:
                kept[name] = os.environ[name]
        kept.update(more)
        return {k: v for k, v in kept.items() if v is not None}

    def run(self, *arguments, env=None, **more):
        """Runs it to its end."""
        return subprocess.run(
            [self.program, *map(str, arguments)], text=True, timeout=LIMIT,
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE, cwd=self.folder, check=False,
            stdin=more.pop("stdin", subprocess.DEVNULL),
            env=self.environment(**(env or {})), **more)

    def init(self, *arguments):
        """A platform; what init says of it."""
        done = self.run("init", self.data, "--json", *arguments)
        same(done.stderr, "")
        same(done.returncode, 0)
        return json.loads(done.stdout)

    def refused(self, *arguments, **more):
        """What it says when it refuses."""
        done = self.run(*arguments, **more)
        same((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def serve(self, *arguments, data=None, env=None, **more):
        """A server; waits until it listens."""
        data = self.data if data is None else data
        child = Server(self, data,
                       [*map(str, arguments or [data, *FREE])], env, more)
        self.children.append(child)
        child.wait_ready()
        return child

    def end(self):
        """Ends what the scene left running."""
        for child in self.children:
            if child.process.poll() is None:
                child.process.kill()
                child.process.wait()


class Server:
    """One `actas serve`."""

    def __init__(self, world, data, arguments, env, more):
        self.notice_path = pathlib.Path(data) / "serve.json"
        self.out = world.folder / f"out-{len(world.children)}"
        self.log = world.folder / f"log-{len(world.children)}"
        with open(self.out, "wb") as out, open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [world.program, "serve", *arguments], stdout=out,
                stderr=more.get("stderr", log), cwd=world.folder,
                stdin=subprocess.DEVNULL,
                env=world.environment(**(env or {})))

    def wait_ready(self):
        """Until its notice is there."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            if self.notice_path.exists():
                self.notice = json.loads(self.notice_path.read_text())
                self.trust = ssl.create_default_context(
                    cafile=self.notice["ca"])
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise Wrong("does not listen:\n" + self.log.read_text())

    def told(self):
        """What it says of itself, to the end: the notice is there before."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            out = self.out.read_text()
            if "openid-configuration\n" in out:
                return out
            time.sleep(0.01)
        raise Wrong(f"it only said {out!r}")

    def stop(self, how=signal.SIGTERM):
        """Its exit status and log."""
        self.process.send_signal(how)
        return self.process.wait(LIMIT), self.log.read_text()

    def ask(self, method, path, body=None, **headers):
        """Status and body of an answer."""
        request = urllib.request.Request(
            self.notice["url"] + path, body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, context=self.trust,
                                        timeout=LIMIT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def form(self, who, scope="https://vault.azure.net/.default"):
        """What a client sends for a token."""
        return urllib.parse.urlencode(dict(
            grant_type="client_credentials", client_id=who["clientId"],
            client_secret=who["secret"], scope=scope)).encode()

    def token(self, who):
        """A token for vaults."""
        status, body = self.ask(
            "POST", f"/{self.notice['tenant']}/oauth2/v2.0/token",
            self.form(who))
        same(status, 200)
        return json.loads(body)["access_token"]

    def secret(self, token, name, value=None):
        """Reads or writes a secret of the example's vault."""
        return self.ask(
            "GET" if value is None else "PUT",
            f"/vaults/kv-tidewater-data/secrets/{name}?api-version=7.4",
            None if value is None else json.dumps({"value": value}).encode(),
            **{"Authorization": "Bearer " + token,
               "Content-Type": "application/json"})


def mode(path):
    """Who may touch it."""
    return stat.S_IMODE(os.lstat(path).st_mode)


def names(folder):
    """What lies in a folder."""
    return sorted(entry.name for entry in folder.iterdir())


def contents(folder):
    """Every byte of every file."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*"))
                    if path.is_file())


# --- init ---

@scene
def init_makes_a_folder_for_one_user(world):
    made = world.init()
    same(mode(world.data), 0o700)
    for name in names(world.data):
        if not name.endswith(".pem"):
            same(mode(world.data / name) & 0o077, 0)
    same(sorted(made), ["administrator", "applications", "folder", "tenant",
                        "told"])
    same(made["administrator"]["name"], "actas-admin")
    same(len(made["administrator"]["secret"]), 40)
    same((made["applications"], made["told"]), ([], []))


@scene
def the_secret_is_nowhere_in_the_folder(world):
    made = world.init("--from", PAGE)
    stored = contents(world.data)
    for who in [made["administrator"], *made["applications"]]:
        if who["secret"].encode() in stored:
            raise Wrong("a client secret lies in the folder")


@scene
def init_tells_people_what_it_made(world):
    done = world.run("init", world.data, "--from", PAGE)
    same((done.returncode, done.stderr), (0, ""))
    for part in ["Made a platform in ", "First administrator, shown this "
                 "once:", "Imported applications, shown this once",
                 "sp-tidewater-ingest", "Otherwise than the source has it",
                 "actas serve "]:
        holds(done.stdout, part)


@scene
def a_second_init_is_refused_and_changes_nothing(world):
    world.init()
    before = contents(world.data)
    holds(world.refused("init", world.data),
          "there is a platform here already; actas serve")
    same(contents(world.data), before)


@scene
def a_folder_with_something_in_it_is_refused(world):
    world.data.mkdir()
    (world.data / "notes.txt").write_text("mine")
    holds(world.refused("init", world.data), "is not empty: a platform needs "
          "a folder of its own")
    same(names(world.data), ["notes.txt"])


@scene
def an_empty_folder_becomes_one_of_a_single_user(world):
    world.data.mkdir(mode=0o755)
    world.init()
    same(mode(world.data), 0o700)
    same([n for n in names(world.data) if n.startswith(".")], [])


@scene
def a_file_is_no_folder(world):
    world.data.write_text("x")
    holds(world.refused("init", world.data), "is no folder")


@scene
def folders_above_are_made(world):
    deep = world.folder / "a" / "b" / "c"
    same(world.run("init", deep).returncode, 0)
    same(mode(world.folder / "a"), 0o700)


@scene
def what_cannot_be_read_leaves_nothing_behind(world):
    (world.folder / "bad.json").write_text('{"a": ')
    for arguments in [["--from", "nothing.md"], ["--from", "bad.json"],
                      ["--name", "no name"], ["--from", "https://x.example"],
                      ["--passphrase-file", "nothing"]]:
        world.refused("init", world.data, *arguments)
        same([n for n in names(world.folder) if n.startswith("data")], [])


@scene
def half_made_folders_are_taken_away(world):
    dead = world.folder / "data.init-abcdef"
    alive = world.folder / "data.init-ghijkl"
    other = world.folder / "data.init-mnopqrs"
    for folder in (dead, alive, other):
        (folder / "audit").mkdir(parents=True)
        (folder / "master.key").write_text("x")
    held = os.open(alive, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    world.init()
    os.close(held)
    same((dead.exists(), alive.exists(), other.exists()),
         (False, True, True))


@scene
def one_half_made_inside_an_empty_folder_too(world):
    (world.data / ".init-abcdef" / "audit").mkdir(parents=True)
    (world.data / "master.key").write_text("x")
    world.init()
    same(names(world.data)[0], "audit")


@scene
def killed_at_any_moment_init_can_be_run_again(world):
    for step in range(8):
        data = world.folder / f"data-{step % 2}-{step}"
        if step % 2 == 1:
            data.mkdir()
        child = subprocess.Popen(
            [world.program, "init", data, "--from", str(PAGE)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            cwd=world.folder, env=world.environment())
        time.sleep(0.004 * step * step)
        child.kill()
        child.wait()
        whole = (data / "platform.db").exists()
        done = world.run("init", data)
        same((step, done.returncode), (step, 2 if whole else 0))
        same([n for n in names(world.folder) if ".init-" in n], [])
        world.serve(data, *FREE, data=data).stop()


@scene
def secrets_that_cannot_be_written_are_told_of(world):
    with open("/dev/full", "wb") as full:
        done = world.run("init", world.data, stdout=full)
    same(done.returncode, 2)
    holds(done.stderr, "the secrets of the new platform stand nowhere else: "
          "remove ")


@scene
def names_stand_in_the_certificate(world):
    world.init("--name", "vault.example.org", "--name", "192.0.2.7")
    shown = ssl._ssl._test_decode_cert(str(world.data / "server.pem"))
    holds(str(shown["subjectAltName"]), "('DNS', 'vault.example.org')")
    holds(str(shown["subjectAltName"]), "('IP Address', '192.0.2.7')")
    server = world.serve()
    status, body = server.ask("GET", "/common/v2.0/.well-known/"
                              "openid-configuration", Host="vault.example.org")
    same(status, 200)
    holds(body, "https://vault.example.org")
    status, _ = server.ask("GET", "/common/v2.0/.well-known/"
                           "openid-configuration", Host="other.example.org")
    same(status, 421)


# --- passphrases ---

@scene
def a_passphrase_locks_the_folder(world):
    (world.folder / "pass").write_text("correct horse\n")
    (world.folder / "wrong").write_text("battery staple\n")
    (world.folder / "empty").write_text("\n")
    made = world.init("--passphrase-file", "pass")
    same((world.data / "master.key").exists(), False)
    holds(world.refused("serve", world.data, *FREE, "--passphrase-file",
                        "wrong"), "passphrase")
    holds(world.refused("serve", world.data, *FREE, "--passphrase-file",
                        "empty"), "the passphrase is empty")
    holds(world.refused("serve", world.data, *FREE, start_new_session=True),
          "there is no terminal to ask on: use --passphrase-file")
    server = world.serve(world.data, *FREE, "--passphrase-file", "pass")
    server.token(made["administrator"])
    same(server.stop()[0], 0)


@scene
def a_passphrase_from_a_descriptor(world):
    world.init()
    shutil.rmtree(world.data)
    read, write = os.pipe()
    os.write(write, b"from a pipe")
    os.close(write)
    done = world.run("init", world.data, "--passphrase-file",
                     f"/dev/fd/{read}", pass_fds=[read])
    os.close(read)
    same((done.returncode, done.stderr), (0, ""))
    (world.folder / "pass").write_text("from a pipe")
    world.serve(world.data, *FREE, "--passphrase-file", "pass")


@scene
def a_folder_with_a_key_file_takes_no_passphrase(world):
    world.init()
    (world.folder / "pass").write_text("x")
    holds(world.refused("serve", world.data, *FREE, "--passphrase-file",
                        "pass"), "passphrase")


def type_passphrases(world, typed):
    """Runs init on a terminal; what it shows, and its status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(world.folder)
        os.execve(world.program, [world.program, "init", str(world.data),
                                  "--passphrase"], world.environment())
    shown = b""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 1)
        try:
            part = os.read(terminal, 65536) if ready else b"-"
        except OSError:
            break
        shown += part if ready else b""
        if typed and shown.endswith(b": "):
            os.write(terminal, typed.pop(0))
            shown += b"\n"
    os.close(terminal)
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@scene
def a_passphrase_is_asked_twice_and_not_shown(world):
    shown, status = type_passphrases(world, [b"hunter22\n", b"hunter22\n"])
    same(status, 0)
    holds(shown, "Passphrase: ")
    holds(shown, "The same again: ")
    if "hunter22" in shown:
        raise Wrong("the terminal showed the passphrase")
    (world.folder / "pass").write_text("hunter22")
    world.serve(world.data, *FREE, "--passphrase-file", "pass")


@scene
def two_that_differ_make_nothing(world):
    shown, status = type_passphrases(world, [b"one\n", b"two\n"])
    same(status, 2)
    holds(shown, "the two passphrases differ")
    same(world.data.exists(), False)


@scene
def interrupted_it_makes_nothing(world):
    _, status = type_passphrases(world, [b"\x03"])
    same(status, -signal.SIGINT)
    same(world.data.exists(), False)


# --- serve ---

@scene
def serve_says_where_it_is_and_leaves_no_trace(world):
    made = world.init()
    server = world.serve(world.data, "--listen", "127.0.0.1:0", "--proxy",
                         "127.0.0.1:0")
    notice = server.notice
    same(sorted(notice), ["ca", "pid", "proxy", "tenant", "url"])
    same((notice["tenant"], notice["pid"], notice["ca"]),
         (made["tenant"], server.process.pid, str(world.data / "ca.pem")))
    same(mode(server.notice_path), 0o600)
    out = server.told()
    for part in [notice["url"], notice["proxy"], notice["tenant"],
                 "curl --cacert " + notice["ca"], "actas exec --dir "]:
        holds(out, part)
    status, log = server.stop()
    same(status, 0)
    same(server.notice_path.exists(), False)
    for line in log.splitlines():
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [ -~]+", line):
            raise Wrong(f"a line of the log is {line!r}")


@scene
def az_keeps_its_login_wherever_the_shell_goes(world):
    world.init()
    world.serve(world.data, "--listen", "127.0.0.1:0", "--proxy",
                "127.0.0.1:0")
    done = world.run("env", "--dir", "data")
    same((done.returncode, done.stderr), (0, ""))
    holds(done.stdout, f"export AZURE_CONFIG_DIR='{world.data}/azure-cli'\n")


@scene
def who_may_not_see_all_is_told_so(world):
    made = world.init("--from", EXPORT)
    server = world.serve()
    who = {a["name"]: a for a in made["applications"]}

    def can(asker):
        return world.run(
            "can", "sp-tidewater-ingest", "get-secret",
            "kv-tidewater-data/crm-api-key", "-s", server.notice["url"],
            env={"AZURE_TENANT_ID": made["tenant"],
                 "AZURE_CLIENT_ID": asker["clientId"],
                 "AZURE_CLIENT_SECRET": asker["secret"],
                 "ACTAS_CA": server.notice["ca"]})

    done = can(made["administrator"])
    same((done.returncode, done.stderr), (0, ""))
    done = can(who["sp-tidewater-ingest"])
    same(done.returncode, 1)
    holds(done.stderr, "the token may not see all of this platform")


@scene
def the_example_answers_who_may_and_denies_who_may_not(world):
    made = world.init("--from", EXPORT)
    same(made["told"], [])
    server = world.serve()
    who = {a["name"]: a for a in made["applications"]}
    allowed = server.token(who["sp-tidewater-ingest"])
    status, body = server.secret(allowed, "crm-api-key")
    same(status, 200)
    same(len(json.loads(body)["value"]), 40)
    status, body = server.secret(allowed, "crm-api-key", "x")
    same((status, json.loads(body)["error"]["code"]), (403, "Forbidden"))
    status, _ = server.secret(server.token(made["administrator"]),
                              "crm-api-key", "x")
    same(status, 200)


@scene
def interrupt_stops_it_as_well(world):
    world.init()
    same(world.serve().stop(signal.SIGINT)[0], 0)


@scene
def no_thread_of_it_can_execute_programs(world):
    world.init()
    server = world.serve()
    process = pathlib.Path("/proc") / str(server.process.pid)
    threads = list((process / "task").iterdir())
    if len(threads) < 3:
        raise Wrong(f"only {len(threads)} threads")
    for thread in threads:
        status = (thread / "status").read_text()
        for line in ["Seccomp:\t2\n", "NoNewPrivs:\t1\n"]:
            holds(status, line)
    same("executing" in server.stop()[1], False)


@scene
def a_hangup_opens_the_audit_log_anew(world):
    world.init()
    server = world.serve()
    server.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + LIMIT
    while ("audit log" not in server.log.read_text() and
           time.monotonic() < end):
        time.sleep(0.01)
    status, log = server.stop()
    same(status, 0)
    holds(log, "the audit log was opened anew")


@scene
def a_hangup_shows_another_certificate(world):
    world.init()
    other = world.folder / "other"
    same(world.run("init", other).returncode, 0)
    server = world.serve()
    port = int(server.notice["url"].rsplit(":", 1)[1])
    before = http.client.HTTPSConnection("localhost", port, timeout=LIMIT,
                                         context=server.trust)

    def status():
        before.request("GET", "/common/discovery/keys")
        answer = before.getresponse()
        answer.read()
        return answer.status

    same(status(), 200)
    for name in ["server.key", "server.pem"]:
        shutil.copy(other / name, world.data / "new")
        os.replace(world.data / "new", world.data / name)
    server.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + LIMIT
    while ("shows a new certificate" not in server.log.read_text() and
           time.monotonic() < end):
        time.sleep(0.01)
    same(status(), 200)
    before.close()
    server.trust = ssl.create_default_context(cafile=other / "ca.pem")
    same(server.ask("GET", "/common/discovery/keys")[0], 200)


@scene
def a_folder_is_served_once(world):
    world.init()
    world.serve()
    holds(world.refused("serve", world.data, *FREE),
          "another actas serves this folder already")


@scene
def a_notice_of_a_dead_server_is_no_hindrance(world):
    world.init()
    first = world.serve()
    first.process.kill()
    first.process.wait()
    same(first.notice_path.exists(), True)
    first.notice_path.write_text("{}")
    first.notice_path.unlink()
    same(world.serve().stop()[0], 0)


@scene
def a_folder_that_others_may_write_is_refused(world):
    world.init()
    world.data.chmod(0o770)
    holds(world.refused("serve", world.data, *FREE),
          "others may write to this folder")
    world.data.chmod(0o700)
    (world.data / "master.key").chmod(0o644)
    holds(world.refused("serve", world.data, *FREE), "master.key")


@scene
def what_is_no_platform_is_refused(world):
    holds(world.refused("serve", world.data, *FREE),
          "there is no platform here; make one with actas init")
    world.data.mkdir(mode=0o700)
    (world.data / "platform.db").write_text("x")
    world.refused("serve", world.data, *FREE)


@scene
def a_wrong_endpoint_is_refused(world):
    world.init()
    for option, value in [("--listen", "8443"), ("--listen", "host:1"),
                          ("--listen", "127.0.0.1:70000"),
                          ("--proxy", "127.0.0.1:"), ("--proxy", "[::1")]:
        holds(world.refused("serve", world.data, option, value),
              f"{option} is a numeric address and a port, such as 127.0.0.1:")
    holds(world.refused("serve", world.data, "--listen", "none"),
          "a server that listens nowhere serves nobody")


@scene
def a_port_that_is_taken_is_told(world):
    world.init()
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 8443))
            taken.listen()
        except OSError:
            pass
        holds(world.refused("serve", world.data, "--proxy", "none"),
              "port 8443: Address already in use; --listen 127.0.0.1:0 takes "
              "any free port")
    same(world.serve().stop()[0], 0)


@scene
def beyond_loopback_is_said(world):
    world.init()
    server = world.serve(world.data, "--listen", "0.0.0.0:0", "--proxy",
                         "none")
    holds(server.told(), "Other machines can reach it.")
    holds(server.told(), "bears no name or address by which")
    holds(server.notice["url"], "https://127.0.0.1:")


@scene
def where_others_find_it_is_said(world):
    world.init("--name", "platform.example.org", "--name", "192.0.2.7",
               "--name", "2001:db8::7", "--name", "*.wild.example.org")
    server = world.serve(world.data, "--listen", "[::]:0", "--proxy", "none")
    told = server.told()
    port = server.notice["url"].rsplit(":", 1)[1]
    same(server.notice["url"], f"https://[::1]:{port}")
    for name in ["platform.example.org", "192.0.2.7", "[2001:db8::7]"]:
        holds(told, f"https://{name}:{port}\n")
    same(("wild" in told, "bears no" in told), (False, False))


@scene
def an_address_that_the_certificate_lacks_is_said(world):
    world.init("--name", "127.0.0.3")
    server = world.serve(world.data, "--listen", "127.0.0.2:0", "--proxy",
                         "none")
    holds(server.told(), "does not bear 127.0.0.2, so that")
    server.stop()
    server = world.serve(world.data, "--listen", "127.0.0.3:0", "--proxy",
                         "none")
    same("does not bear" in server.told(), False)


@scene
def the_users_own_folder_is_made_on_first_use(world):
    data = world.folder / "home" / ".local" / "share" / "actas"
    server = world.serve(*FREE, data=data)
    holds(server.told(), "First administrator, shown this once:")
    same(mode(data), 0o700)
    server.stop()
    server = world.serve(*FREE, data=data)
    if "secret" in server.told():
        raise Wrong("it showed a secret again")
    server.stop()
    other = world.folder / "xdg"
    world.serve(*FREE, data=other / "actas",
                env={"XDG_DATA_HOME": str(other)})


@scene
def without_a_home_a_folder_must_be_named(world):
    holds(world.refused("serve", *FREE, env={"HOME": None}),
          "there is no home folder for the platform")


@scene
def a_service_manager_is_told(world):
    world.init()
    path = str(world.folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(LIMIT)
        server = world.serve(env={"NOTIFY_SOCKET": path})
        same(manager.recv(100), b"READY=1")
        server.stop()
        same(manager.recv(100), b"STOPPING=1")


@scene
def a_log_that_nobody_reads_stops_nothing(world):
    made = world.init()
    read, write = os.pipe()
    os.close(read)
    server = world.serve(stderr=write)
    os.close(write)
    server.token(made["administrator"])
    server.process.send_signal(signal.SIGTERM)
    same(server.process.wait(LIMIT), 0)


@scene
def a_request_in_flight_is_finished(world):
    made = world.init()
    server = world.serve()
    place = urllib.parse.urlparse(server.notice["url"])
    body = server.form(made["administrator"])
    head = (f"POST /{server.notice['tenant']}/oauth2/v2.0/token HTTP/1.1\r\n"
            f"Host: {place.netloc}\r\nConnection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    plain = socket.create_connection((place.hostname, place.port), LIMIT)
    with server.trust.wrap_socket(plain, server_hostname="127.0.0.1") as on:
        on.sendall(head + body[:20])
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        on.sendall(body[20:])
        answer = b""
        while part := on.recv(65536):
            answer += part
    holds(answer.decode(), "HTTP/1.1 200 ")
    holds(answer.decode(), '"access_token"')
    same(server.process.wait(LIMIT), 0)


@scene
def what_was_answered_is_there_after_a_stop(world):
    made = world.init("--from", EXPORT)
    server = world.serve()
    token = server.token(made["administrator"])
    written = []

    def write(worker):
        for number in range(1000):
            name = f"w{worker}-{number}"
            try:
                status, _ = server.secret(token, name, name)
            except (OSError, urllib.error.URLError, ValueError):
                return
            if status != 200:
                return
            written.append(name)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(write, worker) for worker in range(4)]
        while len(written) < 20 and not all(j.done() for j in jobs):
            time.sleep(0.01)
        status, _ = server.stop()
        concurrent.futures.wait(jobs, LIMIT)
    same(status, 0)
    if len(written) < 20:
        raise Wrong("it wrote too little to show anything")
    server = world.serve()
    token = server.token(made["administrator"])
    for name in written:
        status, body = server.secret(token, name)
        same((name, status, json.loads(body).get("value")), (name, 200, name))


def main():
    """Runs all scenes."""
    program = str(pathlib.Path(sys.argv[1]).resolve())
    words = sys.argv[2:]
    scenes = [s for s in SCENES
              if not words or any(w in s[0] for w in words)]
    failed = 0
    print("TAP version 13")
    print(f"1..{len(scenes)}")
    for number, (name, function) in enumerate(scenes, 1):
        with tempfile.TemporaryDirectory() as folder:
            world = World(program, folder)
            try:
                function(world)
                print(f"ok {number} - {name}", flush=True)
            except (Wrong, AssertionError, OSError, ValueError,
                    subprocess.TimeoutExpired) as wrong:
                failed += 1
                print(f"not ok {number} - {name}", flush=True)
                for line in f"{type(wrong).__name__}: {wrong}".splitlines():
                    print("# " + re.sub(r"[^\x20-\x7e]", "?", line))
            finally:
                world.end()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
