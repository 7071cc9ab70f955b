"""`python -m stages.evaluate`: measure every ranking and write metrics/<dataset>/."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.plan import run_plan
from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.params import load_params, load_section
from stages.core.tables import write_json, write_text
from stages.evaluate.artifacts import Artifacts
from stages.evaluate.output.calls import models_of
from stages.evaluate.output.curves import curves_text
from stages.evaluate.output.numbers import numbers_text
from stages.evaluate.output.record import record
from stages.evaluate.output.summary import headline, summary_text, with_families
from stages.evaluate.params import EvaluateParams
from stages.evaluate.rankings.rerankings import without_effect
from stages.evaluate.results import Evaluation


@one_sentence
def main(
    prepare: Annotated[Path, typer.Option(help="Folder of tables and splits.")],
    artifacts: Annotated[Path, typer.Option(help="Folder of the data set's artifacts.")],
    metrics: Annotated[Path, typer.Option(help="Folder for the numbers of this data set.")],
    dataset: Annotated[str, typer.Option(help="Name of the data set.")],
) -> None:
    """Measure every ranking that params.yaml lists."""
    everything = load_params()
    params, asked = load_section("evaluate", EvaluateParams), run_plan(everything)
    with logged("evaluate") as counts:
        source = Artifacts(prepare, artifacts, asked.further.splits)
        source.prune(asked)
        run = Evaluation(source, source.people(), asked, params)
        results = run.results()
        models = with_families(results.models)
        written = {
            "headline": headline(models, asked.splits[0], asked.bases, params.k[0]),
            "explanations": run.explanations(),
            "llm": (calls := run.calls()),
            "rerank": (rerankings := run.rerankings()),
            "record": record(everything, asked, source.card(), models_of(calls.values())),
        }
        for name, value in written.items():
            write_json(metrics / f"{name}.json", value)
        write_text(metrics / "curves.csv", curves_text(results.points))
        write_text(metrics / "summary.json", summary_text(dataset, models))
        for name, value in run.compared(results).items():
            write_text(metrics / f"{name}.json", numbers_text({"dataset": dataset, **value}))
        warn(without_effect(rerankings))
        counts |= {
            "splits": len(asked.every_split),
            "rankings": len(models),
            "curve points": len(results.points),
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
