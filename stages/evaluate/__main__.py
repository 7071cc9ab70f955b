"""`python -m stages.evaluate`: measure every ranking and write metrics/<dataset>/."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.plan import run_plan
from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.params import load_params, load_section
from stages.evaluate.artifacts import Artifacts
from stages.evaluate.evaluate import evaluate
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rankings.rerankings import without_effect


@one_sentence
def main(
    prepare: Annotated[Path, typer.Option(help="Folder of tables and splits.")],
    artifacts: Annotated[Path, typer.Option(help="Folder of the data set's artifacts.")],
    metrics: Annotated[Path, typer.Option(help="Folder for the numbers of this data set.")],
    dataset: Annotated[str, typer.Option(help="Name of the data set.")],
) -> None:
    """Measure every ranking that params.yaml asks for."""
    everything = load_params()
    params, plan = load_section("evaluate", EvaluateParams), run_plan(everything)
    with logged("evaluate") as counts:
        read = Artifacts(prepare, artifacts, plan.further.splits)
        read.prune(plan)
        numbers = evaluate(dataset, read, plan, params, everything)
        numbers.write(metrics)
        warn(without_effect(numbers.rerank))
        counts |= {
            "splits": len(plan.every_split),
            "rankings": len(numbers.summary.models),
            "curve points": len(numbers.curves),
        }


def warn(sentences: Iterable[str]) -> None:
    """Show each sentence on stderr so that it is not overlooked."""
    from rich.console import Console

    console = Console(stderr=True, soft_wrap=True)
    for sentence in sentences:
        console.print(
            f"WARNING: {sentence}", style="bold white on red", markup=False, highlight=False
        )


if __name__ == "__main__":
    typer.run(main)
