"""A trained run as a server holds it: everything is read once, and no request reads a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from textwrap import shorten
from threading import Lock
from typing import Any

import numpy as np

from e2ep_cli.newcomers.explanation import ReasonsMaker
from e2ep_cli.newcomers.lists import Best, Entries, WholeRanking
from e2ep_cli.newcomers.ranking import NEWCOMER_MODEL, NewcomerModel
from e2ep_cli.newcomers.titles import CatalogueTitles
from e2ep_cli.project.places import looked_up
from e2ep_cli.reading.choice import RankingChoice, shown_items, usual_split
from e2ep_cli.reading.default_ranking import ShowingStage
from e2ep_cli.runs.run import Run
from e2ep_cli.serving.held.kept import KeptStore, ShownColumn
from e2ep_cli.serving.held.mapped import MappedArrays
from e2ep_cli.serving.held.search import ItemSearch
from e2ep_cli.serving.held.stamps import Stamp, again
from e2ep_cli.serving.posters.finding import PosterWanted
from stages.contracts.card import DataCard
from stages.contracts.items import Item
from stages.contracts.rows import RATINGS, USERS
from stages.core.errors import E2epError, InputError
from stages.enrich.tmdb.ids import Ids

MOST_SAID = 600
"""Characters of what an item is about."""
RankingKey = tuple[str, str, str]
"""Split, model and strategy."""


@dataclass(frozen=True)
class NewcomerSide:
    """What ranks for newcomers by one model, and explains the lists."""

    choice: RankingChoice
    model: NewcomerModel
    makes: ReasonsMaker


@dataclass(frozen=True)
class LoadedRun:
    """The rankings of a run by split, model and strategy, and what they are made of.

    explained: those with stored reasons. usual: split, model and stage → what is shown where no
    strategy is asked for. parts: split and model → what the candidates' scores are made of, before
    any weight.
    """

    run: Run
    made: datetime | None
    store: KeptStore
    params: dict[str, Any]
    card: DataCard
    fitted: dict[str, str]
    rankings: dict[RankingKey, RankingChoice]
    explained: dict[RankingKey, RankingChoice]
    usual: dict[tuple[str, str, ShowingStage], RankingChoice]
    newcomers: dict[str, NewcomerSide]
    parts: dict[tuple[str, str], dict[str, np.ndarray]]
    weights: dict[tuple[str, str], MappedArrays]
    stamp: Stamp
    _whole: dict[tuple[str, str], WholeRanking] = field(default_factory=dict)
    _one: Lock = field(default_factory=Lock)

    @property
    def made_at(self) -> str | None:
        """When the run was made, as ISO 8601 writes it."""
        return self.made.isoformat(timespec="seconds") if self.made else None

    @property
    def bases(self) -> list[str]:
        """The models that are reranked, the default first."""
        return list(looked_up(self.params, "rerank.bases"))

    @cached_property
    def first(self) -> RankingChoice:
        """What is shown where nothing is asked for."""
        return self.choose(None, None, None)

    @cached_property
    def catalogue(self) -> list[Item]:
        """All items, by row."""
        return shown_items(self.first)

    def overview(self, row: int) -> str | None:
        """What an item is about, cut where it is long; None if it is not known."""
        text = self._said(row, "overview")
        return shorten(text, MOST_SAID, placeholder=" …") if text else None

    def poster_wanted(self, row: int) -> PosterWanted:
        """What an item's poster is looked for by."""
        item = self.catalogue[row]
        ids = Ids(self._said(row, "tmdb_id"), self._said(row, "imdb_id"))
        return PosterWanted(item.item_id, item.title, item.year, ids)

    def _said(self, row: int, column: ShownColumn) -> str | None:
        return self.store.shown(self.first.path("enrich"), row, column)

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """All items, by id."""
        return {item.item_id: item for item in self.catalogue}

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each item id."""
        return {item.item_id: row for row, item in enumerate(self.catalogue)}

    @cached_property
    def counts(self) -> np.ndarray:
        """How many training ratings each item has, (items,)."""
        rows = self._train["item_row"].to_numpy()
        return np.bincount(rows, minlength=len(self.catalogue))

    @cached_property
    def counts_of_users(self) -> np.ndarray:
        """How many training ratings each user has, (users,)."""
        return np.bincount(self._train["user_row"].to_numpy(), minlength=self.store.n_users)

    @property
    def _train(self) -> Any:
        path = self.first.path("prepare") / "splits" / self.first.split / "train.parquet"
        return self.store.table(path, RATINGS)

    @cached_property
    def users(self) -> list[dict[str, Any]]:
        """The people, by row."""
        path = self.first.path("prepare") / "users.parquet"
        return list(self.store.table(path, USERS).to_pylist())

    @cached_property
    def titles(self) -> CatalogueTitles:
        """The items as people name them."""
        return CatalogueTitles(self.catalogue, self.counts.tolist)

    @cached_property
    def search(self) -> ItemSearch:
        """The items as people look for them."""
        return ItemSearch(self.catalogue, self.counts)

    def choose(
        self,
        split: str | None,
        model: str | None,
        strategy: str | None,
        stage: ShowingStage = "rerank",
    ) -> RankingChoice:
        """The ranking that `choose_ranking` gives, of those that were read."""
        model = model or self.bases[0]
        split = split or usual_split(self.params, model, strategy)
        made = self.rankings if stage == "rerank" else self.explained
        choice = (
            self.usual.get((split, model, stage))
            if strategy is None
            else made.get((split, model, strategy))
        )
        if choice is None:
            asked = "+".join(filter(None, (model, strategy)))
            known = ", ".join(f"{'+'.join(key[1:])} on {key[0]}" for key in made)
            what = "explained" if stage == "explain" else "made"
            raise InputError(
                f"no ranking {asked!r} was {what} on {split!r}; choose from {known or 'none'}"
            )
        return choice

    def newcomer_side(self, model: str | None) -> NewcomerSide:
        """What ranks for newcomers; an InputError if the model does not."""
        side = self.newcomers.get(model or NEWCOMER_MODEL)
        if side is None:
            able = ", ".join(self.newcomers) or "none of this run"
            raise InputError(
                f"{model or NEWCOMER_MODEL!r} cannot rank for a newcomer; the models that can: "
                f"{able}"
            )
        return side

    def best(self, choice: RankingChoice) -> Best:
        """Ranks all items by the choice's model, one request at a time.

        The model is restored when it is first asked; a RemadeError if its files are others by then.
        """

        def best(users: Sequence[int], allowed: np.ndarray, k: int) -> dict[int, Entries]:
            pair = choice.split, choice.base
            with self._one:
                if pair not in self._whole and again(self.stamp) != self.stamp:
                    raise RemadeError("the run is being made again; ask again in some seconds")
                whole = self._whole.setdefault(pair, WholeRanking(choice))
                return whole.best(users, allowed, k)

        return best


class RemadeError(E2epError):
    """The files of a run are no longer those that were read."""
