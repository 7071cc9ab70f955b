"""Which name is meant by a mistyped one."""

import pytest

from stages.core.spelling import likeliest, suggestion

SPLITS = ("fold-1", "fold-2", "temporal")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("flod-1", "fold-1"),
        ("temporl", "temporal"),
        ("FOLD-2", "fold-2"),
        ("fold", None),
        ("fold-6", None),
        ("x", None),
    ],
)
def test_the_likest_name_is_meant_unless_two_are_equally_like(
    typed: str, meant: str | None
) -> None:
    assert likeliest(typed, SPLITS) == meant


def test_nothing_is_like_a_name_where_none_is_known() -> None:
    assert likeliest("x", ()) is None


def test_without_a_likely_name_all_are_listed() -> None:
    assert suggestion("flod-1", SPLITS) == "did you mean fold-1?"
    assert suggestion("x", SPLITS) == "choose from fold-1, fold-2, temporal"
    assert suggestion("x", ()) == "choose from none"
