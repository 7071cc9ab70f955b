"""Files without a header, whose columns are named by place."""

from pathlib import Path

import pandas as pd
import pytest

from stages.core.errors import InputError
from stages.data.columns.columns import parse_columns
from stages.data.dataset import Dataset
from stages.data.formats.own import Own, read_own
from stages.data.sheets.meaning import Meaning

RATINGS = "1::122::5::838985046\n1::185::4::838983525\n2::122::3::868244562\n"
ITEMS = "122::Dusk, The (1992)::Comedy|Romance\n185::Long Field (1995)::Action\n"
PLACES = "user=1,item=2,rating=3,timestamp=4,title=2,genres=3"


def data_of(
    folder: Path,
    ratings: str = RATINGS,
    items: str = ITEMS,
    columns: str = PLACES,
    users: str | None = None,
) -> Dataset:
    for name, text in (("ratings", ratings), ("items", items), ("users", users or "")):
        (folder / name).write_text(text, encoding="utf-8")
    own = Own(
        folder / "ratings",
        folder / "items",
        folder / "users" if users else None,
        parse_columns(columns),
    )
    return read_own("mine", own, Meaning()).data


def triples(ratings: pd.DataFrame) -> list[list[object]]:
    return ratings[["user_id", "movie_id", "rating"]].to_numpy().tolist()


def test_movielens_form(tmp_path: Path) -> None:
    data = data_of(tmp_path, users="1::F::25\n2::M::33\n", columns=f"{PLACES},gender=2,age=3")
    assert triples(data.ratings) == [["1", "122", 5], ["1", "185", 4], ["2", "122", 3]]
    assert data.ratings["timestamp"].tolist() == [838985046, 838983525, 868244562]
    assert data.movies["title"].tolist() == ["Dusk, The (1992)", "Long Field (1995)"]
    assert data.movies["genres"].tolist() == [["Comedy", "Romance"], ["Action"]]
    assert data.users["age"].tolist() == [25, 33]


@pytest.mark.parametrize(
    ("ratings", "columns"),
    [
        ("122 1 5\n185 1 4\n122 2 3\n", "item=1,user=2,rating=3,title=2"),
        ("1,122,x,5\n1,185,y,4\n2,122,z,3\n", "user=1,item=2,rating=4,title=2"),
        ("user,item,stars\n1,122,5\n1,185,4\n2,122,3\n", "user=1,item=2,rating=3,title=2"),
        ("who,what,how\n1,122,5\n1,185,4\n2,122,3\n", "user=who,item=what,rating=how,title=2"),
    ],
)
def test_places_in_any_order_and_of_one_file(tmp_path: Path, ratings: str, columns: str) -> None:
    data = data_of(tmp_path, ratings, columns=columns)
    assert triples(data.ratings) == [["1", "122", 5], ["1", "185", 4], ["2", "122", 3]]


def test_a_first_row_without_numbers_is_a_row_if_columns_have_places(tmp_path: Path) -> None:
    data = data_of(
        tmp_path, "u1,a,5\n", "a;Alder;Tree\nb;Birch;Tree\n", "user=1,item=2,rating=3,title=2"
    )
    assert data.movies["title"].tolist() == ["Alder", "Birch"]


def test_items_with_a_header_keep_it(tmp_path: Path) -> None:
    data = data_of(
        tmp_path, items="title,item\nDusk,122\nField,185\n", columns="user=1,item=2,rating=3"
    )
    assert data.movies["movie_id"].tolist() == ["122", "185"]


def test_a_column_called_by_a_number_is_that_column(tmp_path: Path) -> None:
    ratings = "user,item,1,2\nx,122,9,5\n"
    assert triples(data_of(tmp_path, ratings, columns="rating=2,title=2").ratings) == [
        ["x", "122", 5]
    ]


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        (
            "",
            r"ratings has no header, its first line being 1 122 5 838985046; name its columns by ",
        ),
        (
            "user=1,item=2,rating=3",
            r"items has no header, its first line being 122 Dusk, .*title=2",
        ),
        ("user=1,item=2,rating=9,title=2", r"rating=9: .*ratings has the columns 1 to 4"),
        ("user=0,item=2,rating=3,title=2", r"user=0: .*ratings has the columns 1 to 4"),
        ("user=1,item=2,title=2", "no rating column"),
    ],
)
def test_a_place_that_is_missing(tmp_path: Path, columns: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        data_of(tmp_path, columns=columns)


def test_what_the_refusals_advise_helps(tmp_path: Path) -> None:
    columns = ""
    for _ in range(2):
        with pytest.raises(InputError) as refused:
            data_of(tmp_path, columns=columns)
        columns += str(refused.value).partition("as in ")[2].partition(", or")[0] + ","
    assert triples(data_of(tmp_path, columns=columns).ratings)[0] == ["1", "122", 5]


def test_a_fault_names_the_line_of_a_file_without_a_header(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ratings, line 2: rating 'x' is not a number"):
        data_of(
            tmp_path, "1::122::5\n1::185::x\n2::122::3\n", columns="user=1,item=2,rating=3,title=2"
        )
