"""Claims in words, by hand."""

import pytest

from stages.core.schema import Claim
from stages.explain.sentences import listed, reason

TITLES = {"1": "Vault at Noon", "2": "The Grey Harbour", "3": "Mud"}
HEIST = Claim(attribute="heist", kind="tag", cited=("1", "2"))
ADA = Claim(attribute="Ada Marsh", kind="person", cited=("1",))
CRIME = Claim(attribute="Crime", kind="genre", cited=("1", "2"))
DRAMA = Claim(attribute="Drama", kind="genre", cited=("2", "3"))


@pytest.mark.parametrize(
    ("claims", "text"),
    [
        ([], ""),
        ([HEIST], "“heist” links it to Vault at Noon and The Grey Harbour, which you rated highly."),
        ([ADA], "Ada Marsh links it to Vault at Noon, which you rated highly."),
        ([CRIME], "It is Crime, like Vault at Noon and The Grey Harbour, which you rated highly."),
        (
            [CRIME, DRAMA],
            "It is Crime and Drama, like Vault at Noon and The Grey Harbour, which you rated highly.",
        ),
        (
            [ADA, CRIME],
            "Ada Marsh links it to Vault at Noon, which you rated highly. "
            "It is also Crime, like Vault at Noon and The Grey Harbour.",
        ),
    ],
)
def test_reasons_by_hand(claims: list[Claim], text: str) -> None:
    assert reason(claims, TITLES) == text


@pytest.mark.parametrize(("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_listed(words: list[str], text: str) -> None:
    assert listed(words) == text
