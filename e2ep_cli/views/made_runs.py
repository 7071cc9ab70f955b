"""What `e2ep run --list` prints: every run, its numbers, and what it changes."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from e2ep_cli.project.runs import Run, in_words
from e2ep_cli.project.state import state_of
from stages.contracts.metrics.files import read_headline


def show_runs(runs: list[Run]) -> None:
    """Print a row per run, then where they are."""
    table = Table(title="Runs", title_justify="left")
    for name in ("run", "settings"):
        table.add_column(name, no_wrap=name == "run", overflow="fold")
    table.add_column("NDCG@10", justify="right")
    table.add_column("state")
    for run in runs:
        state = state_of(run)
        words = "complete" if state.is_complete else "not complete" if state.made else "not made"
        made = f"{state.made:%Y-%m-%d %H:%M}\n" if state.made else ""
        settings = in_words(run.settings) or f"params.yaml, dataset={run.dataset}"
        changed = "\nparams.yaml has changed since" if state.changed else ""
        table.add_row(
            run.name, Text(settings), "\n".join(_numbers(run)), Text(f"{made}{words}{changed}")
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "Their parameters, artifacts, numbers and report are in runs/NAME; "
        "of main, in the project itself.",
        soft_wrap=True,
    )


def _numbers(run: Run) -> list[str]:
    """NDCG@10 of the best rankings of a run, controls left out."""
    path = run.folder / "metrics" / run.dataset / "headline.json"
    if not path.is_file():
        return ["·"]
    values = {
        name: row["ndcg@10"]
        for name, row in read_headline(path).items()
        if "ndcg@10" in row and "+shuffle" not in name and "+oracle" not in name
    }
    best = sorted(values.items(), key=lambda pair: -pair[1])[:2]
    return [f"{name} {value:.3f}" for name, value in best]
