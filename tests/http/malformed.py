"""Requests that are not HTTP, or that two readers could read differently."""
import json

from wire import (Answers, Server, Wrong, check, read_all, send,
                  statuses)

HOST = b"Host: localhost\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"


def post(*lines, body=b""):
    return (b"POST /a HTTP/1.1\r\n" + HOST + b"".join(lines) + b"\r\n" + body)


# Each is followed by a request that must not be seen as one.
FRAMING = [
    ("both lengths", post(b"Content-Length: 5\r\n",
                          b"Transfer-Encoding: chunked\r\n",
                          body=b"0\r\n\r\n"), 400),
    ("both lengths, other order", post(b"Transfer-Encoding: chunked\r\n",
                                       b"Content-Length: 5\r\n",
                                       body=b"0\r\n\r\n"), 400),
    ("two lengths", post(b"Content-Length: 5\r\nContent-Length: 0\r\n"), 400),
    ("two equal lengths", post(b"Content-Length: 0\r\n" * 2), 400),
    ("a list of lengths", post(b"Content-Length: 0, 0\r\n"), 400),
    ("a signed length", post(b"Content-Length: +0\r\n"), 400),
    ("a negative length", post(b"Content-Length: -1\r\n"), 400),
    ("a hexadecimal length", post(b"Content-Length: 0x0\r\n"), 400),
    ("an empty length", post(b"Content-Length: \r\n"), 400),
    ("a length with a blank", post(b"Content-Length: 0 0\r\n"), 400),
    ("a length of 20 digits", post(b"Content-Length: " + b"9" * 20 + b"\r\n"),
     413),
    ("a blank before the colon", post(b"Content-Length : 5\r\n"), 400),
    ("a tab before the colon", post(b"Content-Length\t: 5\r\n"), 400),
    ("a coding with a blank before the colon",
     post(b"Transfer-Encoding : chunked\r\n"), 400),
    ("two codings", post(b"Transfer-Encoding: chunked\r\n" * 2), 400),
    ("a list of codings", post(b"Transfer-Encoding: gzip, chunked\r\n"), 501),
    ("a coding twice", post(b"Transfer-Encoding: chunked, chunked\r\n"), 501),
    ("an unknown coding", post(b"Transfer-Encoding: xchunked\r\n"), 501),
    ("a coding with a blank after it",
     post(b"Transfer-Encoding: chunked \r\n"), 501),
    ("a coding with a control character",
     post(b"Transfer-Encoding: \x0bchunked\r\n"), 400),
    ("a coding in HTTP/1.0",
     b"POST /a HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n",
     400),
    ("a folded header", post(b"X: a\r\n b\r\n"), 400),
    ("a folded header with a tab", post(b"X: a\r\n\tb\r\n"), 400),
    ("a length made by folding", post(b"Content-: 5\r\n Length\r\n"), 400),
    ("a folded coding", post(b"Transfer-Encoding:\r\n chunked\r\n"), 400),
    ("a blank before the first header",
     b"GET /a HTTP/1.1\r\n " + HOST + b"\r\n", 400),
    ("a line feed alone after the first line",
     b"GET /a HTTP/1.1\n" + HOST + b"\r\n", 400),
    ("a line feed alone after a header",
     b"GET /a HTTP/1.1\r\nHost: localhost\n\r\n", 400),
    ("a line feed alone at the end", b"GET /a HTTP/1.1\r\n" + HOST + b"\n",
     400),
    ("line feeds alone", b"GET /a HTTP/1.1\nHost: localhost\n\n", 400),
    ("a carriage return in a header", post(b"X: a\rContent-Length: 5\r\n"),
     400),
    ("NUL in a header", post(b"X: a\0b\r\n"), 400),
    ("NUL at the end of a header", post(b"X: a\0\r\n"), 400),
    ("NUL in a header's name", post(b"X\0Y: a\r\n"), 400),
    ("NUL in a length", post(b"Content-Length: 0\x005\r\n"), 400),
    ("a header without colon", post(b"Content-Length 5\r\n"), 400),
    ("a header without name", post(b": 5\r\n"), 400),
    ("a header with a bracket in its name", post(b"X(: 5\r\n"), 400),
    ("a header that is no UTF-8", post(b"X: \xff\r\n"), 400),
    ("a chunk of no number", post(b"Transfer-Encoding: chunked\r\n",
                                  body=b"zz\r\n\r\n"), 400),
    ("a chunk of negative size", post(b"Transfer-Encoding: chunked\r\n",
                                      body=b"-1\r\n\r\n"), 400),
    ("a chunk with a prefix", post(b"Transfer-Encoding: chunked\r\n",
                                   body=b"0x0\r\n\r\n"), 400),
    ("a chunk of 17 digits", post(b"Transfer-Encoding: chunked\r\n",
                                  body=b"1" + b"0" * 16 + b"\r\n"), 413),
    ("a chunk longer than it says", post(b"Transfer-Encoding: chunked\r\n",
                                         body=b"1\r\nab\r\n0\r\n\r\n"), 400),
]

# Answered with 400 as well, but the connection may go on.
HEADS = [
    (b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET  /a HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a  HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a\tb HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a\0b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a HTTP/1.1 \r\n" + HOST + b"\r\n", 400),
    (b"GET /a\r\n" + HOST + b"\r\n", 400),
    (b"GET /a http/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a HTTP/11\r\n" + HOST + b"\r\n", 400),
    (b"GET /a HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (b"GET /a HTTP/0.9\r\n" + HOST + b"\r\n", 505),
    (b"GET * HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET a HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"CONNECT localhost:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /%00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a/%2E%2e/b HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /a HTTP/1.1\r\n\r\n", 400),
    (b"GET /a HTTP/1.0\r\n\r\n", 400),
    (b"GET /a HTTP/1.1\r\nHost:\r\n\r\n", 400),
    (b"GET /a HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    (b"GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    (b"GET /a HTTP/1.1\r\n" + HOST + b"Authorization: Bearer a\r\n" * 2 +
     b"\r\n", 400),
    (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /" + b"a/" * 65 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /?" + b"a&" * 129 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /?" + b"a&" * 800 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /?" + b"a=b&" * 4000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /?" + b"a&" * 8000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    (b"GET /?" + b"a&" * 16000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /?" + b"&" * 16000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    (b"GET /a HTTP/1.1\r\n" + HOST + b"X: 1\r\n" * 128 + b"\r\n", 431),
    (b"GET /a HTTP/1.1\r\n" + HOST + b"X: 1\r\n" * 2000 + b"\r\n", 431),
    (b"GET /a HTTP/1.1\r\n" + HOST + b"Cookie: " + b"a;" * 14000 +
     b"\r\n\r\n", 431),
    (b"GET /a HTTP/1.1\r\n" + HOST + b"X: " + b"1" * 33000 + b"\r\n\r\n",
     431),
    (b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    (b"GET /a HTTP/1.1\r\n" + HOST + b"X: " + b"1" * 200000 + b"\r\n\r\n",
     431),
]

# Not even a request line: closed without a word, or with an error.
NOISE = [
    b"\r\n", b"\0\0\0\0", b"GET\r\n\r\n", b"\x16\x03\x01\x00\x05hello\r\n\r\n",
    b"a" * 300000, b"\r\n" * 30000, bytes(range(256)) * 50, b"GET /",
]


def a_request_that_can_be_read_twice_is_read_once():
    with Server() as server:
        for name, request, status in FRAMING:
            answer = server.ask(request + SMUGGLED)
            # libmicrohttpd says it twice where the length is no number
            check(set(statuses(answer)), {status}, name)
            if b"smuggled" in answer:
                raise Wrong(f"{name}: {answer!r}")


def malformed_heads_are_refused():
    with Server() as server:
        for request, status in HEADS:
            with server.connect() as s:
                send(s, request)
                check(Answers(s).next()[0], status, request[:70])


def noise_is_not_answered_as_a_request():
    for tls in False, True:
        with Server("-i", "1", tls=tls) as server:
            sockets = [server.connect(tls=False) for _ in NOISE]
            for s, noise in zip(sockets, NOISE):
                send(s, noise)
            for s, noise in zip(sockets, NOISE):
                with s:
                    answer = read_all(s)
                if 200 in statuses(answer):
                    raise Wrong(f"{noise[:20]!r}: {answer!r}")
            with server.connect() as s:
                s.sendall(b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n")
                check(Answers(s).next()[0], 200, "afterwards")


def refusals_are_small_json():
    with Server() as server, server.connect() as s:
        s.sendall(b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n")
        answers = Answers(s)
        status, headers, body = answers.next()
        check(status, 400)
        check(headers["content-type"], "application/json; charset=utf-8")
        check(headers["cache-control"], "no-store")
        check(headers["x-ms-request-id"], headers["request-id"])
        check(json.loads(body), {"error": {
            "code": "BadRequest", "message": "The request target holds "
            "characters or escapes that are not allowed."}})
        s.sendall(b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n")
        check(answers.next()[0], 200, "the same connection")


def nothing_of_a_request_is_logged():
    secret = b"c2VjcmV0"
    with Server() as server:
        for name, request, _ in FRAMING:
            server.ask(request.replace(
                HOST, HOST + b"Authorization: Bearer " + secret + b"\r\n"))
        for request, _ in HEADS:
            with server.connect() as s:
                send(s, request.replace(b"/a", b"/" + secret))
                s.recv(65536)
        if secret.decode() in server.lines():
            raise Wrong(server.lines())


TESTS = [
    a_request_that_can_be_read_twice_is_read_once,
    malformed_heads_are_refused,
    noise_is_not_answered_as_a_request,
    refusals_are_small_json,
    nothing_of_a_request_is_logged,
]
