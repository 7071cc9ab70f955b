"""A reply as it is kept: no control code in its text, a name that can be shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.llm.chat import Reply
from tests.llm.conftest import label_of
from tests.llm.server import Act, chat, gemini
from tests.llm.test_misbehaviour import asked, params

Make = Callable[..., Any]
CODES = "\x1b]8;;https://evil.test\x07\x9b31m\x00\r"


def test_line_feeds_and_tabs_stay_and_every_other_control_character_goes() -> None:
    reply = Reply(text=f"a{CODES}\n\tb\ud800", model=f"x[/nope]{CODES}\u202e{'y' * 999}")
    assert reply.text == "a]8;;https://evil.test31m\n\tb"
    assert reply.model.startswith("x[/nope]]8;;https://evil.test31my")
    assert (reply.model.isprintable(), len(reply.model)) == (True, 100)


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_codes_of_a_server_reach_neither_cache_nor_answer(
    provider: str, serve: Make, clock: Any, task: Make, tmp_path: Path
) -> None:
    text = '{"label": "a\x1b[31m\\u001b[2J\\u009b", "score": 1}'
    act = chat(text) if provider == "openai" else gemini(text)
    name = {"model": f"m{CODES}"} if provider == "openai" else {"modelVersion": f"m{CODES}"}
    server = serve(Act(act.body | name))
    (answer,) = asked(params(server, provider), clock, task())
    assert label_of(answer) == "a[31m [2J "
    assert answer.reply.model == "m]8;;https://evil.test31m"
    for file in (tmp_path / "cache").iterdir():
        content = file.read_bytes()
        assert b"\x1b]" not in content
