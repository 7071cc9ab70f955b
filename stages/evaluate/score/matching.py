"""Which ids of the lists the ratings know; an id that lost its form matches nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stages.core.errors import InputError
from stages.core.ids import id_range, natural_order


@dataclass(frozen=True)
class IdMatch:
    """The users or items of one file, and which of them are not known elsewhere."""

    kind: Literal["user", "item"]
    given: frozenset[str]
    known: frozenset[str]

    @property
    def unknown(self) -> frozenset[str]:
        """The ids that match nothing."""
        return self.given - self.known

    @property
    def counts(self) -> dict[str, int]:
        """For JSON."""
        return {"listed": len(self.given), "unknown": len(self.unknown)}

    @property
    def nothing(self) -> bool:
        """Whether no id matches at all."""
        return bool(self.given) and self.given.isdisjoint(self.known)

    @property
    def lost_form(self) -> tuple[str, str] | None:
        """An id that is not known, and a known one that it may be a form of."""
        forms = {_plain(known): known for known in reversed(natural_order(self.known))}
        pairs = ((each, forms.get(_plain(each))) for each in natural_order(self.unknown))
        return next(((each, known) for each, known in pairs if known is not None), None)

    @property
    def unknown_share(self) -> str:
        """Such as `2 of 4 items`."""
        return f"{len(self.unknown)} of {len(self.given)} {self.kind}s"

    @property
    def example(self) -> str:
        """An id that is not known, if possible one that lost its form."""
        if pair := self.lost_form:
            return f"such as {pair[0]}, where {pair[1]} is known"
        return f"such as {natural_order(self.unknown)[0]}"


def unmatched_in_lists(lists: str, ratings: tuple[str, str], *matches: IdMatch) -> Iterator[str]:
    """A sentence for the users and one for the items of the lists that the ratings do not know.

    If they know none at all, this is an InputError: the files use different ids.
    """
    effect = {"user": "their lists are left out", "item": "none of them can be a hit"}
    files = " or ".join(ratings)
    for match in matches:
        if match.nothing:
            raise InputError(
                f"{lists}: no {match.kind} of the lists has a match in {files}, {match.example}; "
                f"write the ids as they are there: {id_range(match.known)}"
            )
        if match.unknown:
            yield (
                f"without a match in {files}: {match.unknown_share} in {lists}, {match.example}; "
                f"{effect[match.kind]}"
            )


def unmatched_in_test(test: str, train: str, *matches: IdMatch) -> Iterator[str]:
    """A sentence where the test ratings seem to have ids in another form than the training ones.

    If not one id matches, this is an InputError.
    """
    if all(match.nothing for match in matches):
        raise InputError(
            f"{test} and {train} have no user and no item in common; give the test and training "
            "ratings of one data set, with ids in one form"
        )
    for match in matches:
        if match.lost_form or (match.nothing and match.kind == "user"):
            yield f"without a match in {train}: {match.unknown_share} in {test}, {match.example}"


def _plain(outside: str) -> str:
    """The id without what spreadsheets and data frames take from it or add to it."""
    text = re.sub(r"\.0+$", "", outside.strip(" \"'").casefold())
    return text.lstrip("0") or "0" if text.isdigit() else text
