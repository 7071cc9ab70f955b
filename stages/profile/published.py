"""Profiles published as CSV files, as the paper's authors did for MovieLens 100K."""

from contextlib import suppress
from pathlib import Path

from stages.contracts.rows import Profile
from stages.core.errors import AnswerError, InputError, MissingError
from stages.data.sheets.sheet import read_sheet
from stages.profile.markdown import from_markdown

MADE_FROM = ("ml-100k", "fold-1")


def read_published(path: Path, key: str) -> dict[str, Profile]:
    """Profiles by id from a file with columns `key` and profile; incomplete ones are left out."""
    if not path.is_file():
        raise MissingError(
            f"profile names the published file {path}, which is not there; "
            "add it with `e2ep data add --with`"
        )
    table = read_sheet(path).rows
    missing = [name for name in (key, "profile") if name not in table.columns]
    if missing:
        raise InputError(
            f"{path} has no column {missing[0]}; its columns are {', '.join(table.columns)}"
        )
    profiles = {}
    for outside_id, text in dict(zip(table[key], table["profile"], strict=True)).items():
        with suppress(AnswerError):
            profiles[outside_id] = from_markdown(text)
    return profiles


def refuse_leak(dataset: str, split: str) -> None:
    """Refuse a split whose test ratings published user profiles have seen: any but ml-100k's u1."""
    if (dataset, split) != MADE_FROM:
        raise InputError(
            f"published user profiles cannot serve {dataset} {split}: they were written from "
            "ml-100k's u1.base, which holds test ratings of every other split; "
            "set profile.users to llm"
        )
