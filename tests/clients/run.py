#!/usr/bin/env python3
"""Runs Microsoft's own clients, unmodified, against a platform.

usage: tests/clients/run.py PROGRAM CLIENTS FILE [PATTERN]...
CLIENTS is the folder that tests/clients/prepare prints, or empty where the
clients cannot be had: then everything is skipped. A PATTERN selects tests by a
part of their name. Prints TAP, and writes it to FILE.
"""
import pathlib
import sys
import traceback
import unittest

import az_tests
import go_tests
import sdk_tests
from world import World


def all_tests(world):
    for language in ("python", "node"):
        sdk = sdk_tests.Sdk(world, language)
        for function in sdk_tests.TESTS:
            yield f"{language}_{function.__name__}", lambda: function(sdk)
    go = go_tests.Go(world)
    for function in go_tests.TESTS:
        yield f"go_{function.__name__}", lambda: function(go)
    az = az_tests.Az(world)
    for function in az_tests.TESTS:
        yield f"az_{function.__name__}", lambda: function(az)


class Tap:
    """Lines for the terminal and for the file that is counted."""

    def __init__(self, path):
        self.file = pathlib.Path(path).open("w", encoding="utf-8")

    def say(self, line):
        print(line, flush=True)
        print(line, file=self.file, flush=True)


def main(program, clients, path, *patterns):
    tap = Tap(path)
    if not clients:
        tap.say("ok 1 - clients # SKIP the registries cannot be reached")
        return 0
    world = World(program, clients)
    count = failed = 0
    try:
        for name, run in all_tests(world):
            if patterns and not any(part in name for part in patterns):
                continue
            count += 1
            try:
                run()
                tap.say(f"ok {count} - {name}")
            except unittest.SkipTest as reason:
                tap.say(f"ok {count} - {name} # SKIP {reason}")
            except Exception:
                failed += 1
                tap.say(f"not ok {count} - {name}")
                for line in traceback.format_exc().splitlines()[-12:]:
                    tap.say(f"# {line[:1500]}")
    finally:
        code = world.stop()
    count += 1
    stopped = "ok" if code == 0 else "not ok"
    tap.say(f"{stopped} {count} - server_stops_cleanly")
    failed += code != 0
    if failed:
        tap.say("# the server's log:")
        for line in world.logged().splitlines()[-40:]:
            tap.say(f"# {line}")
    tap.say(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
