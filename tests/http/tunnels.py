"""The way in through an HTTP proxy."""
import concurrent.futures
import http.client
import json
import socket
import time

from malformed import HOST
from traffic import own_address
from wire import LIMIT, Answers, Server, Wrong, check, read_all, send, statuses

MIB = 1 << 20

REFUSED = [
    (b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", 403),
    (b"CONNECT vault.azure.net:443 HTTP/1.1\r\n\r\n", 403),
    (b"CONNECT [::1]:443 HTTP/1.1\r\n\r\n", 403),
    (b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n", 403),
    (b"CONNECT localhost.example.com:443 HTTP/1.1\r\n\r\n", 403),
    (b"GET http://localhost/a HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    (b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    (b"connect localhost:443 HTTP/1.1\r\n\r\n", 405),
    (b"CONNECT localhost HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT localhost: HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT localhost:0 HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT localhost:99999 HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT localhost:44a HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT :443 HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT a@localhost:443 HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT http://localhost:443 HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT  localhost:443 HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT localhost:443  HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT localhost:443\r\n\r\n", 400),
    (b"CONNECT localhost:443 HTTP/2.0\r\n\r\n", 400),
    (b"CONNECT localhost:443 HTTP/1.1\nHost: a\r\n\r\n", 400),
    (b"CONNECT localhost:443 HTTP/1.1\r\n X: a\r\n\r\n", 400),
    (b"CONNECT localhost:443 HTTP/1.1\r\nX\r\n\r\n", 400),
    (b"CONNECT localhost:443 HTTP/1.1\r\nX: a\0\r\n\r\n", 400),
    (b"CONNECT loc\0alhost:443 HTTP/1.1\r\n\r\n", 400),
    (b"CONNECT " + b"a." * 200 + b":443 HTTP/1.1\r\n\r\n", 400),
    (b"\r\n\r\n", 400),
    (b"CONNECT localhost:443 HTTP/1.1\r\nX: " + b"a" * 20000, 431),
]


def tunnelled(server, host="kv1.vault.azure.net"):
    c = http.client.HTTPSConnection("127.0.0.1", server.tunnel, timeout=LIMIT,
                                    context=server.context())
    c.set_tunnel(host, 443)
    return c


def to_tunnel(server):
    return socket.create_connection(("127.0.0.1", server.tunnel), LIMIT)


def other_hosts_are_refused():
    with Server(tunnel=True) as server:
        for request, status in REFUSED:
            with to_tunnel(server) as s:
                send(s, request)
                answer = read_all(s)
            check(statuses(answer), [status], request[:60])
            head, _, body = answer.partition(b"\r\n\r\n")
            check(body[:7], b"actas: ", request[:60])
            check(body.count(b"\n"), 1, request[:60])
            if b"Content-Length: %d\r\n" % len(body) not in head:
                raise Wrong(f"{head!r}")
        with to_tunnel(server) as s:
            s.sendall(REFUSED[0][0])
            if b"example.com" not in read_all(s):
                raise Wrong("it does not say which host")


def tls_goes_through():
    with Server(tls=True, tunnel=True) as server:
        for host in "kv1.vault.azure.net", "LOCALHOST":
            c = tunnelled(server, host)
            for n in range(5):
                c.request("PUT", f"/secrets/{n}", b"x" * 100000)
                answer = c.getresponse()
                seen = json.loads(answer.read())
                check((answer.status, seen["host"], seen["bytes"]),
                      (200, host.lower(), 100000))
            c.request("GET", f"/large?bytes={20 * MIB}")
            check(c.getresponse().read().count(b"x"), 20 * MIB)
            c.close()


def a_client_may_speak_before_it_is_answered():
    with Server(tunnel=True) as server, to_tunnel(server) as s:
        s.sendall(b"CONNECT localhost:1 HTTP/1.1\r\nProxy-Connection: x\r\n"
                  b"\r\nGET /a HTTP/1.1\r\n" + HOST + b"\r\n")
        answers = Answers(s)
        check(answers.next(head=True)[0], 200)
        check(answers.next()[0], 200)


def a_head_may_come_in_pieces():
    with Server(tunnel=True) as server, to_tunnel(server) as s:
        for byte in b"CONNECT localhost:443 HTTP/1.1\r\nHost: a\r\n\r\n":
            s.sendall(bytes([byte]))
        check(Answers(s).next(head=True)[0], 200)


def half_a_connection_may_be_closed():
    with Server(tunnel=True) as server, to_tunnel(server) as s:
        s.sendall(b"CONNECT localhost:443 HTTP/1.1\r\n\r\n"
                  b"GET /later?ms=300 HTTP/1.1\r\nConnection: close\r\n" +
                  HOST + b"\r\n")
        s.shutdown(socket.SHUT_WR)
        check(statuses(read_all(s)), [200, 200])


def a_slow_reader_holds_up_nobody_else():
    with Server(tls=True, tunnel=True) as server:
        slow = tunnelled(server)
        slow.request("GET", f"/large?bytes={20 * MIB}")
        time.sleep(0.3)
        c = tunnelled(server)
        c.request("GET", "/a")
        check(c.getresponse().status, 200)
        c.close()
        check(slow.getresponse().read().count(b"x"), 20 * MIB)
        slow.close()


def many_tunnels_at_once():
    def ask(n):
        c = tunnelled(server)
        c.request("GET", f"/later?n={n}&ms={n % 20}")
        check(json.loads(c.getresponse().read())["query"][0], ["n", str(n)])
        c.close()

    with Server(tls=True, tunnel=True) as server:
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            list(pool.map(ask, range(100)))


def over_the_ceiling_one_waits():
    with Server(tunnel=True) as server:
        sockets = [to_tunnel(server) for _ in range(256)]
        with to_tunnel(server) as last:
            last.sendall(REFUSED[0][0])
            last.settimeout(0.5)
            try:
                raise Wrong(f"it was answered: {last.recv(100)!r}")
            except socket.timeout:
                pass
            sockets.pop().close()
            last.settimeout(LIMIT)
            check(statuses(read_all(last)), [403])
        for s in sockets:
            s.close()


def idle_tunnels_make_room_when_most_are_taken():
    with Server("-p", "1", tunnel=True) as server:
        busy = to_tunnel(server)
        busy.sendall(b"CONNECT localhost:443 HTTP/1.1\r\n\r\n")
        check(Answers(busy).next(head=True)[0], 200)
        idle = [to_tunnel(server) for _ in range(270)]
        end = time.monotonic() + 3
        while time.monotonic() < end:  # something moves on it
            busy.sendall(b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n")
            check(Answers(busy).next()[0], 200)
            time.sleep(0.2)
        with to_tunnel(server) as last:
            last.sendall(REFUSED[0][0])
            check(statuses(read_all(last)), [403])
        for s in [busy, *idle]:
            s.close()


def another_host_has_a_ceiling_of_tunnels():
    address = own_address()
    if address is None:
        return "this machine has no address but loopback"
    with Server("-l", "0.0.0.0", tunnel=True) as server:
        theirs = [socket.create_connection((address, server.tunnel), LIMIT)
                  for _ in range(80)]
        for s in theirs[64:]:
            check(read_all(s), b"", "over the ceiling")
        for s in [*theirs[:64], to_tunnel(server)]:
            s.sendall(REFUSED[0][0])
            check(statuses(read_all(s)), [403])
        for s in theirs:
            s.close()
    return None


def it_stops_with_tunnels_open():
    with Server(tunnel=True) as server:
        s = to_tunnel(server)
        s.sendall(b"CONNECT localhost:443 HTTP/1.1\r\n\r\n")
        check(Answers(s).next(head=True)[0], 200)
        server.stop(0)
        server.finish()
        check(read_all(s), b"")
        s.close()


TESTS = [
    other_hosts_are_refused,
    over_the_ceiling_one_waits,
    idle_tunnels_make_room_when_most_are_taken,
    another_host_has_a_ceiling_of_tunnels,
    a_slow_reader_holds_up_nobody_else,
    it_stops_with_tunnels_open,
    tls_goes_through,
    a_client_may_speak_before_it_is_answered,
    a_head_may_come_in_pieces,
    half_a_connection_may_be_closed,
    many_tunnels_at_once,
]
