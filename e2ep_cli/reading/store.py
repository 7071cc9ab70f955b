"""Where artifacts are read from: the disk, each time; or what a server has read once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from pydantic import BaseModel

from e2ep_cli.reading.default_ranking import strategies_in
from stages.contracts.items import Item, read_items
from stages.contracts.rows import USERS
from stages.core.tables import read_arrow, read_jsonl_where

if TYPE_CHECKING:
    import pyarrow as pa

M = TypeVar("M", bound=BaseModel)


class Store(Protocol):
    """The artifacts of a run, by the path that each has."""

    def exists(self, path: Path) -> bool:
        """Whether it was made."""
        ...

    def strategies(self, lists: Path, listed: Sequence[str]) -> list[str]:
        """As `strategies_in`."""
        ...

    def items(self, path: Path) -> list[Item]:
        """The items that enrich wrote, by row."""
        ...

    def user_ids(self, path: Path) -> list[str]:
        """The outside ids of the users that prepare wrote, by row."""
        ...

    def table(self, path: Path, schema: "pa.Schema", user: int | None = None) -> "pa.Table":
        """A table, or the rows of one user row, in their order."""
        ...

    def line(self, path: Path, model: type[M], user_id: str) -> M | None:
        """The user's line of a file that has one per user."""
        ...


class Disk:
    """Reads the files at each call."""

    def exists(self, path: Path) -> bool:
        return path.exists()

    def strategies(self, lists: Path, listed: Sequence[str]) -> list[str]:
        return strategies_in(lists, listed)

    def items(self, path: Path) -> list[Item]:
        return read_items(path)

    def user_ids(self, path: Path) -> list[str]:
        return list(read_arrow(path, USERS)["user_id"].to_pylist())

    def table(self, path: Path, schema: "pa.Schema", user: int | None = None) -> "pa.Table":
        return read_arrow(path, schema, None if user is None else [("user_row", "==", user)])

    def line(self, path: Path, model: type[M], user_id: str) -> M | None:
        return read_jsonl_where(path, model, "user_id", user_id)


DISK = Disk()
