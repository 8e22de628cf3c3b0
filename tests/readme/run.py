#!/usr/bin/env python3
"""The README's terminal transcripts are what the program prints.

Every ```console block of README.md and docs/*.md is read: a line that begins
with `$ actas` is run in the root of the repository, and the lines up to the
next `$` must be what it prints. TAP on standard output. With --update after the
program, the documents are rewritten with what it prints; read the difference
before you commit it.
"""
import os
import pathlib
import shlex
import subprocess
import sys

program = os.path.abspath(sys.argv[1])
root = pathlib.Path(os.environ["ACTAS_ROOT"])


def commands(text):
    """(command line, expected output) of each command of each block."""
    for block in text.split("```console\n")[1:]:
        command, lines = None, []
        for line in block.split("\n```", 1)[0].splitlines():
            if not line.startswith("$ "):
                lines.append(line)
                continue
            if command:
                yield command, lines
            command, lines = line[2:], []
        if command:
            yield command, lines


def run(command):
    words = shlex.split(command)
    assert words[0] == "actas", f"not a command of ours: {command}"
    done = subprocess.run([program, *words[1:]], cwd=root, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)
    return (done.stdout + done.stderr).splitlines()


def trimmed(lines):
    """Without blank lines at the end: they only set commands apart."""
    lines = list(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def documents():
    yield root / "README.md"
    yield from sorted(root.glob("docs/*.md"))


def update():
    for path in documents():
        text = path.read_text(encoding="utf-8")
        for command, lines in list(commands(text)):
            if command.startswith("actas "):
                old = "\n".join(["$ " + command, *trimmed(lines)])
                new = "\n".join(["$ " + command, *trimmed(run(command))])
                text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")


def main():
    cases = [(path.name, command, lines) for path in documents()
             for command, lines in commands(path.read_text(encoding="utf-8"))
             if command.startswith("actas ")]
    print(f"1..{len(cases)}")
    failed = 0
    for number, (name, command, expected) in enumerate(cases, 1):
        got = run(command)
        good = trimmed(got) == trimmed(expected)
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {name}: {command}")
        if not good:
            for side, lines in (("document", expected), ("program", got)):
                for line in lines:
                    print(f"# {side}: {line}")
    return 1 if failed or not cases else 0


if sys.argv[2:] == ["--update"]:
    update()
else:
    sys.exit(main())
