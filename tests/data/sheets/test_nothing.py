"""What means nothing in which column, by itself or because a person says so."""

import pandas as pd
import pytest

from stages.core.errors import InputError
from stages.data.sheets.nothing import means_nothing, parse_nothing


def nothing_in(column: str, *values: str, said: str = "") -> list[str]:
    given = pd.Series(values, dtype="str")
    return given[means_nothing(given, column, parse_nothing(said))].tolist()


@pytest.mark.parametrize("column", ["rating", "timestamp", "year", "age", "text", "genres", "job"])
def test_words_that_mean_nothing_in_any_case(column: str) -> None:
    words = ["", "NULL", "null", "None", "NaN", "nan", "NA", "n/a", r"\N", "-", "?", "Unknown"]
    assert nothing_in(column, *words, "5", "none such") == words


@pytest.mark.parametrize("column", ["user_id", "movie_id", "title"])
def test_a_name_means_nothing_only_as_programs_write_it(column: str) -> None:
    nothing = ["", "NULL", "null", "None", "NaN", "nan", r"\N"]
    names = ["NA", "na", "Unknown", "unknown", "-", "?", "none", "Null", "0"]
    assert nothing_in(column, *nothing, *names, said="0") == nothing


@pytest.mark.parametrize(
    ("column", "nothing", "something"),
    [
        ("rating", [], ["0", "-1", "99", "0.0"]),
        ("year", ["0", "0000", "0.0", "9999", "0001-01-01"], ["1", "1999", "-720", "2000-01-01"]),
        ("age", ["0", "-1", "120", "244", "999.0"], ["1", "12", "119", "18-24"]),
        (
            "timestamp",
            [
                *("0", "0.0", "0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31 23:59:59"),
                *("0000-00-00 00:00:00", "99991231", "1970-01-01 00:00:00", "1970-01-01T00:00Z"),
            ],
            ["1", "100", "1970-01-01 00:00:01", "1970-01-02", "10", "2000-01-01"],
        ),
        ("genres", ["(no genres listed)"], ["Drama", "0"]),
        ("text", [], ["0", "9999-12-31"]),
    ],
)
def test_values_that_mean_nothing_by_their_kind(
    column: str, nothing: list[str], something: list[str]
) -> None:
    assert nothing_in(column, *nothing, *something) == nothing


def test_a_person_names_values_of_one_column_or_of_all() -> None:
    said = "rating=0, rating=-1,text=tba,x"
    assert nothing_in("rating", "0", "0.00", "-1.0", "1", "X", said=said) == [
        *("0", "0.00", "-1.0", "X")
    ]
    assert nothing_in("text", "TBA", "0", "x", said=said) == ["TBA", "x"]
    assert nothing_in("user_id", "0", "x", said=said) == []
    assert nothing_in("user_id", "0", "00", "x", said="user=0") == ["0"]


@pytest.mark.parametrize("text", ["stars=0", "rating=", "=0"])
def test_what_nothing_names_must_be_a_key_and_a_value(text: str) -> None:
    with pytest.raises(
        InputError, match=r"--nothing .*: write VALUE or KEY=VALUE with a KEY of us"
    ):
        parse_nothing(text)
