"""docs/reproduction.md says what metrics/ and the paper say, and what is not there."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import InputError
from stages.core.tables import read_json
from tools.reproducing import differences, verdicts
from tools.reproducing.cited import FACTS, PAPER, RELEASED, cited
from tools.reproducing.claims import ClaimFigure, Experiment
from tools.reproducing.differences import PAIRS_FILE, Margin, measured_of
from tools.reproducing.pairs import pair_rows
from tools.reproducing.paper_facts import paper_facts
from tools.reproducing.released import released_rows

SHARED = Path(__file__).parents[3] / "shared" / "data"

Block = Callable[[str, str], str]
Models = dict[str, Any]
Change = Callable[..., None]


@pytest.mark.usefixtures("root")
def test_the_papers_table_has_ten_methods() -> None:
    rows = cited("Table 1")
    assert len(rows) == 10
    assert {row.users for row in rows} == {"train<10"}


@pytest.mark.usefixtures("root")
def test_every_released_list_gives_its_row_of_the_papers_table(block: Block) -> None:
    assert "9 of 9 lists give the printed row" in block("released", "train<10")


@pytest.mark.usefixtures("root")
@pytest.mark.skipif(not SHARED.exists(), reason="the released lists are not beside the project")
def test_the_released_lists_still_give_their_rows() -> None:
    with PAPER.open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if row["source"] == RELEASED]
    assert [*released_rows(SHARED / "paper-lists", SHARED / "ml-100k")] == kept


@pytest.mark.usefixtures("root")
@pytest.mark.skipif(not SHARED.exists(), reason="MovieLens is not beside the project")
def test_the_paper_facts_texts_and_rows_are_still_so() -> None:
    assert paper_facts(SHARED / "ml-100k") == read_json(FACTS)


@pytest.mark.usefixtures("root")
def test_beside_five_folds_the_lists_are_said_to_be_of_the_first(block: Block) -> None:
    assert "| theirs, fold 1 |" in block("everyone", "ml-100k fold full")
    assert "theirs, fold 1" not in block("everyone", "ml-100k fold-1 full")


@pytest.mark.usefixtures("root")
def test_the_size_of_the_cold_group_stands_under_its_table(block: Block) -> None:
    assert "\n6 users have fewer than 10 training ratings." in block("cold", "ml-100k fold-1")


@pytest.mark.usefixtures("root")
def test_a_reranking_stands_under_the_papers_strategy_with_its_base(block: Block) -> None:
    lines = block("cold", "ml-100k fold-1").splitlines()
    at = next(
        number for number, line in enumerate(lines) if line.startswith("| Pairwise BST | theirs |")
    )
    assert lines[at + 1].startswith("|  | ours, e2ep+pairwise | 0.")


def test_a_model_shows_up_once_it_has_been_run(block: Block, change: Change) -> None:
    change(lambda models: models.pop("gat"))
    assert "ours, gat" not in block("everyone", "ml-100k fold-1 condensed")
    assert "GAT (`gat`)" in block("missing", "ml-100k fold-1")
    change(lambda models: models.update(gat=models["unified"]))
    assert "ours, gat | 0." in block("everyone", "ml-100k fold-1 condensed")
    assert "GAT (`gat`)" not in block("missing", "ml-100k fold-1")


def test_a_family_shows_up_once_it_has_been_run(block: Block, change: Change) -> None:
    change(lambda models: models["ease"].pop("fold", None))
    change(lambda models: models["ease"].update(fold=models["ease"]["fold-1"]))
    assert "| ease | ours alone | 0." in block("everyone", "ml-100k fold full")


@pytest.mark.usefixtures("root")
def test_what_a_run_lacks_is_that_of_one_published_beside_and_called_so(block: Block) -> None:
    alone = block("everyone", "ml-100k fold full")
    both = block("everyone", "ml-100k fold full as-written")
    assert "ours as written" not in alone
    assert "|  | ours as written, gat | 0." in both
    assert "|  | ours, ials | 0." in both
    assert "| unified+prompt | ours as written alone | 0." in both


def test_the_temporal_split_answers_for_looking_ahead(block: Block, change: Change) -> None:
    change(
        lambda models: models["ease"].update(temporal={"full": {"ndcg@10": 0.1234, "users": 9}}),
        "ml-100k/clocks",
    )
    assert "0.123 on temporal" in block("checks", "ml-100k fold-1")


def test_what_has_not_been_run_is_said_with_the_reason(block: Block, change: Change) -> None:
    def leave_popularity_alone(models: Models) -> None:
        models.clear()
        models["popularity"] = {"fold-2": {"full": {"users": 1}}}

    change(leave_popularity_alone)
    assert (
        block("everyone", "ml-100k fold-1 full")
        == "Not checked: no model of ml-100k has been run on fold-1."
    )


def test_rerankings_that_beat_their_base_are_counted(block: Block, change: Change) -> None:
    def first(models: Models) -> None:
        models["e2ep+scored"]["fold-1"]["full"]["ndcg@10"] = 0.99

    change(first)
    assert "full: 1 of 7." in block("order", "ml-100k fold-1 e2ep")


@pytest.mark.usefixtures("root")
def test_a_figures_row_ends_with_the_released_lists_value(block: Block) -> None:
    row = next(
        line
        for line in block("figures", "ml-100k fold-1 condensed").splitlines()
        if line.startswith("| unified")
    )
    assert row.endswith("| 0.771 |")


@pytest.mark.usefixtures("root")
@pytest.mark.skipif(not SHARED.exists(), reason="the released lists are not beside the project")
def test_the_released_lists_still_differ_as_much() -> None:
    with PAIRS_FILE.open(encoding="utf-8", newline="") as file:
        assert [*pair_rows(SHARED / "paper-lists", SHARED / "ml-100k")] == [*csv.DictReader(file)]


@pytest.mark.usefixtures("root")
def test_a_difference_of_lists_is_that_of_their_means() -> None:
    """Under the full protocol, where all users count on both sides."""
    ndcg = {row.ranking: row.values["ndcg"] for row in cited(RELEASED, "full", "all")}
    pair = ("+scored", "unified")
    found = measured_of(ClaimFigure(name="", released=pair, users="all", protocol="full"))
    assert found
    assert found.difference == pytest.approx(ndcg[pair[0]] - ndcg[pair[1]], abs=1e-6)
    assert found.low < found.difference < found.high


@pytest.mark.usefixtures("root")
def test_every_file_and_test_that_holds_a_mechanism_is_there() -> None:
    assert verdicts.unknown_places() == []


@pytest.mark.parametrize(
    ("low", "high", "up", "verdict"),
    [
        (0.1, 0.2, True, "supported"),
        (0.1, 0.2, False, "contradicted"),
        (-0.2, -0.1, True, "contradicted"),
        (-0.1, 0.1, True, "not supported"),
    ],
)
def test_an_interval_decides(low: float, high: float, up: bool, verdict: str) -> None:
    assert verdicts.verdict_of(Margin(0.0, low, high, ""), up) == verdict


def test_a_verdict_that_its_figure_does_not_give_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim = Experiment(
        says="better", figures=(ClaimFigure(name="it"),), verdict="supported", sentence="So it is."
    )
    monkeypatch.setattr(verdicts, "measured_of", lambda _: Margin(0.1, 0.05, 0.2, ""))
    assert verdicts.checked_verdict(claim) == "supported"
    monkeypatch.setattr(verdicts, "measured_of", lambda _: Margin(0.1, -0.05, 0.2, ""))
    with pytest.raises(InputError, match=r"'better' is supported, but .* says: not supported"):
        verdicts.checked_verdict(claim)
    monkeypatch.setattr(verdicts, "measured_of", lambda _: None)
    assert verdicts.checked_verdict(claim) is None


def test_several_seeds_count_before_many_folds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def block(splits: int, seeds: int) -> dict[str, Any]:
        row = {"mean": seeds / 10, "low": 0.0, "high": 1.0}
        names = [f"fold-{number + 1}" for number in range(splits)]
        return {"splits": names, "seeds": [*range(seeds)], "less": {"unified - gat": row}}

    path = tmp_path / "seeds.json"
    path.write_text(json.dumps({"a": {"x": block(5, 1), "y": block(1, 3), "z": block(1, 2)}}))
    monkeypatch.setattr(differences, "SEEDS", path)
    found = measured_of(ClaimFigure(name="", seeds="a", pair="unified - gat"))
    assert found == Margin(0.3, 0.0, 1.0, "3 seeds, fold-1")


@pytest.mark.usefixtures("root")
def test_a_pair_is_turned_where_its_other_side_comes_first() -> None:
    turned, as_written = (
        measured_of(ClaimFigure(name="", run="ml-100k/as-released fold", pair=pair))
        for pair in (("unified", "gat"), ("gat", "unified"))
    )
    assert turned
    assert as_written
    assert turned[:3] == (-as_written[0], -as_written[2], -as_written[1])
