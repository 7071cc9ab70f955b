"""A data set as lines whose rest a model may know, in the form of the public files."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stages.contracts.metrics.memorised import RecitedKind
from stages.core.seeds import generator
from stages.core.text import read_text
from stages.data.dataset import Dataset, DatasetKind
from stages.data.registry.entries import REGISTRY

EXAMPLES = 3
"""Complete lines shown before every question; three, as in the published code."""
CONTEXT = 10
"""A user's earlier interactions, shown before the next one is asked for."""


@dataclass(frozen=True)
class PublicForm:
    """The file of each kind of line, and what separates its values."""

    items: tuple[str, str] = ("movies", "::")
    users: tuple[str, str] = ("users", "::")
    interactions: tuple[str, str] = ("ratings", "::")


_FORMS: dict[DatasetKind, PublicForm] = {
    "ml-1m": PublicForm(("movies.dat", "::"), ("users.dat", "::"), ("ratings.dat", "::")),
    # The columns of u.data are separated by tabs, which a payload cannot hold.
    "ml-100k": PublicForm(("u.item", "|"), ("u.user", "|"), ("u.data", " ")),
}


@dataclass(frozen=True)
class Excerpt:
    """A line of a file: its beginning, the rest that is asked for, and the lines before it."""

    start: str
    rest: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class KindLines:
    """All lines of one kind, in the order of the file; the first ones serve as examples."""

    kind: RecitedKind
    dataset: str
    file: str
    separator: str
    lines: tuple[Excerpt, ...]

    @property
    def examples(self) -> tuple[Excerpt, ...]:
        """The first lines of the file."""
        return self.lines[:EXAMPLES]

    @property
    def checksum(self) -> str:
        """The sha256 of all lines."""
        text = "".join("\n".join((*row.before, row.start + row.rest, "")) for row in self.lines)
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()

    def drawn(self, count: int | None, seed: int) -> list[Excerpt]:
        """`count` lines at random, or all for None; a larger sample holds every smaller one.

        Never an example, nor a line whose rest an example shows.
        """
        shown = {row.rest for row in self.examples}
        rest = [row for row in self.lines[EXAMPLES:] if row.rest not in shown]
        order = generator(seed, "memorised", self.kind).permutation(len(rest))[:count]
        return [rest[place] for place in order]


def all_lines(folder: Path, data: Dataset, seed: int) -> dict[RecitedKind, KindLines]:
    """What can be asked of the data set in `folder`; a kind that it lacks has no lines."""
    form = _FORMS.get(data.kind, PublicForm())
    if not data.words.of_films:
        form = replace(form, items=(data.items, "::"), interactions=(data.words.rows, "::"))
    entry = REGISTRY.get(data.name)
    name = entry.description.partition(",")[0] if entry else data.name

    def of_kind(kind: RecitedKind, rows: Iterable[Excerpt]) -> KindLines:
        file, separator = getattr(form, kind)
        return KindLines(kind, name, file, separator, tuple(rows))

    return {
        "items": of_kind("items", _items(data, form.items[1])),
        "users": of_kind("users", _users(folder, data, form)),
        "interactions": of_kind("interactions", _interactions(data, form.interactions[1], seed)),
    }


def _items(data: Dataset, separator: str) -> Iterator[Excerpt]:
    """Such as 318::Shawshank Redemption, The (1994)."""
    columns = (data.movies[name].tolist() for name in ("movie_id", "title", "year"))
    for item, title, year in zip(*columns, strict=True):
        dated = isinstance(year, int) and f"({year})" not in title
        yield Excerpt(f"{item}{separator}", f"{title} ({year})" if dated else title)


def _users(folder: Path, data: Dataset, form: PublicForm) -> Iterator[Excerpt]:
    """The public file's own lines; else gender, age and occupation of those who have all three."""
    file, separator = form.users
    if data.kind in _FORMS:
        for line in read_text(folder / file, "latin-1").splitlines():
            user, _, rest = line.partition(separator)
            yield Excerpt(f"{user}{separator}", rest)
        return
    known = data.users.dropna(subset=["gender", "age", "occupation"])
    columns = (known[name].tolist() for name in ("user_id", "gender", "age", "occupation"))
    for user, *values in zip(*columns, strict=True):
        yield Excerpt(f"{user}{separator}", separator.join(map(str, values)))


def _interactions(data: Dataset, separator: str, seed: int) -> Iterator[Excerpt]:
    """One for each user with enough ratings: CONTEXT of them in the file's order, and the next."""
    draw = generator(seed, "memorised", "places")
    items, ratings = data.ratings["movie_id"].to_numpy(), data.ratings["rating"].to_numpy()
    for user, places in data.ratings.groupby("user_id", sort=False).indices.items():
        end = draw.integers(CONTEXT, len(places)) if len(places) > CONTEXT else 0
        if not end:
            continue
        start = f"{user}{separator}"
        *before, last = (
            f"{items[place]}{separator}{np.format_float_positional(ratings[place], trim='-')}"
            for place in places[end - CONTEXT : end + 1]
        )
        yield Excerpt(start, last, tuple(start + row for row in before))
