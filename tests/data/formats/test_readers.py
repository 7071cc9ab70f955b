"""Each format of MovieLens, read from made-up rows."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.read import read_dataset


def write_1m(folder: Path, ratings: str = "1::10::5::978300000\n2::10::2::978300001\n") -> Path:
    (folder / "movies.dat").write_bytes(
        "10::Belle \xe9toile, La (1938)::Comedy|Children's\n".encode("latin-1")
    )
    (folder / "users.dat").write_text("1::F::1::10::0\n2::M::56::16::0\n3::M::25::0::0\n")
    (folder / "ratings.dat").write_text(ratings)
    return folder


def write_latest(
    folder: Path, ratings: str = "userId,movieId,rating,timestamp\n1,5,0.5,978300000\n"
) -> Path:
    (folder / "movies.csv").write_text(
        'movieId,title,genres\n5,"Line, The (2001)",(no genres listed)\n6,Other,War|Drama\n'
    )
    (folder / "ratings.csv").write_text(ratings)
    return folder


def test_100k_titles_are_latin_1_with_years_from_title_or_release(tiny_100k: Path) -> None:
    movies = read_dataset(tiny_100k).movies
    assert movies["title"][0] == "Caf\xe9, The (1931)"
    assert movies["year"].tolist() == [1931, 1988, 1990]


def test_100k_genres_come_from_the_flags_without_unknown(tiny_100k: Path) -> None:
    assert read_dataset(tiny_100k).movies["genres"].tolist() == [["Drama", "Romance"], [], []]


def test_100k_users_and_ratings(tiny_100k: Path) -> None:
    data = read_dataset(tiny_100k)
    assert list(data.users.loc[0]) == ["7", "F", 30, "writer"]
    assert list(data.ratings.loc[3]) == ["8", "3", 1.0, 903]


def test_100k_folds_hold_the_test_pairs(tiny_100k: Path) -> None:
    folds = read_dataset(tiny_100k).official_folds
    assert list(folds) == [f"fold-{n}" for n in range(1, 6)]
    assert folds["fold-4"].to_numpy().tolist() == [["8", "3"]]


def test_100k_half_a_fold_is_refused(tiny_100k: Path) -> None:
    (tiny_100k / "u2.base").unlink()
    with pytest.raises(InputError, match=r"u2\.base is not there"):
        read_dataset(tiny_100k)


def test_100k_genre_flags_must_be_flags(tiny_100k: Path) -> None:
    text = (tiny_100k / "u.item").read_text("latin-1")
    (tiny_100k / "u.item").write_text(
        text.replace("|1\n", "|2\n").replace("org|0", "org|3"), "latin-1"
    )
    with pytest.raises(
        InputError, match=r"u\.item, line 1: unknown 3 is not a whole number from 0 to 1"
    ):
        read_dataset(tiny_100k)


def test_1m_codes_become_words_and_lower_bounds(tmp_path: Path) -> None:
    users = read_dataset(write_1m(tmp_path)).users
    assert list(users.loc[0]) == ["1", "F", 1, "K-12 student"]
    assert users["user_id"].tolist() == ["1", "2", "3"]


def test_1m_movies_are_latin_1(tmp_path: Path) -> None:
    movie = read_dataset(write_1m(tmp_path)).movies.loc[0]
    assert (movie["title"], movie["year"], movie["genres"]) == (
        "Belle \xe9toile, La (1938)",
        1938,
        ["Comedy", "Children's"],
    )


def test_1m_times_that_are_mostly_unknown_do_not_count(tmp_path: Path) -> None:
    assert not read_dataset(write_1m(tmp_path, "1::10::5::0\n2::10::2::978300001\n")).timestamps


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("2::10::6::0", "rating 6 is not on the scale 1-5"),
        ("2::10::3.5::0", "rating 3.5 is not on the scale 1-5 in steps of 1"),
        ("2::11::3::0", "item 11 is not in movies.dat"),
        ("1::10::3::0", "user 1 has already rated item 10 on line 1"),
        ("2::10::3", "3 values where 4 are expected"),
        ("2::10::3::-5", "timestamp -5 is not a whole number"),
    ],
)
def test_1m_faults_name_file_and_line(tmp_path: Path, row: str, fault: str) -> None:
    with pytest.raises(InputError, match=rf"ratings\.dat, line 2: {fault}"):
        read_dataset(write_1m(tmp_path, f"1::10::5::1\n{row}\n"))


def test_latest_has_half_stars_and_no_facts_of_users(tmp_path: Path) -> None:
    data = read_dataset(write_latest(tmp_path))
    assert (data.kind, data.scale, data.ratings["rating"].tolist()) == (
        "ml-latest-small",
        (0.5, 5.0),
        [0.5],
    )
    assert data.users["gender"].isna().all()
    assert data.movies["genres"].tolist() == [[], ["War", "Drama"]]


def test_latest_refuses_a_rating_between_half_stars(tmp_path: Path) -> None:
    with pytest.raises(
        InputError,
        match=r"ratings\.csv, line 2: rating 0\.7 is not on the scale 0\.5-5 in steps of 0\.5",
    ):
        read_dataset(write_latest(tmp_path, "userId,movieId,rating,timestamp\n1,5,0.7,978300000\n"))


def test_latest_names_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="no column timestamp; the columns there are userId, movieId, rating"
    ):
        read_dataset(write_latest(tmp_path, "userId,movieId,rating\n1,5,1\n"))


def test_a_folder_without_a_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no data set"):
        read_dataset(tmp_path)
