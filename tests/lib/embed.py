#!/usr/bin/env python3
"""Runs the example that embeds the library. Writes TAP."""
import pathlib
import subprocess
import sys

DATA = pathlib.Path(__file__).resolve().parent.parent / "data" / "cli"
PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
ROWS = [
    ("it_allows", ["platform.md", "sp-forecast", "get-secret", "kv-weather"],
     0, "allow: GrantedByRBAC\n"),
    ("it_denies", ["platform.md", "sp-idle", "get-secret", "kv-weather"],
     1, "deny: DeniedWithNoValidRBAC\n"),
    ("an_unknown_name_is_an_error", ["platform.md", "sp-x", "get-secret",
                                     "kv-weather"], 2, ""),
    ("a_missing_source_is_an_error", ["missing.md", "a", "b", "c"], 2, ""),
    ("it_says_how_it_is_used", [], 2, ""),
]

print("TAP version 13")
print(f"1..{len(ROWS)}")
failed = 0
for number, (name, arguments, status, out) in enumerate(ROWS, 1):
    done = subprocess.run([PROGRAM, *arguments], cwd=DATA, timeout=20,
                          capture_output=True, text=True, check=False)
    good = (done.returncode, done.stdout) == (status, out) and \
        (status != 2 or done.stderr != "")
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    if not good:
        print(f"# {done!r}")
sys.exit(1 if failed else 0)
