"""A section of the page for each family and split, families first."""

from dataclasses import dataclass

from stages.contracts.plan import RunPlan
from stages.report.results import Results

KINDS = {
    "fold": "a random fifth of the ratings is the test",
    "cold-users": "users who start with no more than a handful of ratings",
    "cold-items": "movies that nobody has rated in training",
    "temporal": "each user’s latest ratings are the test",
}


@dataclass(frozen=True)
class Section:
    """A split, or a family with the splits that it averages."""

    name: str
    members: tuple[str, ...]
    folded: bool

    @property
    def family(self) -> bool:
        """Whether this is a mean over splits."""
        return self.members != (self.name,)

    @property
    def says(self) -> str:
        """What is held out, in words."""
        kind = next(
            (kind for kind in KINDS if self.name == kind or self.name.startswith(f"{kind}-")), None
        )
        what = KINDS[kind] if kind else "a split of its own"
        return f"mean over {len(self.members)} splits: {what}" if self.family else what


def sections_of(results: Results, asked: RunPlan) -> tuple[Section, ...]:
    """In the order of params.yaml, a family where its first split stands, before it.

    A split of a family is folded away at the end, unless more was run on it than on the others.
    """
    splits = tuple(split for split in asked.every_split if split in results.names())
    means = {family: _members(family, splits) for family in results.names() - set(splits)}
    closer = asked.splits if asked.further.splits else ()
    inside = {split for members in means.values() for split in members if split not in closer}
    found = []
    for split in splits:
        found += [
            Section(family, of, folded=False) for family, of in means.items() if of[0] == split
        ]
        found.append(Section(split, (split,), folded=split in inside))
    return tuple(sorted(found, key=lambda section: section.folded))


def _members(family: str, splits: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(split for split in splits if split.startswith(f"{family}-"))
