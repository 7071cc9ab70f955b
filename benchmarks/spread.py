"""What does a second Ray node bring, and what does spreading cost?

    python benchmarks/spread.py [--set @experiments/ml-100k.yaml] [--family fold] [--out FILE]
        [--users 200000] [--items 50000] [--lists-only]

Starts a Ray node of one CPU on this machine, then another, and does the same work on one and on
both: the fits of a family's splits, parts that do nothing, and candidates of made-up users. Then a
node is killed in the middle of the fits, and the first fit's graph is trained on both nodes. All
but the made-up users need the artifacts of `e2ep run` with the same settings, of the stages before
train. A search of settings has its own benchmark, spread_search.py.
`same_bytes` says whether candidates and weights are those of processes on this machine without Ray,
`same_lists` whether those of the made-up users are this process's own. `bytes_per_fit` travel with
each fit, `bytes_shared` once to a node. The time of a connection and of a worker's first imports is
apart, as `first_part`. Needs the extra `cluster` and two cores that are otherwise idle.
"""

from pathlib import Path
from typing import Annotated, Any

import typer
from machine import machine, versions
from ray_nodes import RayNodes, on_cluster
from spreading.fits import read_work, timed
from spreading.lists import MadeUpLists

from stages.core.errors import one_sentence
from stages.core.files import write_text
from stages.core.ids import natural_order
from stages.core.spread import spread
from stages.evaluate.output.numbers import numbers_text

RESULT = Path(__file__).parent / "results" / "spread.json"
PACKAGES = ("ray", "numpy", "scipy", "torch")


@one_sentence
def main(
    settings: Annotated[
        str, typer.Option("--set", help="key=value or @FILE, as of `e2ep run`.")
    ] = "@experiments/ml-100k.yaml",
    family: Annotated[str, typer.Option(help="Family of the splits.")] = "fold",
    users: Annotated[int, typer.Option(min=1, help="Made-up users.")] = 200_000,
    items: Annotated[int, typer.Option(min=1, help="Items of theirs.")] = 50_000,
    lists_only: Annotated[
        bool, typer.Option("--lists-only", help="Only the candidates of made-up users.")
    ] = False,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure one node, then two."""
    work = None if lists_only else read_work(settings, family)
    lists = MadeUpLists(users, items)
    own = lists.in_this_process()
    found: dict[str, Any] = {}
    with RayNodes() as nodes:
        for name in ("one_node", "two_nodes"):
            if name == "two_nodes":
                nodes.add()
            with on_cluster(nodes):
                # Connected and warm, with or without the rest
                first, _ = timed(lambda: list(spread(natural_order, [["1"]])))
                made = lists.spread_out()
                same = made["digest"] == own["digest"]
                found[name] = {"first_part": first, "lists": made["seconds"], "same_lists": same}
                found[name] |= work.measured() if work else {}
        if work:
            with on_cluster(nodes):
                found["one_killed"] = work.killed(nodes)
            nodes.add()
            with on_cluster(nodes):
                found["graph_divided"] = work.graph_divided(len(nodes.nodes))
    one, two = found["one_node"], found["two_nodes"]
    compared = [what for what in ("fits", "lists") if what in one]
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "lists": {name: value for name, value in own.items() if name != "digest"},
        **(work.facts() if work else {}),
        **found,
        "ratio": {what: two[what] / one[what] for what in compared},
    }
    text = numbers_text({work.name if work else "made up": result})
    write_text(out, text)
    print(text, end="")


if __name__ == "__main__":
    typer.run(main)
