"""The table of `e2ep tune`."""

from e2ep_cli.views.tables import WholeTable, number_column, show_table
from stages.train.fitting.search import Trial, best_first

_SHOWN = 10


def show_trials(trials: list[Trial], what: str) -> None:
    """The best trials of a search, with the settings that differ from the model's defaults."""
    table = WholeTable(
        *map(number_column, ("trial", "NDCG@10", "epochs", "seconds")),
        "parameters",
        title=f"{what}: {len(trials)} trials, best {_SHOWN}",
    )
    for trial in best_first(trials)[:_SHOWN]:
        settings = ", ".join(f"{name} {value}" for name, value in trial.parameters.items())
        figures = (f"{trial.ndcg:.4f}", str(trial.epochs or ""), f"{trial.seconds:.0f}")
        table.add_row(str(trial.trial), *figures, settings or "defaults")
    show_table(table)
