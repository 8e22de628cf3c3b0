"""Clients that take their time, and servers that stop."""
import json
import socket
import threading
import time

from malformed import HOST
from traffic import client, fetch
from wire import LIMIT, Answers, Server, Wrong, check, read_all, wait_until

MIB = 1 << 20


def trickle(s, data, seconds):
    """A byte now and then; how long the other side put up with it."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            s.sendall(data[:1])
            data = data[1:] or b"x"
            s.settimeout(0.1)
            if s.recv(1) == b"":
                break
        except socket.timeout:
            pass
        except OSError:
            break
    return time.monotonic() - begun


def a_trickle_is_cut_off():
    starts = [
        b"",
        b"GET /a HTTP/1.1\r\nX: ",
        b"PUT /a HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\n",
        b"PUT /a HTTP/1.1\r\n" + HOST +
        b"Transfer-Encoding: chunked\r\n\r\n100\r\n",
    ]
    took = {}

    def one(n, tls):
        with server.connect() as s:
            if starts[n]:
                s.sendall(starts[n])
            took[n, tls] = trickle(s, b"GET /" + b"a" * 1000, 8)

    for tls in False, True:
        with Server("-i", "60", "-r", "2", tls=tls) as server:
            threads = [threading.Thread(target=one, args=(n, tls))
                       for n in range(len(starts))]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            if "took too long" not in server.lines():
                raise Wrong(server.lines())
    for row, seconds in took.items():
        if not 1 < seconds < 6:
            raise Wrong(f"{row}: {seconds} s")


def a_handshake_without_end_is_cut_off():
    with Server("-r", "2", tls=True) as server:
        with server.connect(tls=False) as s:
            s.sendall(b"\x16\x03\x01\x02\x00\x01")
            begun = time.monotonic()
            check(read_all(s), b"")
            if not 1 < time.monotonic() - begun < 6:
                raise Wrong("too early or too late")


def an_idle_connection_is_closed_and_a_busy_one_is_not():
    with Server("-i", "1", "-r", "1") as server:
        with server.connect() as idle, server.connect() as busy:
            answers = Answers(busy)
            busy.sendall(b"GET /later?ms=2500 HTTP/1.1\r\n" + HOST + b"\r\n")
            begun = time.monotonic()
            check(read_all(idle), b"")
            if time.monotonic() - begun > 4:
                raise Wrong("closed too late")
            check(answers.next()[0], 200)
            busy.sendall(b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n")
            check(answers.next()[0], 200)


def a_client_that_does_not_read_is_cut_off():
    for tls in False, True:
        with Server("-a", "1", tls=tls) as server:
            with server.connect() as s:
                s.sendall(b"GET /large?bytes=%d HTTP/1.1\r\n" % (60 * MIB) +
                          HOST + b"\r\n")
                wait_until("the cut",
                           lambda: "took too long" in server.lines())
                if len(read_all(s)) >= 60 * MIB:
                    raise Wrong("it read everything")


def idle_connections_make_room_when_most_are_taken():
    for tls in False, True:
        with Server("-p", "1", tls=tls) as server:
            busy = server.connect()
            busy.sendall(b"GET /later?ms=5000 HTTP/1.1\r\n" + HOST + b"\r\n")
            idle = [server.connect(tls=False) for _ in range(1030)]
            begun = time.monotonic()
            with server.connect() as s:
                s.sendall(b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n")
                check(Answers(s).next()[0], 200, "the one behind them")
            if time.monotonic() - begun > 10:
                raise Wrong("it waited too long")
            check(Answers(busy).next()[0], 200, "the one that waits for us")
            if "there is little room" not in server.lines():
                raise Wrong(server.lines())
            for s in [busy, *idle]:
                s.close()


def where_there_is_room_idle_ones_stay():
    with Server("-p", "1") as server:
        some = [server.connect() for _ in range(300)]
        time.sleep(3.5)
        for s in some[::10]:
            s.sendall(b"GET /a HTTP/1.1\r\n" + HOST + b"\r\n")
            check(Answers(s).next()[0], 200)
        for s in some:
            s.close()


def what_is_in_flight_is_finished():
    for tls in False, True:
        with Server(tls=tls) as server:
            idle = server.connect()
            sockets = [server.connect() for _ in range(20)]
            for n, s in enumerate(sockets):
                s.sendall(b"GET /later?ms=%d HTTP/1.1\r\n" % (1500 + n) +
                          HOST + b"\r\n")
            wait_until("waiting", lambda: waiting(server) == 20)
            server.stop(10)
            wait_until("refusal of new connections", lambda: refused(server))
            for s in sockets:
                status, headers, _ = Answers(s).next()
                check((status, headers["connection"]), (200, "close"))
                s.close()
            idle.close()
            begun = time.monotonic()
            server.finish()
            if time.monotonic() - begun > 5:
                raise Wrong("it waited for nothing")


def waiting(server):
    c = client(server)
    count = int(fetch(c, "GET", "/waiting")[1])
    c.close()
    return count


def refused(server):
    try:
        socket.create_connection(("127.0.0.1", server.port), 1).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # it was in the queue
        pass
    return False


def a_body_under_way_is_waited_for():
    with Server() as server, server.connect() as s:
        s.sendall(b"PUT /a HTTP/1.1\r\nExpect: 100-continue\r\n" + HOST +
                  b"Content-Length: 4\r\n\r\n")
        check(Answers(s).next()[0], 100)
        s.sendall(b"ab")
        server.stop(10)
        time.sleep(0.3)
        s.sendall(b"cd")
        status, _, body = Answers(s).next()
        check((status, json.loads(body)["body"]), (200, "abcd"))
        server.finish()


def what_has_no_answer_in_time_gets_one():
    for tls in False, True:
        with Server(tls=tls) as server, server.connect() as s:
            s.sendall(b"GET /never HTTP/1.1\r\n" + HOST + b"\r\n")
            wait_until("waiting", lambda: waiting(server) == 1)
            server.stop(1)
            status, headers, body = Answers(s).next()
            check((status, headers["connection"]), (503, "close"))
            check(json.loads(body)["error"]["code"], "ServiceUnavailable")
            server.finish()


def it_stops_under_load():
    def load():
        while not server.stopped or not refused(server):
            try:
                c = client(server)
                for _ in range(20):
                    check(fetch(c, "GET", "/later?ms=1")[0].status, 200)
            except (OSError, EOFError, ValueError):
                pass
            except Exception as e:  # pylint: disable=broad-except
                if type(e).__module__ != "http.client":
                    seen.append(e)
            finally:
                c.close()

    seen = []
    with Server() as server:
        threads = [threading.Thread(target=load) for _ in range(8)]
        for t in threads:
            t.start()
        time.sleep(0.5)
        server.stop(5)
        begun = time.monotonic()
        server.finish()
        took = time.monotonic() - begun
        for t in threads:
            t.join(LIMIT)
    check(seen, [])
    if took > 5:
        raise Wrong(f"it took {took} s")


TESTS = [
    a_trickle_is_cut_off,
    a_handshake_without_end_is_cut_off,
    a_client_that_does_not_read_is_cut_off,
    an_idle_connection_is_closed_and_a_busy_one_is_not,
    idle_connections_make_room_when_most_are_taken,
    where_there_is_room_idle_ones_stay,
    what_is_in_flight_is_finished,
    a_body_under_way_is_waited_for,
    what_has_no_answer_in_time_gets_one,
    it_stops_under_load,
]
