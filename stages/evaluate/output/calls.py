"""llm.json: what every step asked a chat model, in this run or the one whose answers it used."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, product

from stages.contracts.calls import Asked, summed
from stages.contracts.metrics.calls import CallTotals, LlmCalls, StepCalls, Tokens
from stages.contracts.plan import RunPlan
from stages.evaluate.artifacts import COMPARE, Artifacts


def llm_calls(read: Artifacts, plan: RunPlan) -> LlmCalls:
    """Every step over all splits and bases; the steps that asked nothing are left out."""
    files = {
        "profile-items": ["profile/items.asked"],
        "profile-users": [
            f"profile/{split}/users.asked" for split in (*plan.every_split, *plan.shown.splits)
        ],
    }
    for name in dict.fromkeys(chain.from_iterable(plan.reranked.values())):
        judged = [split for split, strategies in plan.reranked.items() if name in strategies]
        files[f"rerank-{name}"] = [
            f"rerank/{split}/{base}/{name}/asked" for split, base in product(judged, plan.bases)
        ]
    for pair in plan.compared:
        files[f"compare-{pair}"] = [
            f"{COMPARE}/{split}/{base}/{pair}/asked"
            for split, base in product(plan.splits, plan.bases)
        ]
    steps = {step: step_calls(map(read.asked, names)) for step, names in files.items()}
    return {step: calls for step, calls in steps.items() if calls}


def step_calls(asked: Iterable[Asked]) -> StepCalls:
    """One step, summed; a repaired question counts as invalid, and its repair counts too."""
    totals: StepCalls = defaultdict(dict)
    for row in summed(call for split in asked for call in split.calls):
        totals[row.task][row.model] = CallTotals(
            calls=row.calls,
            outcomes=row.outcomes,
            tokens=Tokens(
                input=row.input_tokens, cached=row.cached_tokens, output=row.output_tokens
            ),
            dollars=row.dollars,
            seconds=row.seconds,
        )
    return dict(totals)


def answering_models(calls: LlmCalls) -> set[str]:
    """The models that answered anywhere."""
    return {model for tasks in calls.values() for models in tasks.values() for model in models}
