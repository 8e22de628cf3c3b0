"""Sockets, raw requests and the server under test."""
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile
import time

LIMIT = 20  # seconds for anything


class Wrong(Exception):
    """What was seen is not what was expected."""


def check(seen, expected, what=""):
    if seen != expected:
        raise Wrong(f"{what}: {seen!r}, expected {expected!r}")


def certificate(folder):
    """A key and a certificate that the tests trust."""
    key, pem = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-keyout", str(key), "-out",
         str(pem), "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:*.vault.azure.net"],
        check=True, timeout=LIMIT, capture_output=True)
    return key, pem


class Server:
    """The server program, with or without TLS, until the end of `with`."""

    program = None
    folder = None

    def __init__(self, *arguments, tls=False, tunnel=False):
        self.tls = tls
        self.arguments = list(arguments)
        if tls:
            self.arguments += ["-c", str(self.folder / "certificate.pem"),
                               "-k", str(self.folder / "key.pem")]
        if tunnel:
            self.arguments.append("-t")
        self.stopped = self.finished = False

    def __enter__(self):
        self.log = tempfile.TemporaryFile(dir=self.folder)
        self.process = subprocess.Popen(
            [self.program, *self.arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log)
        self.port = self.number("port")
        self.tunnel = self.number("tunnel") if "-t" in self.arguments else 0
        return self

    def number(self, word):
        line = self.process.stdout.readline().decode()
        found = re.fullmatch(word + r" (\d+)\n", line)
        if not found:
            raise Wrong(f"the server said {line!r} {self.lines()}")
        return int(found.group(1))

    def lines(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self, seconds=0):
        """Asks it to stop; finish() waits until it has."""
        self.stopped = True
        self.process.stdin.write(f"{seconds}\n".encode())
        self.process.stdin.flush()

    def finish(self):
        if self.finished:
            return
        self.finished = True
        status = self.process.wait(LIMIT)
        check(self.process.stdout.read(), b"stopped\n", self.lines())
        check(status, 0, self.lines())

    def __exit__(self, kind, value, trace):
        try:
            if not self.stopped:
                self.stop(5)
            self.finish()
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            if kind:
                print("# " + self.lines().replace("\n", "\n# "))
            self.log.close()
            self.process.stdin.close()
            self.process.stdout.close()

    def context(self):
        context = ssl.create_default_context(
            cafile=str(self.folder / "certificate.pem"))
        return context

    def connect(self, tls=None):
        s = socket.create_connection(("127.0.0.1", self.port), LIMIT)
        if self.tls if tls is None else tls:
            s = self.context().wrap_socket(s, server_hostname="localhost")
        return s

    def ask(self, data):
        """Sends bytes on a new connection, and reads until it is closed."""
        with self.connect() as s:
            send(s, data)
            return read_all(s)


def send(s, data):
    """Sends what the other side takes: it may close before the end."""
    try:
        s.sendall(data)
    except OSError:
        pass


def read_all(s):
    """Everything until the other side closes, however it does."""
    got = b""
    while True:
        try:
            piece = s.recv(65536)
        except (ConnectionError, ssl.SSLError):
            return got
        if not piece:
            return got
        got += piece


class Answers:
    """Answers read one after the other from a socket."""

    def __init__(self, s):
        self.file = s.makefile("rb")

    def next(self, head=False):
        line = self.file.readline().decode()
        found = re.fullmatch(r"HTTP/1\.1 (\d{3}) [^\r]*\r\n", line)
        if not found:
            raise Wrong(f"status line {line!r}")
        headers = {}
        while True:
            line = self.file.readline().decode()
            if line == "\r\n":
                break
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        status = int(found.group(1))
        length = int(headers.get("content-length", 0))
        body = b""
        if not head and status >= 200:
            body = self.file.read(length)
            check(len(body), length, "length of the body")
        return status, headers, body


def statuses(data):
    """The status of each answer in the bytes of a connection."""
    return [int(n) for n in re.findall(rb"HTTP/1\.[01] (\d{3}) ", data)]


def wait_until(what, condition, seconds=LIMIT):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Wrong(f"{what} did not happen in {seconds} s")
        time.sleep(0.02)


def run(tests, program):
    """Runs functions and prints TAP; the number of those that failed."""
    Server.program = str(pathlib.Path(program).resolve())
    failed = 0
    print("TAP version 13")
    print(f"1..{len(tests)}")
    with tempfile.TemporaryDirectory(prefix="actas-http-") as name:
        Server.folder = pathlib.Path(name)
        certificate(Server.folder)
        for number, test in enumerate(tests, 1):
            skip = None
            try:
                skip = test()  # why it could not be run
                word = "ok"
            except Exception as e:  # pylint: disable=broad-except
                word = "not ok"
                failed += 1
                print(f"# {type(e).__name__}: {e}")
            print(f"{word} {number} - {test.__name__}" +
                  (f" # skip {skip}" if skip else ""), flush=True)
    return failed
