#!/usr/bin/env python3
"""Runs Microsoft's own clients, unmodified, against a platform.

usage: tests/clients/run.py PROGRAM CLIENTS [PATTERN]...
CLIENTS is the folder that tests/clients/prepare prints; a PATTERN selects
tests by a part of their name. Prints TAP.
"""
import sys
import traceback

import az_tests
import sdk_tests
from world import World


def all_tests(world):
    for language in ("python", "node"):
        sdk = sdk_tests.Sdk(world, language)
        for function in sdk_tests.TESTS:
            yield f"{language}_{function.__name__}", lambda: function(sdk)
    az = az_tests.Az(world)
    for function in az_tests.TESTS:
        yield f"az_{function.__name__}", lambda: function(az)


def main(program, clients, *patterns):
    world = World(program, clients)
    count = failed = 0
    try:
        for name, run in all_tests(world):
            if patterns and not any(part in name for part in patterns):
                continue
            count += 1
            try:
                run()
                print(f"ok {count} - {name}", flush=True)
            except Exception:
                failed += 1
                print(f"not ok {count} - {name}", flush=True)
                for line in traceback.format_exc().splitlines()[-12:]:
                    print(f"# {line[:1500]}", flush=True)
    finally:
        code = world.stop()
    count += 1
    stopped = "ok" if code == 0 else "not ok"
    print(f"{stopped} {count} - server_stops_cleanly")
    failed += code != 0
    if failed:
        print("# the server's log:")
        for line in world.logged().splitlines()[-40:]:
            print(f"# {line}")
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
