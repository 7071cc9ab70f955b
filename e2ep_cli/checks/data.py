"""The data set: whether it is here, unchanged and readable."""

from pathlib import Path

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.data.check import check as check_dataset
from stages.data.read import known_names, unknown_dataset
from stages.data.registry.entries import REGISTRY, SAMPLE

_WHAT = "data"
_WRONG = ("changed", "missing")


def check(folder: Path, dataset: str) -> list[Diagnosis]:
    """One row for data/DATASET."""
    known = known_names(folder / "data")
    if dataset not in known:
        return [Diagnosis("fault", _WHAT, unknown_dataset(dataset, known), "e2ep data list")]
    if not (folder / "data" / dataset).is_dir():
        return [Diagnosis("fault", _WHAT, f"data/{dataset} is not here", cure(dataset))]
    finding = check_dataset(folder / "data" / dataset)
    wrong = [f"{name} is {state}" for name, state in finding.files.items() if state in _WRONG]
    if wrong or finding.fault:
        fault = f"data/{dataset}: {', '.join(wrong)}" if wrong else str(finding.fault)
        return [
            Diagnosis("fault", _WHAT, fault.replace(f"{folder}/", ""), cure(dataset, there=True))
        ]
    others = [name for name, state in finding.files.items() if state != "ok" and name[0] != "."]
    if others and dataset == SAMPLE:
        extra = (
            f"data/{dataset} holds {', '.join(others)}, which data.dvc does not list, "
            "so DVC sees it as changed"
        )
        return [Diagnosis("note", _WHAT, extra, "dvc status data.dvc")]
    users, items, rows = list(finding.facts.items())[:3]
    counts = ", ".join(f"{count} {name}" for name, count in (rows, users, items))
    return [Diagnosis("fine", _WHAT, f"data/{dataset}: {counts}; files: {finding.rows['files']}")]


def cure(dataset: str, there: bool = False) -> str:
    """The command that gets the data set, or gets it again if it is `there` already."""
    if dataset == SAMPLE:
        return f"dvc pull {'--force ' if there else ''}data.dvc"
    again = " --replace" if there else ""
    if dataset in REGISTRY:
        return f"{REGISTRY[dataset].command}{again}"
    return f"e2ep data import {dataset} --ratings … --items …{again}"
