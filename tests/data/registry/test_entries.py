"""The registry's files: one per set, under its name, read strictly."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.registry.entries import REGISTRY, read_entry

GOOD = """
name = "ml-1m"
description = "a set"
addresses = ["https://example.org/a.zip"]
terms = "ask first"
citation = "Somebody (2000)"

[files]
"b.dat" = ""
"a.dat" = "00"
"""


def test_every_set_has_terms_a_citation_and_well_formed_checksums() -> None:
    assert {"ml-100k", "ml-1m", "ml-latest-small", "gowalla"} <= set(REGISTRY)
    for entry in REGISTRY.values():
        assert entry.terms
        assert entry.citation
        assert all(len(sha256) in (0, 64) for sha256 in entry.files.values())


def test_files_keep_the_order_in_which_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "ml-1m.toml"
    path.write_text(GOOD)
    assert list(read_entry(path).files) == ["b.dat", "a.dat"]


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("addresses", "address"),
        GOOD.replace('"https://example.org/a.zip"', ""),
        GOOD.replace('"ml-1m"', '"ml-10m"'),
        GOOD.replace('"a set"', "a set"),
    ],
)
def test_a_damaged_entry_is_one_sentence_with_its_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ml-1m.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"ml-1m\.toml is not a registry entry: ") as error:
        read_entry(path)
    assert "\n" not in str(error.value)
