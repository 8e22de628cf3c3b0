"""What nobody means to give the program: encodings, sizes and names that
are wrong. Each is a message that says where, and never a wait."""
import os
import pathlib
import stat
import tempfile
import threading

from formats import Wrong
from scenes import same, scene

ROWS = 100000
INVENTORY = "# A\n\n| Identity | Type |\n|---|---|\n| `a` | SPN |\n\n"


def holds(got, wanted):
    """A text has a part."""
    if wanted not in got:
        raise Wrong(f"no {wanted!r} in\n{got[:400]!r}")


def check(runner, name, content):
    """Checks a file with that name and content."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return runner.run(["check", "-s", name], cwd=folder)


@scene
def what_is_no_source_says_where_and_why(runner):
    named = "| Identity | Type |\n|---|---|\n| `%s` | SPN |\n"
    long = "x" * 70000
    text = '[\n{"id": "00000000-0000-0000-0000-000000000001",' \
           '"displayName": "%s", "servicePrincipalType": "Application",' \
           '"appId": "00000000-0000-0000-0000-000000000002"}]'
    rows = [
        ("a.json", b"", "a.json:1: is empty: expected a JSON list"),
        ("a.json", "ERROR: log in", "a.json:1: expected a JSON list"),
        ("a.json", "[]".encode("utf-16"), "a.json:1: is UTF-16"),
        ("a.json", "[]".encode("utf-16-be"), "a.json:1: is UTF-16"),
        ("a.md", INVENTORY.encode("utf-16"), "a.md:1: is UTF-16"),
        ("a.md", INVENTORY.encode("utf-16-le"), "a.md:1: is UTF-16"),
        ("a.md", INVENTORY.encode("utf-16-be"), "a.md:1: is UTF-16"),
        ("a.md", named % long, "a.md:3: the text that begins"),
        ("a.json", text % long, "a.json:2: the text that begins"),
        ("a.json", text % "\\u0000", "a.json:2: a text holds the character"),
        ("a.json", "[" * ROWS, "nested deeper than"),
    ]
    for name, content, message in rows:
        done = check(runner, name, content)
        same((message, done.returncode), (message, 2))
        holds(done.stderr.decode(), message)


@scene
def pages_of_many_rows_are_checked_without_a_wait(runner):
    """Each took minutes once: every row was held against all others."""
    role = "| Identity | Role | Scope |\n|---|---|---|\n"
    secret = ("| Vault | Model |\n|---|---|\n| `kv` | RBAC |\n\n"
              "## Secrets in `kv`\n\n| Secret | Used by |\n|---|---|\n")
    rows = [
        (role + "| `a` | Reader | `rg` resource group |\n" * ROWS, 0),
        ("```mermaid\ngraph TD\n b[rg resource group]\n" +
         "  a -->|Reader| b\n" * ROWS + "```\n", 0),
        ("| Identity | Type | Purpose |\n|---|---|---|\n" +
         "| `b` | SPN | p | q | r |\n" * ROWS, 1),
        ("| Identity | Type | Purpose |\n|---|---|---|\n" +
         "| `b`\n" * ROWS, 1),
        (secret + "".join(f"| `s-{i}` | `a` |\n" for i in range(ROWS)), 1),
    ]
    for text, status in rows:
        done = check(runner, "a.md", INVENTORY + text)
        same((done.stderr, done.returncode), (b"", status))


@scene
def a_page_for_standard_output_goes_there(runner):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "a.md"
        path.write_text(INVENTORY, encoding="utf-8")
        wanted = runner.run(["page", "-s", "a.md"], cwd=folder)
        done = runner.run(["page", "-s", "a.md", "-o", "-"], cwd=folder)
        same(done.stdout, wanted.stdout)
        same([p.name for p in pathlib.Path(folder).iterdir()], ["a.md"])


@scene
def a_page_for_a_pipe_goes_through_it(runner):
    """What is no regular file is written to and never replaced."""
    with tempfile.TemporaryDirectory() as folder:
        source, pipe = pathlib.Path(folder, "a.md"), pathlib.Path(folder, "p")
        source.write_text(INVENTORY, encoding="utf-8")
        os.mkfifo(pipe)
        wanted = runner.run(["page", "-s", "a.md"], cwd=folder)
        got = []
        reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(reading, True)
        reader = threading.Thread(
            target=lambda: got.append(os.read(reading, 1 << 16)))
        done = runner.run(["page", "-s", "a.md", "-o", "p"], cwd=folder)
        reader.start()
        reader.join(5)
        os.close(reading)
        same((done.returncode, b"".join(got)), (0, wanted.stdout))
        same(stat.S_ISFIFO(pipe.stat().st_mode), True)
