"""What does a second Ray node bring to a search of settings?

    python benchmarks/spread_search.py [--set @experiments/ml-1m.yaml] [--model ease] [--trials 20]

Starts a Ray node of one CPU on this machine, then another, and runs the same search (of
experiments/search.yaml, on the first split) on one and on both, with two trials at once, so that
the same ones are drawn. Validation rows alone. Both nodes are connected and warm. Needs the extra
`cluster`, two cores that are otherwise idle, and the data as `e2ep enrich` with the same settings
makes them.
"""

from pathlib import Path
from typing import Annotated

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
    dataset, split, search = read_search(settings, model)
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
        "dataset": dataset,
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


def read_search(settings: str, model: str) -> tuple[str, str, Search]:
    """The data set, its first split, and the model's search there."""
    changes, spaces = parsed_settings([settings]), load_params(SPACES)
    if model not in spaces:
        raise InputError(f"--model {model} has no space in {SPACES}; name one that has")
    params, module = changed_params(Path(), changes), model_module(model)
    dataset, split = params["dataset"], every_split(params)[0]
    made = run_for(Path(), changes).folder / "artifacts" / dataset
    sources = Sources(made / "prepare", made / "enrich/movies.parquet", made / "embed")
    rows = split_rows(sources, split, module.MODEL(module.Config(), 0).form)
    space = check_section(model, spaces[model], Space, SPACES)
    return dataset, split, Search(module, lambda _: rows, space, params["seed"])


if __name__ == "__main__":
    typer.run(main)
