"""Lists in a cell, as other programs leave them."""

from pathlib import Path

import pandas as pd
import pytest

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet
from stages.data.sheets.lists import bracketed, lists, texts_of_lists
from stages.data.sheets.sheet import Sheet


def sheet_of(folder: Path, *cells: str) -> Sheet:
    path = folder / "items.csv"
    frame = pd.DataFrame({"item": range(len(cells)), "genres": cells})
    frame.to_csv(path, index=False)
    return read_own_sheet(path)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("[{'id': 35, 'name': 'Comedy'}, {'id': 18, 'name': 'Drama'}]", ["Comedy", "Drama"]),
        ('[{"id": 18, "name": "Drama"}]', ["Drama"]),
        ("['War', 'Drama']", ["War", "Drama"]),
        ('["Children\'s", "R&B, Soul"]', ["Children's", "R&B, Soul"]),
        ('["Caf\\u00e9"]', ["Café"]),
        ("['War' 'Drama'\n 'Sci-Fi']", ["War", "Drama", "Sci-Fi"]),
        ("[Comedy, Drama]", ["Comedy", " Drama"]),
        ("{'fiction, classics': 12, 'poetry': 3}", ["fiction, classics", "poetry"]),
        ("{'b', 'a'}", ["a", "b"]),
        ("{'id': 1, 'name': 'Saga'}", ["Saga"]),
        ("[]", [""]),
        ("{}", []),
    ],
)
def test_what_a_list_names(cell: str, names: list[str]) -> None:
    assert bracketed(cell) == names


@pytest.mark.parametrize(
    "cell",
    [
        "[{'id': 35, 'na",
        "[{'id': 35}]",
        "['War', 3]",
        "['War' 'Drama', 'x']",
        "[['War']]",
        "{'a': 'b'}",
        "[__import__('os')]",
        "[" * 100_000 + "]",
    ],
)
def test_what_names_nothing_is_not_guessed_at(cell: str) -> None:
    assert bracketed(cell) is None


def test_cells_without_brackets_have_the_separator_of_those_without(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "['War', 'Drama']", "Comedy;Action, fast", "", " [] ")
    assert lists(sheet, "genres") == [["War", "Drama"], ["Comedy", "Action, fast"], [], []]


def test_a_list_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "War", "[{'id': 35, 'na")
    with pytest.raises(
        InputError,
        match=r"items\.csv, line 3: genres \[\{'id': 35, 'na is not a list of names; .*genres=$",
    ):
        lists(sheet, "genres")


def test_a_list_of_texts_is_paragraphs_and_any_other_text_stays() -> None:
    cells = ["['One.', 'Two.']", "[]", "[Note] ['a']", "[sic]", '["open', "Plain."]
    made = texts_of_lists(pd.Series(cells)).tolist()
    assert made == ["One.\nTwo.", "", *cells[2:]]
