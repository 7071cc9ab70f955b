"""A person's file is read in the way in which all of its lines are rows."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet


def rows_of(folder: Path, content: str) -> list[tuple[str, ...]]:
    path = folder / "own.csv"
    path.write_bytes(content.encode())
    return list(read_own_sheet(path).rows.itertuples(index=False, name=None))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_marks_that_open_nothing_are_text(tmp_path: Path, separator: str) -> None:
    """Two lone marks used to pair up, and what lay between them became one value."""
    lines = ["item,title", 'a,"Heroes', "b,Middle", 'c,"Low', 'd,12" remix']
    assert rows_of(tmp_path, "\n".join(lines).replace(",", separator)) == [
        ("a", '"Heroes'),
        ("b", "Middle"),
        ("c", '"Low'),
        ("d", '12" remix'),
    ]


def test_one_lone_mark_makes_all_marks_of_a_file_text(tmp_path: Path) -> None:
    assert rows_of(tmp_path, 'item,title\na,"Heroes"\nb,"Low\n') == [
        ("a", '"Heroes"'),
        ("b", '"Low'),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_file_that_quotes_every_value(tmp_path: Path, separator: str) -> None:
    content = '"item","title"\n"a","say ""so"""\n"b",""\n'.replace(",", separator)
    assert rows_of(tmp_path, content) == [("a", 'say "so"'), ("b", "")]


def test_the_marks_of_rows_that_may_have_paired_up_are_refused(tmp_path: Path) -> None:
    content = 'item,title,year\na,One,1\nb,"Heroes,2\nc,Low,3\nd,said so",4\n'
    with pytest.raises(InputError, match="line 3: a quotation mark opens a value of 3 lines"):
        rows_of(tmp_path, content)
    tabs = content.replace(",", "\t")
    assert [row[1] for row in rows_of(tmp_path, tabs)] == ["One", '"Heroes', "Low", 'said so"']


@pytest.mark.parametrize(
    "mended",
    [
        'item,title,year\na,One,1\nb,"""Heroes",2\nc,Low,3\nd,"said so""",4\n',
        "item,title,year\na,One,1\nb,Heroes,2\nc,Low,3\nd,said so,4\n",
    ],
)
def test_what_the_refusal_advises_helps(tmp_path: Path, mended: str) -> None:
    assert len(rows_of(tmp_path, mended)) == 4


def test_a_file_with_lines_that_are_no_rows_does_quote(tmp_path: Path) -> None:
    content = 'item,text\na,"x, y"\nb,"first\nsecond, with a comma"\nc,"p\nq"\n'
    assert rows_of(tmp_path, content) == [
        ("a", "x, y"),
        ("b", "first\nsecond, with a comma"),
        ("c", "p\nq"),
    ]


def test_a_stray_mark_in_a_file_that_quotes_is_refused_with_its_line(tmp_path: Path) -> None:
    content = 'item,title\na,"One, two"\nb,"Heroes" by D\nc,"Low"\n'
    with pytest.raises(InputError, match=r"line 3: .*put the whole value in quotation marks"):
        rows_of(tmp_path, content)


def test_the_separator_is_not_guessed_from_the_first_line(tmp_path: Path) -> None:
    content = "id;title;from, to, by\na;One, two;x\nb;Three;y\n"
    assert rows_of(tmp_path, content) == [("a", "One, two", "x"), ("b", "Three", "y")]


def test_a_separator_in_quotation_marks_separates_nothing(tmp_path: Path) -> None:
    content = '"id";"title, subtitle, year"\n"a";"One"\n'
    assert rows_of(tmp_path, content) == [("a", "One")]


def test_a_long_text_with_marks_is_read(tmp_path: Path) -> None:
    text = "x" * 200_000
    assert rows_of(tmp_path, f'item,text\na,"{text}, ""y"""\n') == [("a", f'{text}, "y"')]
