"""Deletion faithfulness, worked by hand."""

from stages.contracts.metrics.explanations import DeletionMeasures
from stages.contracts.probing import Probe, Probed
from stages.evaluate.explanations.deletion import deletion_measures
from stages.evaluate.statistics.resampling import Resampling

RESAMPLING = Resampling(199, 1)


def probed(user: str, evidence: float, random: float, liked: float = 0.0) -> Probed:
    return Probed(
        user_id=user, item_id="1", removed=1, evidence=evidence, random=random, liked=liked
    )


def values(*items: Probed, applies: bool = True) -> DeletionMeasures:
    return deletion_measures(Probe(applies=applies, skipped=2, items=items), RESAMPLING, "test")


def test_a_user_counts_once_however_many_films_are_probed() -> None:
    found = values(probed("a", 0.5, 0.1), probed("a", 0.3, 0.1), probed("b", 0.1, 0.1, 0.2))
    assert (found.faithfulness, found.faithfulness_liked) == (0.15, 0.15)
    assert found.faithfulness_low == 0.0
    assert found.faithfulness_high == 0.3


def test_the_share_is_of_films_that_fall_more_without_the_evidence() -> None:
    assert values(probed("a", 0.5, 0.1), probed("a", 0.1, 0.1)).faithful_share == 0.5


def test_one_user_has_no_interval() -> None:
    assert values(probed("a", 0.5, 0.1)).faithfulness_low is None


def test_a_model_that_reads_no_ratings_has_no_value_and_says_so() -> None:
    found = values(applies=False)
    assert (found.faithfulness, found.probe_applies, found.probed) == (None, False, 0)
