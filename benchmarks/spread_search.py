"""What does a second Ray node bring to a search of settings?

    python benchmarks/spread_search.py [--set @experiments/ml-1m.yaml] [--model ease] [--trials 20]

Starts a Ray node of one CPU on this machine, then another, and runs the same search on one and on
both: the model's space of experiments/search.yaml, on the first split, judged on validation rows
alone. Two trials run at once in both cases, so both draw the same ones. Connecting and first
imports are not counted. Needs the extra `cluster`, two cores that are otherwise idle, and the data
as `e2ep enrich` with the same settings makes them.
"""

from pathlib import Path
from typing import Annotated

import typer
from machine import machine, versions
from ray_nodes import RayNodes, on_cluster
from spreading.fits import timed

from e2ep_cli.project.overrides import parsed_settings
from e2ep_cli.project.places import root
from e2ep_cli.project.searches import search_of
from e2ep_cli.runs.run import run_for
from stages.contracts.splits import every_split
from stages.core.errors import one_sentence
from stages.core.files import write_text
from stages.core.ids import natural_order
from stages.core.spread import spread
from stages.evaluate.output.numbers import numbers_text

RESULT = Path(__file__).parent / "results" / "spread_search.json"
PACKAGES = ("ray", "numpy", "scipy", "torch", "optuna")
AT_ONCE = 2


@one_sentence
def main(
    settings: Annotated[
        str, typer.Option("--set", help="key=value or @FILE, as of `e2ep run`.")
    ] = "@experiments/ml-1m.yaml",
    model: Annotated[str, typer.Option(help="Model with a space in experiments/search.yaml.")] = (
        "ease"
    ),
    trials: Annotated[int, typer.Option(min=2, help="Trials of the search.")] = 20,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure one node, then two."""
    run = run_for(root(), parsed_settings([settings]))
    split = every_split(run.params)[0]
    search = search_of(model, run, split)
    seconds, drawn = {}, []
    with RayNodes() as nodes:
        for name in ("one_node", "two_nodes"):
            if name == "two_nodes":
                nodes.add()
            with on_cluster(nodes):
                # Connected, and every node's worker has imported what a trial imports
                list(spread(natural_order, [["1"]]))
                list(search.run_at_once([], AT_ONCE, AT_ONCE))
                seconds[name], ended = timed(lambda: list(search.run_at_once([], trials, AT_ONCE)))
                drawn.append(sorted((one.trial, str(one.parameters), one.ndcg) for one in ended))
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "dataset": run.dataset,
        "split": split,
        "model": model,
        "trials": trials,
        "seconds": seconds,
        "ratio": seconds["two_nodes"] / seconds["one_node"],
        "same_trials": drawn[0] == drawn[1],
    }
    text = numbers_text(result)
    write_text(out, text)
    print(text, end="")


if __name__ == "__main__":
    typer.run(main)
