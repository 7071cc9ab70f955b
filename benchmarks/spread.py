"""What does a second Ray node bring, and what does spreading cost?

    python benchmarks/spread.py [--set @experiments/ml-100k.yaml] [--family fold] [--out FILE]
        [--users 200000] [--items 50000] [--lists-only]

Starts a Ray node of one CPU on this machine, then another, and does the same work on one and on
both: the fits of a family's splits, a search with validation rows alone, parts that do nothing, and
candidates of made-up users. All but these need the artifacts of `e2ep run` with the same settings.
`same_bytes` says whether candidates and weights are those of processes on this machine without Ray,
`same_lists` whether those of the made-up users are this process's own. `bytes_per_fit` travel with
each fit, `bytes_shared` once to a node. The time of a connection and of a worker's first imports is
apart, as `first_part`. Needs the extra `cluster` and two cores that are otherwise idle.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from machine import machine, versions
from ray_nodes import RayNodes, on_cluster
from spreading.lists import MadeUpLists

from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.runs.run import run_for
from stages.contracts.splits import every_split, family_of
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text
from stages.core.ids import natural_order
from stages.core.log import progress
from stages.core.params import check_section, load_params
from stages.core.parcels import pack
from stages.core.spread import spread
from stages.evaluate.output.numbers import numbers_text
from stages.train.fits import Made, PlannedFit, made, read_fit, read_shared
from stages.train.fitting.named import model_module
from stages.train.fitting.sources import ItemSide, Sources, split_rows
from stages.train.searching.search import Search
from stages.train.searching.space import SPACES, Space

RESULT = Path(__file__).parent / "results" / "spread.json"
PACKAGES = ("ray", "numpy", "scipy", "torch", "optuna")
EMPTY = 200
"""Parts that do nothing."""
AT_ONCE = 2
"""Trials at once, also on one node, so that the same ones are drawn."""


@one_sentence
def main(
    settings: Annotated[
        str, typer.Option("--set", help="key=value or @FILE, as of `e2ep run`.")
    ] = "@experiments/ml-100k.yaml",
    family: Annotated[str, typer.Option(help="Family of the splits.")] = "fold",
    tuned: Annotated[str, typer.Option(help="Model that is tuned, on the first split.")] = "ials",
    trials: Annotated[int, typer.Option(min=2, help="Trials of the search.")] = 20,
    users: Annotated[int, typer.Option(min=1, help="Made-up users.")] = 200_000,
    items: Annotated[int, typer.Option(min=1, help="Items of theirs.")] = 50_000,
    lists_only: Annotated[
        bool, typer.Option("--lists-only", help="Only the candidates of made-up users.")
    ] = False,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure one node, then two."""
    work = None if lists_only else _read(settings, family, tuned, trials)
    lists = MadeUpLists(users, items)
    own = lists.in_this_process()
    found: dict[str, Any] = {}
    with RayNodes() as nodes:
        for name in ("one_node", "two_nodes"):
            if name == "two_nodes":
                nodes.add()
            with on_cluster(nodes):
                # Connected and warm, with or without the rest
                first, _ = _timed(lambda: list(spread(natural_order, [["1"]])))
                made = lists.spread_out()
                same = made["digest"] == own["digest"]
                found[name] = {"first_part": first, "lists": made["seconds"], "same_lists": same}
                found[name] |= work.measured() if work else {}
    one, two = found["one_node"], found["two_nodes"]
    timed = [what for what in ("fits", "search", "lists") if what in one]
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "lists": {name: value for name, value in own.items() if name != "digest"},
        **(work.facts(one.pop("drawn") == two.pop("drawn")) if work else {}),
        **found,
        "ratio": {what: two[what] / one[what] for what in timed},
    }
    text = numbers_text({work.name if work else "made up": result})
    write_text(out, text)
    print(text, end="")


@dataclass(frozen=True)
class _Work:
    """The fits of a family and a search, with the fits' hashes from this machine without Ray."""

    name: str
    fits: list[PlannedFit]
    items: ItemSide
    search: Search
    trials: int
    here: dict[int, str]

    def facts(self, same_trials: bool) -> dict[str, Any]:
        """What does not depend on the nodes."""
        return {
            "splits": [fit.rows.name for fit in self.fits],
            "bytes_per_fit": max(map(_size, self.fits)),
            "bytes_shared": _size({"items": self.items}),
            "same_trials": same_trials,
        }

    def measured(self) -> dict[str, Any]:
        """Seconds of an empty part, of all fits and of a search.

        Each node has a worker by then, but the fits still begin with the import of torch.
        """
        empty, _ = _timed(lambda: list(spread(natural_order, [["1"]] * EMPTY)))
        seconds, results = _timed(lambda: dict(_fitted(self.fits, self.items)))
        searched, drawn = _timed(lambda: list(self.search.run_at_once([], self.trials, AT_ONCE)))
        return {
            "empty_part": empty / EMPTY,
            "fits": seconds,
            "search": searched,
            "same_bytes": _digests(results) == self.here,
            "drawn": sorted((trial.trial, str(trial.parameters), trial.ndcg) for trial in drawn),
        }


def _read(settings: str, family: str, tuned: str, trials: int) -> _Work:
    params = changed_params(Path(), parsed_settings([settings]))
    folder = run_for(Path(), parsed_settings([settings])).folder / "artifacts" / params["dataset"]
    sources = Sources(folder / "prepare", folder / "enrich/movies.parquet", folder / "embed")
    splits = [split for split in every_split(params) if family_of(split) == family]
    if not splits:
        raise InputError(f"--family {family}: {settings} has no split of it; name another family")
    items = read_shared(["e2ep"], params, sources)
    fits = [read_fit("e2ep", split, params, sources) for split in splits]
    search, here = _search(tuned, params, sources, splits[0]), _digests(dict(_fitted(fits, items)))
    return _Work(f"{params['dataset']} {family}", fits, items, search, trials, here)


def _fitted(fits: list[PlannedFit], items: ItemSide) -> Iterator[tuple[int, Made]]:
    results = spread(made, fits, shared={"items": items})
    yield from progress(results, "spread: fits", len(fits))


def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _digests(results: dict[int, Made]) -> dict[int, str]:
    """A hash of each fit's candidates and weights, by its number."""
    return {number: _digest(result) for number, result in results.items()}


def _digest(result: Made) -> str:
    hashed = hashlib.sha256()
    for frame in (result.fitted.candidates, result.fitted.valid_candidates):
        for column in frame.columns:
            hashed.update(frame[column].to_numpy().tobytes())
    for name, array in sorted(result.fitted.weights.items()):
        hashed.update(name.encode() + array.tobytes())
    return hashed.hexdigest()


def _size(value: Any) -> int:
    """Bytes that a value has on its way."""
    head, buffers = pack(value)
    return len(head) + sum(buffer.nbytes for buffer in buffers)


def _search(model: str, params: dict[str, Any], sources: Sources, split: str) -> Search:
    spaces = load_params(SPACES)
    if model not in spaces:
        raise InputError(f"--tuned {model} has no space in {SPACES}; name one that has")
    space = check_section(model, spaces[model], Space, SPACES)
    rows = {
        form: split_rows(sources, split, form)
        for form in {model_module(model).MODEL(model_module(model).Config(), 0).form}
    }
    return Search(model_module(model), lambda form: rows[form], space, params["seed"])


if __name__ == "__main__":
    typer.run(main)
