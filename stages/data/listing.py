"""Which data sets are here, and which can be added."""

from dataclasses import dataclass
from pathlib import Path

from stages.contracts.words import FILMS, DomainWords
from stages.core.errors import E2epError
from stages.data.formats.canonical import ABOUT, read_about
from stages.data.manifest import read_manifest
from stages.data.read import present
from stages.data.registry.entries import REGISTRY, SAMPLE, RegistryEntry

_SAMPLE_DESCRIPTION = "The embedded sample: real films, simulated ratings"


@dataclass(frozen=True)
class ListedSet:
    """A line of `e2ep data list`; size: what a set here holds, or how much there is to download."""

    name: str
    description: str
    size: str


def list_datasets(root: Path) -> dict[str, list[ListedSet]]:
    """The sets that are here, then those that are not, under the way to get them."""
    here = [SAMPLE, *(name for name in present(root) if name != SAMPLE)]
    groups = {f"In {root.name}/": [_there(root / name) for name in here]}
    absent = [entry for name, entry in REGISTRY.items() if name not in here]
    for entry in absent:
        way = entry.command.replace(entry.name, "NAME")
        groups.setdefault(f"Added by `{way}`", []).append(_published(entry))
    return groups


def _published(entry: RegistryEntry) -> ListedSet:
    return ListedSet(entry.name, entry.description, entry.size)


def _there(folder: Path) -> ListedSet:
    name = folder.name
    if not folder.is_dir():
        return ListedSet(name, _SAMPLE_DESCRIPTION, "`dvc pull data.dvc` gets it")
    entry = REGISTRY.get(name)
    about = entry.description if entry else _own_description(folder)
    return ListedSet(name, _SAMPLE_DESCRIPTION if name == SAMPLE else about, _held(folder))


def _held(folder: Path) -> str:
    try:
        manifest = read_manifest(folder)
    except E2epError:
        return "its manifest cannot be read"
    if manifest is None:
        return ""
    words = _words(folder)
    return manifest.counts.in_words(words.rows, words.items)


def _words(folder: Path) -> DomainWords:
    if folder.name in REGISTRY:
        return REGISTRY[folder.name].its_words
    if not (folder / ABOUT).is_file():
        return FILMS
    about = read_about(folder)
    return DomainWords(item=about.item, items=about.items, verb=about.verb, implicit=about.implicit)


def _own_description(folder: Path) -> str:
    try:
        return read_about(folder).description if (folder / ABOUT).is_file() else "not known"
    except E2epError:
        return f"its {ABOUT} cannot be read"
