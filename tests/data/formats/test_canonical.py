"""The canonical form: what is written is read back."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core.errors import InputError
from stages.data.dataset import PARTS, Dataset, movie_frame, user_frame
from stages.data.formats import canonical

WORDS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"], exclude_characters="|"),
    min_size=1,
).map(lambda text: text.strip() or "x")
OPTIONAL = st.none() | WORDS


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Any small data set in which every rated movie exists."""
    movies = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    pairs = draw(
        st.lists(st.tuples(WORDS, st.sampled_from(movies)), min_size=1, max_size=8, unique=True)
    )
    values = draw(st.lists(st.floats(1, 5, width=32), min_size=len(pairs), max_size=len(pairs)))
    ages = [draw(st.integers(0, 99) | st.just(np.nan)) for _ in {user for user, _ in pairs}]
    years = [draw(st.integers(1890, 2030) | st.just(np.nan)) for _ in movies]
    genres = [draw(st.lists(WORDS, max_size=3)) for _ in movies]
    users = sorted({user for user, _ in pairs})
    times = draw(st.booleans())
    ratings = pd.DataFrame(
        {
            "user_id": pd.Series([user for user, _ in pairs], dtype="str"),
            "movie_id": pd.Series([movie for _, movie in pairs], dtype="str"),
            "rating": np.array(values, dtype=np.float32),
            "timestamp": np.full(len(pairs), 7 if times else 0, dtype=np.int64),
        }
    )
    if len(pairs) > 1 and draw(st.booleans()):
        parts = [draw(st.sampled_from(PARTS)) for _ in pairs[2:]]
        ratings["part"] = pd.Series(["train", "test", *parts], dtype="str")
    return Dataset(
        name="any",
        kind="csv",
        movies=movie_frame(
            movies, [draw(WORDS) for _ in movies], years, genres, [draw(OPTIONAL) for _ in movies]
        ),
        users=user_frame(
            users, [draw(OPTIONAL) for _ in users], ages, [draw(OPTIONAL) for _ in users]
        ),
        ratings=ratings,
        scale=(1.0, 5.0),
        positive_at=4.0,
        implicit=False,
        timestamps=times,
        simulated=draw(st.booleans()),
        description=draw(WORDS),
        ordered=not times and draw(st.booleans()),
    )


@given(data=datasets())
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, data: Dataset
) -> None:
    folder = tmp_path_factory.mktemp("set")
    canonical.write(folder, data)
    again = canonical.read(folder)
    for table in ("movies", "users", "ratings"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(data, table))
    facts = (
        "name",
        "kind",
        "scale",
        "positive_at",
        "implicit",
        "timestamps",
        "simulated",
        "description",
        "ordered",
    )
    assert [getattr(again, fact) for fact in facts] == [getattr(data, fact) for fact in facts]


def write(folder: Path, **facts: object) -> Path:
    about = {"name": "x", "scale": [1, 5], "positive_at": 4} | facts
    (folder / "dataset.json").write_text(json.dumps(about))
    (folder / "movies.csv").write_text("movie_id,title,year,genres,text\n1,One,,,\n")
    (folder / "ratings.csv").write_text("user_id,movie_id,rating,timestamp\n5,1,4,\n")
    return folder


def test_users_and_times_may_be_missing(tmp_path: Path) -> None:
    data = canonical.read(write(tmp_path))
    assert (data.users["user_id"].tolist(), data.timestamps) == (["5"], False)


def test_times_that_are_there_count_only_where_the_set_says_so(tmp_path: Path) -> None:
    folder = write(tmp_path, timestamps=False)
    (folder / "ratings.csv").write_text("user_id,movie_id,rating,timestamp\n5,1,4,99\n")
    assert not canonical.read(folder).timestamps


def test_an_order_counts_only_where_there_are_no_times(tmp_path: Path) -> None:
    folder = write(tmp_path, ordered=True)
    assert canonical.read(folder).ordered
    (folder / "ratings.csv").write_text("user_id,movie_id,rating,timestamp\n5,1,4,99\n")
    assert not canonical.read(folder).ordered


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        (("train", "probe"), r"ratings\.csv, line 3: part 'probe' is none of train, valid, test"),
        (("train", "valid"), "no part is test"),
        (("test", "valid"), "no part is train"),
    ],
)
def test_parts_that_are_no_split(tmp_path: Path, parts: tuple[str, str], fault: str) -> None:
    folder = write(tmp_path)
    rows = [f"{user},1,4,{part}" for user, part in enumerate(parts)]
    (folder / "ratings.csv").write_text("\n".join(["user_id,movie_id,rating,part", *rows]))
    with pytest.raises(InputError, match=fault):
        canonical.read(folder)


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"scale": [1]}, "dataset.json: scale"),
        ({"positive_at": 9}, "positive_at 9 must lie above 1 and at most at 5"),
        ({"colour": "red"}, "dataset.json: colour: extra inputs"),
    ],
)
def test_a_description_that_makes_no_sense(
    tmp_path: Path, facts: dict[str, object], fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        canonical.read(write(tmp_path, **facts))


def test_half_a_json_file(tmp_path: Path) -> None:
    (write(tmp_path) / "dataset.json").write_text('{"name": ')
    with pytest.raises(InputError, match=r"dataset\.json: the file: invalid json"):
        canonical.read(tmp_path)
