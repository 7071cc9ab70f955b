"""Counts over the explanations as shown."""

from collections.abc import Callable, Iterable, Sequence

from stages.contracts.metrics.explanations import ShownMeasures
from stages.contracts.rows import Explanation
from stages.evaluate.explanations.share import share
from stages.evaluate.explanations.titles import Titles

HoldsTogether = Callable[[str, str, Sequence[str]], bool]
"""Whether what a user, an item and its evidence say of other people holds in the training rows."""


def shown_measures(
    rows: Iterable[Explanation], titles: Titles, holds: HoldsTogether
) -> ShownMeasures:
    """Counts over the explained lists of one strategy; holds: whether such a claim does."""
    lists = list(rows)
    items = [item for row in lists for item in row.items]
    claims = [claim for item in items for claim in item.claims if claim.kind != "together"]
    used = [
        holds(row.user_id, item.item_id, claim.cited)
        for row in lists
        for item in row.items
        for claim in item.claims
        if claim.kind == "together"
    ]
    dropped = sum(item.dropped for item in items)
    named, cited = titles.grounded(items)
    return ShownMeasures(
        users=len(lists),
        items=len(items),
        claims=len(claims),
        attributes=len({(claim.kind, claim.attribute.casefold()) for claim in claims}),
        without_reason=sum(not item.reason.strip() for item in items),
        dropped_share=share(dropped, len(claims) + dropped),
        titles=named,
        title_grounding=share(cited, named),
        **(
            {"together": len(used), "together_grounded": share(sum(used), len(used))}
            if used
            else {}
        ),
    )
