"""The changes to params.yaml that give a model another setting."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from stages.core.params import Section, load_params
from stages.train.fitting.named import model_module
from stages.train.searching.trials import best_first, from_csv
from stages.train.searching.winner import needed_changes

RECORDS = sorted(Path("experiments/search").rglob("*.csv"))


class Linear(Section):
    weight: float = 1.0
    grades: dict[int, float] = Field({5: 1.0, 1: 0.0})


class Config(Section):
    layers: int = 1
    heads: tuple[int, ...] = (4, 1)
    linear: Linear = Linear()


SECTION: dict[str, Any] = {"layers": 1, "heads": [4, 1], "linear": Linear().model_dump()}


def changes(section: dict[str, Any], wanted: Config) -> dict[str, Any]:
    return needed_changes("train.m", section, Config.model_validate(section), wanted)


def test_only_what_differs_is_changed() -> None:
    assert changes(SECTION, Config()) == {}
    assert changes(SECTION, Config(layers=2, heads=(2,))) == {
        "train.m.layers": 2,
        "train.m.heads": [2],
    }


def test_a_value_within_a_section_is_changed_alone_and_grades_as_one() -> None:
    assert changes(SECTION, Config(linear=Linear(weight=2.0))) == {"train.m.linear.weight": 2.0}
    grades = changes(SECTION, Config(linear=Linear(grades={5: 2.0, 1: 0.0})))
    assert grades == {"train.m.linear.grades": {5: 2.0, 1: 0.0}}


def test_a_section_that_lacks_the_parameter_is_changed_as_a_whole() -> None:
    section = {"heads": [2]}
    assert changes(section, Config(layers=3, heads=(2,))) == {
        "train.m": {"layers": 3, "heads": [2]}
    }


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_params_with_the_changes_have_the_setting_of_the_best_trial(record: Path) -> None:
    model = record.stem
    section, kind = load_params()["train"][model], model_module(model).Config
    best = best_first(from_csv(record.read_text(encoding="utf-8"), record))[0]
    wanted = kind.model_validate(best.parameters)
    for key, value in needed_changes("m", section, kind.model_validate(section), wanted).items():
        place: Any = {"m": section}
        *path, last = key.split(".")
        for name in path:
            place = place[name]
        assert last in place
        place[last] = value
        section = section if path else value
    assert kind.model_validate(section) == wanted
