"""What a judge said of explanations, in the number files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stages.contracts.calls import Asked
from stages.contracts.metrics.explanations import Tally
from stages.core.tables import write_model
from tests.evaluate.conftest import calls

Tree = Any
MakeTree = Callable[..., Tree]
TALLY = Tally(
    users=5,
    wins=3,
    ties=1,
    losses=1,
    contradictions=1,
    unanswered=0,
    win_share=0.75,
    win_share_low=0.19412,
    win_share_high=0.99369,
    p=0.625,
    judges=("rules",),
)
PAIR = {"compare": {"pairs": ["scores-none"]}}


def numbers(tree: Tree, name: str) -> Any:
    return json.loads((tree.metrics / f"{name}.json").read_text())


def write_pair(tree: Tree, pair: str) -> Path:
    folder: Path = tree.artifacts / "compare" / "fold-1" / "gat" / pair
    write_model(folder / "tally.json", TALLY)
    write_model(folder / "asked.json", Asked(calls=(calls("compare"),)))
    return folder


def test_a_pair_stands_beside_the_measures_of_its_first_strategy(make_tree: MakeTree) -> None:
    tree = make_tree(**PAIR)
    write_pair(tree, "scores-none")
    tree.evaluate()
    values = numbers(tree, "explanations")["fold-1"]["gat"]["scores"]
    assert values["compared"] == {"none": TALLY.model_dump(mode="json")}
    assert values["users"] == 1


def test_what_it_asked_and_its_settings_are_told(make_tree: MakeTree) -> None:
    tree = make_tree(**PAIR)
    write_pair(tree, "scores-none")
    tree.evaluate()
    assert list(numbers(tree, "llm")["compare-scores-none"]) == ["compare"]
    assert "compare" in numbers(tree, "record")["params"]
    assert numbers(tree, "record")["compared"] == ["scores-none"]


def test_without_a_pair_every_file_is_as_if_the_section_were_not_there(make_tree: MakeTree) -> None:
    written = []
    for sections in ({}, {"compare": {"pairs": [], "users": 9}}):
        tree = make_tree(**sections)
        tree.evaluate()
        written.append({path.name: path.read_bytes() for path in tree.metrics.iterdir()})
    assert written[0] == written[1]


def test_a_pair_that_is_no_longer_listed_is_deleted_and_the_listed_one_stays(
    make_tree: MakeTree,
) -> None:
    tree = make_tree(**PAIR)
    listed, leftover = write_pair(tree, "scores-none"), write_pair(tree, "none-scores")
    tree.evaluate()
    assert (listed.exists(), leftover.exists()) == (True, False)


def test_the_last_pair_gone_leaves_no_file(make_tree: MakeTree) -> None:
    tree = make_tree()
    write_pair(tree, "scores-none")
    tree.evaluate()
    assert not [path for path in (tree.artifacts / "compare").rglob("*") if path.is_file()]
