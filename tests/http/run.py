#!/usr/bin/env python3
"""Speaks HTTP, well and badly, to the server that serve.c makes. Writes TAP.

    run.py PROGRAM [WORD…]

WORDs select the tests whose names contain one of them."""
import sys

import malformed
import slow
import traffic
import tunnels
import wire

TESTS = malformed.TESTS + traffic.TESTS + slow.TESTS + tunnels.TESTS
WORDS = sys.argv[2:]
sys.exit(1 if wire.run(
    [t for t in TESTS if not WORDS or any(w in t.__name__ for w in WORDS)],
    sys.argv[1]) else 0)
