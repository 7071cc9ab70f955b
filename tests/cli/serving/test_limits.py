"""What a client may not do: each refusal has its status, one sentence, and tells nothing else."""

import json
import re
import socket
import time
from typing import Any

import httpx2
import pytest

from e2ep_cli.serving.http.limits import Buckets
from e2ep_cli.serving.settings import ServeSettings, serve_token
from stages.core.errors import InputError
from tests.cli.serving.conftest import Answers, serving
from tests.patience import patient

TOKEN = "a-token-of-more-than-16"


def problem(answer: httpx2.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    said = answer.json()
    assert set(said) == {"error", "request_id"}
    assert answer.headers["x-request-id"] == said["request_id"]
    assert "Traceback" not in said["error"]
    assert not re.search(r"/\w+/\w+", said["error"])
    return str(said["error"])


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"liked": ["haet"]}, 404, "no item is called 'haet'; the nearest are Heat (1990)"),
        ({"liked": ["<script>x</script>"]}, 404, "no item is called '<script>x</script>'"),
        ({"liked": ["heat"], "genres": ["Noir"]}, 404, "no item has the genre 'Noir'"),
        ({"liked": ["heat"], "gender": "X"}, 404, "nobody in the data has the gender 'X'"),
        ({"liked": ["heat"], "model": "flat"}, 404, "'flat' cannot rank for a newcomer"),
        ({"liked": ["heat"], "disliked": ["m0"]}, 404, "is both liked and disliked"),
        ({"liked": []}, 422, "liked: list should have at least 1 item"),
        ({}, 422, "liked: field required"),
        ({"liked": "heat"}, 422, "liked: input should be a valid list"),
        ({"liked": [1]}, 422, "liked → 0: input should be a valid string"),
        ({"liked": ["heat"] * 1000}, 422, "liked: list should have at most 200 items"),
        ({"liked": ["x" * 301]}, 422, "liked → 0: string should have at most 300 characters"),
        ({"liked": ["heat"], "k": 10**30}, 422, "k: input should be less than or equal to 100"),
        ({"liked": ["heat"], "k": "many"}, 422, "k: input should be a valid integer"),
        ({"liked": ["heat"], "years": "1999-1990"}, 422, "the first year is after the last"),
        ({"liked": ["heat"], "extra": 1}, 422, "extra: extra inputs are not permitted"),
        ([], 422, "the request: input should be a valid dictionary"),
        (b"no JSON", 422, "the body is not JSON"),
        (b"[" * 60_000, 400, "the body is not JSON"),
        (b'{"liked": ["\\ud800"]}', 422, "liked → 0: input should be a valid string"),
        (b"\xff\xfe", 422, "the body is not JSON"),
        (b"x" * 10_000_000, 413, "the request is larger than 64 KiB"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_body_is_refused_in_one_sentence(
    server: Answers, body: Any, status: int, sentence: str
) -> None:
    assert sentence in problem(server.post("/recommend", body), status)


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/recommend", 422, "user: field required"),
        ("/recommend?user=nobody", 404, "user 'nobody' is not in tiny"),
        ("/recommend?user=u1&model=foo", 404, "no ranking 'foo' was made"),
        ("/explain?user=u1&model=flat", 404, "no ranking 'flat' was explained"),
        ("/explain?user=u2", 404, "user u2 was not reranked"),
        ("/recommend?user=u1&k=0", 422, "k: input should be greater than or equal to 1"),
        ("/page/../app.py", 404, "there is nothing at this path"),
        ("/page/%2e%2e/app.py", 404, "there is nothing at this path"),
        ("/docs", 404, "there is nothing at this path"),
    ],
)
def test_a_bad_path_is_refused_in_one_sentence(
    server: Answers, path: str, status: int, sentence: str
) -> None:
    assert sentence in problem(httpx2.get(server.address + path, timeout=patient(20)), status)


def test_another_method_is_refused(server: Answers) -> None:
    answer = httpx2.delete(server.address + "/recommend", timeout=patient(20))
    assert problem(answer, 405) == "this path has other methods"


def test_damage_is_said_without_a_path(server: Answers) -> None:
    """The line of one user is damaged after the run was read."""
    kept = server.served.current.store
    (path,) = [
        path
        for path in kept._lines
        if path.parent.name == "scored" and path.name == "explanations.jsonl"
    ]
    kept._lines[path]._lines["u1"] = (3, 9)
    answer = httpx2.get(server.address + "/explain?user=u1&strategy=scored", timeout=patient(20))
    assert "the server's log" in problem(answer, 503)


def test_a_body_without_a_length_is_cut_off_too(server: Answers) -> None:
    """Chunks, each small: the limit is on their sum."""
    host, _, port = server.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=patient(20)) as client:
        client.sendall(
            b"POST /recommend HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for _ in range(80):
            client.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.usefixtures("run_folder")
@pytest.mark.parametrize("sent", ["head", "body", "nothing"])
def test_a_client_that_is_too_slow_is_let_go(sent: str) -> None:
    started = {
        "nothing": b"",
        "head": b"GET /health HTT",
        "body": b"POST /recommend HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    }[sent]
    with serving(slow=0.2) as server:
        host, _, port = server.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=patient(20)) as client:
            client.sendall(started)
            answer = b""
            while part := client.recv(1000):
                answer += part
        assert answer.startswith(b"HTTP/1.1 408") if sent == "body" else answer == b""
        assert server.get("/health")["status"] == "ok"


def test_only_this_machines_names_are_answered_to(server: Answers) -> None:
    """A page elsewhere can lead its own name here; the browser then sends that name."""
    answer = httpx2.get(
        server.address + "/about", headers={"host": "evil.example"}, timeout=patient(20)
    )
    assert "localhost" in problem(answer, 421)


def test_a_page_elsewhere_may_not_read_and_this_one_asks_nobody_else(server: Answers) -> None:
    answer = httpx2.get(
        server.address + "/about", headers={"origin": "http://evil.example"}, timeout=patient(20)
    )
    assert "access-control-allow-origin" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


@pytest.mark.usefixtures("run_folder")
def test_with_a_token_every_path_but_the_page_wants_it() -> None:
    with serving(token=TOKEN) as server:
        for path in ("/about", "/items", "/metrics", "/openapi.json", "/mcp", "/recommend?user=u1"):
            for wrong in (b"", b"Bearer wrong", "Bearer é".encode("latin-1"), TOKEN.encode()):
                headers = [(b"authorization", wrong)]
                answer = httpx2.get(server.address + path, headers=headers, timeout=patient(20))
                assert "the server's token" in problem(answer, 401)
            right = {"authorization": f"Bearer {TOKEN}"}
            answer = httpx2.get(server.address + path, headers=right, timeout=patient(20))
            assert answer.status_code != 401
        for path in ("/", "/health"):
            assert httpx2.get(server.address + path, timeout=patient(20)).status_code == 200


def test_another_address_wants_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.5", "a.name"):
        with pytest.raises(InputError, match="set E2EP_SERVE_TOKEN"):
            serve_token(ServeSettings(host=host))
    for host in ("127.0.0.1", "localhost", "::1", "127.8.8.8"):
        assert serve_token(ServeSettings(host=host)) is None
    monkeypatch.setenv("E2EP_SERVE_TOKEN", TOKEN)
    assert serve_token(ServeSettings(host="0.0.0.0")) == TOKEN
    monkeypatch.setenv("E2EP_SERVE_TOKEN", "short")
    with pytest.raises(InputError, match="has 5 characters"):
        serve_token(ServeSettings())


def test_a_bucket_fills_by_its_rate_up_to_twice_that() -> None:
    buckets = Buckets(2.0)
    assert [buckets.wait("a", 0.0) for _ in range(5)] == [0, 0, 0, 0, 0.5]
    assert buckets.wait("b", 0.0) == 0
    assert buckets.wait("a", 0.5) == 0
    assert buckets.wait("a", 0.5) == 0.5
    assert [buckets.wait("a", 100.0) for _ in range(5)][-2:] == [0, 0.5]


@pytest.mark.usefixtures("run_folder")
def test_too_many_requests_are_told_when_to_come_again() -> None:
    with serving(rate=1) as server:
        answers = [httpx2.get(server.address + "/health", timeout=patient(20)) for _ in range(30)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert problem(refused[0], 429).startswith("too many requests")
        assert refused[0].headers["retry-after"] == "1"


def test_a_requests_id_is_the_clients_if_it_can_be_one(server: Answers) -> None:
    def given(text: str) -> str:
        answer = httpx2.get(
            server.address + "/health", headers={"x-request-id": text}, timeout=patient(20)
        )
        return str(answer.headers["x-request-id"])

    assert given("order-66.a") == "order-66.a"
    assert re.fullmatch(r"[0-9a-f]{16}", given("two words"))
    assert re.fullmatch(r"[0-9a-f]{16}", given("x" * 65))


def test_the_log_has_the_id_and_not_what_was_asked(
    server: Answers, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = server.post("/recommend", {"liked": ["heat"]}, **{"x-request-id": "mine"})
    assert answer.status_code == 200
    httpx2.get(server.address + "/secret/path?user=u1", timeout=patient(20))
    end = time.monotonic() + patient(20)
    said = ""
    while "GET other" not in said and time.monotonic() < end:
        said += capfd.readouterr().err
    assert "id=mine POST /recommend status=200 ms=" in said
    assert "GET other status=404" in said
    assert "heat" not in said
    assert "secret" not in said


def test_requests_are_counted(server: Answers) -> None:
    server.get("/users")
    server.post("/recommend", {})
    text = httpx2.get(server.address + "/metrics", timeout=patient(20)).text
    assert 'e2ep_requests_total{method="GET",route="/users",status="200"} 1' in text
    assert 'e2ep_requests_total{method="POST",route="/recommend",status="422"} 1' in text
    assert 'e2ep_request_seconds_bucket{route="/users",le="+Inf"} 1' in text
    (memory,) = re.findall(r"^e2ep_resident_bytes (\d+)$", text, re.MULTILINE)
    assert int(memory) > 1e7


def test_the_description_has_examples_that_are_answered(server: Answers) -> None:
    described = server.get("/openapi.json")
    assert set(described["paths"]) == {
        "/recommend",
        "/explain",
        "/without",
        "/items",
        "/users",
        "/posters/{item_id}",
        "/about",
        "/health",
        "/metrics",
    }
    (example,) = described["components"]["schemas"]["NewcomerAsked"]["examples"]
    answer = server.post("/recommend", example)
    # Its films are those of the sample and MovieLens.
    assert "no item is called" in json.loads(answer.text).get("error", "no item is called")
