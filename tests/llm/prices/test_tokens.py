"""The estimated tokens of a text: worked by hand, by law, and against a tokeniser."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from stages.llm.prices.tokens import tokens_in

ROOT = Path(__file__).parents[3]
LABELS = [f"F{number:02d}" for number in range(1, 21)]
SCORES = [
    {"label": label, "score": round(97 - 3.7 * place, 1)} for place, label in enumerate(LABELS)
]
CLAIMS = [
    {"label": label, "claims": [{"attribute": "heist", "evidence": [label]}]} for label in LABELS
]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("   ", 0),
        # 3 words at .3, 9 letters at .18: 2.52
        ("the cat sat", 3),
        # a word and a letter, .48; 2 digits at 1.2: 2.88
        ("F01", 3),
        # F01 at 2.88; 2 quotes, each a run at .9 + .1
        ('"F01"', 5),
        # 3 labels, 8.64; [" and "] at 1.1 each; twice ", and " at 1.1 and 1.0: 15.04
        ('["F01", "F02", "F03"]', 15),
        # 2.0 for the line, 1.0 for {
        ("{\n    ", 3),
        # 11 letters at .5
        ("Фильм о войне", 6),
        # 4 signs at .9
        ("七人の侍", 4),
        # Am and lie: .3 + .36, .3 + .54; é 1.5
        ("Amélie", 3),
        # 2.0
        ("🎬", 2),
        # 4 digits would be 4.8, but no token is shorter than a byte
        ("1999", 4),
    ],
)
def test_tokens_by_hand(text: str, tokens: int) -> None:
    assert tokens_in(text) == tokens


@given(st.text(), st.text())
def test_more_text_never_has_fewer_tokens(text: str, more: str) -> None:
    both = tokens_in(text + more)
    assert max(tokens_in(text), tokens_in(more)) <= both
    assert both <= tokens_in(text) + tokens_in(more) + 1


@given(st.text())
def test_tokens_are_neither_longer_than_ten_characters_nor_shorter_than_a_byte(text: str) -> None:
    seen = sum(not character.isspace() for character in text)
    assert seen / 10 - 1 <= tokens_in(text) <= len(text.encode(errors="replace"))


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "value",
    [{"order": LABELS}, {"scores": SCORES}, {"reasons": CLAIMS}],
    ids=["labels", "scores", "claims"],
)
def test_answers_are_estimated_upwards(bpe: Tokenizer, value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert 1.0 <= tokens_in(text) / len(bpe.encode(text).ids) <= 1.4


@pytest.mark.parametrize("name", ["README.md", "docs/data.md", "stages/profile/prompts/user.md"])
def test_prose_is_estimated_upwards(bpe: Tokenizer, name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert 1.0 <= tokens_in(text) / len(bpe.encode(text).ids) <= 1.35
