"""Whether an answer is the rest of its line, and what that says of all lines.

Exact: equal once case and white space are normalised, an echoed beginning and surplus values
behind the last one left out. Close, for titles and users' attributes: a similarity above .8, the
published code's own measure of a correct answer (rapidfuzz's `ratio` over 80); for an interaction,
where most characters are right by chance: the item alone.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence

from stages.memorised.lines import Excerpt, KindLines

CLOSE = 0.8
_Z = 1.959964


def said_rest(text: str, asked: Excerpt, separator: str) -> str:
    """An answer, normalised, as far as the line's rest goes.

    A beginning equal to the line's is an echo, unless it is the rest: user 50 may have rated item
    50 next.
    """

    def as_far(words: str) -> str:
        values = asked.rest.count(separator) + 1
        return separator.join(words.strip().split(separator)[:values]).strip()

    said, start = plain_text(text), asked.start.casefold()
    echoed = said.startswith(start) and as_far(said) != plain_text(asked.rest)
    return as_far(said[len(start) :] if echoed else said)


def plain_text(text: str) -> str:
    """Text in one case and form, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_close(said: str, true: str, lines: KindLines) -> bool:
    """Whether a normalised answer is nearly the normalised rest."""
    if lines.kind == "interactions":
        return said.split(lines.separator)[0] == true.split(lines.separator)[0]
    return similarity(said, true) > CLOSE


def similarity(first: str, second: str) -> float:
    """2 · LCS / (length + length): 1 for equal texts, 0 for texts without a common character."""
    common = [0] * (len(second) + 1)
    for letter in first:
        left = above_left = 0
        for place, other in enumerate(second, 1):
            above = common[place]
            left = above_left + 1 if letter == other else max(above, left)
            above_left, common[place] = above, left
    length = len(first) + len(second)
    return 2 * common[-1] / length if length else 1.0


def shuffled_share(said: Sequence[str], true: Sequence[str]) -> float:
    """The expected share of hits if every answer stood on another one's line.

    Over all such pairs, not a drawn one: answer i hits as many of the other lines as have its text.
    """
    if len(true) < 2:
        return 0.0
    counts = Counter(true)
    hits = sum(counts[a] - (a == b) for a, b in zip(said, true, strict=True))
    return hits / (len(true) * (len(true) - 1))


def wilson(known: int, asked: int) -> tuple[float, float]:
    """Wilson's 95 % interval of known / asked (Wilson, 1927)."""
    share, square = known / asked, _Z * _Z / asked
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / asked + square / (4 * asked)) / (1 + square)
    return max(middle - half, 0.0), min(middle + half, 1.0)
