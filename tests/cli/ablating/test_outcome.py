"""An experiment's outcome: a ranking that evaluate does not make is named."""

import numpy as np
import pytest

from e2ep_cli.ablating.entries import Ablation, Entry
from e2ep_cli.ablating.outcome import _reads_text, _require_rankings
from stages.core.errors import ParamError
from stages.evaluate.statistics.places import Place


def test_a_ranking_that_was_not_made_is_named_with_those_there_are() -> None:
    made = {name: np.ones(2) for name in ("e2ep", "e2ep+scored", "e2ep+oracle")}
    entry = Entry(asks="?", compare={"e2ep+scored+fitted": "e2ep"})
    with pytest.raises(
        ParamError, match=r"e2ep\+scored\+fitted, .* choose from e2ep, e2ep\+scored$"
    ):
        _require_rankings(
            Place("fold-1", {"ndcg@10": made}, np.ones(2)), Ablation(name="mine", entry=entry)
        )


@pytest.mark.parametrize(("text", "reads"), [(True, True), (False, False)])
def test_profiles_are_paid_for_by_a_model_that_reads_them(text: bool, reads: bool) -> None:
    assert _reads_text("e2ep", {"seed": 7, "train": {"e2ep": {"text": text}}}) is reads
