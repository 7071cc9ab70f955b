"""A section of the page for each family and split, families first."""

from dataclasses import dataclass

from stages.report.params import Asked
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
        kind = next((kind for kind in KINDS if self.name == kind or self.name.startswith(f"{kind}-")), None)
        what = KINDS[kind] if kind else "a split of its own"
        return f"mean over {len(self.members)} splits: {what}" if self.family else what


def sections_of(results: Results, asked: Asked) -> tuple[Section, ...]:
    """Families, then the other splits; those that add nothing to their family are folded away, at the end."""
    splits = tuple(split for split in asked.every_split if split in results.names())
    families = sorted(results.names() - set(splits), key=lambda family: _members(family, asked.every_split))
    means = [Section(family, _members(family, splits), folded=False) for family in families]
    closer = asked.splits if asked.further.splits else ()
    inside = {split for section in means for split in section.members if split not in closer}
    singles = [Section(split, (split,), folded=split in inside) for split in splits]
    return (*means, *sorted(singles, key=lambda section: section.folded))


def _members(family: str, splits: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(split for split in splits if split.startswith(f"{family}-"))
