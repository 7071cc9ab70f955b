"""What an import refuses all at once, leaves out on request, and counts."""

from dataclasses import replace
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.dataset import Dataset
from stages.data.formats import canonical
from stages.data.formats.own import Own, read_own
from stages.data.liked import notes_on_liking
from stages.data.read import read_dataset
from stages.data.sheets.meaning import Meaning, parse_meaning
from stages.data.sheets.nothing import parse_nothing
from stages.enrich.titles import written_title

ITEMS = "item,title\na,Alder\nb,Birch\n"


class Import:
    """A person's files, and what reading them gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: tuple[str, ...] = ()

    def take(
        self,
        ratings: str,
        items: str = ITEMS,
        users: str = "",
        nothing: str = "",
        meaning: Meaning = Meaning(),  # noqa: B008
    ) -> Dataset:
        for name, content in {"ratings": ratings, "items": items, "users": users}.items():
            (self.folder / f"{name}.csv").write_text(content, encoding="utf-8")
        own = Own(
            self.folder / "ratings.csv",
            self.folder / "items.csv",
            self.folder / "users.csv" if users else None,
        )
        read = read_own("x", own, replace(meaning, nothing=parse_nothing(nothing)))
        self.notes = tuple(note.replace(f"{self.folder}/", "") for note in read.left_out)
        return read.data

    def refused(self, ratings: str, items: str = ITEMS, users: str = "") -> list[str]:
        with pytest.raises(InputError) as raised:
            self.take(ratings, items, users)
        return str(raised.value).replace(f"{self.folder}/", "").split("\n  ")


@pytest.fixture
def own(tmp_path: Path) -> Import:
    return Import(tmp_path)


ZEROS = "user,item,rating\nu1,a,5\nu1,b,0\nu2,a,4\nu2,b,0.0\nu3,a,-1\nu3,b,3\n"
STRAY = "user,item,rating\nu1,a,5\nu1,x1,4\nu2,x2,3\nu2,b,4\nu3,x2,5\n"
DROP = Meaning(drop_unknown=True)
SKIP = Meaning(skip_faults=True)


def test_a_rating_off_the_scale_may_be_none_at_all_and_the_advice_says_how(own: Import) -> None:
    head, *rows = own.refused(ZEROS)
    assert head == (
        "ratings.csv: 3 of 6 ratings are not on the scale 1-5, the first on line 3; correct it, "
        "declare its scale with --scale, or pass --nothing rating=0,rating=0.0,rating=-1 if 0 and "
        "0.0 and -1 mean that there is no rating; --skip-faults leaves such rows out"
    )
    assert rows[0] == "ratings.csv, line 3: rating 0 is not on the scale 1-5"


def test_the_advice_about_ratings_that_are_none_helps(own: Import) -> None:
    data = own.take(ZEROS, nothing="rating=0,rating=-1")
    assert data.ratings["rating"].tolist() == [5, 4, 3]
    assert own.notes == ("ratings.csv: 3 of 6 rows left out: no rating (0: 1, 0.0: 1, -1: 1)",)


def test_rows_without_a_rating_are_left_out(own: Import) -> None:
    data = own.take("user,item,rating\nu1,a,5\nu2,a,\nu3,a,NULL\nu4,a,nan\nu5,a,\n")
    assert (len(data.ratings), len(data.users)) == (1, 1)
    assert "4 of 5 rows left out: no rating (empty: 2, NULL: 1, nan: 1)" in own.notes[0]


def test_ratings_of_which_none_is_left_are_refused(own: Import) -> None:
    assert own.refused("user,item,rating\nu1,a,\n") == [
        "no rating is left to import: ratings.csv: 1 of 1 rows left out: no rating (empty: 1)"
    ]


def test_a_column_that_no_file_has_cannot_mean_nothing(own: Import) -> None:
    with pytest.raises(InputError, match=r"--nothing age=99: no age is read from these files"):
        own.take(ZEROS, nothing="age=99")


def test_many_ratings_at_the_low_end_of_a_scale_from_zero_are_pointed_out(own: Import) -> None:
    zeros = ZEROS.replace("-1", "0")
    data = own.take(zeros, meaning=parse_meaning("0-5", None, False, False))
    assert "50% of the ratings are 0, the lowest of the scale" in notes_on_liking(data)[0]
    sure = own.take(zeros, nothing="rating=0", meaning=parse_meaning("0-5", None, False, False))
    assert notes_on_liking(sure) == ()


def test_values_of_each_column_that_mean_nothing_are_unknown_and_counted(own: Import) -> None:
    data = own.take(
        "user,item,rating,time\nu1,a,5,9999-12-31\nu2,a,4,2024-05-31\n",
        "item,title,genres,text,year\na,A,unknown|Drama,N/A,1900\nb,B,NULL,tba,0\n",
        "user,age,gender,job\nu1,99,unknown,-\nu2,33,F,cook\n",
        nothing="age=99,year=1900,text=TBA",
    )
    assert data.ratings["timestamp"].tolist() == [0, 1717113600]
    assert data.movies["genres"].tolist() == [["Drama"], []]
    assert data.movies["text"].tolist() == [None, None]
    assert data.movies["year"].isna().all()
    assert data.users["age"].fillna(-1).tolist() == [-1, 33]
    assert data.users["gender"].tolist() == [None, "F"]
    assert data.users["occupation"].tolist() == [None, "cook"]
    assert own.notes == (
        "ratings.csv: 1 of 2 values of timestamp left out as unknown, being nothing "
        "(9999-12-31: 1)",
        "items.csv: 2 of 2 values of year left out as unknown, being nothing (1900: 1, 0: 1)",
        "items.csv: 1 of 2 values of genres left out as unknown, being nothing (NULL: 1)",
        "items.csv: 2 of 2 values of text left out as unknown, being nothing (N/A: 1, tba: 1)",
        "users.csv: 1 of 2 values of gender left out as unknown, being nothing (unknown: 1)",
        "users.csv: 1 of 2 values of age left out as unknown, being nothing (99: 1)",
        "users.csv: 1 of 2 values of occupation left out as unknown, being nothing (-: 1)",
    )


def test_all_ratings_of_unknown_items_are_refused_in_one_run(own: Import) -> None:
    assert own.refused(STRAY) == [
        "ratings.csv: 3 of 5 ratings are of items that are not in items.csv, the first on line 3; "
        "add them, drop the lines or pass --unknown-items drop; --skip-faults leaves such rows out",
        "ratings.csv, line 3: item x1 is not in items.csv",
        "ratings.csv, line 4: item x2 is not in items.csv",
        "ratings.csv, line 6: item x2 is not in items.csv",
    ]


def test_ratings_of_unknown_items_are_dropped_when_asked(own: Import) -> None:
    assert len(own.take(STRAY, meaning=DROP).ratings) == 2
    assert own.notes == (
        "ratings.csv: 3 of 5 rows left out: the item is not in items.csv (x2: 2, x1: 1)",
    )


def test_what_is_dropped_is_not_refused_for_anything_else(own: Import) -> None:
    assert len(own.take(STRAY + "u9,x1,77\nu2,x2,1\n", meaning=DROP).ratings) == 2


def test_the_faults_of_all_files_are_given_together_and_no_consequence_of_them(own: Import) -> None:
    """The item without a title is known, so a rating of it is no fault."""
    items = "item,title\na,Alder\nb,\na,Ash\n"
    users = "user,age\nu1,20\n,30\n"
    assert own.refused("user,item,rating\nu1,b,5\nu1,b,9\n,a,1\n", items, users) == [
        "2 faults in items.csv, 1 fault in users.csv and 2 faults in ratings.csv; "
        "--skip-faults leaves such rows out",
        "items.csv, line 3: title is empty; fill it in or drop the line",
        "items.csv, line 4: movie_id a appears twice; keep one line for it",
        "users.csv, line 3: user_id is empty; fill it in or drop the line",
        "ratings.csv, line 3: rating 9 is not on the scale 1-5; correct it or declare its scale: "
        "all 2 ratings fit --scale 1-10",
        "ratings.csv, line 4: user_id is empty; fill it in or drop the line",
    ]


def test_every_faulty_row_is_left_out_when_asked(own: Import) -> None:
    data = own.take(
        "user,item,rating\nu1,a,5\nu1,b,9\n,a,1\nu2,b,5\nu2,a,4\nu2,a,3\nu3,x,3\n",
        "item,title\na,Alder\nb,NULL\na,Ash\n",
        meaning=SKIP,
    )
    assert data.movies["title"].tolist() == ["Alder"]
    assert data.ratings.to_numpy().tolist() == [["u1", "a", 5, 0], ["u2", "a", 4, 0]]
    assert own.notes == (
        "ratings.csv: 2 of 7 rows left out: the item is left out of items.csv",
        "items.csv: 1 of 3 rows left out: movie_id a appears twice; the first is on line 4",
        "items.csv: 1 of 3 rows left out: title is empty; the first is on line 3",
        "ratings.csv: 1 of 7 rows left out: user_id is empty; the first is on line 4",
        "ratings.csv: 1 of 7 rows left out: item x is not in items.csv; the first is on line 8",
        "ratings.csv: 1 of 7 rows left out: user u2 has already rated item a on line 6; the first "
        "is on line 7",
    )


def test_rows_of_an_item_that_are_alike_are_one(own: Import) -> None:
    data = own.take("user,item,rating\nu1,a,5\n", ITEMS + "a, Alder\n")
    assert (len(data.movies), len(data.ratings)) == (2, 1)
    assert own.notes == ("items.csv: 1 of 3 rows left out: an earlier row says the same",)


def test_items_and_users_without_ratings_are_no_fault(own: Import) -> None:
    data = own.take("user,item,rating\nu1,a,5\n", users="user,age\nu1,20\nu9,30\n")
    assert (data.users["user_id"].tolist(), len(data.movies), own.notes) == (["u1", "u9"], 2, ())


def test_dates_in_digits_are_dates_only_if_all_of_a_column_can_be(own: Import) -> None:
    rows = "user,item,rating,time\nu1,a,5,20140625\nu1,b,4,{}\n"
    assert own.take(rows.format("20140631")).ratings["timestamp"].tolist() == [1403654400, 0]
    assert own.take(rows.format("1403654400")).ratings["timestamp"].tolist() == [
        *(20140625, 1403654400)
    ]


def test_the_strict_readers_report_all_faults_too(tmp_path: Path, own: Import) -> None:
    canonical.write(tmp_path, own.take("user,item,rating\nu1,a,5\n"))
    with (tmp_path / "ratings.csv").open("a") as file:
        file.write("u1,b,9,\nu2,x,3,\nu2,b,,\n")
    with pytest.raises(InputError) as raised:
        read_dataset(tmp_path)
    rows = str(raised.value).replace(f"{tmp_path}/", "").split("\n  ")
    assert rows == [
        "3 faults in ratings.csv",
        "ratings.csv, line 3: rating 9 is not on the scale 1-5; correct it or declare its scale",
        "ratings.csv, line 4: item x is not in movies.csv; add it there or drop the line",
        "ratings.csv, line 5: rating '' is not a number; correct it",
    ]


def test_a_title_with_codes_is_harmless_once_it_is_enriched(own: Import, tmp_path: Path) -> None:
    """The file keeps what the person wrote; what stages and views read is the enriched title."""
    title = "\x1b[31mAl\u202eder\u2066 \x9b2J"
    canonical.write(tmp_path, own.take("user,item,rating\nu1,a,5\n", f"item,title\na,{title}\n"))
    (kept,) = canonical.read(tmp_path).movies["title"]
    assert kept == title
    assert written_title(kept).title == "[31mAlder 2J"


def test_what_was_understood_names_no_folder(own: Import) -> None:
    understood = own.take(STRAY, meaning=DROP).understood
    assert understood is not None
    assert list(understood.files[0].left_out.values()) == [3]
    assert str(own.folder) not in understood.model_dump_json()
