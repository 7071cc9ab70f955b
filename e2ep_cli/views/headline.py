"""What `e2ep run` prints at its end: the rankings of the headline, best first.

The best is marked; controls do not count, as they recommend nothing.
"""

from pathlib import Path
from typing import Any

import typer
from rich.bar import Bar
from rich.table import Column
from rich.text import Text

from e2ep_cli.console import PlainConsole
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.contracts.card import read_card
from stages.contracts.metrics.calls import LlmCalls
from stages.contracts.metrics.files import read_llm, read_memorised, read_summary
from stages.contracts.metrics.memorised import (
    MEMORISED_FILE,
    Memorised,
    language_models,
    recited_lines,
    spaced,
)
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rankings import Ranking
from stages.contracts.splits import LAST_LOOKS_AHEAD, place_of, refits, split_of
from stages.contracts.times import BY_TIME, baseline_missing
from stages.contracts.words import read_words, worded
from stages.evaluate.output.summary import headline_place, values_at
from stages.rerank.reasons import REASONS

_WIDTH = 20
"""Width of the longest bar, in columns."""
_OFFLINE = "offline judge"
"""What a table calls the offline rules; the line below it says what they are."""


def show_headline(folder: Path, params: dict[str, Any]) -> None:
    """Print NDCG of each ranking with a bar, who judged it, and where the report is.

    Beside a language model stands which share of the data set it can recite.
    """
    metrics = folder / "metrics" / params["dataset"]
    prepared = folder / "artifacts" / params["dataset"] / "prepare"
    calls, memorised = read_llm(metrics / "llm.json"), read_memorised(metrics / MEMORISED_FILE)
    judges = _judges(calls, memorised)
    models = read_summary(metrics / "summary.json").models
    split = place_of(params["splits"][0], refits(params))
    key = f"ndcg@{params['evaluate']['k'][0]}"
    place, values = headline_place(models, split), values_at(models, split, key)
    if not values:
        typer.echo(
            f"{params['dataset']}, {place}: no user has a relevant test item, so no ranking could "
            f"be measured; take another split or more data\nreport: {folder / 'report.html'}"
        )
        return
    table = WholeTable(
        name_column("ranking"),
        number_column(key.upper()),
        Column("", max_width=_WIDTH),
        "",
        title=f"{params['dataset']}, {place}, full ranking",
    )
    top = max(values.values()) or 1
    real = {name: value for name, value in values.items() if Ranking(name).real}
    for name, value in sorted(values.items(), key=lambda pair: -pair[1]):
        kind = Ranking(name).kind
        note = {"control": "control", "reranking": judges, "model": ""}[kind]
        if Ranking(name).steps[:1] in {(step,) for step in COMPUTED_STRATEGIES}:
            note = "computed"
        best = "best" if name in real and value == max(real.values()) else ""
        bar = Bar(top, 0, value, color="cyan")
        notes = Text.assemble((best, "bold"), ", " if best and note else "", (note, "dim"))
        table.add_row(name, f"{value:.3f}", bar, notes)
    show_table(table)
    if len(real) < len(values):
        typer.echo("control: a random or the best possible order, not a recommender")
    if split_of(split) == "last":
        typer.echo(worded(LAST_LOOKS_AHEAD, read_words(prepared)))
    if split_of(split) in BY_TIME:
        card = read_card(prepared / "card.json")
        if missing := baseline_missing(split, values, card.timestamps):
            typer.echo(missing)
    if _OFFLINE in judges:
        typer.echo(f"{_OFFLINE}: offline rules, not a language model")
    for line in recited_lines(language_models(calls), memorised):
        PlainConsole().print(line)
    typer.echo(f"report: {folder / 'report.html'}")


def _judges(steps: LlmCalls, memorised: Memorised) -> str:
    """Who judged candidates: the offline rules, or the models; reasons may be another's."""
    judging = {
        step: {task: names for task, names in tasks.items() if task != REASONS}
        for step, tasks in steps.items()
        if step.startswith("rerank-")
    }
    models = language_models(judging)
    asked = {model for tasks in judging.values() for names in tasks.values() for model in names}
    rules = [_OFFLINE] if asked - set(models) else []
    return ", ".join([*rules, *(f"{model}, {_recites(model, memorised)}" for model in models)])


def _recites(model: str, memorised: Memorised) -> str:
    """In a table's row; the line below it says more."""
    items = memorised.get(model, {}).get("items")
    return f"recites {spaced(items.share)}" if items else "memorisation not measured"
