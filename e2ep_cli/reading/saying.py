"""What is said beside a list: which run it is of, and what it was fitted on."""

from collections.abc import Sequence

from e2ep_cli.console import PlainConsole
from e2ep_cli.project.places import looked_up
from e2ep_cli.reading.choice import RankingChoice
from e2ep_cli.runs.run import Run
from e2ep_cli.runs.state import described
from e2ep_cli.runs.words import as_options
from stages.contracts.card import read_card
from stages.contracts.rows import RATINGS
from stages.contracts.splits import NEXT, refits, shown
from stages.core.tables import read_arrow


def say_run(run: Run, stages: Sequence[str] = ()) -> None:
    """Say on stderr which run is shown, when it was made, and whether it is whole.

    stages: those whose artifacts are shown, by DVC's names.
    """
    _say(described(run, stages))


def _say(line: str) -> None:
    PlainConsole(stderr=True).print(line, style="dim", soft_wrap=True)


def say_choice(choice: RankingChoice, stages: Sequence[str]) -> None:
    """Say which run is shown, as `say_run`, and what its list was fitted on.

    stages: those whose artifacts are shown.
    """
    say_run(choice.run, choice.stages(*stages))
    _say(fitted_on(choice))


def fitted_on(choice: RankingChoice) -> str:
    """How many of all ratings the list was fitted on, and what its settings were chosen on."""
    card, words = read_card(choice.path("prepare") / "card.json"), choice.words
    split = card.splits[choice.split]
    parts = (split.train, split.history, split.valid if refits(choice.params) else None)
    fitted = sum(part.rows for part in parts if part)
    if choice.split != NEXT:
        return f"fitted on {fitted:,} of {card.ratings:,} {words.rows}{_on_all(choice)}"
    valid = read_arrow(choice.path("prepare") / "splits" / NEXT / "valid.parquet", RATINGS)
    which = "latest" if min(valid["nth"].to_pylist()) >= 0 else "random tenth"
    amount = "all" if fitted == card.ratings else f"{fitted:,} of"
    return (
        f"fitted on {amount} {card.ratings:,} {words.rows}; settings chosen on each user's {which}"
    )


def _on_all(choice: RankingChoice) -> str:
    """How to get lists that are fitted on all ratings."""
    lists, all_of = shown(choice.params), f"lists fitted on all {choice.words.rows}"
    bases, strategies = looked_up(choice.params, "rerank.bases"), ("none", *lists.strategies)
    if choice.base not in bases:
        return f"; {all_of} are those of {', '.join(bases)}, rerank.bases"
    if not lists.splits:
        settings = as_options(choice.run.settings | {"shown.splits": [NEXT]})
        return f"; `e2ep run {settings}` makes {all_of}"
    if choice.strategy not in strategies:
        return f"; shown.strategies says which strategies have {all_of}"
    return f"; --split {NEXT} shows {all_of}"
