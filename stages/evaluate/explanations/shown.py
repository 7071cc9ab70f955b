"""Counts over the explanations as shown."""

from collections.abc import Iterable

from stages.contracts.metrics.explanations import ShownMeasures
from stages.contracts.rows import Explanation
from stages.evaluate.explanations.share import share
from stages.evaluate.explanations.titles import Titles


def shown_measures(rows: Iterable[Explanation], titles: Titles) -> ShownMeasures:
    """Counts over the explained lists of one strategy."""
    lists = list(rows)
    items = [item for row in lists for item in row.items]
    claims = [claim for item in items for claim in item.claims]
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
    )
