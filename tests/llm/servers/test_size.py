"""A reply is read no further than an answer of llm.max_tokens can go."""

import asyncio
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stages.core.errors import InputError
from stages.core.reading import json_object
from stages.llm.answers.structured import Answer, ask
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from tests.llm.server import LocalServer, QuietHandler, chat, gemini
from tests.patience import patient

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'
BOTH = pytest.mark.parametrize("provider", ["openai", "gemini"])
MODELS = {"openai": "gpt-4o-mini", "gemini": "gemini-2.5-flash"}
ENDLESS = 100_000_000
"""Bytes after which even an endless server gives up; no socket's buffer takes so many."""


class Sender(LocalServer):
    """Answers every request with the same bytes, again and again if `endless`."""

    def __init__(
        self, content: bytes, status: int = 200, endless: bool = False, encoding: str = ""
    ) -> None:
        self.content, self.status, self.endless, self.encoding = content, status, endless, encoding
        self.sent = self.requests = 0
        self.left = threading.Event()
        super().__init__(_Sending)


class _Sending(QuietHandler):
    server: Sender

    def _answer(self) -> None:
        self.server.requests += 1
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        if self.server.encoding:
            self.send_header("content-encoding", self.server.encoding)
        self.end_headers()
        try:
            self.wfile.write(self.server.content)
            while self.server.endless and self.server.sent < ENDLESS:
                self.server.sent += self.wfile.write(self.server.content)
        except ConnectionError:
            self.server.left.set()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)


@pytest.fixture
def send() -> Iterator[Callable[..., Sender]]:
    started: list[Sender] = []

    def start(*args: Any, **kwargs: Any) -> Sender:
        started.append(Sender(*args, **kwargs))
        return started[-1]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def asked(server: Sender, provider: str, clock: Any, task: Any, **more: Any) -> Answer:
    setting = {"provider": provider, "model": MODELS[provider], "base_url": server.url} | more

    async def run() -> Answer:
        async with connected(LlmParams(**setting), clock) as model:
            return await ask(model, task)

    return asyncio.run(run())


def reason(answer: Answer) -> tuple[str, str]:
    assert answer.reply.failure
    return answer.outcome, answer.reply.failure.reason


@BOTH
def test_an_endless_reply_is_read_up_to_the_limit(
    provider: str, send: Make, clock: Any, task: Make
) -> None:
    server = send(b" " * 100_000, endless=True)
    answer = asked(server, provider, clock, task(), max_tokens=1000)
    assert reason(answer) == ("failed", "an answer of more than 294,144 bytes")
    assert server.requests == 1
    assert server.left.wait(patient(20))


@BOTH
def test_the_longest_answer_that_max_tokens_allows_is_read(
    provider: str, send: Make, clock: Any, task: Make
) -> None:
    says = chat if provider == "openai" else gemini

    body = json.dumps(says(GOOD + "x" * 4000 * 16).body).encode()
    answer = asked(send(body), provider, clock, task(), max_tokens=4000)
    assert answer.outcome == "answered"


@BOTH
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "GZIP , gzip"])
def test_an_encoded_reply_that_was_not_asked_for_is_not_decoded(
    encoding: str, provider: str, send: Make, clock: Any, task: Make
) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    answer = asked(send(bomb, encoding=encoding), provider, clock, task())
    assert reason(answer) == ("failed", "an encoded answer, which was not asked for")


@BOTH
@pytest.mark.parametrize("content", [b'{"a":' * 400, b"[" * 400 + b"]" * 400], ids=["open", "shut"])
def test_a_deep_reply_is_a_failed_one(
    content: bytes, provider: str, send: Make, clock: Any, task: Make
) -> None:
    answer = asked(send(content), provider, clock, task())
    assert reason(answer) == ("failed", "JSON nested more than 100 levels deep")


@BOTH
@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b'{"error":' + b"[" * 980 + b"]" * 980 + b"}", ""),
        (b'{"error": "' + b"x" * 10_000_000 + b'"}', ""),
        (gzip.compress(b" " * 50_000_000, mtime=0), "gzip"),
    ],
    ids=["deep", "long", "encoded"],
)
def test_an_error_status_counts_whatever_comes_with_it(
    content: bytes, encoding: str, provider: str, send: Make, clock: Any, task: Make
) -> None:
    answer = asked(send(content, 422, encoding=encoding), provider, clock, task())
    assert reason(answer) == ("failed", "HTTP 422")


@BOTH
def test_a_deep_answer_about_a_batch_ends_in_one_sentence(
    provider: str, send: Make, clock: Any, task: Make
) -> None:
    with pytest.raises(InputError, match=r"refuses the batch \(JSON nested more than 100 levels"):
        asked(send(b"[" * 960 + b"]" * 960), provider, clock, task(), mode="batch")


def test_a_deep_line_of_a_file_of_results_answers_nothing() -> None:
    assert json_object('{"a":' * 99 + "{}" + "}" * 99) is not None
    assert json_object('{"a":' * 100 + "{}" + "}" * 100) is None


def test_brackets_within_a_text_are_no_depth(send: Make, clock: Any, task: Make) -> None:

    thoughts = "[" * 500 + '\\"{' * 500
    body = json.dumps(chat(GOOD, reasoning_content=thoughts).body).encode()
    assert asked(send(body), "openai", clock, task()).outcome == "answered"


@BOTH
def test_an_endless_error_about_a_batch_is_read_no_further_than_any_other(
    provider: str, send: Make, clock: Any, task: Make
) -> None:
    server = send(b" " * 100_000, 422, endless=True)
    with pytest.raises(InputError, match=r"refuses the batch \(HTTP 422\)"):
        asked(server, provider, clock, task(), mode="batch")
    assert server.left.wait(patient(20))
