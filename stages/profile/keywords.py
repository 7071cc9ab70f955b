"""Words of the items' own texts as tags, for the offline rules: those that some items share."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]{4,}")
_LEAST, _MOST_SHARE = 2, 0.2
"""Items whose text must have a word, and the share of them above which it says nothing."""
_ENGLISH = """
about above after again against also although always among another around because been before
being below best between both cannot come comes could does doing down during each either else ever
every from full further gets give given gives goes good great have having here hers herself high
himself however into itself just keep kind know last less like long made make makes making many
might more most much must myself need never next none nothing only other others otherwise ours
ourselves over part perhaps quite rather really same shall should since some something still such
take takes than that their theirs them themselves then there these they thing things this those
though three through thus time together toward towards under unless until upon very want wants
well were what whatever when where whether which while whole whom whose will with within without
would year years your yours yourself
"""
_COMMON = frozenset(_ENGLISH.split())
"""English words that tell nothing apart; in other languages their frequency has to do."""


@dataclass(frozen=True)
class KeywordWeights:
    """The words that tell items apart, each with its weight: the rarer, the more it says."""

    weights: dict[str, float]

    def of(self, text: str, most: int = 6) -> list[str]:
        """The first of a text by count × weight, then by place."""
        counts = Counter(word for word in _words(text) if word in self.weights)
        return sorted(counts, key=lambda word: -counts[word] * self.weights[word])[:most]


def keyword_weights(texts: Iterable[str]) -> KeywordWeights:
    """From the texts of all items: words of four letters that two have, and at most a fifth."""
    present = [set(_words(text)) for text in texts if text]
    counts = Counter(word for words in present for word in words)
    most = max(_MOST_SHARE * len(present), _LEAST)
    return KeywordWeights(
        {
            word: math.log(len(present) / count) + 1
            for word, count in counts.items()
            if _LEAST <= count <= most
        }
    )


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _COMMON]
