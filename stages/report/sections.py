"""A section of the page for each family and split, families first."""

from dataclasses import dataclass

from stages.contracts.plan import RunPlan
from stages.contracts.splits import LAST_LOOKS_AHEAD, family_of, split_of
from stages.report.results import PageResults

KINDS = {
    "fold": "a random fifth of the $rows is the test",
    "cold-users": "users who start with no more than a handful of $rows",
    "cold-items": "$items that nobody has $done in training",
    "new-users": "users of whom only a history is known, once all is fitted",
    "temporal": "each user’s latest $rows are the test",
    "global": "all $rows after one moment are the test",
    "last": "each user’s last $row is the test",
    "given": "the data set’s own train and test",
}


@dataclass(frozen=True)
class PageSection:
    """A split, or a family with its splits; `details` if it starts collapsed.

    empty: how many of the splits have nobody to measure on, and so no part in the means.
    """

    name: str
    members: tuple[str, ...]
    details: bool
    empty: int = 0

    @property
    def family(self) -> bool:
        """Whether this is a mean over splits."""
        return self.members != (self.name,)

    @property
    def averaged(self) -> str:
        """Such as `5 splits`."""
        count = len(self.members) - self.empty
        return f"{count} split{'' if count == 1 else 's'}"

    @property
    def warning(self) -> str:
        """What must be known before its numbers are read, mostly nothing; a text like `says`."""
        return LAST_LOOKS_AHEAD if split_of(self.name) == "last" else ""

    @property
    def says(self) -> str:
        """What is held out, as a text with places for the words of the data set."""
        what = KINDS.get(split_of(family_of(self.name)), "a split of its own")
        if split_of(self.name) != self.name:
            what += "; models were not fitted again on train + valid"
        return f"mean over {self.averaged}: {what}" if self.family else what


def sections_of(results: PageResults, plan: RunPlan) -> tuple[PageSection, ...]:
    """In the order of the run plan, a family before the first of its splits.

    A split of a family becomes details at the end, unless more was run on it than on the others.
    """
    places = map(plan.place_of, plan.every_split)
    splits = tuple(place for place in places if place in results.names())
    families = {
        family: tuple(split for split in splits if family_of(split) == family)
        for family in results.names() - set(splits)
    }
    closer = tuple(map(plan.place_of, plan.splits)) if plan.further.splits else ()
    inside = {split for members in families.values() for split in members if split not in closer}
    sections = []
    for split in splits:
        for family, members in families.items():
            if members[0] == split:
                empty = sum(not results.users(member, "full") for member in members)
                sections.append(PageSection(family, members, details=False, empty=empty))
        sections.append(PageSection(split, (split,), details=split in inside))
    return tuple(sorted(sections, key=lambda section: section.details))
