"""An ablation of the sample, from the command to the record, beside a person's own edits."""

import csv
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Clone

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end to end")]
RECORD = Path("experiments/results/ablations-sample.csv")


Left = tuple[dict[str, bytes], str, str]


def left(clone: Clone) -> Left:
    """Every tracked file but the record, the branch, and what is stashed."""
    names = clone.ok("git", "ls-files").splitlines()
    files = {name: (clone.folder / name).read_bytes() for name in names if name != str(RECORD)}
    return files, clone.ok("git", "symbolic-ref", "HEAD"), clone.ok("git", "stash", "list")


@pytest.fixture(scope="module")
def edited(finished: Clone) -> Iterator[Clone]:
    """The finished clone with an edit that is not committed; afterwards as it was."""
    readme, record = finished.folder / "README.md", finished.folder / RECORD
    before, recorded = readme.read_bytes(), record.read_bytes() if record.exists() else None
    readme.write_bytes(before + b"\nmine\n")
    yield finished
    finished.ok("dvc", "exp", "remove", "--all-commits")
    readme.write_bytes(before)
    if recorded is None:
        record.unlink(missing_ok=True)
    else:
        record.write_bytes(recorded)


@dataclass(frozen=True)
class Ablated:
    """What the command said, and all that it must leave alone, before and after."""

    done: subprocess.CompletedProcess[str]
    before: Left
    after: Left


@pytest.fixture(scope="module")
def ablated(edited: Clone) -> Ablated:
    """One ablation, run."""
    before = left(edited)
    return Ablated(edited.run("e2ep", "ablate", "e2ep-layers-2"), before, left(edited))


def rows(clone: Clone) -> dict[tuple[str, str], dict[str, str]]:
    with (clone.folder / RECORD).open(encoding="utf-8") as file:
        return {(row["ablation"], row["metric"]): row for row in csv.DictReader(file)}


def test_it_trains_and_tabulates(edited: Clone, ablated: Ablated) -> None:
    done = ablated.done
    assert done.returncode == 0, done.stdout + done.stderr
    assert "train@sample-e2ep-fold-1" in done.stdout
    row = rows(edited)["e2ep-layers-2", "ndcg@10"]
    assert float(row["low"]) <= float(row["difference"]) <= float(row["high"])
    assert float(row["seconds"]) > 0
    assert float(row["dollars"]) == 0
    assert f"{float(row['value']):.4f}" in done.stdout


@pytest.mark.usefixtures("ablated")
def test_the_base_run_has_the_numbers_of_metrics(edited: Clone) -> None:
    headline = json.loads(
        (edited.folder / "metrics/sample/headline.json").read_text(encoding="utf-8")
    )
    assert float(rows(edited)["base", "ndcg@10"]["value"]) == pytest.approx(
        headline["ndcg"]["e2ep"], abs=1e-5
    )


def test_it_leaves_everything_else_as_it_was(ablated: Ablated) -> None:
    assert ablated.after == ablated.before


@pytest.mark.usefixtures("ablated")
def test_the_same_command_again_runs_nothing(edited: Clone) -> None:
    before = rows(edited)
    said = edited.ok("e2ep", "ablate", "e2ep-layers-2")
    assert "train@" not in said
    assert rows(edited) == before


def test_an_unknown_ablation_gets_one_sentence(finished: Clone) -> None:
    done = finished.run("e2ep", "ablate", "e2ep-layer-2")
    assert done.returncode == 1
    assert done.stderr == (
        "error: experiments/ablations.yaml has no ablation 'e2ep-layer-2'; "
        "did you mean e2ep-layers-2?\n"
    )


def test_a_setting_that_is_not_there_gets_one_sentence(finished: Clone) -> None:
    done = finished.run("e2ep", "ablate", "e2ep-layers-2", "--set", "train.e2ep.layer=2")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "did you mean train.e2ep.layers?" in done.stderr
