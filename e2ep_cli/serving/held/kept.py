"""The artifacts that a server has read once, as a store that no file is needed for any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar, get_args

import numpy as np
import pyarrow as pa
from pydantic import BaseModel

from e2ep_cli.reading.choice import RankingChoice, made_strategies
from e2ep_cli.serving.held.mapped import MappedLines
from stages.contracts.items import Item, read_items
from stages.contracts.rows import CANDIDATES, ENRICHED, JUDGED, RATINGS, USERS
from stages.contracts.splits import refits
from stages.core.errors import MissingError
from stages.core.tables import read_arrow

M = TypeVar("M", bound=BaseModel)
V = TypeVar("V")


ShownColumn = Literal["overview", "tmdb_id", "imdb_id"]
SAID_COLUMNS: tuple[ShownColumn, ...] = get_args(ShownColumn)
"""Columns of the enriched items that are not in `Item`."""


@dataclass(frozen=True)
class RowsByUser:
    """A table in the order of its users, and where each begins: starts (users + 1,)."""

    table: pa.Table
    starts: np.ndarray

    def of(self, user: int) -> pa.Table:
        """The rows of one user row, in their order."""
        if not 0 <= user < len(self.starts) - 1:
            return self.table.slice(0, 0)
        first, last = self.starts[user : user + 2].tolist()
        return self.table.slice(first, last - first)


def rows_by_user(table: pa.Table, n_users: int) -> RowsByUser:
    """The table, sorted by user where it is not; a user's rows keep their order."""
    users = table["user_row"].to_numpy()
    if len(users) and (np.diff(users) < 0).any():
        order = np.argsort(users, kind="stable")
        table, users = table.take(pa.array(order)), users[order]
    return RowsByUser(table.combine_chunks(), np.searchsorted(users, np.arange(n_users + 1)))


class KeptStore:
    """Tables, lines and items of the choices that it was given; see `reading.store.Store`."""

    def __init__(self) -> None:
        self.n_users = 0
        self._whole: dict[Path, pa.Table] = {}
        self._ids: dict[Path, list[str]] = {}
        self._by_user: dict[Path, RowsByUser] = {}
        self._lines: dict[Path, MappedLines] = {}
        self._items: dict[Path, list[Item]] = {}
        self._shown: dict[Path, pa.Table] = {}
        self._strategies: dict[Path, list[str]] = {}

    @property
    def paths(self) -> list[Path]:
        """Every file that was read."""
        kept: tuple[Iterable[Path], ...] = (self._whole, self._by_user, self._lines, self._items)
        return [path for paths in kept for path in paths]

    def keep(self, choice: RankingChoice, explained: bool) -> None:
        """Read what lists of this choice need; explained: and what its reasons need."""
        prepared = choice.path("prepare")
        people = prepared / "users.parquet"
        if people not in self._whole:
            self._whole[people] = read_arrow(people, USERS)
            self._ids[people] = list(self._whole[people]["user_id"].to_pylist())
            self.n_users = len(self._ids[people])
        enriched = choice.path("enrich")
        if enriched not in self._items:
            self._items[enriched] = read_items(enriched)
            said = read_arrow(enriched, ENRICHED).select(SAID_COLUMNS)
            self._shown[enriched] = said.combine_chunks()
        for part in ("train", "valid"):
            self._keep_table(prepared / "splits" / choice.split / f"{part}.parquet", RATINGS)
        self._keep_table(choice.path("train") / "candidates.parquet", CANDIDATES)
        if choice.strategy != "none" or explained:
            judged = choice.path("rerank")
            if (judged / "judged.parquet").exists():
                self._keep_table(judged / "judged.parquet", JUDGED)
                self._keep_lines(judged / "judgements.jsonl")
        if explained:
            self._keep_lines(choice.path("explain"))
            self._keep_lines(choice.path("profile-users"))
            lists = replace(choice, strategy="*").path("explain")
            self._strategies[lists] = made_strategies(choice, "explain")

    def _keep_table(self, path: Path, schema: pa.Schema) -> None:
        if path not in self._by_user:
            self._by_user[path] = rows_by_user(read_arrow(path, schema), self.n_users)

    def _keep_lines(self, path: Path) -> None:
        if path not in self._lines:
            self._lines[path] = MappedLines(path)

    def places(self, path: Path, user: int) -> dict[int, int]:
        """Item row → its place in a table, of a user row."""
        rows = _of(self._by_user, path)
        items = rows.of(user)["item_row"].to_pylist()
        return {item: place for place, item in enumerate(items, int(rows.starts[user]))}

    def known(self, choice: RankingChoice, user: int) -> int:
        """How many ratings of a user row the choice's model was fitted on."""
        folder = choice.path("prepare") / "splits" / choice.split
        parts = ("train", "valid") if refits(choice.params) else ("train",)
        return sum(len(_of(self._by_user, folder / f"{part}.parquet").of(user)) for part in parts)

    def exists(self, path: Path) -> bool:
        return path in self._lines or path in self._by_user

    def strategies(self, lists: Path, listed: Sequence[str]) -> list[str]:
        return self._strategies.get(lists, list(listed))

    def items(self, path: Path) -> list[Item]:
        return _of(self._items, path)

    def shown(self, path: Path, row: int, column: ShownColumn) -> str | None:
        """What enrich says of an item, by its row."""
        text = _of(self._shown, path)[column][row].as_py()
        return None if text is None else str(text)

    def user_ids(self, path: Path) -> list[str]:
        return _of(self._ids, path)

    def table(self, path: Path, schema: pa.Schema, user: int | None = None) -> pa.Table:
        if user is not None:
            return _of(self._by_user, path).of(user)
        return self._whole[path] if path in self._whole else _of(self._by_user, path).table

    def line(self, path: Path, model: type[M], user_id: str) -> M | None:
        return _of(self._lines, path).line(model, user_id)


def _of(kept: dict[Path, V], path: Path) -> V:
    if path not in kept:
        raise MissingError(f"{path} was not there when the run was read; run `e2ep run`")
    return kept[path]
