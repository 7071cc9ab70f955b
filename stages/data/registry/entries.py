"""The published data sets that can be added by name, each described by a file in `sets/`.

A checksum is a fact about the publisher's file; no row of it is kept here.
"""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stages.core.errors import InputError
from stages.core.spelling import likeliest
from stages.data.dataset import Counts, DatasetKind
from stages.data.forms.form import FileForm

_SETS = Path(__file__).with_name("sets")
_COMPANIONS = ("README", "README.txt", "metadata.csv", "item_profiles.csv", "user_profiles_u1.csv")
"""Files that may accompany any set and are copied along."""
SAMPLE = "sample"


class RegistryEntry(BaseModel):
    """A published data set: where it comes from, how it is recognised, and what its publisher asks.

    addresses: of one archive, the publisher's own first; none if there is no archive. source: what
    to get and give with --from then. md5: of that archive.
    form, parts: of files that are no table, and which of them holds which part; a single file holds
    the whole.
    files: what the set needs, each with its sha256, empty if that varies or is unknown.
    companions: what is copied along if it is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: DatasetKind
    description: str
    addresses: tuple[str, ...]
    source: str = ""
    md5: str | None = None
    files: dict[str, str]
    companions: tuple[str, ...] = ()
    form: FileForm = "table"
    parts: dict[str, str] = Field(default_factory=dict)
    item: str = "film"
    verb: str = "rate"
    counts: Counts | None = None
    terms: str
    citation: str

    @model_validator(mode="after")
    def _obtainable(self) -> Self:
        if not (self.addresses or self.source):
            raise ValueError("addresses and source are both empty")
        return self

    @property
    def members(self) -> tuple[str, ...]:
        """The names of all files taken from an archive or a folder."""
        return (*self.files, *self.companions, *_COMPANIONS)


def read_entry(path: Path) -> RegistryEntry:
    """One file of `sets/`."""
    try:
        return RegistryEntry.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        why = " ".join(str(error).split())
        raise InputError(f"{path} is not a registry entry: {why}; restore it from Git") from error


REGISTRY: dict[str, RegistryEntry] = {
    entry.name: entry for entry in map(read_entry, sorted(_SETS.glob("*.toml")))
}


def find_entry(name: str, registry: dict[str, RegistryEntry] = REGISTRY) -> RegistryEntry:
    """The published set of that name."""
    if name == SAMPLE:
        raise InputError("the sample comes with the project; get it with `dvc pull data.dvc`")
    if name not in registry:
        meant = likeliest(name, registry)
        raise InputError(
            f"{name!r} is not one of {', '.join(registry)}; for data of your own use `e2ep data "
            f"import {name}`{f', or did you mean {meant}?' if meant else ''}"
        )
    return registry[name]
