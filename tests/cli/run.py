#!/usr/bin/env python3
"""Runs the program and holds what it prints, and its exit status, against
what is expected. Writes TAP.

    run.py PROGRAM [--update] [WORD…]

Expected output lies in tests/data/cli/golden/NAME. --update writes it anew,
for somebody to read in `git diff` before it is committed; nothing else does.
WORDs select the cases whose names contain one of them."""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import cases
import formats
import hostile  # noqa: F401, adds its scenes
import scenes

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data" / "cli"
GOLDEN = DATA / "golden"
LIMIT = 20


class Runner:
    """One program under test."""

    def __init__(self, program, update):
        self.program = str(pathlib.Path(program).resolve())
        self.update = update
        self.folder = None

    def run(self, arguments, stdin="", **more):
        """Runs the program in the data folder, in a bare environment."""
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                       "TZ": "UTC"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        environment.update(more.pop("env", {}))
        if isinstance(stdin, str):
            stdin = stdin.encode()
        return subprocess.run([self.program, *arguments], input=stdin,
                              capture_output=True, timeout=LIMIT,
                              cwd=more.pop("cwd", DATA), env=environment,
                              check=False, **more)

    def golden(self, name, text):
        """Holds a text against the golden file of that name."""
        path = GOLDEN / name
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            return
        if not path.exists():
            raise formats.Wrong(f"no golden file {name}; see run.py --update")
        wanted = path.read_bytes()
        if wanted != text:
            raise formats.Wrong(
                f"differs from golden/{name} (if it is meant to: "
                f"tests/cli/run.py build/actas --update, and read git diff)"
                f"\n{differ(wanted, text)}")


def differ(wanted, got):
    """The difference between two outputs, for a person."""
    return "\n".join(difflib.unified_diff(
        wanted.decode(errors="replace").splitlines(),
        got.decode(errors="replace").splitlines(), "expected", "got",
        lineterm=""))


def check_case(runner, case):
    """Runs one row of the table in cases.py."""
    stdin = case.get("stdin", "")
    if "stdin_file" in case:
        stdin = (DATA / case["stdin_file"]).read_bytes()
    done = runner.run(case["args"], stdin, env=case.get("env", {}))
    out, err = done.stdout, done.stderr.decode()
    if done.returncode != case.get("exit", 0):
        raise formats.Wrong(f"exit {done.returncode}, not {case.get('exit', 0)}\n"
                    f"{out.decode(errors='replace')}\n{err}")
    if "err" in case and case["err"] is None:
        runner.golden("errors/" + case["name"] + ".txt", done.stderr)
    elif "err" in case:
        if err != case["err"]:
            raise formats.Wrong(f"standard error is\n{err}and not\n{case['err']}")
    elif err:
        raise formats.Wrong(f"standard error is not empty: {err}")
    if "out" in case and out.decode() != case["out"]:
        raise formats.Wrong("standard output:\n" +
                    differ(case["out"].encode(), out))
    if "golden" in case:
        runner.golden(case["golden"], out)
    if "form" in case:
        formats.check(case["form"], out, DATA)


def main():
    """Runs all cases, then all scenes."""
    arguments = sys.argv[1:]
    update = "--update" in arguments
    words = [a for a in arguments if a != "--update"]
    runner = Runner(words.pop(0), update)
    tests = [(case["name"], check_case, case) for case in cases.CASES]
    tests += [(name, lambda r, f: f(r), scene)
              for name, scene in scenes.SCENES]
    tests = [t for t in tests
             if not words or any(w in t[0] for w in words)]
    print("TAP version 13")
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, function, argument) in enumerate(tests, 1):
        skip = ""
        try:
            with tempfile.TemporaryDirectory() as folder:
                runner.folder = pathlib.Path(folder)
                skip = function(runner, argument) or ""
            print(f"ok {number} - {name}" + (f" # SKIP {skip}" if skip
                                             else ""))
        except (formats.Wrong, AssertionError, subprocess.TimeoutExpired) as wrong:
            failed += 1
            print(f"not ok {number} - {name}")
            for line in str(wrong).splitlines():
                print("# " + re.sub(r"[^\x20-\x7e]", "?", line))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
