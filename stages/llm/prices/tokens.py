"""How many tokens an attempt can use, and which of a provider's figures to believe.

Nobody can count a model's tokens without its tokeniser, so `tokens_in` estimates them from what a
text is made of: English words, digits, punctuation and the characters of other scripts cost very
different numbers of tokens per byte.
"""

import json
from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, cast

from pydantic import BaseModel

from stages.llm.answers.schema import schema_text, strict_schema
from stages.llm.chat import Usage
from stages.llm.task import Task

_KINDS = {
    "letter": (*range(0x41, 0x5B), *range(0x61, 0x7B)),
    "digit": range(0x30, 0x3A),
    "line": range(0x09, 0x0E),
    "space": (0x20,),
    "accented": range(0xC0, 0xCC),
    "alphabet": range(0xCC, 0xE1),
    "sign": range(0xE1, 0xF0),
    "picture": range(0xF0, 0x100),
    "rest": range(0x80, 0xC0),
}
"""Bytes of UTF-8 by what begins with them; any other is a mark of punctuation.

accented: Latin letters of Europe; alphabet: Greek to Arabic, and India's and Thailand's; sign: a
syllable or word of Chinese, Japanese or Korean; picture: mostly emoji; rest: not the first byte of
its character.
"""
_EACH = {
    "letter": 0.18,
    "digit": 1.2,
    "line": 2.0,
    "mark": 0.1,
    "accented": 1.5,
    "alphabet": 0.5,
    "sign": 0.9,
    "picture": 2.0,
}
"""Tokens per character, and in `_RUN` per unbroken run of a kind.

They were fitted to the larger count of two tokenisers, OpenAI's o200k_base and Gemma 3's, on texts
of the sample, on made-up labels, scores and claims as JSON (half of them indented), on the prompts
and pages of this project and on a sentence or two in 14 other languages; then rounded up. Spaces
cost nothing: tokens begin with them. benchmarks/cost.py checks the sum on MovieLens 100K.
"""
_RUN = {"letter": 0.3, "mark": 0.9}
_CODES = {kind: bytes([code]) for code, kind in enumerate(("mark", *_KINDS), ord("a"))}
_CODED = bytes(
    next((_CODES[kind][0] for kind, first in _KINDS.items() if byte in first), _CODES["mark"][0])
    for byte in range(256)
)
_ALONE = {
    kind: bytes(byte if byte == _CODES[kind][0] else 0x20 for byte in range(256)) for kind in _RUN
}
"""Translates coded bytes so that all kinds but one become spaces."""
_FRAME = 200
"""Tokens that a protocol adds around messages and schema, at most."""
_AROUND = 5
"""The usual number per message, among them the one in which the answer comes."""


@lru_cache(maxsize=512)
def tokens_in(text: str) -> int:
    """About as many tokens as a model makes of a text: too many rather than too few.

    Cached, because each question is counted for several purposes, and conversations repeat it.
    """
    coded = text.encode(errors="replace").translate(_CODED)
    tokens = sum(share * coded.count(_CODES[kind]) for kind, share in _EACH.items())
    runs = sum(share * len(coded.translate(_ALONE[kind]).split()) for kind, share in _RUN.items())
    return min(round(tokens + runs), len(coded))


def tokens_written(answer: BaseModel) -> int:
    """Tokens of an answer as models write JSON: the mean of one line and of indented lines."""
    value = answer.model_dump(mode="json")
    forms = (json.dumps(value, ensure_ascii=False, indent=indent) for indent in (None, 2))
    return round(sum(map(tokens_in, forms)) / 2)


def tokens_asked(task: Task) -> int:
    """The tokens that an attempt is likely to read: messages, their frames and the schema."""
    messages = task.messages()
    content = sum(tokens_in(message.content) for message in messages)
    return content + _AROUND * (len(messages) + 1) + _schema_tokens(cast(Hashable, task.answer))


@lru_cache(maxsize=1024)
def _schema_tokens(answer: Any) -> int:
    return tokens_in(json.dumps(strict_schema(answer)))


def asked_bytes(task: Task) -> int:
    """UTF-8 bytes of messages and schema; no tokeniser makes more tokens than bytes."""
    sent = "".join(message.content for message in task.messages())
    return len(sent.encode()) + len(schema_text(task.answer))


def least(output_tokens: int) -> Usage:
    """What is held ready for the shortest question, which may be answered at full length."""
    return Usage(input_tokens=_FRAME, cache_write_tokens=_FRAME, output_tokens=output_tokens)


def estimated(task: Task, output_tokens: int) -> Usage:
    """The tokens that an attempt is likely to read, and some more, and the most it may write.

    All that it reads may go into the provider's cache, at the price of that.
    """
    into = tokens_asked(task) + _FRAME
    return Usage(input_tokens=into, cache_write_tokens=into, output_tokens=output_tokens)


def believed(said: Mapping[str, Any], text: str, task: Task, output_tokens: int) -> Usage:
    """The provider's figures; an estimate for each that is missing, impossible or not a number."""
    guess = estimated(task, min(output_tokens, tokens_in(text) + 1))
    into = _within(said.get("input_tokens"), 1, asked_bytes(task) + _FRAME, guess.input_tokens)
    out = _within(
        said.get("output_tokens"), 1 if text else 0, output_tokens + _FRAME, guess.output_tokens
    )
    cached = _within(said.get("cached_tokens"), 0, into, 0)
    return Usage(
        input_tokens=into,
        cached_tokens=cached,
        cache_write_tokens=_within(said.get("cache_write_tokens"), 0, into - cached, 0),
        output_tokens=out,
    )


def _within(value: object, least: int, most: int, otherwise: int) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and least <= value <= most else otherwise  # type: ignore[operator,return-value]
