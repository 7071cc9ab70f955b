"""What is counted in the explanations as they are shown."""

from collections.abc import Sequence

from stages.contracts.rows import Claim, Explained, Explanation
from stages.evaluate.explanations.shown import shown_measures
from stages.evaluate.explanations.titles import Titles


def explained(reason: str, dropped: int, *claims: Claim) -> Explained:
    return Explained(
        item_id="9",
        title="Nine",
        graph_score=1.0,
        graph_place=0,
        judge_value=0.5,
        place=0,
        claims=claims,
        dropped=dropped,
        reason=reason,
    )


def explanation(*items: Explained) -> Explanation:
    return Explanation(user_id="u", base="gat", strategy="scores", source="offline", items=items)


HEIST, HEIST_AGAIN = (
    Claim(attribute=name, kind="tag", cited=("1", "2")) for name in ("heist", "Heist")
)


NO_TITLES = Titles({})


def holds(user: str, item: str, cited: Sequence[str]) -> bool:
    """Whether the made-up training rows say that others liked the cited items with this one."""
    return (user, item) == ("u", "9") and set(cited) <= {"1", "2"}


def test_dropped_share_is_of_all_claims_made() -> None:
    rows = [explanation(explained("r", 3, HEIST))]
    assert shown_measures(rows, NO_TITLES, holds).dropped_share == 0.75


def test_items_without_a_reason_and_distinct_attributes_are_counted() -> None:
    rows = [explanation(explained(" ", 0, HEIST), explained("r", 0, HEIST_AGAIN))]
    shown = shown_measures(rows, NO_TITLES, holds)
    assert (shown.items, shown.without_reason, shown.claims, shown.attributes) == (2, 1, 2, 1)


def test_shares_of_nothing_are_null() -> None:
    shown = shown_measures([], NO_TITLES, holds)
    assert shown.users == 0
    assert shown.title_grounding is None
    assert shown.dropped_share is None


def test_what_people_liked_together_is_counted_apart_and_checked() -> None:
    held, made_up = (
        Claim(attribute="bought together by 3 people", kind="together", cited=(item,))
        for item in ("1", "3")
    )
    rows = [
        explanation(explained("r", 0, held), explained("r", 0, made_up), explained("r", 0, HEIST))
    ]
    shown = shown_measures(rows, NO_TITLES, holds)
    assert (shown.together, shown.together_grounded) == (2, 0.5)
    assert (shown.claims, shown.attributes, shown.without_reason) == (1, 1, 0)


def test_without_any_the_file_is_as_it_was() -> None:
    shown = shown_measures([explanation(explained("r", 0, HEIST))], NO_TITLES, holds)
    assert "together" not in shown.model_dump(exclude_unset=True)
