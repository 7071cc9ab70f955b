"""What `e2ep run --list` prints: every run, its numbers, and what it changes."""

import typer

from e2ep_cli.runs.published import Published
from e2ep_cli.runs.run import Run
from e2ep_cli.runs.state import RunState, state_of
from e2ep_cli.runs.words import in_words
from e2ep_cli.views.tables import WholeTable, name_column, show_table
from stages.contracts.metrics.files import read_headline


def show_runs(runs: list[Run]) -> None:
    """Print a row per run, then where they are."""
    table = WholeTable(name_column("run"), "settings", "NDCG@10", "state", title="Runs")
    for run in runs:
        settings = in_words(run.settings) or f"params.yaml, dataset={run.dataset}"
        table.add_row(run.name, settings, ", ".join(_best(run)), _words(state_of(run)))
    show_table(table)
    typer.echo("Each is in runs/NAME, and main in the project itself: parameters, artifacts,")
    typer.echo("metrics and report.html.")


def show_published(numbers: list[Published]) -> None:
    """Print a row per folder of published numbers, with what has changed since."""
    if not numbers:
        return
    table = WholeTable(name_column("metrics/"), "settings", "since then", title="Published")
    for row in numbers:
        changes = f"changed: {'; '.join(row.changes)}" if row.changes else "nothing has changed"
        table.add_row(row.place, row.settings, changes)
    show_table(table)


def _words(state: RunState) -> str:
    """When it was made, and whether it is whole."""
    if state.is_at_work:
        return "in progress"
    if state.made is None:
        return "not made yet"
    words = [f"{state.made:%Y-%m-%d %H:%M}", "complete" if state.is_complete else "not complete"]
    return ", ".join([*words, "params.yaml has changed since"] if state.changed else words)


def _best(run: Run) -> list[str]:
    """NDCG@10 of the two best rankings of a run."""
    path = run.folder / "metrics" / run.dataset / "headline.json"
    if not path.is_file():
        return ["·"]
    best = sorted(read_headline(path).get("ndcg", {}).items(), key=lambda pair: -pair[1])[:2]
    return [f"{name} {value:.3f}" for name, value in best] or ["·"]
