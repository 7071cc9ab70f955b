"""Bytes that no client library sends: each is refused or answered, and the server goes on."""

import contextlib
import re
import socket
from collections.abc import Iterator

import pytest

from tests.cli.serving.conftest import Answers, serving
from tests.patience import patient

HOST = b"Host: localhost\r\n"
JSON = b"Content-Type: application/json\r\n"


@contextlib.contextmanager
def connected(server: Answers) -> Iterator[socket.socket]:
    host, _, port = server.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=patient(20)) as client:
        yield client


def answer_to(server: Answers, sent: bytes) -> bytes:
    """One answer, or as much of it as comes before the server hangs up."""
    answer = b""
    with connected(server) as client, contextlib.suppress(ConnectionError):
        with contextlib.suppress(ConnectionError):
            client.sendall(sent)
        while not whole(answer) and (part := client.recv(65536)):
            answer += part
    return answer


def whole(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    return length is not None and len(body) >= int(length[1])


def posted(body: bytes, more: bytes = JSON, path: bytes = b"/recommend") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + more + length + b"\r\n" + body


def got(target: bytes, version: bytes = b"1.1", more: bytes = HOST) -> bytes:
    return b"GET " + target + b" HTTP/" + version + b"\r\n" + more + b"\r\n"


REQUESTS = {
    "an older version": (got(b"/health", b"1.0"), 200),
    "an older version without a host": (got(b"/health", b"1.0", b""), 421),
    "no version": (b"GET /health\r\n\r\n", 400),
    "another protocol": (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + bytes(100), 400),
    "a header of 1 MB": (got(b"/health", more=HOST + b"X: " + b"a" * 10**6 + b"\r\n"), 0),
    "200,000 headers": (got(b"/health", more=HOST + b"X: a\r\n" * 200_000), 0),
    "an address of 1 MB": (got(b"/items?q=" + b"a" * 10**6), 0),
    "two hosts": (got(b"/health", more=HOST + b"Host: evil.example\r\n"), 400),
    "a host that is no text": (got(b"/health", more=b"Host: \xff\xfe\r\n"), 421),
    "a query that is no UTF-8": (got(b"/items?q=%ff%fe"), 200),
    "a zero byte": (got(b"/users?q=%00"), 200),
    "bytes that are no address": (got(b"/items?q=\xff\xfe"), 400),
    "a path that is no UTF-8": (got(b"/%ff%fe"), 404),
    "a path out of the page": (got(b"/page/../../../../etc/passwd"), 404),
    "the same, encoded": (got(b"/page/..%2f..%2f..%2fetc%2fpasswd"), 404),
    "a proxy's request": (got(b"http://evil.example/about"), 404),
    "5,000 ids": (got(b"/items?" + b"&".join(b"item_id=%d" % n for n in range(5_000))), 422),
    "4,000 genres": (got(b"/recommend?user=u1&" + b"genre=Crime&" * 4_000), 422),
    "a negative length": (posted(b"{}", b"Content-Length: -5\r\n"), 400),
    "two lengths": (posted(b"{}", b"Content-Length: 9\r\n"), 400),
    "packed": (posted(b"\x1f\x8b\x08\x00", JSON + b"Content-Encoding: gzip\r\n"), 400),
    "a form": (posted(b"liked=heat", b"Content-Type: multipart/form-data\r\n"), 422),
    "not a number": (posted(b'{"liked": ["heat"], "k": NaN}'), 422),
    "infinitely many": (posted(b'{"liked": ["heat"], "k": 1e999}'), 422),
    "a chunk without a length": (
        b"POST /recommend HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        400,
    ),
    "a stream of the tools": (got(b"/mcp/", more=HOST + b"Accept: text/event-stream\r\n"), 405),
    "tools without JSON": (
        posted(b"abcd", JSON + b"Accept: application/json, text/event-stream\r\n", b"/mcp/"),
        400,
    ),
}
"""What is sent, and the status of the answer; where that is 0, the server may just hang up."""


@pytest.mark.parametrize("what", REQUESTS)
def test_bytes_are_refused_and_the_server_goes_on(server: Answers, what: str) -> None:
    sent, status = REQUESTS[what]
    answer = answer_to(server, sent)
    assert answer.startswith(b"HTTP/1.1 %d " % (status or 400)) or (answer == b"" and not status)
    assert b"Traceback" not in answer
    assert not re.search(rb"/(work|home|tmp|usr|root)/", answer)
    assert server.get("/health")["status"] == "ok"


@pytest.mark.usefixtures("run_folder")
def test_many_connections_that_say_nothing_hold_nobody_up() -> None:
    with serving(slow=2) as server, contextlib.ExitStack() as open_ones:
        idle = [open_ones.enter_context(connected(server)) for _ in range(300)]
        assert server.get("/health")["status"] == "ok"
        assert all(client.recv(1) == b"" for client in idle)
