"""All faults of files are given together, once each, counted, and the first twenty with lines."""

from pathlib import Path

import numpy as np
import pytest

from stages.core.errors import InputError
from stages.data.sheets.faults import collecting
from stages.data.sheets.sheet import Sheet, read_sheet
from stages.data.sheets.values import distinct, filled, whole_numbers


def sheet_of(folder: Path, *values: str, name: str = "a.csv") -> Sheet:
    path = folder / name
    path.write_text("\n".join(["id,n", *(f"{value}" for value in values)]) + "\n")
    return read_sheet(path)


def check(sheet: Sheet) -> None:
    """Ids must be distinct, and n filled and from 1 to 5."""
    filled(sheet, "n")
    whole_numbers(sheet, "n", 1, 5)
    distinct(sheet, "id")


def said(folder: Path, *values: str) -> list[str]:
    sheet = sheet_of(folder, *values)
    with pytest.raises(InputError) as raised, collecting(advice="skip them"):
        check(sheet)
    return lines_of(raised.value, folder)


def lines_of(error: Exception, folder: Path) -> list[str]:
    return str(error).replace(f"{folder}/", "").split("\n  ")


def test_a_single_fault_is_one_sentence(tmp_path: Path) -> None:
    assert said(tmp_path, "a,1", "b,9") == [
        "a.csv, line 3: n 9 is not a whole number from 1 to 5; correct it"
    ]


def test_faults_of_one_kind_are_counted_with_the_advice(tmp_path: Path) -> None:
    assert said(tmp_path, "a,1", "b,9", "c,7") == [
        "a.csv: 2 of 3 rows do not have a whole number from 1 to 5 as n, the first on line 3; "
        "correct them; skip them",
        "a.csv, line 3: n 9 is not a whole number from 1 to 5",
        "a.csv, line 4: n 7 is not a whole number from 1 to 5",
    ]


def test_faults_of_several_kinds_are_in_the_order_of_lines_and_advise_once(tmp_path: Path) -> None:
    assert said(tmp_path, "a,9", "b,", "c,8", "b,2") == [
        "3 faults in a.csv; skip them",
        "a.csv: 2 of 4 rows do not have a whole number from 1 to 5 as n, the first on line 2; "
        "correct them",
        "a.csv, line 2: n 9 is not a whole number from 1 to 5",
        "a.csv, line 3: n is empty; fill it in or drop the line",
        "a.csv, line 4: n 8 is not a whole number from 1 to 5",
    ]


def test_a_row_is_reported_for_its_first_fault_alone(tmp_path: Path) -> None:
    """An empty value is no number either; and what repeats a faulty row repeats nothing."""
    assert said(tmp_path, "a,", "a,1") == ["a.csv, line 2: n is empty; fill it in or drop the line"]


def test_the_first_twenty_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    lines = said(tmp_path, *(f"{n},x" if n % 2 else f"{n}," for n in range(50)))
    assert lines[0] == "50 faults in a.csv; skip them"
    shown = [line.split(":")[0] for line in lines[3:-1]]
    assert shown == [f"a.csv, line {n}" for n in range(2, 22)]
    assert lines[-1] == "and 30 more"


def test_several_files_are_reported_together(tmp_path: Path) -> None:
    contents = {"a.csv": ["b,1", ",2"], "b.csv": [",1", "a,2"], "c.csv": [",1"]}
    sheets = [sheet_of(tmp_path, *lines, name=name) for name, lines in contents.items()]
    with pytest.raises(InputError) as raised, collecting():
        list(map(check_ids, sheets))
    first, *rest = lines_of(raised.value, tmp_path)
    assert first == "1 fault in a.csv, 1 fault in b.csv and 1 fault in c.csv"
    places = ["a.csv, line 3", "b.csv, line 2", "c.csv, line 2"]
    assert [line.partition(":")[0] for line in rest] == places


def check_ids(sheet: Sheet) -> None:
    filled(sheet, "id")


def test_an_error_that_ends_the_reading_is_said_last(tmp_path: Path) -> None:
    paths = sheet_of(tmp_path, ",2").path, tmp_path / "gone.csv"
    with pytest.raises(InputError) as raised, collecting():
        list(map(check_ids, map(read_sheet, paths)))
    assert "gone.csv is not there" in str(raised.value).split("\n  ")[-1]
    assert "line 2: id is empty" in str(raised.value)


def test_outside_of_a_collection_a_check_raises_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 of 2 rows have no id, the first on line 2"):
        filled(sheet_of(tmp_path, ",1", ",2"), "id")


def test_all_lines_of_another_width_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        sheet_of(tmp_path, "a,1", "b", "c,1,2", "d,1")
    assert lines_of(raised.value, tmp_path)[1:] == [
        "a.csv, line 3: 1 values where 2 are expected",
        "a.csv, line 4: 3 values where 2 are expected",
    ]


def test_faulty_rows_can_be_left_out_and_are_counted(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "a,1", "b,9", "c,7", ",3")
    with collecting(skip=True) as faults:
        filled(sheet, "id")
        whole_numbers(sheet, "n", 1, 5)
    assert sheet.kept.tolist() == [True, False, False, False]
    assert [each.note() for each in faults.left_out] == [
        "a.csv: 1 of 4 rows left out: id is empty; the first is on line 5",
        "a.csv: 2 of 4 rows left out: they do not have a whole number from 1 to 5 as n; the first "
        "is on line 3",
    ]


def test_a_long_value_or_one_with_codes_is_shown_in_brief(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        whole_numbers(sheet_of(tmp_path, "a,\x1b[31m\u202e" + "x" * 1_000_000), "n", 1, 5)
    message = str(raised.value)
    assert len(message) < 300 + len(str(tmp_path))
    assert message.isprintable()


@pytest.mark.parametrize(
    "content",
    ["id,n\na,1\nb,2\nc,3", "id,n\r\na,1\r\nb,2\r\nc,3\r\n", "id,n\ra,1\rb,2\rc,3\r"],
)
def test_lines_that_are_rows_are_counted(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.csv").write_bytes(content.encode())
    sheet = read_sheet(tmp_path / "a.csv")
    assert [sheet.line(row) for row in range(3)] == [2, 3, 4]


def test_sheets_made_from_one_share_what_is_out(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "a,1", "b,2")
    sheet.renamed({"id": "other"}).leave_out(np.array([True, False]), "dull")
    assert sheet.kept.tolist() == [False, True]
