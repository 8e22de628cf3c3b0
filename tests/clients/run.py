#!/usr/bin/env python3
"""Runs Microsoft's own clients, unmodified, against a platform.

usage: tests/clients/run.py PROGRAM CLIENTS FILE [PATTERN]...
CLIENTS is the folder that tests/clients/prepare prints, or empty where the
clients cannot be had: then everything is skipped. A PATTERN selects tests by a
part of their name. Prints TAP, and writes it to FILE.
"""
import pathlib
import re
import sys
import traceback
import unittest

import az_tests
import go_tests
import sdk_tests
import terraform_tests
from world import HERE, World


# Of each client: what its tests' names begin with, its tests, and what they
# are given.
CLIENTS = (
    ("python", sdk_tests.TESTS, lambda world: sdk_tests.Sdk(world, "python")),
    ("node", sdk_tests.TESTS, lambda world: sdk_tests.Sdk(world, "node")),
    ("go", go_tests.TESTS, go_tests.Go),
    ("az", az_tests.TESTS, az_tests.Az),
    ("terraform", terraform_tests.TESTS, terraform_tests.Terraform),
)


def all_tests(world):
    yield "documented", documented
    for client, tests, make in CLIENTS:
        given = make(world)
        for function in tests:
            yield (f"{client}_{function.__name__}",
                   lambda given=given, function=function: function(given))


def documented():
    """docs/clients.md names each test, and none that there is not."""
    text = (HERE.parent.parent / "docs" / "clients.md").read_text("utf-8")
    clients = "|".join(client for client, _, _ in CLIENTS)
    told = set(re.findall(f"`((?:{clients})_\\w+)`", text))
    there = {f"{client}_{function.__name__}" for client, tests, _ in CLIENTS
             for function in tests}
    assert told == there, {"not there": sorted(told - there),
                           "not told": sorted(there - told)}


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
