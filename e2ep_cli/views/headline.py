"""What `e2ep run` prints at its end: the rankings of the headline, best first.

The best is marked; controls do not count, as they recommend nothing.
"""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from stages.contracts.metrics.calls import LlmCalls
from stages.contracts.metrics.files import read_headline, read_llm, read_summary
from stages.contracts.rankings import Ranking
from stages.evaluate.output.summary import headline_place

_WIDTH = 20
"""Width of the longest bar, in columns."""
_OFFLINE = "offline judge"
"""What a table calls the offline rules; the line below it says what they are."""


def show_headline(folder: Path, params: dict[str, Any]) -> None:
    """Print NDCG of each ranking with a bar, who judged it, and where the report is."""
    numbers = folder / "metrics" / params["dataset"]
    judges = _judges(read_llm(numbers / "llm.json"))
    place = headline_place(read_summary(numbers / "summary.json").models, params["splits"][0])
    key = f"ndcg@{params['evaluate']['k'][0]}"
    table = Table(title=f"{params['dataset']}, {place}, full ranking", title_justify="left")
    table.add_column("ranking")
    table.add_column(key.upper(), justify="right")
    table.add_column("")
    headline = read_headline(numbers / "headline.json")
    values = {name: row[key] for name, row in headline.items() if key in row}
    top = max(values.values(), default=0) or 1
    real = {name: value for name, value in values.items() if Ranking(name).real}
    for name, value in sorted(values.items(), key=lambda pair: -pair[1]):
        kind = Ranking(name).kind
        note = {"control": "control", "reranking": judges, "model": ""}[kind]
        is_best = name in real and value == max(real.values())
        notes = ", ".join(part for part in ("[bold]best[/]" if is_best else "", note) if part)
        bar = "█" * round(_WIDTH * value / top)
        table.add_row(name, f"{value:.3f}", f"[cyan]{bar}[/] [dim]{notes}[/]")
    console = Console(highlight=False)
    console.print(table)
    if len(real) < len(values):
        console.print("control: a random or the best possible order, not a recommender")
    if _OFFLINE in judges:
        console.print(f"{_OFFLINE}: offline rules, not a language model")
    console.print(f"report: {folder / 'report.html'}", soft_wrap=True)


def _judges(steps: LlmCalls) -> str:
    """Who answered the questions of reranking: the offline rules, or the models."""
    names = dict.fromkeys(
        _OFFLINE if "not a language model" in model else model
        for step, tasks in steps.items()
        if step.startswith("rerank-")
        for models in tasks.values()
        for model in models
    )
    return ", ".join(names)
