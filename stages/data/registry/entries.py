"""The published data sets that can be added by name, each described by a file in `sets/`.

A checksum is a fact about the publisher's file; no row of it is kept here.
"""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stages.contracts.words import FILMS, DomainWords
from stages.core.errors import InputError
from stages.core.spelling import likeliest
from stages.data.dataset import Counts, DatasetKind
from stages.data.layouts.layout import Layout
from stages.data.registry.tables import Reading

_SETS = Path(__file__).with_name("sets")
_COMPANIONS = ("README", "README.txt", "metadata.csv", "item_profiles.csv", "user_profiles_u1.csv")
"""Files that may accompany any set and are copied along."""
SAMPLE = "sample"


class Download(BaseModel):
    """An archive or a file as its publisher offers it.

    addresses: the publisher's own first, then mirrors; none where a form or terms forbid it.
    md5, sha256: empty where no public text gives them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    addresses: tuple[str, ...] = ()
    md5: str = Field("", pattern="^([0-9a-f]{32})?$")
    sha256: str = Field("", pattern="^([0-9a-f]{64})?$")


class RegistryEntry(BaseModel):
    """A published data set: where it comes from, how it is recognised, and what its publisher asks.

    kind: of the files that lie in the data folder; "csv" if `reading` converts the publisher's.
    size: of the download, roughly, where it is known.
    page: where the publisher describes it. source: what to get there, if there is no address.
    files: what the set needs, each with its sha256, empty if that varies or is unknown.
    companions: what is copied along if it is there.
    form, parts: of an arena, whose files are no table, and which of them holds which part; a single
    file holds the whole.
    asks: nothing is fetched before a person has agreed to the terms.
    official: the sums of `files` are the publisher's, not those of a copy.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: DatasetKind = "csv"
    description: str
    size: str = ""
    page: str
    source: str = ""
    downloads: tuple[Download, ...] = Field(min_length=1)
    files: dict[str, str]
    companions: tuple[str, ...] = ()
    reading: Reading | None = None
    form: Layout = "table"
    parts: dict[str, str] = Field(default_factory=dict)
    words: DomainWords = FILMS
    counts: Counts | None = None
    terms: str
    asks: bool = True
    official: bool = True
    citation: str

    @model_validator(mode="after")
    def _obtainable(self) -> Self:
        if not (self.has_address or self.source):
            raise ValueError("there is neither an address for every download nor a source")
        if (self.kind == "csv") != (self.reading is not None):
            raise ValueError("reading is for sets of the kind csv, and they need it")
        return self

    @property
    def members(self) -> tuple[str, ...]:
        """The names of all files taken from an archive or a folder."""
        return (*self.files, *self.companions, *_COMPANIONS)

    @property
    def its_words(self) -> DomainWords:
        """Its words, which also depend on whether anybody rated anything."""
        implicit = self.reading.implicit if self.reading else self.kind == "arena"
        return self.words.model_copy(update={"implicit": implicit})

    @property
    def has_address(self) -> bool:
        """Whether the whole set can be downloaded."""
        return all(download.addresses for download in self.downloads)

    @property
    def command(self) -> str:
        """What a person types to add the set."""
        return f"e2ep data add {self.name}" + ("" if self.has_address else " --from PATH")


def read_entries(path: Path) -> Iterator[RegistryEntry]:
    """The entries of one file of `sets/`.

    A file with tables [each.KEY] is a family: each has an entry of its own, in which {key} is KEY
    and the values of the table take the places of their names in braces.
    """
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        family = facts.pop("each", None)
        if family is None:
            yield RegistryEntry.model_validate(facts)
            return
        for key, values in family.items():
            yield RegistryEntry.model_validate(_filled(facts, {"key": key, **values}))
    except ValueError as error:
        why = " ".join(str(error).split())
        raise InputError(f"{path} is not a registry entry: {why}; restore it from Git") from error


def _filled(facts: object, values: dict[str, str]) -> object:
    if isinstance(facts, dict):
        return {_filled(key, values): _filled(value, values) for key, value in facts.items()}
    if isinstance(facts, list):
        return [_filled(value, values) for value in facts]
    if isinstance(facts, str):
        for name, value in values.items():
            facts = facts.replace(f"{{{name}}}", value)
    return facts


def _in_natural_order(entries: Iterable[RegistryEntry]) -> dict[str, RegistryEntry]:
    """MovieLens first, by size; then the others by name."""
    known = {entry.name: entry for entry in entries}
    first = [name for name in _MOVIELENS if name in known]
    return {name: known[name] for name in (*first, *sorted(known.keys() - set(first)))}


_MOVIELENS = tuple(
    f"ml-{size}" for size in ("100k", "1m", "10m", "20m", "25m", "32m", "latest-small", "latest")
)
REGISTRY: dict[str, RegistryEntry] = _in_natural_order(
    entry for path in sorted(_SETS.glob("*.toml")) for entry in read_entries(path)
)


def find_entry(name: str, registry: dict[str, RegistryEntry] = REGISTRY) -> RegistryEntry:
    """The published set of that name."""
    if name == SAMPLE:
        raise InputError("the sample comes with the project; get it with `dvc pull data.dvc`")
    if name not in registry:
        meant = likeliest(name, registry)
        raise InputError(
            f"{name!r} is not a published set that e2ep knows; `e2ep data list` shows them, "
            f"`e2ep data import {name}` is for data of your own"
            f"{f', or did you mean {meant}?' if meant else ''}"
        )
    return registry[name]
