"""What is counted in explanations."""

from stages.contracts.rows import Claim, Explained, Explanation
from stages.evaluate.explanations.claims import Known
from stages.evaluate.explanations.shares import shares
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


NOTHING = Known({}, {}, {}, {}, Titles({}))


def test_dropped_share_is_of_all_claims_made() -> None:
    assert (
        shares([explanation(explained("r", 3, HEIST))], [], NOTHING).values()["dropped_share"]
        == 0.75
    )


def test_items_without_a_reason_and_distinct_attributes_are_counted() -> None:
    values = shares(
        [explanation(explained(" ", 0, HEIST), explained("r", 0, HEIST_AGAIN))], [], NOTHING
    ).values()
    assert (values["items"], values["without_reason"], values["claims"], values["attributes"]) == (
        2,
        1,
        2,
        1,
    )


def test_shares_of_nothing_are_null() -> None:
    values = shares([], [], NOTHING).values()
    assert values["users"] == 0
    assert values["citation_validity"] is None
    assert values["dropped_share"] is None
