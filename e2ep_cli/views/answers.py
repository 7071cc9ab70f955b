"""The table of `e2ep llm prune`."""

from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.llm.store.inventory import AnswerCount

_DAY = 86400.0


def show_answers(groups: list[AnswerCount], now: float) -> None:
    """How many answers each task and model has, and how old they are at `now`, in seconds."""
    right = map(number_column, ("answers", "oldest", "newest"))
    table = WholeTable(name_column("task"), name_column("model"), *right)
    for group in groups:
        ages = (
            "unknown" if at is None else f"{(now - at) / _DAY:.1f} days"
            for at in (group.oldest, group.newest)
        )
        table.add_row(group.task, group.model, f"{group.answers:,}", *ages)
    show_table(table)
