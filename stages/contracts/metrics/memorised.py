"""memorised.json: how much of a data set each language model recites; `e2ep memorised` writes it.

It belongs to a model and a data set, not to a run: evaluate leaves it as it is.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from stages.contracts.metrics.calls import LlmCalls
from stages.contracts.rows import Row

RecitedKind = Literal["items", "users", "interactions"]
RECITED_KINDS: tuple[RecitedKind, ...] = ("items", "users", "interactions")
MEMORISED_FILE = "memorised.json"
NOT_MEASURED = "memorisation not measured; for a chat model, `e2ep memorised` does"


class RecitedShare(Row):
    """Of the `asked` lines of one kind, those that a model completed as they stand in the data.

    low, high: Wilson's 95 % interval of `share`. close: the share that is nearly right, see
    `stages.memorised.scoring`. shuffled: the share of the same answers on the lines of other ids,
    which is what guessing gives. unanswered: questions without a usable answer; they count as not
    known. data: sha256 of all lines of the kind. prompt: version of the instructions.
    """

    asked: int
    known: int
    share: float
    low: float
    high: float
    close: float
    shuffled: float
    unanswered: int
    date: str
    prompt: str
    data: str


RecitedShares = dict[RecitedKind, RecitedShare]
"""What was measured of one model."""
Memorised = dict[str, RecitedShares]
"""memorised.json: model, as its server names it → kind → share."""


def language_models(calls: LlmCalls) -> list[str]:
    """The language models that answered; offline rules are none."""
    names = (model for tasks in calls.values() for models in tasks.values() for model in models)
    return [name for name in dict.fromkeys(names) if "not a language model" not in name]


def recited_lines(models: Iterable[str], memorised: Memorised) -> list[str]:
    """For each model, such as "gpt-x recites 80.8 % of the items (77.1 to 84.0, n = 500)"."""
    return [
        f"{model} recites {recited_words(memorised[model])}"
        if memorised.get(model)
        else f"{model}: {NOT_MEASURED}"
        for model in models
    ]


def recited_words(shares: Mapping[RecitedKind, RecitedShare]) -> str:
    """Every share with its interval and number of questions."""
    return ", ".join(
        f"{spaced(row.share)} of the {kind} "
        f"({100 * row.low:.1f} to {100 * row.high:.1f}, n = {row.asked:,})"
        for kind in RECITED_KINDS
        if (row := shares.get(kind))
    )


def spaced(share: float) -> str:
    """A share in per cent with one decimal and a space before the sign."""
    return f"{100 * share:.1f} %"
