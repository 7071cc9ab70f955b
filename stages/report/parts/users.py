"""Explained users: a profile, the films behind it, and ten recommended films before and after the judge."""

from dataclasses import dataclass

from stages.contracts.plan import RunPlan
from stages.contracts.rows import Explained, Explanation, UserProfile
from stages.report.sources import Sources


@dataclass(frozen=True)
class Person:
    """One user and the explained list; titles are as untrusted as the films' data."""

    user_id: str
    overview: str
    source: str
    liked: tuple[str, ...]
    disliked: tuple[str, ...]
    films: tuple[Explained, ...]


@dataclass(frozen=True)
class People:
    """The users shown, the ranking that was explained, and who wrote the reasons."""

    split: str
    ranking: str
    source: str
    persons: tuple[Person, ...]


def people(sources: Sources, asked: RunPlan, count: int) -> People | None:
    """The first `count` users by row with a list of the first base and explained strategy; None where none is asked."""
    if not (asked.bases and asked.explained and count):
        return None
    split, base, strategy = asked.splits[0], asked.bases[0], asked.explained[0]
    rows = sources.user_rows()
    lists = sorted(sources.explanations(split, base, strategy), key=lambda row: rows[row.user_id])[
        :count
    ]
    wanted = {row.user_id for row in lists}
    profiles = {
        profile.user_id: profile for profile in sources.profiles(split) if profile.user_id in wanted
    }
    titles = sources.titles()
    persons = tuple(_person(row, profiles.get(row.user_id), titles) for row in lists)
    return People(split, f"{base}+{strategy}", lists[0].source if lists else "", persons)


def _person(row: Explanation, profile: UserProfile | None, titles: dict[str, str]) -> Person:
    liked, disliked = (profile.liked, profile.disliked) if profile else ((), ())
    return Person(
        row.user_id,
        profile.profile.overview if profile else "",
        profile.source if profile else "",
        tuple(titles.get(item, item) for item in liked),
        tuple(titles.get(item, item) for item in disliked),
        tuple(sorted(row.items, key=lambda film: film.place)),
    )
