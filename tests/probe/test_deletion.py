"""Falls of scores, worked by hand on a linear model."""

import numpy as np
import pytest

from stages.contracts.rows import Claim, Explained, Explanation
from stages.probe.deletion import Prober
from stages.train.fitting.data import TrainingData
from stages.train.models.ease import Config, Ease

LIKED = TrainingData(
    np.zeros(4, int), np.arange(4), np.array([5.0, 5.0, 5.0, 1.0], np.float32), 1, 5
)
WEIGHTS = np.zeros((5, 5), np.float32)
WEIGHTS[:4, 4] = 6.0, 2.0, 2.0, 9.0


def explained(*cited: str) -> list[Explanation]:
    claims = (Claim(attribute="heist", kind="tag", cited=cited),) if cited else ()
    item = Explained(
        item_id="e",
        title="E",
        graph_score=1,
        graph_place=0,
        judge_value=1,
        place=0,
        claims=claims,
        dropped=0,
        reason="",
    )
    return [Explanation(user_id="u", base="ease", strategy="none", source="", items=(item,))]


def prober() -> Prober:
    return Prober(LIKED, ["u"], list("abcde"), 2, np.random.default_rng(1))


def model() -> Ease:
    found = Ease(Config(), 1)
    found.restore({"item_item": WEIGHTS, "item_item_columns": np.zeros((0, 0), dtype=np.int32)})
    return found


def test_the_fall_is_what_the_cited_item_gave_in_deviations_of_the_users_scores() -> None:
    scale = np.std([0, 0, 0, 0, 10])
    (found,) = prober().probe(model(), explained("a")).items
    assert (found.evidence, found.liked) == pytest.approx((6 / scale, 2 / scale))
    assert found.removed == 1


def test_other_ratings_are_drawn_without_the_cited_ones() -> None:
    many = Prober(LIKED, ["u"], list("abcde"), 40, np.random.default_rng(1))
    (found,) = many.probe(model(), explained("a")).items
    assert 0 < found.random < found.liked == pytest.approx(2 / np.std([0, 0, 0, 0, 10]), abs=1e-5)


def test_a_user_with_too_few_other_likes_is_skipped_and_counted() -> None:
    found = prober().probe(model(), explained("a", "b"))
    assert (found.skipped, found.items) == (1, ())


def test_an_item_without_a_claim_is_not_probed() -> None:
    found = prober().probe(model(), explained())
    assert (found.skipped, found.items) == (0, ())
