"""Lists from a held run: those of `e2ep recommend`."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from e2ep_cli.newcomers.candidates import RankedCandidates, rank_for_users
from e2ep_cli.newcomers.description import NEWCOMER_ID, SelfDescription, description_of
from e2ep_cli.newcomers.filters import allowed_items
from e2ep_cli.newcomers.lists import FilteredList, filtered_lists
from e2ep_cli.newcomers.parts import ScorePart, weighted_parts
from e2ep_cli.reading.choice import RankingChoice, user_row
from e2ep_cli.serving.answers.shapes import (
    ListAnswer,
    ListedItem,
    NewcomerAsked,
    ShortItem,
    WithoutAnswer,
    WithoutOne,
)
from e2ep_cli.serving.held.loaded import LoadedRun, NewcomerSide
from stages.contracts.items import Item
from stages.train.models.e2ep.newcomers import can_place
from stages.train.models.e2ep.score import Learned
from stages.train.models.e2ep.settings import Config

ListedRows = list[dict[str, Any]]


def list_for_user(
    loaded: LoadedRun,
    choice: RankingChoice,
    user: str,
    k: int,
    genres: Sequence[str],
    years: str | None,
) -> ListAnswer:
    """A user's first `k` items that pass the filters."""
    ranked = rank_for_users(choice, user)
    allowed = _allowed(loaded, genres, years)
    (made,) = filtered_lists(ranked, allowed, k, loaded.best(choice)).values()
    listed = [entry["item_row"] for entry in made.entries]
    parts = stored_score_parts(loaded, choice, user_row(choice, user), listed)
    return _list(loaded, choice, user, made, parts)


def list_for_newcomer(loaded: LoadedRun, asked: NewcomerAsked) -> ListAnswer:
    """A newcomer's first items that pass the filters."""
    side = loaded.newcomer_side(asked.model)
    newcomer = described_newcomer(loaded, asked)
    made = listed_for(loaded, side, newcomer, asked)
    parts = newcomer_score_parts(side, newcomer, made.entries)
    return _list(loaded, side.choice, None, made, parts)


def without_each(loaded: LoadedRun, asked: NewcomerAsked) -> WithoutAnswer:
    """What becomes of a newcomer's list without each liked item in turn."""
    side, newcomer = loaded.newcomer_side(asked.model), described_newcomer(loaded, asked)
    whole = [row["item_row"] for row in listed_for(loaded, side, newcomer, asked).entries]
    changes = []
    for one in newcomer.liked:
        liked = tuple(row for row in newcomer.liked if row != one)
        less = SelfDescription(liked, newcomer.disliked, newcomer.age, newcomer.gender)
        # Of nobody who names nothing is there a list.
        named = less.liked or less.disliked
        entries = listed_for(loaded, side, less, asked).entries if named else []
        rest = [row["item_row"] for row in entries]
        # The item itself could be listed then, which says nothing about the others.
        new = [row for row in rest if row not in whole and row != one]
        gone = [row for row in whole if row not in rest]
        items = loaded.catalogue
        changes.append(
            WithoutOne(
                without=short_item(items[one]),
                gone=[short_item(items[row]) for row in gone],
                new=[short_item(items[row]) for row in new],
            )
        )
    return WithoutAnswer(changes=changes)


def short_item(item: Item) -> ShortItem:
    """An item by id and name."""
    return ShortItem(item_id=item.item_id, name=item.name)


def described_newcomer(loaded: LoadedRun, asked: NewcomerAsked) -> SelfDescription:
    """What somebody names, looked up in the catalogue."""
    return description_of(
        loaded.titles, loaded.catalogue, asked.liked, asked.disliked, asked.age, asked.gender
    )


def _allowed(loaded: LoadedRun, genres: Sequence[str], years: str | None) -> np.ndarray:
    if not genres and not years:
        return np.ones(len(loaded.catalogue), dtype=bool)
    return allowed_items(genres, years, loaded.catalogue)


def listed_for(
    loaded: LoadedRun, side: NewcomerSide, newcomer: SelfDescription, asked: NewcomerAsked
) -> FilteredList:
    """A newcomer's first items that pass the filters, in the form of `reading.candidate_rows`."""
    allowed = _allowed(loaded, asked.genres, asked.years)
    rows = side.model.candidates(newcomer, allowed, asked.k)
    named = np.array([*newcomer.liked, *newcomer.disliked], dtype=np.int64)
    rated, nothing = (np.zeros_like(named), named), np.zeros(0, dtype=np.int64)
    ranked = RankedCandidates(rows, {0: NEWCOMER_ID}, "", rated, nothing)
    (made,) = filtered_lists(ranked, allowed, asked.k, lambda *_: {}).values()
    return made


def newcomer_score_parts(
    side: NewcomerSide, newcomer: SelfDescription, entries: ListedRows
) -> dict[int, dict[ScorePart, float]]:
    """Item row → the parts of its score."""
    rows = [entry["item_row"] for entry in entries]
    return _by_row(side.model.parts(newcomer, rows), rows)


def stored_score_parts(
    loaded: LoadedRun, choice: RankingChoice, user: int, listed: Sequence[int]
) -> dict[int, dict[ScorePart, float]]:
    """The same for the listed items of a user row, as far as the run keeps them."""
    pair = choice.split, choice.base
    raw, arrays = loaded.parts.get(pair), loaded.weights[pair]
    settings = choice.section(f"train.{choice.base}", Config) if raw else None
    # With the penalty `later` the parts are not the whole score.
    if raw is None or settings is None or settings.later or not can_place(arrays.keys()):
        return {}
    places = loaded.store.places(choice.path("train") / "candidates.parquet", user)
    rows = [row for row in listed if row in places]
    at = [places[row] for row in rows]
    own = {name: part[at] for name, part in raw.items()}
    learned = Learned.of({name: arrays.get_tensor(name) for name in Learned.__dataclass_fields__})
    known = loaded.store.known(choice, user)
    made = weighted_parts(own, learned, known, settings, learned.base[rows])
    return _by_row(made, rows)


def _by_row(
    parts: dict[ScorePart, np.ndarray], rows: Sequence[int]
) -> dict[int, dict[ScorePart, float]]:
    return {
        int(row): {name: round(float(part[at]), 5) for name, part in parts.items()}
        for at, row in enumerate(rows)
    }


def item_facts(
    loaded: LoadedRun, row: int, rank: int, score: float, parts: dict[ScorePart, float] | None
) -> dict[str, Any]:
    """What every listed item says of itself."""
    item = loaded.catalogue[row]
    return {
        "item_id": item.item_id,
        "name": item.name,
        "rank": rank,
        "title": item.title,
        "year": item.year,
        "genres": list(item.genres),
        "creators": list(item.creators),
        "people": list(item.credited),
        "overview": loaded.overview(row),
        "score": round(score, 5),
        "parts": parts,
    }


def _list(
    loaded: LoadedRun,
    choice: RankingChoice,
    user: str | None,
    made: FilteredList,
    parts: dict[int, dict[ScorePart, float]],
) -> ListAnswer:
    items = [
        ListedItem(
            **item_facts(loaded, row, rank, entry["score"], parts.get(row)),
        )
        for rank, entry in enumerate(made.entries, 1)
        for row in [entry["item_row"]]
    ]
    return ListAnswer(
        **ranking_facts(choice, user), matching=made.matching, left_out=made.barred, items=items
    )


def ranking_facts(choice: RankingChoice, user: str | None) -> dict[str, Any]:
    """Which ranking a list is of."""
    return {
        "user_id": user,
        "dataset": choice.dataset,
        "split": choice.split,
        "model": choice.base,
        "strategy": choice.strategy,
        "why": choice.why,
    }
