"""A key that stands out is nowhere after a run full of failures at debug logging."""

import asyncio
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.structured import ask
from tests.llm.server import Act, chat, gemini

CANARY = "sk-canary-4f1d2c9ab7e34d55a0c1"
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


@pytest.mark.parametrize(
    ("provider", "model", "says"),
    [("openai", "gpt-4o-mini", chat), ("gemini", "gemini-3.5-flash-lite", gemini)],
)
def test_the_key_is_in_no_file_log_or_exception(
    provider: str,
    model: str,
    says: Callable[..., Act],
    serve: Callable[..., Any],
    clock: Any,
    task: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name in ("OPENAI_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, CANARY)
    server = serve(*FAILURES, says("no"), says(GOOD), Act(ECHO, 401))
    params = LlmParams(provider=provider, model=model, base_url=server.url, breaker=99)

    async def run() -> None:
        async with connected(params, clock) as chat_model:
            for n in range(9):
                await ask(chat_model, task((str(n),)))

    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(Exception, match="does not accept the key") as failure,
    ):
        asyncio.run(run())
    assert any(CANARY in str(asked.headers) for asked in server.asked)
    assert len(server.asked) > len(FAILURES) + 2
    said = (
        "".join(traceback.format_exception(failure.value))
        + caplog.text
        + "".join(capfd.readouterr())
    )
    assert caplog.text
    assert CANARY not in said
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
