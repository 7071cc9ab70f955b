"""From what was said in both orders to results, counts and a sign test."""

import pytest
from scipy.stats import beta

from stages.compare.judging import JudgedLists, Said
from stages.compare.tally import tally


def row(one: Said | None, other: Said | None) -> JudgedLists:
    return JudgedLists(
        user_id="u", said=(one, other), outcomes=("answered", "answered"), models=("m", "m")
    )


@pytest.mark.parametrize(
    ("said", "result"),
    [
        (("first", "first"), "win"),
        (("second", "second"), "loss"),
        (("tie", "tie"), "tie"),
        (("first", "tie"), "tie"),
        (("tie", "second"), "tie"),
        (("first", "second"), "contradiction"),
        (("second", "first"), "contradiction"),
        (("first", None), "unanswered"),
        ((None, None), "unanswered"),
    ],
)
def test_a_list_is_better_only_where_both_orders_say_so(
    said: tuple[Said | None, Said | None], result: str
) -> None:
    assert row(*said).result == result


def test_contradictions_are_ties_and_the_unanswered_are_no_users() -> None:
    rows = [
        row("first", "first"),
        row("first", "second"),
        row("tie", "tie"),
        row(None, "tie"),
        row("second", "second"),
    ]
    found = tally(rows)
    assert (found.wins, found.ties, found.losses) == (1, 2, 1)
    assert (found.users, found.contradictions, found.unanswered) == (4, 1, 1)


def test_the_sign_test_by_hand() -> None:
    """Eight heads of nine: p = 2 · (9 + 1) / 2⁹; the lower end is that of Clopper and Pearson."""
    found = tally(
        [row("first", "first")] * 8 + [row("second", "second")] + [row("tie", "tie")] * 30
    )
    assert (found.win_share, found.p) == (
        pytest.approx(8 / 9, abs=1e-5),
        pytest.approx(20 / 512, abs=1e-5),
    )
    assert found.win_share_low == pytest.approx(beta.ppf(0.025, 8, 2), abs=1e-5)


def test_where_nothing_is_decided_there_is_no_share() -> None:
    found = tally([row("tie", "tie")])
    assert (found.users, found.win_share, found.win_share_low, found.win_share_high, found.p) == (
        1,
        *(None,) * 4,
    )
    assert tally([]).users == 0
