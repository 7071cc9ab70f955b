"""Delimited text as spreadsheets and other programs leave it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet
from stages.data.sheets.sheet import Sheet


def sheet_of(folder: Path, content: str) -> Sheet:
    path = folder / "own.csv"
    path.write_bytes(content.encode())
    return read_own_sheet(path)


def rows_of(sheet: Sheet) -> list[tuple[str, ...]]:
    return list(sheet.rows.itertuples(index=False, name=None))


@pytest.mark.parametrize("blank", [",,", ", ,", ",", ",,,,", '"","",""', "   ", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_rows_without_any_value_are_left_out(tmp_path: Path, blank: str, ends: str) -> None:
    lines = ["user,item,rating", "u1,a,5", blank, "", "u1,b,", blank, "u2,a,3", blank, ""]
    sheet = sheet_of(tmp_path, ends.join(lines))
    assert rows_of(sheet) == [("u1", "a", "5"), ("u1", "b", ""), ("u2", "a", "3")]
    assert sheet.lines.tolist() == [2, 5, 7]
    counted = "own.csv: 3 rows without any value left out"
    assert sheet.notes == ((counted,) if set(blank) - {" ", "\t"} else ())


def test_many_rows_without_any_value(tmp_path: Path) -> None:
    """BX-Book-Ratings.csv, as it is shared, ends in 899,726 of them."""
    sheet = sheet_of(tmp_path, "user,item\r" + "u1,a\r" * 9 + ",\r" * 90_000)
    assert len(sheet.rows) == 9
    assert sheet.notes == ("own.csv: 90,000 rows without any value left out",)


@pytest.mark.parametrize(
    "content",
    [
        "user,item,rating,,\nu1,a,5,,\nu1,b,4,,\n",
        "user,item,rating,,\nu1,a,5\nu1,b,4,\n",
        "user,item,rating\nu1,a,5,\nu1,b,4,,,\n",
        'user,item,rating,\n"u1",a,5,\nu1,b,4,"  "\n',
        "user;item;rating;\nu1;a;5;\nu1;b;4\n",
        "sep=,\nuser,item,rating,\nu1,a,5,\nu1,b,4,\n",
        '"sep=;"\r\nuser;item;rating\r\nu1;a;5\r\nu1;b;4\r\n',
        ",,\n\nuser,item,rating\nu1,a,5\nu1,b,4",
        "user item  rating\n u1  a   5\n u1  b   4 \n",
        "user::item::rating\nu1::a::5\nu1::b::4\n",
    ],
)
def test_what_stands_around_a_table_is_passed_over(tmp_path: Path, content: str) -> None:
    sheet = sheet_of(tmp_path, content)
    assert sheet.columns == ["user", "item", "rating"]
    assert rows_of(sheet) == [("u1", "a", "5"), ("u1", "b", "4")]


def test_a_column_with_values_and_no_name_is_kept(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, ",user,,\n0,u1,x,\n1,u2,,\n")
    assert sheet.columns == ["column 1", "user", "column 3"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("user,item\nu1,a\n\nu1,a,5\n", "line 4: 3 values where 2 are expected"),
        ("user,item\nu1,a,\nu1\n", "line 3: 1 values where 2 are expected"),
        ("user,item,\nu1,a,5,6\n", "line 2: 4 values where 3 are expected"),
        ("sep=;\nuser;item\nu1,a\n", "line 3: 1 values where 2 are expected"),
        ("user::item\n1::a\n2::a::b\n", "line 3: 3 values where 2 are expected"),
        ("user,item,user\nu1,a,b\n", "line 1: the column 'user' appears twice"),
        (",\n,\n", "holds no value"),
        ("user,item\n,\n", "has no rows below its header"),
        ("a," * 1_000_000 + "b\n", "has 1,000,001 columns and at most 10,000 are read"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, content: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        sheet_of(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "first"),
    [
        ("1::122::5::838985046\n1::185::4.5::838983525\n", ("1", "122", "5", "838985046")),
        (
            "122::Dusk, The (1992)::Comedy\n185::Field::Action|War\n",
            ("122", "Dusk, The (1992)", "Comedy"),
        ),
        ("1 1 2\n1 2 4\n", ("1", "1", "2")),
        ("A1YS,B000,5.0,1400000\nA2,B001,4.0,1300000\n", ("A1YS", "B000", "5.0", "1400000")),
        ("1\tKing's, the\t5\n2\tother\t4\n", ("1", "King's, the", "5")),
        ("u1;a;4,5\nu2;a;3\n", ("u1", "a", "4,5")),
        ("\n\n7,8,1\n", ("7", "8", "1")),
    ],
)
def test_a_file_without_a_header(tmp_path: Path, content: str, first: tuple[str, ...]) -> None:
    sheet = sheet_of(tmp_path, content)
    assert not sheet.headed
    assert sheet.columns == [str(place + 1) for place in range(len(first))]
    assert rows_of(sheet)[0] == first
    assert sheet.line(0) == len(content) - len(content.lstrip()) + 1


@pytest.mark.parametrize(
    "header", ["user,item,2020", "user,1,2", ",0,1", "0,1,2", "user,item,rating", "2020,item,when"]
)
def test_a_header_with_numbers_in_it(tmp_path: Path, header: str) -> None:
    sheet = sheet_of(tmp_path, f"{header}\n1,2,3\n4,5,6\n")
    assert sheet.headed
    assert rows_of(sheet) == [("1", "2", "3"), ("4", "5", "6")]


CELL = st.sampled_from(["", "a", "b c", 'say "so"', "x,y", "two\nlines", "1", "é"])


@given(
    rows=st.lists(st.tuples(CELL, CELL), max_size=5),
    blanks=st.lists(st.sampled_from(["", ",", ",,,"]), min_size=6, max_size=6),
)
def test_rows_know_their_lines_whatever_stands_between_them(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], blanks: list[str]
) -> None:
    """Python counts: a row begins where the lines before it end."""
    lines, starts = ["user,x,y"], []
    for place, (row, blank) in enumerate(zip([*rows, ("z", "z")], blanks, strict=False)):
        lines.append(blank)
        starts.append(sum(line.count("\n") + 1 for line in lines) + 1)
        quoted = (f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row)
        lines.append(",".join((f"u{place}", *quoted)))
    path = tmp_path_factory.mktemp("lines") / "own.csv"
    path.write_bytes("\n".join(lines).encode())
    sheet = read_own_sheet(path)
    assert sheet.lines.tolist() == starts
    assert [row[1:] for row in rows_of(sheet)] == [*rows, ("z", "z")]
