"""What an import says of its items: their name, what people do with them, and their creators."""

import json
from pathlib import Path

import pytest

from stages.contracts.words import FILMS, DomainWords
from stages.core.errors import InputError
from stages.data.columns.columns import parse_columns
from stages.data.dataset import Dataset
from stages.data.formats.own import Own
from stages.data.imports import read_import, write_import
from stages.data.read import read_dataset
from stages.data.sheets.meaning import parse_meaning
from stages.data.wording import parse_words

EVENTS = "user,item\nu1,a\nu1,b\nu2,a\n"


def taken(folder: Path, items: str, words: DomainWords | None = None, columns: str = "") -> Dataset:
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    (folder / "items.csv").write_text(items, encoding="utf-8")
    named = parse_columns(columns)
    own = Own(folder / "events.csv", folder / "items.csv", None, named)
    if words is not None:
        own = Own(folder / "events.csv", folder / "items.csv", None, named, words=words)
    meaning = parse_meaning(None, None, True, keep_last=False)
    imported = read_import("mine", own, meaning, root=folder / "data")
    return read_dataset(write_import(imported).folder)


def test_what_was_said_is_kept_in_dataset_json(tmp_path: Path) -> None:
    data = taken(tmp_path, "item,title\na,A\nb,B\n", parse_words("foot/feet", "buy", True))
    assert data.words == DomainWords(item="foot", items="feet", verb="buy", implicit=True)
    kept = json.loads((tmp_path / "data/mine/dataset.json").read_text())
    assert (kept["item"], kept["items"], kept["verb"]) == ("foot", "feet", "buy")


def test_an_import_of_which_nothing_is_said_is_of_items(tmp_path: Path) -> None:
    assert taken(tmp_path, "item,title\na,A\nb,B\n").words.items == "items"


def test_a_set_that_was_made_before_is_of_films(tmp_path: Path) -> None:
    taken(tmp_path, "item,title\na,A\nb,B\n", parse_words("product", "buy", True))
    path = tmp_path / "data/mine/dataset.json"
    old = json.loads(path.read_text())
    for key in ("item", "items", "verb", "creator"):
        del old[key]
    path.write_text(json.dumps(old))
    assert read_dataset(path.parent).words == FILMS.model_copy(update={"implicit": True})


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("Author", "author"),
        ("artists", "artist"),
        ("book_author", "author"),
        ("creator", "creator"),
    ],
)
def test_creators_are_guessed_and_keep_their_name(tmp_path: Path, column: str, word: str) -> None:
    data = taken(tmp_path, f"item,title,{column}\na,A,Ann|Bo\nb,B,\n")
    assert (data.creator, data.movies["creators"].tolist()) == (word, [["Ann", "Bo"], []])


def test_a_column_of_another_name_is_of_creators_when_it_is_named(tmp_path: Path) -> None:
    data = taken(tmp_path, "item,title,label\na,A,Ann\nb,B,Bo\n", columns="creators=label")
    assert (data.creator, data.movies["creators"].tolist()) == ("creator", [["Ann"], ["Bo"]])


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (['"Austen, Jane"', "Homer"], [["Austen, Jane"], ["Homer"]]),
        (['"Ann, Bo, Cy"', "Ann"], [["Ann", "Bo", "Cy"], ["Ann"]]),
        (["\"['Ann', 'Bo']\"", ""], [["Ann", "Bo"], []]),
        (["Ann; Bo", "Cy"], [["Ann", "Bo"], ["Cy"]]),
    ],
)
def test_one_comma_is_part_of_a_name(
    tmp_path: Path, cells: list[str], names: list[list[str]]
) -> None:
    data = taken(tmp_path, f"item,title,author\na,A,{cells[0]}\nb,B,{cells[1]}\n")
    assert data.movies["creators"].tolist() == names


def test_without_creators_there_is_no_column_of_them(tmp_path: Path) -> None:
    assert taken(tmp_path, "item,title\na,A\nb,B\n").creator == ""
    assert "creators" not in (tmp_path / "data/mine/movies.csv").read_text().splitlines()[0]


@pytest.mark.parametrize(
    ("name", "verb", "implicit", "words"),
    [
        (None, None, False, ("item", "items", "rate")),
        (None, None, True, ("item", "items", "use")),
        ("board game", "play", True, ("board game", "board games", "play")),
        ("book", "read", False, ("book", "books", "read")),
    ],
)
def test_words_and_their_defaults(
    name: str | None, verb: str | None, implicit: bool, words: tuple[str, str, str]
) -> None:
    made = parse_words(name, verb, implicit)
    assert (made.item, made.items, made.verb) == words


@pytest.mark.parametrize(
    ("name", "verb", "implicit", "sentence"),
    [
        ("", "buy", True, "--item-name '' is not a word"),
        ("book/", None, False, "write it like book, or foot/feet"),
        ("<b>", None, False, "is not a word of at most 30 letters"),
        ("x" * 31, None, False, "at most 30 letters"),
        ("book", "reed", False, "there is no --verb 'reed'; did you mean read"),
        ("book", "rate", True, "--implicit means that nobody rated anything"),
    ],
)
def test_words_that_cannot_be_used(
    name: str, verb: str | None, implicit: bool, sentence: str
) -> None:
    with pytest.raises(InputError) as error:
        parse_words(name, verb, implicit)
    assert sentence in str(error.value)
