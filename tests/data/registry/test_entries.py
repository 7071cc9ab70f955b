"""The registry's files: one per set or family, read strictly."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stages.core.errors import InputError
from stages.data.columns.columns import REQUIRED
from stages.data.columns.names import USUAL
from stages.data.registry.entries import REGISTRY, read_entries

GOOD = """
name = "a-set"
kind = "ml-1m"
description = "a set"
size = "1 MB"
page = "https://example.org/a"
terms = "ask first"
citation = "Somebody (2000)"

[[downloads]]
file = "a.zip"
addresses = ["https://example.org/a.zip"]

[files]
"b.dat" = ""
"a.dat" = "00"
"""
FAMILY = (
    GOOD.replace('"a-set"', '"a-{key}"').replace("a.zip", "{PART}.zip")
    + '[each.one]\nPART = "First"\n[each.two]\nPART = "Second"\n'
)


def test_at_least_twenty_sets_are_known_movielens_first() -> None:
    assert len(REGISTRY) >= 20
    assert list(REGISTRY)[:3] == ["ml-100k", "ml-1m", "ml-10m"]


@pytest.mark.parametrize("name", REGISTRY)
def test_a_set_says_what_it_is_where_it_is_and_on_which_terms(name: str) -> None:
    entry = REGISTRY[name]
    assert all((entry.description, entry.terms, entry.citation))
    assert len(entry.description) <= 80
    assert entry.has_address or entry.source
    assert all(len(sha256) in (0, 64) for sha256 in entry.files.values())
    addresses = [address for known in entry.downloads for address in known.addresses]
    assert len(set(addresses)) == len(addresses)
    assert all(
        urlsplit(address).scheme in ("http", "https") for address in (entry.page, *addresses)
    )


@pytest.mark.parametrize("name", [name for name in REGISTRY if REGISTRY[name].reading])
def test_a_set_that_is_converted_names_its_columns_as_an_import_does(name: str) -> None:
    reading = REGISTRY[name].reading
    assert reading is not None
    tables = [table for table in (reading.ratings, reading.items, reading.users) if table]
    named = {key for table in tables for key in table.columns}
    assert named <= USUAL.keys()
    assert {"user", "item"} <= set(reading.ratings.columns)
    assert ("rating" in reading.ratings.columns) != reading.implicit
    assert reading.items is None or set(REQUIRED) & {"item", "title"} <= set(reading.items.columns)


def test_movielens_has_a_mirror_where_one_is_known() -> None:
    mirrored = [name for name in REGISTRY if len(REGISTRY[name].downloads[0].addresses) > 1]
    assert mirrored[:4] == ["ml-100k", "ml-1m", "ml-10m", "ml-20m"]


def test_files_keep_the_order_in_which_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a-set.toml"
    path.write_text(GOOD)
    (entry,) = read_entries(path)
    assert list(entry.files) == ["b.dat", "a.dat"]


def test_a_family_has_an_entry_for_each_member(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FAMILY)
    entries = list(read_entries(path))
    assert [entry.name for entry in entries] == ["a-one", "a-two"]
    assert [entry.downloads[0].file for entry in entries] == ["First.zip", "Second.zip"]
    assert entries[1].downloads[0].addresses == ("https://example.org/Second.zip",)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("addresses", "address"),
        GOOD.replace("[[downloads]]", "[other]"),
        GOOD.replace('"a-set"', '"A Set"'),
        GOOD.replace('"ml-1m"', '"ml-2m"'),
        GOOD.replace('"a set"', "a set"),
        GOOD.replace('file = "a.zip"', 'file = "a.zip"\nmd5 = "00"'),
    ],
)
def test_a_damaged_entry_is_one_sentence_with_its_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ml-1m.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"ml-1m\.toml is not a registry entry: ") as error:
        list(read_entries(path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("condition", ["rating", "rating>0", "rating is 0"])
def test_a_condition_that_says_nothing_is_refused(tmp_path: Path, condition: str) -> None:
    reading = (
        '[reading.ratings]\nfile = "b.dat"\ncolumns = { user = "u", item = "i", rating = "r" }\n'
        f'keep = ["{condition}"]\n[reading]\nuntitled = "thing {{}}"\n'
    )
    path = tmp_path / "a-set.toml"
    path.write_text(GOOD + reading)
    with pytest.raises(InputError, match="is not like 'column > 0'"):
        list(read_entries(path))
