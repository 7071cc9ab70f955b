"""Feature measures of explanations, on claims in place of reviews.

After Li et al. (NETE, CIKM 2020; PETER, ACL 2021). A feature is an attribute, casefolded, and an
explanation's features are those of its raw claims. A review would say which feature of an item
matters to its author; here it is any that both profiles have.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from stages.contracts.metrics.explanations import FeatureMeasures
from stages.evaluate.explanations.share import share


@dataclass(frozen=True)
class Features:
    """What one explanation claims, and the attributes that item and user have in common."""

    claimed: frozenset[str]
    shared: frozenset[str]


def feature_measures(
    made: Sequence[Features], known: frozenset[str], reasons: Sequence[str]
) -> FeatureMeasures:
    """FMR, FCR, DIV and USR.

    made: an entry per explained item. known: the attributes of all items. reasons: the texts shown;
    empty ones do not count.

    fmr: |{e : Fₑ ∩ Sₑ ≠ ∅}| / N over explanations e with claimed features Fₑ and shared ones Sₑ;
    higher is better.
    fcr: |∪ₑ Fₑ ∩ F| / |F| with F the attributes of all items; higher is better.
    div: 2 / (N (N − 1)) · Σ over pairs |Fₑ ∩ Fₑ'|, the mean overlap; lower is better.
    usr: distinct texts / texts; higher is better.
    """
    often = Counter(word for features in made for word in features.claimed)
    texts = [text for text in reasons if text.strip()]
    pairs = comb(len(made), 2)
    matched = sum(bool(features.claimed & features.shared) for features in made)
    return FeatureMeasures(
        fmr=share(matched, len(made)),
        fcr=share(len(often.keys() & known), len(known)),
        div=share(sum(comb(count, 2) for count in often.values()), pairs),
        usr=share(len(set(texts)), len(texts)),
    )
