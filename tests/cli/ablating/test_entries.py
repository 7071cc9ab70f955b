"""experiments/ablations.yaml: what it may hold, and which ablations a person gets."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from e2ep_cli.ablating.entries import ABLATIONS_FILE, Ablation, base_of, chosen, load
from stages.core.errors import InputError, ParamError

ROOT = Path(__file__).parents[3]
MINE = {"asks": "Why?", "set": {"train.e2ep.layers": 1}, "compare": {"e2ep": "e2ep"}}


def read(folder: Path, **entries: Any) -> list[Ablation]:
    (folder / ABLATIONS_FILE).parent.mkdir(exist_ok=True)
    (folder / ABLATIONS_FILE).write_text(yaml.safe_dump(entries, sort_keys=False))
    return load(folder)


def test_an_entry_is_read_as_it_stands(tmp_path: Path) -> None:
    (one,) = read(tmp_path, mine=MINE)
    assert (one.name, one.entry.asks, one.entry.set) == ("mine", "Why?", {"train.e2ep.layers": 1})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"compare": {"e2ep+oracle": "e2ep"}}, "compares e2ep\\+oracle, which is a control"),
        ({"compare": {}}, "mine.compare in experiments/ablations.yaml"),
        ({"sets": {}}, "mine.sets in experiments/ablations.yaml is not a known parameter"),
        ({"set": {"train.ease.grades": {5: 1}}}, "mine.set"),
    ],
)
def test_what_an_entry_gets_wrong_is_named(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(ParamError, match=said):
        read(tmp_path, mine=MINE | change)


def test_no_ablation_is_called_base(tmp_path: Path) -> None:
    with pytest.raises(ParamError, match="give it another name"):
        read(tmp_path, base=MINE)


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"has no ablation 'no-lmm'; did you mean no-llm\?$"):
        chosen(load(ROOT), ["no-lmm"])


def test_without_names_what_is_paid_is_left_out(tmp_path: Path) -> None:
    both = read(tmp_path, mine=MINE, dear=MINE | {"paid": True})
    assert [one.name for one in chosen(both, [])] == ["mine"]
    assert [one.name for one in chosen(both, ["dear"])] == ["dear"]


def test_the_base_run_makes_what_all_are_compared_with(tmp_path: Path) -> None:
    other = MINE | {"compare": {"gat": "unified", "e2ep+scored+alone": "e2ep+scored"}}
    base = base_of(read(tmp_path, mine=MINE, other=other))
    assert (base.models, base.bases, base.strategies) == (
        ("e2ep", "unified"),
        ("e2ep",),
        ("scored",),
    )
    assert base.entry.set == {}
