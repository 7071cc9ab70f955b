"""A key that stands out is nowhere after a run full of failures at debug logging.

Nor is it if the server repeats it where an answer should be.
"""

import asyncio
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stages.llm.answers.structured import Answer, ask
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from tests.llm.conftest import label_of
from tests.llm.server import Act, chat, gemini

CANARY = "sk-canary/4f1d2c9ab7e34d55a0c1"
ECHO = {
    "error": {
        "message": f"Incorrect API key provided: {CANARY}",
        "code": "invalid",
        "status": CANARY,
    }
}
GOOD = '{"label": "a", "score": 1}'
FAILURES = [
    Act(ECHO, 500),
    Act(ECHO, 429),
    Act(f"<html>{CANARY}"),
    Act(ECHO, 400),
    Act(ECHO, cut=True),
]
BOTH = pytest.mark.parametrize(
    ("provider", "model", "says"),
    [("openai", "gpt-4o-mini", chat), ("gemini", "gemini-3.5-flash-lite", gemini)],
    ids=["openai", "gemini"],
)
DISGUISES = {
    "plain": CANARY,
    "as JSON may escape it": CANARY.replace("/", "\\/"),
    "escaped": "".join(f"\\u{ord(character):04X}" for character in CANARY),
    "as a part of a URL": "".join(f"%{ord(character):02x}" for character in CANARY),
    "split unseen": "\u200b\U000e0041".join(CANARY),
    "split by escapes": "\\u200B".join(CANARY),
}
"""Each as it stands between the quotes of a JSON text."""


@pytest.fixture
def unseen(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Callable[..., None]]:
    """Whether the key is in no log, no output, no file and nothing else that is given."""
    monkeypatch.setenv("E2EP_API_KEY", CANARY)

    def check(*more: str) -> None:
        assert caplog.text
        files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert len(files) >= 2
        kept = b"\n".join(files).decode(errors="replace")
        seen = (caplog.text, *capfd.readouterr(), kept, *more)
        for disguise in DISGUISES.values():
            assert not [text for text in seen if disguise in text]
            assert not [text for text in seen if json.dumps(disguise)[1:-1] in text]

    with caplog.at_level(logging.DEBUG):
        yield check


def asked(setting: LlmParams, clock: Any, *tasks: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        async with connected(setting, clock) as model:
            return [await ask(model, task) for task in tasks]

    return asyncio.run(run())


@BOTH
def test_the_key_is_in_no_file_log_or_exception(
    provider: str,
    model: str,
    says: Callable[..., Act],
    serve: Callable[..., Any],
    clock: Any,
    task: Callable[..., Any],
    unseen: Callable[..., None],
) -> None:
    server = serve(*FAILURES, says("no"), says(GOOD), Act(ECHO, 401))
    params = LlmParams(provider=provider, model=model, base_url=server.url, breaker=99)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="does not accept the key") as failure:
        asked(params, clock, *(task((str(n),)) for n in range(9)))
    assert any(CANARY in str(one.headers) for one in server.asked)
    assert len(server.asked) > len(FAILURES) + 2
    unseen("".join(traceback.format_exception(failure.value)))


@BOTH
@pytest.mark.parametrize("written", DISGUISES.values(), ids=DISGUISES)
def test_a_key_that_the_server_repeats_is_struck_out_before_anything_is_kept(
    written: str,
    provider: str,
    model: str,
    says: Callable[..., Act],
    serve: Callable[..., Any],
    clock: Any,
    task: Callable[..., Any],
    unseen: Callable[..., None],
) -> None:
    body = json.dumps(says(json.dumps({"label": "KEY", "score": 1})).body | {"id": "KEY"})
    body = body.replace("KEY", written).replace("served-1", written)
    charset = {"content-type": "application/json; charset=utf-16-le"}
    server = serve(
        Act(body, headers={"x-request-id": CANARY, "set-cookie": f"k={CANARY}", CANARY[:9]: "1"}),
        Act(body, headers=charset),
    )
    params = LlmParams(provider=provider, model=model, base_url=server.url)  # type: ignore[arg-type]
    answers = asked(params, clock, task(), task(("c",)))
    assert [label_of(answer) for answer in answers] == ["[key]"] * 2
    assert [answer.reply.model for answer in answers] == ["[key]"] * 2
    unseen(str(answers))


@BOTH
@pytest.mark.parametrize("written", DISGUISES.values(), ids=DISGUISES)
def test_a_key_that_is_repeated_in_a_batch_is_struck_out_too(
    written: str,
    provider: str,
    model: str,
    says: Callable[..., Act],
    serve_batches: Callable[..., Any],
    clock: Any,
    task: Callable[..., Any],
    unseen: Callable[..., None],
) -> None:
    good = json.dumps({"label": "KEY", "score": 1}).replace("KEY", written)
    body = says(good).body
    answer = Act(body | {key: json.loads(f'"{written}"') for key in ("model", "modelVersion")})
    server = serve_batches(lambda _: answer)
    url = server.url + ("/v1" if provider == "openai" else "")
    setting = LlmParams(provider=provider, model=model, base_url=url, mode="batch")  # type: ignore[arg-type]
    [answered] = asked(setting, clock, task())
    assert label_of(answered) == "[key]"
    assert answered.reply.model == "[key]"
    unseen(str(answered))


def test_a_key_in_two_parts_is_struck_out_once_they_are_one(
    serve: Callable[..., Any], clock: Any, task: Callable[..., Any], unseen: Callable[..., None]
) -> None:
    act = gemini("")
    act.body["candidates"][0]["content"]["parts"] = [
        {"text": f'{{"score": 1, "label": "{CANARY[:9]}'},
        {"text": f'{CANARY[9:]}"}}'},
    ]
    setting = LlmParams(provider="gemini", model="gemini-2.5-flash", base_url=serve(act).url)
    [answer] = asked(setting, clock, task())
    assert label_of(answer) == "[key]"
    unseen(str(answer))


def test_the_key_of_another_section_is_struck_out_too(
    serve: Callable[..., Any],
    clock: Any,
    task: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "gm-4f1d2c9ab7e3")
    act = chat('{"label": "gm-4f1d2c9ab7e3", "score": 1}')
    [answer] = asked(
        LlmParams(provider="openai", model="m", base_url=serve(act).url), clock, task()
    )
    assert label_of(answer) == "[key]"


@pytest.mark.parametrize("key", ["none", "EMPTY", "sk-1"])
def test_a_word_that_is_hardly_a_key_stays_in_answers(
    key: str,
    serve: Callable[..., Any],
    clock: Any,
    task: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("E2EP_API_KEY", key)
    act = chat(f'{{"label": "{key}", "score": 1}}')
    [answer] = asked(
        LlmParams(provider="openai", model="m", base_url=serve(act).url), clock, task()
    )
    assert label_of(answer) == key
