"""Titles in a text: whether every item that a reason names is one that it cites."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from stages.contracts.rows import Explained

SHORTEST = 4
"""Letters that a title must have to be looked for; "It" begins too many sentences."""


class Titles:
    """The items' titles by item id, found in texts if spelt alike."""

    def __init__(self, title_of: Mapping[str, str]) -> None:
        self.title_of = title_of
        self._by_first: dict[str, list[str]] = defaultdict(list)
        for title in sorted(
            {title for title in title_of.values() if len(title) >= SHORTEST}, key=len, reverse=True
        ):
            if (first := re.match(r"\w+", title)) is not None:
                self._by_first[first[0]].append(title)

    def named(self, text: str) -> Iterator[str]:
        """Titles in the text from left to right, the longest one at each place."""
        end = 0
        for word in re.finditer(r"\w+", text):
            if word.start() < end:
                continue
            for title in self._by_first.get(word[0], ()):
                stop = word.start() + len(title)
                if text.startswith(title, word.start()) and not text[stop : stop + 1].isalnum():
                    yield title
                    end = stop
                    break

    def grounded(self, items: Iterable[Explained]) -> tuple[int, int]:
        """How many titles the reasons name, and how many of those are grounded.

        A title is grounded if the reason cites the item or is about it. Names of people do not
        count: Akira Kurosawa is not the film Akira.
        """
        named = cited = 0
        for item in items:
            cited_ids = {item_id for claim in item.claims for item_id in claim.cited}
            own = {self.title_of.get(item_id, "") for item_id in cited_ids} | {item.title}
            titles = list(self.named(_without_people(item)))
            named += len(titles)
            cited += sum(title in own for title in titles)
        return named, cited


def _without_people(item: Explained) -> str:
    text = item.reason
    for claim in item.claims:
        if claim.kind == "person":
            text = text.replace(claim.attribute, " ")
    return text
