"""What takes more than a row of cases.py: streams that fail, terminals,
batches, files that are replaced, completion."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
import fcntl

import formats
from cases import COMMANDS, PAGE, TODAY
from formats import Wrong

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data" / "cli"
SCENES = []


def scene(function):
    """Adds a function to the scenes, by its name."""
    SCENES.append((function.__name__, function))
    return function


def same(got, wanted):
    """Two values are one."""
    if got != wanted:
        raise Wrong(f"got\n{got!r}\nand not\n{wanted!r}")


def shell(runner, text):
    """Runs a line of bash; $ACTAS is the program."""
    return subprocess.run(["bash", "-c", text], cwd=DATA, timeout=20,
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "ACTAS": runner.program,
                               "LC_ALL": "C.UTF-8"})


def on_terminal(runner, arguments, columns=80, env=None, stdin=None):
    """What the program shows on a terminal of that width."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(
        [runner.program, *arguments], cwd=DATA, stdout=slave, stderr=slave,
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        env={"PATH": os.environ["PATH"], "TERM": "xterm-256color",
             "LC_ALL": "C.UTF-8", **(env or {})})
    os.close(slave)
    shown = b""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 1)
        try:
            part = os.read(master, 65536) if ready else b""
        except OSError:
            break
        if not part and child.poll() is not None:
            break
        shown += part
    os.close(master)
    child.wait(20)
    return shown.decode().replace("\r\n", "\n"), child.returncode


@scene
def without_a_command_the_help_is_an_error(runner):
    done = runner.run([])
    same(done.returncode, 2)
    same(done.stdout, b"")
    same(done.stderr, runner.run(["--help"]).stdout)


@scene
def a_full_disk_is_an_error(runner):
    if not os.path.exists("/dev/full"):
        return "there is no /dev/full"
    for command in ("check", "page", "map", "what sp-ops"):
        done = shell(runner, f'"$ACTAS" {command} -s platform.md > /dev/full')
        same(done.returncode, 2)
        same(done.stderr, "actas: standard output: cannot be written: "
                          "No space left on device\n")
    return None


@scene
def a_closed_standard_output_is_an_error(runner):
    done = shell(runner, '"$ACTAS" page -s platform.md >&-')
    same(done.returncode, 2)
    same(done.stderr, "actas: standard output: cannot be written: "
                      "Bad file descriptor\n")


ASKED = [(["can", *PAGE, "sp-ops", "get-secret", "station-key"], ""),
         (["can", *PAGE, "sp-idle", "get-secret", "station-key"], ""),
         (["can", *PAGE, "-j", "sp-ops", "get-secret", "station-key"], ""),
         (["can", *PAGE, "-j", "sp-idle", "get-secret", "station-key"], ""),
         (["can", *PAGE, "--batch"],
          '{"principal":"sp-ops","action":"get-secret",'
          '"scope":"station-key"}\nnonsense\n'),
         (["acts", *PAGE, "Nightly", "-t", "schedule"], ""),
         (["acts", *PAGE, "-j", "Nightly", "-t", "schedule"], "")]


@scene
def an_answer_that_cannot_be_written_is_neither_yes_nor_no(runner):
    for where, why in (("> /dev/full", "No space left on device"),
                       (">&-", "Bad file descriptor")):
        if "/dev/full" in where and not os.path.exists("/dev/full"):
            continue
        for arguments, stdin in ASKED:
            done = subprocess.run(
                ["bash", "-c", f'"$0" "$@" {where}', runner.program,
                 *arguments], input=stdin, cwd=DATA, timeout=20,
                capture_output=True, text=True, check=False)
            same((arguments, done.returncode, done.stderr),
                 (arguments, 2, "actas: standard output: cannot be written: "
                                f"{why}\n"))


@scene
def a_closed_standard_input_is_an_error(runner):
    done = shell(runner, '"$ACTAS" explain <&-')
    same(done.returncode, 2)
    same(done.stderr, "actas: standard input: cannot be read: "
                      "Bad file descriptor\n")


@scene
def closed_streams_do_not_harm_who_does_not_need_them(runner):
    done = shell(runner, '"$ACTAS" what -s platform.md sp-ops <&- 2>&-')
    same(done.returncode, 0)
    same(done.stdout, runner.run(["what", *PAGE, "sp-ops"]).stdout.decode())


@scene
def a_reader_who_goes_away_ends_it_quietly(runner):
    done = shell(runner, 'yes \'{"principal":"sp-ops","action":"get-secret",'
                 '"scope":"kv-weather"}\' | head -100000 | '
                 '"$ACTAS" can --batch -s platform.md | head -1 | wc -l; '
                 'echo "${PIPESTATUS[2]}"')
    same(done.stdout, "1\n141\n")
    same(done.stderr, "")


def question(principal="sp-forecast", action="get-secret",
             scope="station-key", **more):
    """A line of a batch."""
    return json.dumps({"principal": principal, "action": action,
                       "scope": scope, **more})


def batch(runner, text, status=0, err=""):
    """Runs a batch; the answers."""
    done = runner.run(["can", "--batch", *PAGE], text)
    same(done.returncode, status)
    same(done.stderr.decode(), err)
    return [formats.read_json(line + b"\n")
            for line in done.stdout.splitlines()]


@scene
def a_batch_answers_each_line_in_order(runner):
    answers = batch(runner, "\n".join([
        question(), question("sp-idle"), "", question("sp-ops"),
        question(action="set-secret")]))
    same([a["decision"] for a in answers],
         ["allow", "deny", "allow", "deny"])
    for answer in answers:
        formats.check_decision(answer)


@scene
def a_batch_answers_as_can_does(runner):
    one = formats.read_json(runner.run(
        ["can", *PAGE, "-j", "sp-idle", "get-secret", "station-key"]).stdout)
    same(batch(runner, question("sp-idle") + "\n" + question("sp-idle")),
         [one, one])


@scene
def a_bad_line_of_a_batch_is_an_error_in_its_place(runner):
    lines = [question(), "nope", "[1]", '{"principal":"sp-ops"}',
             question(colour="red"), question(principal="sp-nobody"),
             question(principal="ada"), question(scope="kv-x"),
             question(action="drink tea"), question(data="yes"),
             question(principal=7), '{"a":1,"a":2}', "\x00", "{" * 300,
             question(principal="x" * 70000), question()]
    answers = batch(runner, "\n".join(lines), 2,
                    "actas: standard input:2: 14 of 16 questions could not "
                    "be answered; this is the first, and the answer in its "
                    "place says why\n")
    same([a.get("error", {}).get("code") for a in answers],
         [None, "malformed", "malformed", "malformed", "malformed",
          "unknown-name", "ambiguous-name", "unknown-name", "meaningless",
          "malformed", "malformed", "malformed", "malformed", "malformed",
          "too-large", None])
    same([a["error"]["line"] for a in answers if "error" in a],
         list(range(2, 16)))


@scene
def a_batch_of_bytes_that_are_no_text(runner):
    done = runner.run(["can", "--batch", *PAGE],
                      b'{"principal":"\xff\xfe","action":"a","scope":"b"}')
    same(done.returncode, 2)
    formats.read_json(done.stdout)


@scene
def a_batch_says_whether_an_unknown_action_is_on_data(runner):
    answers = batch(runner, "\n".join(
        question("sp-ops", "Contoso.Widgets/widgets/read", "rg-weather",
                 data=data) for data in (False, True)))
    same([a["decision"] for a in answers], ["allow", "deny"])


@scene
def a_batch_answers_before_it_is_asked_again(runner):
    child = subprocess.Popen(
        [runner.program, "can", "--batch", *PAGE], cwd=DATA,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for principal, decision in (("sp-forecast", "allow"),
                                ("sp-idle", "deny")):
        child.stdin.write(question(principal).encode() + b"\n")
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], 20)
        if not ready:
            child.kill()
            raise Wrong("no answer to the first question alone")
        same(json.loads(child.stdout.readline())["decision"], decision)
    child.stdin.close()
    same(child.wait(20), 0)
    child.stdout.close()


@scene
def a_long_batch_with_many_names(runner):
    lines = [question() if i % 4 else question(scope=f"none-{i}")
             for i in range(4000)]
    answers = batch(runner, "\n".join(lines), 2,
                    "actas: standard input:1: 1000 of 4000 questions could "
                    "not be answered; this is the first, and the answer in "
                    "its place says why\n")
    same(["error" in a for a in answers],
         [i % 4 == 0 for i in range(4000)])


# A small process in between: what a child held before it became the program
# counts too, and this one is large.
MEASURE = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
sys.stderr.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""


def measured(runner, arguments, stdin, stdout):
    """Runs the program between two files; its status, what it complains of,
    and the most memory that it held, in KiB."""
    with open(stdin, "rb") as given, open(stdout, "wb") as got:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, runner.program, *arguments],
            cwd=DATA, stdin=given, stdout=got, stderr=subprocess.PIPE,
            timeout=60, text=True, check=False)
    said, _, most = done.stderr.rpartition("\n")
    return done.returncode, said + "\n", int(most)


@scene
def a_batch_of_any_length_is_answered_in_order_and_little_memory(runner):
    count, every = 100000, 1000
    asked, answers = runner.folder / "asked", runner.folder / "answers"
    # More strange names than the program remembers at once.
    known = [(question(), "allow"), (question("sp-idle"), "deny")]

    def kind(i):
        """What becomes of a line: a code of an error, or None."""
        if i % every == 7:
            return "malformed"
        return "unknown-name" if i % 4 else None

    with open(asked, "w", encoding="utf-8") as f:
        for i in range(count):
            f.write({"malformed": "nonsense",
                     "unknown-name": question(f"nobody-{i:060}"),
                     None: known[i // 4 % 2][0]}[kind(i)] + "\n")
    status, said, most = measured(
        runner, ["can", "--batch", *PAGE], asked, answers)
    bad = [i for i in range(count) if kind(i)]
    same((status, said),
         (2, f"actas: standard input:{bad[0] + 1}: {len(bad)} of {count} "
             "questions could not be answered; this is the first, and the "
             "answer in its place says why\n"))
    answered = 0
    with open(answers, encoding="utf-8") as f:
        for i, line in enumerate(f):
            answer = json.loads(line)
            error = answer.get("error", {})
            same((error.get("code"), error.get("line", i + 1)),
                 (kind(i), i + 1))
            if not error:
                same(answer["decision"], known[i // 4 % 2][1])
            answered += 1
    same(answered, count)
    # A sanitizer keeps what has been freed.
    if b"__asan_init" not in pathlib.Path(runner.program).read_bytes() and \
            most > 32 << 10:
        raise Wrong(f"{count} lines took {most} KiB")


@scene
def a_page_takes_the_place_of_the_old_one_whole(runner):
    target = runner.folder / "access.md"
    link = runner.folder / "link.md"
    target.write_text("old\n")
    target.chmod(0o640)
    link.symlink_to(target)
    done = runner.run(["page", *PAGE, "-o", str(link)])
    same((done.returncode, done.stdout, done.stderr), (0, b"", b""))
    same(target.read_bytes(), runner.run(["page", *PAGE]).stdout)
    same(target.stat().st_mode & 0o777, 0o640)
    same(link.is_symlink(), True)
    same(sorted(p.name for p in runner.folder.iterdir()),
         ["access.md", "link.md"])


@scene
def a_page_that_cannot_be_written_leaves_the_old_one(runner):
    target = runner.folder / "missing" / "access.md"
    done = runner.run(["page", *PAGE, "-o", str(target)])
    same(done.returncode, 2)
    same(done.stderr.decode(), f"actas: {target}: cannot be written: "
                               "No such file or directory\n")
    old = runner.folder / "old.md"
    old.write_text("old\n")
    done = runner.run(["page", "-s", "missing.md", "-o", str(old)])
    same(done.returncode, 2)
    same(old.read_text(), "old\n")


@scene
def a_page_that_is_read_back_is_no_different(runner):
    target = runner.folder / "access.md"
    same(runner.run(["page", *PAGE, "-o", str(target)]).returncode, 0)
    done = runner.run(["diff", "platform.md", str(target)])
    same(done.stdout.decode(), "no difference in access\n")
    same(done.returncode, 0)


@scene
def any_pipeline_that_may_use_a_connection_can_become_admin(runner):
    shared = os.environ.get("ACTAS_SHARED", "")
    page = pathlib.Path(shared) / "pages" / "spn-access-map.md"
    if not shared or not page.exists():
        return "ACTAS_SHARED names no copy of the page"
    done = runner.run(["what", "fabric-ci-service-connection", "--through",
                       "-j", "-s", str(page)])
    same(done.returncode, 0)
    last = formats.read_json(done.stdout)["through"][-1]
    same(last["actsAs"]["name"], "sp-fabric-platform-admin")
    same([(s["step"], s["to"]["name"], s["line"]) for s in last["steps"]],
         [("uses-connection", "sp-fabric-data-worker", 156),
          ("reads-secret", "sp-fabric-platform-admin", 29)])
    return None


@scene
def diff_reads_standard_input(runner):
    done = runner.run(["diff", "-", "platform.md"],
                      (DATA / "platform.md").read_bytes())
    same((done.returncode, done.stdout), (0, b"no difference in access\n"))


@scene
def a_map_is_drawn_by_graphviz(runner):
    if shutil.which("dot") is None:
        return "Graphviz is not installed"
    done = runner.run(["map", *PAGE, "--format", "svg"])
    same((done.returncode, done.stderr), (0, b""))
    formats.svg(done.stdout, DATA)
    return None


@scene
def without_graphviz_it_says_what_to_install(runner):
    done = runner.run(["map", *PAGE, "--format", "svg"],
                      env={"PATH": str(runner.folder)})
    same((done.returncode, done.stdout), (2, b""))
    same(done.stderr.decode(),
         "actas: SVG is drawn by Graphviz, and there is no 'dot' here: "
         "install it (apt install graphviz), or use --format mermaid\n")


@scene
def a_graphviz_that_fails_is_an_error(runner):
    fake = runner.folder / "dot"
    fake.write_text("#!/bin/sh\necho '<svg'\nexit 3\n")
    fake.chmod(0o755)
    done = runner.run(["map", *PAGE, "--format", "svg"],
                      env={"PATH": f"{runner.folder}:/usr/bin:/bin"})
    same((done.returncode, done.stdout), (2, b""))
    same(done.stderr.decode(),
         "actas: Graphviz's dot failed; --format dot writes what it was "
         "given\n")


@scene
def a_credential_that_is_told_twice_is_drawn_once(runner):
    page = runner.folder / "twice.md"
    page.write_text((DATA / "platform.md").read_text() +
                    "\n| Identity | Held in |\n|---|---|\n"
                    "| `sp-ops` | `ops-password` |\n"
                    "| `sp-idle` | `ops-password` |\n")
    done = runner.run(["map", "-s", str(page)])
    formats.mermaid(done.stdout, DATA)
    same(done.stdout.decode().count("holds credential of"), 2)


EVERY = [["check", *TODAY], ["check", "--format", "json", *TODAY],
         ["check", "--format", "sarif", *TODAY],
         ["check", "--format", "junit", *TODAY],
         ["who", "get-secret", "kv-evil"],
         ["who", "get-secret", "kv-evil", "--json"],
         ["what", "nobody"], ["page"], ["map"], ["map", "--format", "dot"],
         ["can", "nobody", "get-secret", "kv-evil"]]


def evil_page(folder):
    """A page whose names would take a terminal over."""
    page = folder / "evil.md"
    name = "sp\u202egnp.exe\x1b]0;owned\x07\x9b31m"
    page.write_text(
        "## Identities\n\n| Identity | Type |\n|---|---|\n"
        f"| `{name}` | Service principal |\n\n"
        "| Vault | Permission model |\n|---|---|\n| `kv-evil` | RBAC |\n\n"
        "| Identity | Role | Scope |\n|---|---|---|\n"
        f"| `{name}` | Key Vault Secrets User | `kv-evil` |\n"
        f"| `{name}` | Key Vault \x1b[2J Nothing | `kv-evil` |\n",
        encoding="utf-8")
    return str(page)


@scene
def names_never_reach_a_terminal_raw(runner):
    page = evil_page(runner.folder)
    for arguments in EVERY:
        done = runner.run([*arguments, "-s", page])
        if done.returncode not in (0, 1, 2):
            raise Wrong(f"{arguments}: exit {done.returncode}")
        streams = [done.stderr.decode()]
        if arguments[0] != "page":
            streams.append(done.stdout.decode())
        for text in streams:
            if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text):
                raise Wrong(f"{arguments}: raw control characters in\n"
                            f"{text!r}")


@scene
def a_page_on_a_terminal_is_harmless_too(runner):
    shown, _ = on_terminal(runner, ["page", "-s", evil_page(runner.folder)])
    if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown):
        raise Wrong(f"raw control characters in\n{shown!r}")


@scene
def colour_is_for_terminals(runner):
    arguments = ["can", *PAGE, "sp-ops", "get-secret", "kv-weather"]
    shown, status = on_terminal(runner, arguments)
    same(status, 0)
    if not shown.startswith("\x1b[1;32mALLOW\x1b[0m"):
        raise Wrong(f"no colour in {shown!r}")
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown, _ = on_terminal(runner, arguments, env=env)
        if "\x1b" in shown:
            raise Wrong(f"colour in spite of {env}")
    shown, _ = on_terminal(runner, arguments + ["--color=never"])
    if "\x1b" in shown:
        raise Wrong("colour in spite of --color=never")
    shown, _ = on_terminal(runner, arguments + ["--color=always"],
                           env={"NO_COLOR": "1"})
    if "\x1b" not in shown:
        raise Wrong("no colour in spite of --color=always")


@scene
def lines_fit_the_terminal(runner):
    for columns in (60, 80, 120):
        for arguments in (["check", *PAGE, *TODAY],
                          ["who", *PAGE, "get-secret", "station-key"],
                          ["can", *PAGE, "sp-idle", "get-secret", "ops-password"],
                          ["explain", *PAGE, "403.txt"],
                          ["check", "--help"], ["--help"]):
            shown, _ = on_terminal(runner, arguments, columns,
                                   env={"NO_COLOR": "1"})
            for line in shown.splitlines():
                # One word, perhaps behind a label, cannot be broken.
                if line.lstrip().startswith("az "):
                    continue  # to be copied
                if len(line) > columns and not re.fullmatch(
                        r" *(?:\S+(?: \S+)* {2,})?\S+", line):
                    raise Wrong(f"{columns} columns, {arguments}: {line!r}")


@scene
def a_command_to_copy_is_a_line_of_its_own(runner):
    shown, _ = on_terminal(runner, [
        "explain", "-s", str(ROOT / "examples" / "airflow.md"),
        str(ROOT / "examples" / "airflow-403.txt")],
        env={"NO_COLOR": "1"})
    lines = [line for line in shown.splitlines() if " az " in line]
    same(len(lines), 1)
    if not re.fullmatch(r" +az role assignment create .* --scope \"\S+\"",
                        lines[0]):
        raise Wrong(f"broken: {lines[0]!r}")


@scene
def progress_is_told_after_a_second(runner):
    read, write = os.pipe()
    page = (DATA / "platform.md").read_bytes()
    writer = subprocess.Popen(["sh", "-c", "sleep 1.5; cat platform.md"],
                              cwd=DATA, stdout=write)
    os.close(write)
    shown, status = on_terminal(runner, ["what", "-s", "-", "sp-idle"],
                                stdin=read)
    os.close(read)
    writer.wait(20)
    same(status, 0)
    if "\r\x1b[Kreading standard input … 1 s" not in shown:
        raise Wrong(f"no progress in {shown!r} of {len(page)} bytes")
    if shown.rindex("\x1b[K") > shown.index("sp-idle"):
        raise Wrong(f"the line is not wiped before the answer: {shown!r}")


def keys_of(value):
    """Every key in a value, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


JSON_OF = {
    "can": [["can", *PAGE, "-j", "sp-idle", "get-secret", "station-key"],
            ["can", *PAGE, "-j", "sp-ops", "get-secret", "station-key"]],
    "who": [["who", *PAGE, "-j", "--through", "set-secret", "station-key"],
            ["who", "-s", "disputed.md", "-j", "edit-item",
             "workspace Charts"]],
    "what": [["what", *PAGE, "-j", "--through", "sp-forecast"],
             ["what", *PAGE, "-j", "--through", "ops-connection"]],
    "acts": [["acts", *PAGE, "-j", "Nightly", "-t", "schedule"]],
    "explain": [["explain", *PAGE, "-j", "403.txt"]],
    "diff": [["diff", "-j", "platform.md", "later.md"]],
    "check": [["check", *PAGE, "-f", "json", *TODAY],
              ["check", "--rules", "-f", "json"]],
}


def documented(manual, command):
    """The keys that docs/json.md tells of, in general or of a command."""
    parts = re.split(r"^## ", manual, flags=re.MULTILINE)
    words = set()
    for part in parts:
        name = part.split("\n", 1)[0]
        # Chains are told of once.
        if name in ("Common values", command) or (
                name == "who" and command == "what"):
            words |= set(re.findall(r'["`]([A-Za-z]+)["`]', part))
    return words


@scene
def every_key_of_every_command_is_documented(runner):
    manual = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    for command, runs in JSON_OF.items():
        told = documented(manual, command)
        for arguments in runs:
            value = formats.read_json(runner.run(arguments).stdout)
            for key in keys_of(value):
                if key not in told:
                    raise Wrong(f"{command}: docs/json.md lacks {key}")


@scene
def what_a_reason_means_is_documented(runner):
    manual = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    source = ROOT / "src" / "engine" / "decide" / "reason.c"
    names = re.findall(r'\{"((?:Granted|Denied)\w+)"', source.read_text())
    same(len(names) > 20, True)
    for name in names:
        if f"| `{name}` |" not in manual:
            raise Wrong(f"docs/json.md lacks {name}")


def options_of(runner, command):
    """The long options that help tells of."""
    text = runner.run([command, "--help"]).stdout.decode()
    return set(re.findall(r"^ +(?:-., )?(--[a-z-]+)", text, re.MULTILINE))


@scene
def completion_knows_every_command_and_option(runner):
    for name in ("bash", "zsh", "fish"):
        script = runner.run(["completion", name]).stdout.decode()
        for command in COMMANDS:
            for option in options_of(runner, command):
                wanted = {"bash": option, "zsh": option,
                          "fish": f"{command}' -l {option[2:]}"}[name]
                if wanted not in script:
                    raise Wrong(f"{name}: no {wanted}")


@scene
def the_manual_knows_every_command_and_option(runner):
    manual = (ROOT / "docs" / "actas.1").read_text(encoding="utf-8")
    manual = manual.replace("\\-", "-")
    for command in COMMANDS:
        section = re.search(rf"^\.SS actas {command}\b.*?(?=^\.S[SH])", manual,
                            re.MULTILINE | re.DOTALL)
        if section is None:
            raise Wrong(f"no section on {command}")
        common = {"--help", "--source", "--color"}
        for option in options_of(runner, command) - common:
            if option not in section.group(0):
                raise Wrong(f"{command}: no {option}")
    for option in ("--help", "--source", "--color", "--version"):
        if option not in manual:
            raise Wrong(f"no {option}")


def complete_in_bash(runner, words):
    """What bash offers for the last of the words."""
    script = runner.run(["completion", "bash"]).stdout.decode()
    done = subprocess.run(
        ["bash", "-c", script + "\ncompopt() { :; }\n"
         f"COMP_WORDS=({' '.join(repr(w) for w in words)})\n"
         f"COMP_CWORD={len(words) - 1}\n_actas\n"
         'printf "%s\\n" "${COMPREPLY[@]}"'],
        capture_output=True, text=True, check=True, timeout=20, cwd=DATA)
    return done.stdout.split()


@scene
def bash_completes(runner):
    same(complete_in_bash(runner, ["actas", "ch"]), ["check"])
    same(complete_in_bash(runner, ["actas", "check", "--form"]), ["--format"])
    same(complete_in_bash(runner, ["actas", "check", "--format", "s"]),
         ["sarif"])
    same(complete_in_bash(runner, ["actas", "map", "-f", ""]),
         ["mermaid", "dot", "svg"])
    same(complete_in_bash(runner, ["actas", "can", "-s", "platf"]),
         ["platform.md"])
    same(complete_in_bash(runner, ["actas", "diff", "later"]), ["later.md"])


@scene
def zsh_and_fish_accept_their_scripts(runner):
    missing = []
    for name in ("zsh", "fish"):
        if shutil.which(name) is None:
            missing.append(name)
            continue
        script = runner.folder / name
        script.write_bytes(runner.run(["completion", name]).stdout)
        done = subprocess.run([name, "-n", str(script)], timeout=20,
                              capture_output=True, text=True, check=False)
        same((done.returncode, done.stderr), (0, ""))
    if missing:
        return f"{' and '.join(missing)} not installed"
    return None


@scene
def sarif_is_valid_against_the_schema(runner):
    path = os.environ.get("ACTAS_SARIF_SCHEMA")
    if path is None:
        return "ACTAS_SARIF_SCHEMA names no copy of the schema"
    try:
        import jsonschema
    except ImportError:
        return "python3-jsonschema is not installed"
    done = runner.run(["check", *PAGE, *TODAY, "--format", "sarif"])
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    problems = [p.message for p in
                kind(schema).iter_errors(json.loads(done.stdout))]
    same(problems, [])
    return None


@scene
def fail_on_decides_the_exit_status(runner):
    counts = formats.read_json(runner.run(
        ["check", *PAGE, *TODAY, "--format", "json"]).stdout)["summary"]
    level = {"error": counts["errors"], "warning": counts["warnings"],
             "note": counts["notes"]}
    seen = 0
    for severity in ("error", "warning", "note"):
        seen += level[severity]
        done = runner.run(["check", *PAGE, *TODAY, "--fail-on", severity])
        same((severity, done.returncode), (severity, 1 if seen else 0))
    for level in ("error", "warning"):
        done = runner.run(["check", "-s", "notes.md", *TODAY,
                           f"--fail-on={level}"])
        same(done.returncode, 0)
    done = runner.run(["check", "-s", "notes.md", *TODAY])
    same(done.returncode, 0)
    done = runner.run(["check", "-s", "notes.md", *TODAY, "--fail-on=note"])
    same(done.returncode, 1)
