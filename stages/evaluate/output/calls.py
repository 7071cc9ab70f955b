"""llm.json: what every step asked of a chat model, by task and model, in this run or in the one whose answers it used."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from stages.contracts.calls import Asked, summed

Told = dict[str, dict[str, dict[str, Any]]]
"""Task → model → calls, outcomes, tokens, dollars, seconds."""


def calls_of(asked: Iterable[Asked]) -> Told:
    """One step's entry, over its splits and bases. A question that was repaired counts as invalid, the repair apart."""
    told: Told = defaultdict(dict)
    for row in summed(call for one in asked for call in one.calls):
        told[row.task][row.model] = {
            "calls": row.calls,
            "outcomes": row.outcomes,
            "tokens": {
                "input": row.input_tokens,
                "cached": row.cached_tokens,
                "output": row.output_tokens,
            },
            "dollars": row.dollars,
            "seconds": row.seconds,
        }
    return dict(told)


def models_of(steps: Iterable[Told]) -> set[str]:
    """The models that answered anywhere."""
    return {model for told in steps for models in told.values() for model in models}
