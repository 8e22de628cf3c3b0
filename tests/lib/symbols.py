#!/usr/bin/env python3
"""What the library exports is what its header declares, and the header is
C and C++. Writes TAP.

    symbols.py SHARED STATIC HEADER"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SHARED, STATIC, HEADER = sys.argv[1:]


def defined(*arguments):
    """The global symbols that a file defines."""
    out = subprocess.run(["nm", "--defined-only", "--extern-only", *arguments],
                         capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in out.splitlines()
             if len(line.split()) == 3}
    # What sanitizers add to every object is theirs.
    return {name for name in names
            if not name.startswith(("__asan", "__odr_asan", "__ubsan",
                                    "__sanitizer", "__tsan"))}


def declared():
    """The functions of the header."""
    text = pathlib.Path(HEADER).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return set(re.findall(r"\b(actas_[a-z_]+)\s*\(", text))


def compiles(compiler, suffix, *flags):
    """Whether the header alone passes a strict compiler."""
    if shutil.which(compiler) is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / f"use{suffix}"
        source.write_text('#include "actas.h"\n', encoding="utf-8")
        done = subprocess.run(
            [compiler, "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic",
             "-Werror", *flags, "-I", str(pathlib.Path(HEADER).parent),
             str(source)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print("# " + done.stderr.replace("\n", "\n# "))
        return done.returncode == 0


TESTS = [
    ("the_shared_library_exports_what_is_declared_and_nothing_else",
     lambda: defined("--dynamic", SHARED) == declared()),
    ("the_archive_exports_what_is_declared_and_nothing_else",
     lambda: defined(STATIC) == declared()),
    ("the_header_is_c99", lambda: compiles("cc", ".c", "-std=c99")),
    ("the_header_is_cplusplus", lambda: compiles("c++", ".cc",
                                                 "-std=c++11")),
]

print("TAP version 13")
print(f"1..{len(TESTS)}")
failed = 0
for number, (name, test) in enumerate(TESTS, 1):
    good = test()
    failed += good is False
    print(f"{'not ok' if good is False else 'ok'} {number} - {name}"
          + (" # SKIP there is no such compiler" if good is None else ""))
for name, symbols in (("shared", defined("--dynamic", SHARED)),
                      ("archive", defined(STATIC))):
    for symbol in sorted(symbols ^ declared()):
        print(f"# {name}: {symbol}")
sys.exit(1 if failed else 0)
