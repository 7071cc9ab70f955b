"""What `e2ep run` prints at its end: the rankings of the headline, best first."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from stages.contracts.metrics.calls import LlmCalls
from stages.contracts.metrics.files import read_llm, read_summary
from stages.contracts.rankings import Ranking
from stages.evaluate.output.summary import headline_place, values_at

_WIDTH = 24
"""Width of the longest bar, in columns."""


def show_headline(folder: Path, params: dict[str, Any]) -> None:
    """Print NDCG of each ranking with a bar, who judged it, and where the report is."""
    numbers = folder / "metrics" / params["dataset"]
    judges = _judges(read_llm(numbers / "llm.json"))
    models, split = read_summary(numbers / "summary.json").models, params["splits"][0]
    key = f"ndcg@{params['evaluate']['k'][0]}"
    table = Table(
        title=f"{params['dataset']}, {headline_place(models, split)}, full ranking",
        title_justify="left",
    )
    table.add_column("ranking")
    table.add_column(key.upper(), justify="right")
    table.add_column("")
    values = values_at(models, split, key)
    top = max(values.values(), default=0) or 1
    for name, value in sorted(values.items(), key=lambda pair: -pair[1]):
        note = "control" if not Ranking(name).real else judges if "+" in name else ""
        bar = "█" * round(_WIDTH * value / top)
        table.add_row(name, f"{value:.3f}", f"[cyan]{bar}[/] [dim]{note}[/]")
    console = Console()
    console.print(table)
    console.print(f"report: {folder / 'report.html'}", soft_wrap=True, highlight=False)


def _judges(steps: LlmCalls) -> str:
    """Who answered the questions of reranking: `offline judge`, or the models."""
    names = dict.fromkeys(
        "offline judge" if "not a language model" in model else model
        for step, tasks in steps.items()
        if step.startswith("rerank-")
        for models in tasks.values()
        for model in models
    )
    return ", ".join(names)
