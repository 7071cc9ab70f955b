"""What does a second Ray node bring to a search of settings?

    python benchmarks/spread_search.py [--set @experiments/ml-1m.yaml] [--model ease] [--trials 20]

Starts a Ray node of one CPU on this machine, then another, and runs the same search (of
experiments/search.yaml, on the first split) on one and on both, with two trials at once, so that
the same ones are drawn. Validation rows alone. Both nodes are connected and warm. Needs the extra
`cluster`, two cores that are otherwise idle, and the data as `e2ep enrich` with the same settings
makes them.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import typer
from machine import machine, versions
from ray_nodes import RayNodes, on_cluster
from spreading.fits import timed

from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.runs.run import run_for
from stages.contracts.splits import every_split
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text
from stages.core.ids import natural_order
from stages.core.params import check_section, load_params
from stages.core.spread import spread
from stages.evaluate.output.numbers import numbers_text
from stages.train.fitting.named import model_module
from stages.train.fitting.sources import Sources, split_rows
from stages.train.searching.search import Search
from stages.train.searching.space import SPACES, Space

RESULT = Path(__file__).parent / "results" / "spread_search.json"
PACKAGES = ("ray", "numpy", "scipy", "torch", "optuna")
AT_ONCE = 2


@one_sentence
def main(
    settings: Annotated[
        str, typer.Option("--set", help="key=value or @FILE, as of `e2ep run`.")
    ] = "@experiments/ml-1m.yaml",
    model: Annotated[str, typer.Option(help="Which has a space in experiments/search.yaml.")] = (
        "ease"
    ),
    trials: Annotated[int, typer.Option(min=2, help="Trials of the search.")] = 20,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure one node, then two."""
    measured = Measured(settings, model, trials)
    found = {}
    with RayNodes() as nodes:
        for name in ("one_node", "two_nodes"):
            if name == "two_nodes":
                nodes.add()
            with on_cluster(nodes):
                measured.warm()
                found[name] = measured.seconds_and_trials()
    seconds = {name: one for name, (one, _) in found.items()}
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "dataset": measured.params["dataset"],
        "split": measured.split,
        "model": model,
        "trials": trials,
        "seconds": seconds,
        "ratio": seconds["two_nodes"] / seconds["one_node"],
        "same_trials": found["one_node"][1] == found["two_nodes"][1],
    }
    text = numbers_text(result)
    write_text(out, text)
    print(text, end="")


@dataclass(frozen=True)
class Measured:
    """A search of so many trials with the settings of a run."""

    settings: str
    model: str
    trials: int

    @cached_property
    def params(self) -> dict[str, Any]:
        """The whole of params.yaml as the settings change it."""
        return changed_params(Path(), parsed_settings([self.settings]))

    @cached_property
    def split(self) -> str:
        """The first one."""
        return every_split(self.params)[0]

    @cached_property
    def search(self) -> Search:
        """The model, its rows and its space."""
        spaces, module = load_params(SPACES), model_module(self.model)
        if self.model not in spaces:
            raise InputError(f"--model {self.model} has no space in {SPACES}; name one that has")
        run = run_for(Path(), parsed_settings([self.settings]))
        made = run.folder / "artifacts" / self.params["dataset"]
        sources = Sources(made / "prepare", made / "enrich/movies.parquet", made / "embed")
        rows = split_rows(sources, self.split, module.MODEL(module.Config(), 0).form)
        space = check_section(self.model, spaces[self.model], Space, SPACES)
        return Search(module, lambda _: rows, space, self.params["seed"])

    def warm(self) -> None:
        """Connect, and let every node's worker import what a trial imports."""
        list(spread(natural_order, [["1"]]))
        list(self.search.run_at_once([], AT_ONCE, AT_ONCE))

    def seconds_and_trials(self) -> tuple[float, list[tuple[int, str, float]]]:
        """How long the search took, and what was tried."""
        seconds, drawn = timed(lambda: list(self.search.run_at_once([], self.trials, AT_ONCE)))
        return seconds, sorted((one.trial, str(one.parameters), one.ndcg) for one in drawn)


if __name__ == "__main__":
    typer.run(main)
