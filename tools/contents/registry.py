"""The published data sets that can be added by name, from the registry's own entries."""

from typing import Literal

from stages.data.registry.entries import REGISTRY, RegistryEntry
from tools.blocks import Context


def sets(way: Literal["download", "files"]) -> Context:
    """The sets that are downloaded, or those that a person gets first, and what proves them."""
    entries = [entry for entry in REGISTRY.values() if entry.has_address == (way == "download")]
    rows = [(entry, _mirrors(entry), _proof(entry)) for entry in entries]
    return {"rows": rows, "is_download": way == "download"}


def _mirrors(entry: RegistryEntry) -> int:
    """How many addresses every part of the set has."""
    return min(len(download.addresses) for download in entry.downloads)


def _proof(entry: RegistryEntry) -> str:
    """The sums that are known of all that is downloaded, or of all files in it."""
    known = [bool(download.md5 or download.sha256) for download in entry.downloads]
    if all(known) or all(entry.files.values()):
        return "yes"
    return "in part" if any(known) else "unverified"
