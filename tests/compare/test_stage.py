"""The stage on disk with offline rules: who is compared, what is written, what is never read."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from stages.contracts.calls import Asked
from stages.contracts.rows import Explanation
from stages.core.tables import read_jsonl, read_model, write_jsonl
from stages.llm.providers.offline import LABEL

ROOT = Path(__file__).parents[2]


def test_the_richer_reasons_win_and_the_rules_are_labelled(project: Any) -> None:
    found = project.compare()
    assert (found.users, found.wins, found.ties, found.losses) == (4, 4, 0, 0)
    assert (found.contradictions, found.judges) == (0, (LABEL,))


def test_the_other_side_of_a_pair_loses_what_this_one_wins(project: Any) -> None:
    assert project.compare("poor-rich").losses == project.compare("rich-poor").wins == 4


def test_each_user_is_asked_about_twice(project: Any) -> None:
    project.compare()
    [calls] = read_model(Path("out/asked.json"), Asked).calls
    assert (calls.task, calls.calls) == ("compare", 8)


def test_a_number_of_users_is_the_same_draw_every_time_and_part_of_a_larger_one(
    project: Any,
) -> None:
    draws = []
    for users in (2, 2, 3):
        project.compare(compare={"users": users})
        draws.append({row.user_id for row in project.verdicts()})
    assert draws[0] == draws[1] < draws[2]
    assert len(draws[0]) == 2


def test_only_users_with_both_lists_and_a_reason_in_one_are_compared(project: Any) -> None:
    project.explain("poor", {"Heat": ()}, users=3)
    rows = list(read_jsonl(Path("explained/rich/explanations.jsonl"), Explanation))
    bare = rows[1].model_copy(update={"items": rows[1].items[:0]})
    write_jsonl(Path("explained/rich/explanations.jsonl"), [rows[0], bare, *rows[2:]])
    project.compare()
    assert {row.user_id for row in project.verdicts()} == {"userid0", "userid2"}


def test_how_many_are_asked_at_once_changes_no_byte(project: Any) -> None:
    written = []
    for concurrency in (1, 32):
        project.compare(llm={"concurrency": concurrency})
        written.append({path.name: path.read_bytes() for path in Path("out").iterdir()})
    assert written[0] == written[1]


def test_a_strategy_that_is_not_explained_yet_is_one_sentence(
    project: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="1"):
        project.compare("rich-none")
    assert "none/explanations.jsonl is not there yet" in capsys.readouterr().err


def test_no_rating_can_leak_since_the_stage_depends_on_none() -> None:
    """What it reads was made of training rows; the tests of profile and explain prove that."""
    stage = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]["compare"]
    deps = [dep.split("/", 2)[2] for dep in stage["deps"] if dep.startswith("artifacts/${")]
    others = {dep.split("/")[0] for dep in deps if dep != "prepare/words.json"}
    assert others == {"explain", "enrich", "profile"}
    assert not [word for word in stage["cmd"].split() if "/splits/" in word or "/prepare/" in word]
