"""How an entry says what the files of a published set hold."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
"""What may stand between a column and a value in `keep`."""
TableForm = Literal["text", "json", "python", "parquet", "netflix", "mind"]
"""Separated text; an object a line, written as JSON or as Python prints it; Parquet; or a form
that one set alone has."""


class PublishedTable(BaseModel):
    """A file of a published set, and which of its columns are used.

    columns: key of `data import` → column, or several whose texts are joined.
    keep: conditions on columns such as `Book-Rating > 0`, all of which a row that counts fulfils.
    nothing: values that say that nothing is known.
    names: of the columns, where no first line names them.
    escape: the character before a quotation mark that is text, where it is not written twice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    form: TableForm = "text"
    separator: str = ","
    encoding: str = "utf-8-sig"
    quoted: bool = True
    escape: str = ""
    names: tuple[str, ...] | None = None
    columns: dict[str, str | tuple[str, ...]]
    keep: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _conditions(self) -> Self:
        for condition in self.keep:
            if len(condition.split(" ", 2)) != 3 or condition.split(" ", 2)[1] not in COMPARISONS:
                raise ValueError(f"keep: {condition!r} is not like 'column > 0'")
        return self

    @property
    def needed(self) -> list[str]:
        """Every column that is read, once."""
        used = [
            name
            for column in self.columns.values()
            for name in ((column,) if isinstance(column, str) else column)
        ]
        return list(
            dict.fromkeys((*used, *(condition.split(" ", 2)[0] for condition in self.keep)))
        )


class Reading(BaseModel):
    """How the files of a set become ratings, items and users.

    items: None if no file describes them. untitled: the title of an item that has none, with {}
    for its id; without it such an item is left out. rated: only items that somebody rated count,
    as the file describes far more. ordered: no times are known, but the ratings of each user are in
    the order in which they were made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ratings: PublishedTable
    items: PublishedTable | None = None
    users: PublishedTable | None = None
    scale: tuple[float, float] = (1, 5)
    positive_at: float = 4
    implicit: bool = False
    ordered: bool = False
    rated: bool = False
    untitled: str = ""

    @model_validator(mode="after")
    def _titles(self) -> Self:
        if self.items is None and "{}" not in self.untitled:
            raise ValueError("untitled must name items with {} where no file describes them")
        return self
