"""The table of `e2ep tune`."""

from rich.console import Console
from rich.table import Table

from stages.train.fitting.search import Trial, best_first

_SHOWN = 10


def show_trials(trials: list[Trial], what: str) -> None:
    """The best trials of a search, with the settings that differ from the model's defaults."""
    title = f"{what}: {len(trials)} trials, best {_SHOWN}"
    headings = ("trial", "NDCG@10", "epochs", "seconds", "parameters")
    table = Table(*headings, title=title, title_justify="left")
    for trial in best_first(trials)[:_SHOWN]:
        settings = ", ".join(f"{name} {value}" for name, value in trial.parameters.items())
        numbers = (f"{trial.ndcg:.4f}", str(trial.epochs or ""), f"{trial.seconds:.0f}")
        table.add_row(str(trial.trial), *numbers, settings or "defaults")
    Console().print(table)
