"""A person's own files: what they become, and the one sentence for each fault."""

import json
from pathlib import Path

import pytest

from stages.contracts.card import DataCard
from stages.core.errors import InputError
from stages.data.columns.columns import parse_columns
from stages.data.dataset import Dataset
from stages.data.formats.own import Own
from stages.data.imports import read_import, write_import
from stages.data.read import read_dataset
from stages.data.sheets.meaning import Meaning, parse_meaning
from stages.prepare.card import data_card
from stages.prepare.rows import to_tables

ITEMS = "item_id,title,genres\na,Alpha (1999),Drama|War\nb,Beta,\n"
RATINGS = "user_id,item_id,rating,timestamp\nu1,a,5,100\nu1,b,3,200\nu2,a,1,300\n"


class Files:
    """A person's folder of CSV files and the data folder that they are taken into."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self.notes: tuple[str, ...] = ()
        self.write("ratings.csv", RATINGS)
        self.write("items.csv", ITEMS)

    def write(self, name: str, content: str | bytes) -> None:
        (self.folder / name).write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )

    def take(
        self,
        meaning: Meaning = Meaning(),  # noqa: B008
        columns: str = "",
        users: bool = False,
        name: str = "mine",
    ) -> Dataset:
        own = Own(
            self.folder / "ratings.csv",
            self.folder / "items.csv",
            self.folder / "users.csv" if users else None,
            parse_columns(columns),
        )
        imported = read_import(name, own, meaning, root=self.root)
        self.notes = (*imported.left_out, *imported.notes)
        return read_dataset(write_import(imported).folder)

    def understand(self, meaning: Meaning) -> Dataset:
        """Without anything written."""
        own = Own(self.folder / "ratings.csv", self.folder / "items.csv")
        return read_import("mine", own, meaning, root=self.root).data


@pytest.fixture
def files(tmp_path: Path, root: Path) -> Files:
    folder = tmp_path / "own"
    folder.mkdir()
    return Files(folder, root)


def test_the_plain_case(files: Files) -> None:
    data = files.take()
    assert data.ratings.to_numpy().tolist() == [
        ["u1", "a", 5, 100],
        ["u1", "b", 3, 200],
        ["u2", "a", 1, 300],
    ]
    assert data.movies["genres"].tolist() == [["Drama", "War"], []]
    assert data.movies["year"].fillna(0).tolist() == [1999, 0]
    assert (data.scale, data.positive_at, data.timestamps) == ((1, 5), 4, True)


def test_ids_keep_their_leading_zeros(files: Files) -> None:
    files.write("ratings.csv", "user_id,item_id,rating\n007,00,5\n")
    files.write("items.csv", "item_id,title\n00,Zero\n")
    assert files.take().ratings[["user_id", "movie_id"]].to_numpy().tolist() == [["007", "00"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(files: Files, separator: str) -> None:
    files.write("ratings.csv", RATINGS.replace(",", separator))
    assert len(files.take().ratings) == 3


def test_lone_quotation_marks_lose_no_row(files: Files) -> None:
    files.write(
        "items.csv",
        'item\ttitle\nm1\tFirst\nm2\t"Opens only\nm3\tThird\nm4\t"Opens as well\nm5\tFifth\n',
    )
    files.write(
        "ratings.csv",
        'user\titem\trating\theadline\nu1\tm1\t5\tgood\nu1\tm2\t4\t"nearly\n'
        'u2\tm1\t2\tno\nu2\tm5\t5\t"best\nu3\tm5\t1\tbad\n',
    )
    data = files.take()
    assert (len(data.ratings), len(data.users), len(data.movies)) == (5, 3, 5)
    assert data.movies["title"][1] == '"Opens only'


def test_a_year_ends_a_title_or_is_part_of_it(files: Files) -> None:
    titles = ["Alpha (1999)", "Book (2001) (hardback)", "Screws (4000)"]
    rows = [f"{place},{title}" for place, title in enumerate(titles)]
    files.write("items.csv", "\n".join(["item,title", *rows]))
    files.write("ratings.csv", "user,item,rating\nu1,0,5\n")
    movies = files.take().movies
    assert movies["title"].tolist() == titles
    assert movies["year"].fillna(0).tolist() == [1999, 0, 0]


def test_genres_and_texts_as_lists(files: Files) -> None:
    files.write(
        "items.csv",
        "id,title,genres,description\n"
        """a,A,"[{'id': 35, 'name': 'Comedy'}, {'id': 18, 'name': 'Drama'}]","['One.', 'Two.']"\n"""
        """b,B,"['War', 'Drama']",Plain.\nc,C,"[""War""]",\n""",
    )
    movies = files.take().movies
    assert movies["genres"].tolist() == [["Comedy", "Drama"], ["War", "Drama"], ["War"]]
    assert movies["text"].tolist() == ["One.\nTwo.", "Plain.", None]


@pytest.mark.parametrize("left_out", ["genres=", "genres= ,timestamp="])
def test_a_column_that_is_guessed_can_be_left_out(files: Files, left_out: str) -> None:
    files.write("items.csv", ITEMS.replace("Drama|War", "[{'id"))
    data = files.take(columns=left_out)
    assert data.movies["genres"].tolist() == [[], []]
    assert data.timestamps == ("timestamp" not in left_out)


@pytest.mark.parametrize(
    "header",
    ["userId,movieId,rating,timestamp", "User-ID,ISBN,Book-Rating,time", "uid,book_id,stars,date"],
)
def test_usual_names_are_guessed(files: Files, header: str) -> None:
    files.write("ratings.csv", RATINGS.replace("user_id,item_id,rating,timestamp", header))
    assert files.take().ratings["rating"].tolist() == [5, 3, 1]


def test_columns_can_be_named(files: Files) -> None:
    files.write(
        "ratings.csv", RATINGS.replace("user_id,item_id,rating,timestamp", "who,what,how,when")
    )
    files.write("items.csv", ITEMS.replace("item_id,title,genres", "what,called,sort"))
    data = files.take(
        columns="user=who,item=what,rating=how,timestamp=when,title=called,genres=sort"
    )
    assert data.ratings["timestamp"].tolist() == [100, 200, 300]
    assert data.movies["title"].tolist() == ["Alpha (1999)", "Beta"]


def test_users_are_taken_with_those_who_only_rated(files: Files) -> None:
    files.write("users.csv", "user_id,sex,age,job\nu2,F,33,cook\nu9,,,\n")
    users = files.take(users=True).users.set_index("user_id")
    assert list(users.loc["u2", ["gender", "age", "occupation"]]) == ["F", 33, "cook"]
    assert set(users.index) == {"u1", "u2", "u9"}


def test_the_last_of_a_repeated_pair_counts_when_asked(files: Files) -> None:
    files.write("ratings.csv", RATINGS + "u1,a,2,400\n")
    rated = files.take(Meaning(keep_last=True)).ratings.set_index(["user_id", "movie_id"])["rating"]
    assert (len(rated), rated["u1", "a"]) == (3, 2)


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ("u1,a,5,300\nu1,a,1,100\nu1,b,3,200\n", [["a", 5, 300], ["b", 3, 200]]),
        ("u1,a,5,300\nu1,a,1,300\n", [["a", 1, 300]]),
        ("u1,a,5,300\nu1,a,1,\nu1,a,2,\n", [["a", 5, 300]]),
        ("u1,a,5,\nu1,a,1,\n", [["a", 1, 0]]),
        (
            "u1,a,5,2023-11-14\nu1,b,2,2023-11-13\nu1,a,1,2017-07-14\n",
            [["a", 5, 1699920000], ["b", 2, 1699833600]],
        ),
    ],
)
def test_of_a_repeated_pair_the_latest_counts_by_time_then_by_line(
    files: Files, rows: str, kept: list[list[object]]
) -> None:
    files.write("ratings.csv", f"user,item,rating,timestamp\n{rows}u9,b,1,1\n")
    ratings = files.take(Meaning(keep_last=True)).ratings[:-1]
    assert ratings[["movie_id", "rating", "timestamp"]].to_numpy().tolist() == kept


@pytest.mark.parametrize(
    ("column", "which"), [("timestamp", "latest by time"), ("column", "on the last line")]
)
def test_ratings_left_out_as_repeats_are_counted(files: Files, column: str, which: str) -> None:
    repeated = RATINGS.replace("timestamp", column) + "u1,a,2,400\nu1,a,3,500\n"
    files.write("ratings.csv", repeated)
    files.take(Meaning(keep_last=True))
    assert (
        f"ratings.csv: 2 of 5 rows left out: the pair is rated again, and the one {which} counts"
        == files.notes[0]
    )


def test_implicit_rows_all_count_as_liked(files: Files) -> None:
    files.write("ratings.csv", "user_id,item_id\nu1,a\nu2,b\n")
    data = files.take(parse_meaning(None, None, True, False))
    assert data.implicit
    assert (data.ratings["rating"] >= data.positive_at).all()


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1700000000", 1700000000),
        ("1700000000000", 1700000000),
        ("1700000000000000", 1700000000),
        ("1700000000000000000", 1700000000),
        ("1700000000.75", 1700000000),
        ("2023-11-14T22:13:20Z", 1700000000),
        ("2023-11-14 22:13:20 UTC", 1700000000),
        ("2023-11-14 22:13:20.123456789", 1700000000),
        ("2023-11-14T23:13:20.5+01:00", 1700000000),
        ("2023-11-14", 1699920000),
        ("2500-01-01", 16725225600),
        ("9999-12-30T23:59:59.9Z", 253402214399),
        ("20231114", 1699920000),
        ("20231114.0", 1699920000),
        ("202311142213", 1699999980),
        ("20231114221320", 1700000000),
    ],
)
def test_times_as_numbers_or_dates(files: Files, written: str, seconds: int) -> None:
    files.write("ratings.csv", f"user,item,rating,timestamp\nu1,a,5,{written}\n")
    assert files.take().ratings["timestamp"].tolist() == [seconds]


def test_without_times_no_split_may_lean_on_them(files: Files) -> None:
    files.write("ratings.csv", "user,item,rating\nu1,a,5\n")
    assert not files.take().timestamps


def test_text_with_commas_quotes_and_breaks_survives(files: Files) -> None:
    files.write("items.csv", 'id,title,description\na,"One, ""two""","x\ny"\nb,B,\n')
    movies = files.take().movies
    assert (movies["title"][0], movies["text"].tolist()) == ('One, "two"', ["x\ny", None])


def test_a_scale_with_other_steps(files: Files) -> None:
    files.write("ratings.csv", "user,item,rating\nu1,a,9.5\nu2,a,0\n")
    data = files.take(parse_meaning("0-10", None, False, False))
    assert (data.ratings["rating"].tolist(), data.positive_at) == ([9.5, 0], 7.5)


def test_the_manifest_counts_and_names_no_path(files: Files, root: Path) -> None:
    files.take()
    manifest = json.loads((root / "mine" / "manifest.json").read_text())
    assert manifest["counts"] == {"movies": 2, "ratings": 3, "users": 2}
    assert str(root.parent) not in json.dumps(manifest)


FAULTS = {
    "no user column": (
        "user_id,",
        "who,",
        r"ratings\.csv, line 1: no user column in who, item_id, .*--columns user=",
    ),
    "number of the row": (
        "user_id,item_id,",
        "user_id,id,",
        r"ratings\.csv, line 1: no item column in user_id, id, .*--columns item=",
    ),
    "no rating column": ("rating", "verdict", "no rating column"),
    "empty user": ("u1,b", ",b", r"ratings\.csv, line 3: user_id is empty"),
    "blank item": ("u1,b", "u1, ", "line 3: movie_id is empty"),
    "rating in words": ("u2,a,1", "u2,a,good", "line 4: rating 'good' is not a number"),
    "rating not finite": ("u2,a,1", "u2,a,inf", "line 4: rating 'inf' is not a number"),
    "rating off the scale": ("u1,b,3", "u1,b,7", "line 3: rating 7 is not on the scale 1-5"),
    "repeated pair": (
        "u1,b",
        "u1,a",
        "line 3: user u1 has already rated item a on line 2; .*--duplicates last",
    ),
    "unknown item": ("u2,a", "u2,z", r"line 4: item z is not in .*items\.csv"),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_ratings_names_file_and_line(files: Files, fault: str) -> None:
    old, new, message = FAULTS[fault]
    assert old in RATINGS
    files.write("ratings.csv", RATINGS.replace(old, new))
    with pytest.raises(InputError, match=message):
        files.take()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("item_id,genres\na,Drama\n", "no title column in item_id, genres"),
        ("item_id,title\na,A\na,B\nb,B\n", "line 3: movie_id a appears twice"),
        ("item_id,title\na,A\nb,\n", "line 3: title is empty"),
        ("item_id,title\n", "has no rows"),
        ("", "is empty"),
        (b"item_id,title\na,Caf\xe9\n", "line 2: byte 19 is not UTF-8"),
    ],
)
def test_a_fault_in_the_items(files: Files, items: str | bytes, message: str) -> None:
    files.write("items.csv", items)
    with pytest.raises(InputError, match=message):
        files.take()


@pytest.mark.usefixtures("unchanged")
def test_a_fault_in_the_users(files: Files) -> None:
    files.write("users.csv", "user_id,age\nu1,20\nu1,21\n")
    with pytest.raises(InputError, match=r"users\.csv, line 3: user_id u1 appears twice"):
        files.take(users=True)


def test_years_that_cannot_be_used_are_unknown_and_counted(files: Files) -> None:
    years = ["-720", "1999", "0", "1995-10-30", "c1999", "", "NULL", "1984.0"]
    rows = [f"{place},T{place},{year}" for place, year in enumerate(years)]
    files.write("items.csv", "\n".join(["item,title,year", *rows]))
    files.write("ratings.csv", "user,item,rating\nu1,0,5\n")
    data = files.take()
    assert data.movies["year"].fillna(-1).tolist() == [-1, 1999, -1, 1995, -1, -1, -1, 1984]
    assert files.notes[:2] == (
        "items.csv: 2 of 7 values of year left out as unknown, being nothing (0: 1, NULL: 1)",
        "items.csv: 2 of 5 values of year left out as unknown, being no whole number from 1 to "
        "2100; the first is '-720' on line 2",
    )


def test_ages_that_cannot_be_used_are_unknown_and_counted(files: Files) -> None:
    files.write("users.csv", "user,age,gender\nu1,18-24,F\nu2,NULL,M\nu3,244,M\nu4,,F\nu5,33,F\n")
    users = files.take(users=True).users
    assert users["age"].fillna(-1).tolist() == [-1, -1, -1, -1, 33]
    assert users["gender"].tolist() == ["F", "M", "M", "F", "F"]
    assert (
        files.notes[0]
        == "users.csv: 2 of 4 values of age left out as unknown, being nothing (NULL: 1, 244: 1)"
    )
    assert "users.csv: 1 of 2 values of age left out as unknown" in files.notes[1]


def test_times_that_cannot_be_used_are_unknown_and_counted(files: Files) -> None:
    times = ["2024-05-31", "0001-01-01T00:00:00Z", "soon", "now", "1969-12-31", "-1", "", "1e400"]
    rows = [f"u{place},a,5,{time}" for place, time in enumerate(times)]
    files.write("ratings.csv", "\n".join(["user,item,rating,timestamp", *rows]))
    data = files.take()
    assert data.ratings["timestamp"].tolist() == [1717113600, *[0] * 7]
    assert not data.timestamps
    assert files.notes[:2] == (
        "ratings.csv: 1 of 7 values of timestamp left out as unknown, being nothing "
        "(0001-01-01T00:00:00Z: 1)",
        "ratings.csv: 5 of 6 values of timestamp left out as unknown, being no time from 1970 to "
        "9999; the first is 'soon' on line 4",
    )


@pytest.mark.usefixtures("unchanged")
def test_times_of_which_none_can_be_read_are_refused_as_they_stand(files: Files) -> None:
    files.write("ratings.csv", "user,item,rating,timestamp\nu1,a,5,06/25/2014\n")
    with pytest.raises(InputError, match=r"line 2: timestamp '06/25/2014' is .*timestamp=$"):
        files.take()


def test_the_advice_about_times_helps(files: Files) -> None:
    files.write("ratings.csv", "user,item,rating,timestamp\nu1,a,5,06/25/2014\n")
    assert files.take(columns="timestamp=").ratings["timestamp"].tolist() == [0]


@pytest.mark.usefixtures("unchanged")
def test_a_missing_file(files: Files) -> None:
    (files.folder / "items.csv").unlink()
    with pytest.raises(InputError, match=r"items\.csv is not there"):
        files.take()


@pytest.mark.usefixtures("unchanged")
def test_a_named_column_that_no_file_has(files: Files) -> None:
    with pytest.raises(
        InputError, match=r"no file has the column 'person'; .*ratings\.csv has user_id, item_id"
    ):
        files.take(columns="user=person")


@pytest.mark.parametrize("text", ["users=a", "user=", "user", "title=", "year"])
def test_a_key_of_columns_that_is_not_known(text: str) -> None:
    with pytest.raises(InputError, match="write KEY=COLUMN with a KEY of user, item"):
        parse_columns(text)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["Mine", "my set", "-x", "", "../x", "a/b", "x.y", "x" * 250])
def test_a_bad_name(files: Files, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a data set"):
        files.take(name=name)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["sample", "ml-100k", "ml-1m", "ml-latest-small"])
def test_a_name_of_a_published_set(files: Files, name: str) -> None:
    with pytest.raises(InputError, match="is the name of a published set"):
        files.take(name=name)


@pytest.mark.usefixtures("unchanged")
def test_a_name_that_is_taken(files: Files) -> None:
    with pytest.raises(InputError, match=r"kept is there already; .*--replace"):
        files.take(name="kept")


@pytest.mark.parametrize(
    ("ratings", "read"),
    [
        ("user;item;rating\nu1;a;4,5\nu1;b;4\n", [4.5, 4]),
        ('user,item,rating\nu1,a,"3,25"\nu1,b,"1,0"\n', [3.25, 1]),
    ],
)
def test_decimal_commas(files: Files, ratings: str, read: list[float]) -> None:
    files.write("ratings.csv", ratings)
    assert files.take().ratings["rating"].tolist() == read


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("rating", ["1,000", "4,5.0", "4,5,0"])
def test_a_comma_that_may_be_none_of_decimals(files: Files, rating: str) -> None:
    files.write("ratings.csv", f"user;item;rating\nu1;a;{rating}\nu1;b;4\n")
    with pytest.raises(InputError, match=f"line 2: rating '{rating}' is not a number"):
        files.take()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("column", ["user_id", "movie_id"])
def test_an_id_of_a_megabyte(files: Files, column: str) -> None:
    old = {"user_id": "u1,b", "movie_id": "b,3"}[column]
    files.write("ratings.csv", RATINGS.replace(old, f"{'x' * 1_000_000}{old}", 1))
    with pytest.raises(InputError) as refused:
        files.take()
    assert f"line 3: {column} xxxxxxxxxxxxxxxxxxxx… has 1,00" in str(refused.value)
    assert len(str(refused.value)) < 300


def test_rows_that_were_left_out_are_said(files: Files) -> None:
    files.write("ratings.csv", f"{RATINGS},,,\n")
    files.write("items.csv", f"{ITEMS},,\n,,\n")
    files.take()
    assert files.notes[:2] == (
        "ratings.csv: 1 row without any value left out",
        "items.csv: 2 rows without any value left out",
    )


@pytest.mark.usefixtures("unchanged")
def test_a_scale_that_fits_is_named_and_not_taken(files: Files) -> None:
    files.write("ratings.csv", RATINGS.replace("u1,a,5", "u1,a,9"))
    with pytest.raises(InputError, match=r"ratings\.csv, line 2: .* ratings fit --scale 1-10$"):
        files.take()
    assert files.understand(parse_meaning("1-10", None, False, False)).scale == (1, 10)


def test_ratings_of_one_value_are_pointed_out(files: Files) -> None:
    files.write("ratings.csv", "user,item,rating\nu1,a,1\nu2,a,1\n")
    files.take()
    assert any("every rating is 1, which tells nothing apart" in note for note in files.notes)


def test_ratings_beside_implicit_are_said_to_be_passed_over(files: Files) -> None:
    data = files.take(parse_meaning(None, None, True, False))
    assert data.ratings["rating"].tolist() == [1, 1, 1]
    assert "ratings.csv: the ratings in rating are not used, as --implicit" in files.notes[0]


def test_what_was_understood_is_kept(files: Files, root: Path) -> None:
    """Counts, columns and how the files are written, but none of their rows."""
    files.write("ratings.csv", RATINGS.replace(",", ";") + "u1;a;2;400\nu3;a;4;soon\n")
    files.write("items.csv", "item_id,title,year,shelf\na,Alpha,1999,1\nb,Beta,-3,1\nc,C,,2\n")
    files.write("users.csv", "user_id,age\nu1,20\nu9,30\n")
    kept = files.take(Meaning(keep_last=True), users=True).understood
    assert kept is not None
    ratings, items, users = kept.files
    assert ratings.form == "UTF-8, separated by semicolons"
    assert (ratings.rows, ratings.kept, sum(ratings.left_out.values())) == (5, 4, 1)
    assert ratings.unknown == {
        "timestamp: no time from 1970 to 9999; the first is 'soon' on line 6": 1
    }
    assert (items.columns["year"], items.unused, items.kept) == ("year", ("shelf",), 3)
    assert items.unknown == {"year: no whole number from 1 to 2100; the first is '-3' on line 3": 1}
    assert (users.file, users.columns) == ("users.csv", {"age": "age", "user": "user_id"})
    assert kept.liked == 1
    assert kept.unmatched == {
        "items without a rating": 1,
        "users without a rating": 1,
        "users with ratings alone": 2,
    }
    written = (root / "mine" / "dataset.json").read_text()
    assert "Alpha" not in written
    assert str(root.parent) not in written


def test_what_was_understood_is_on_the_data_card(files: Files, root: Path) -> None:
    data = files.take()
    made = data_card(data, to_tables(data), {}, root / "mine")
    assert DataCard.model_validate(made).understood == data.understood
    assert data.understood is not None


@pytest.mark.parametrize("name", ["\x1b[2Jshelf", "\u202eshelf"])
def test_columns_that_a_terminal_would_obey_are_kept_without_it(files: Files, name: str) -> None:
    files.write("items.csv", f"item_id,title,{name}\na,Alpha,1\nb,Beta,2\n")
    understood = files.take().understood
    assert understood is not None
    assert understood.files[1].unused in {("shelf",), ("[2Jshelf",)}


def test_a_split_of_ones_own_is_kept(files: Files) -> None:
    rows = RATINGS.splitlines()
    parts = ["fold", "Training", "test", "dev"]
    text = "\n".join(f"{row},{part}" for row, part in zip(rows, parts, strict=True))
    files.write("ratings.csv", text)
    assert files.take(columns="part=fold").ratings["part"].tolist() == ["train", "test", "valid"]


def test_a_column_part_of_another_meaning_is_left_alone(files: Files) -> None:
    rows = RATINGS.splitlines()
    parts = ["part", "1", "2", "train"]
    text = "\n".join(f"{row},{part}" for row, part in zip(rows, parts, strict=True))
    files.write("ratings.csv", text)
    assert "part" not in files.take().ratings
    with pytest.raises(InputError, match=r"line 2: part '1' is none of train, valid, test"):
        files.take(columns="part=part", name="other")


BLANKS = " " * 100_000


@pytest.mark.parametrize(
    "ratings",
    [
        f"{BLANKS}\nuser,item,rating\nu1,a,5\n",
        f"user,item,rating,timestamp\nu1,a,5,\nu1,b,4,2024-05-31{BLANKS}x\nu2,b,4,300\n",
    ],
)
def test_long_runs_of_blanks_take_no_time(files: Files, ratings: str) -> None:
    """A pattern that tries each blank as a beginning and each as an end would take minutes."""
    files.write("ratings.csv", ratings)
    assert files.take().ratings["user_id"][0] == "u1"


@pytest.mark.parametrize("mark", [",1", "\t", "\t1"])
def test_lines_of_numbers_too_wide_for_a_matrix_are_not_tried_as_one(
    files: Files, mark: str
) -> None:
    files.write("ratings.csv", f"1{mark * 100_000}\n")
    with pytest.raises(InputError, match="has 100,001 columns and at most 10,000"):
        files.take()


@pytest.mark.usefixtures("unchanged")
def test_a_refusal_shows_the_first_of_many_columns(files: Files) -> None:
    files.write(
        "ratings.csv", ",".join(f"c{place}" for place in range(9_000)) + "\n" + "x," * 8_999
    )
    with pytest.raises(InputError, match=r"no user column in c0, .*, c19 and 8,980 more; name it"):
        files.take()


def test_a_long_name_of_a_column_is_kept_in_brief(files: Files) -> None:
    files.write("items.csv", f"item_id,title,{'c' * 10**6}\na,Alpha,1\nb,Beta,2\n")
    understood = files.take().understood
    assert understood is not None
    assert understood.files[1].unused == ("c" * 200 + "…",)
