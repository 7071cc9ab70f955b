"""The lines of a data set, the examples, and the drawn sample."""

from pathlib import Path

import pytest

from stages.contracts.metrics.memorised import RecitedKind
from stages.core.files import write_text
from stages.data.read import read_dataset
from stages.memorised.lines import EXAMPLES, KindLines, all_lines
from stages.memorised.questions import rest_task
from tests.memorised.reciting import ITEMS, USERS, write_movielens

ML_1M = {
    "movies.dat": "1::Toy Story (1995)::Comedy\n2::Jumanji (1995)::Adventure\n",
    "users.dat": "1::F::1::10::48067\n",
    "ratings.dat": "1::1::5::978300760\n1::2::3::978302109\n",
}
OWN = {
    "dataset.json": '{"name": "own", "scale": [1, 5], "positive_at": 4}',
    "movies.csv": "movie_id,title,year,genres\na,Dusk,1999,\nb,Dawn (2001),2001,\nc,Noon,,\n",
    "ratings.csv": "user_id,movie_id,rating,timestamp\nu,a,3.5,1\nu,b,4,2\n",
    "users.csv": "user_id,gender,age,occupation\nu,F,30,nurse\nv,M,,cook\n",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        write_text(folder / name, text)
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> dict[RecitedKind, KindLines]:
    write_movielens(tmp_path / "tiny")
    return all_lines(tmp_path / "tiny", read_dataset(tmp_path / "tiny"), seed=7)


def test_the_lines_of_movielens_1m_are_those_of_its_files(tmp_path: Path) -> None:
    folder = written(tmp_path, ML_1M)
    lines = all_lines(folder, read_dataset(folder), seed=7)
    assert [(row.start, row.rest) for row in lines["items"].lines] == [
        ("1::", "Toy Story (1995)"),
        ("2::", "Jumanji (1995)"),
    ]
    assert [(row.start, row.rest) for row in lines["users"].lines] == [("1::", "F::1::10::48067")]
    assert (lines["items"].dataset, lines["items"].file) == ("MovieLens 1M", "movies.dat")


def test_an_imported_set_has_its_own_ids_and_titles_with_the_year(tmp_path: Path) -> None:
    folder = written(tmp_path, OWN)
    lines = all_lines(folder, read_dataset(folder), seed=7)
    assert [row.start + row.rest for row in lines["items"].lines] == [
        "a::Dusk (1999)",
        "b::Dawn (2001)",
        "c::Noon",
    ]
    assert [row.start + row.rest for row in lines["users"].lines] == ["u::F::30::nurse"]


def test_a_user_is_shown_ten_interactions_in_order_and_asked_for_the_next(
    tiny: dict[RecitedKind, KindLines],
) -> None:
    first = tiny["interactions"].lines[0]
    assert first.before == tuple(f"1 {1 + k} 2" for k in range(10))
    assert (first.start, first.rest) == ("1 ", "11 2")
    assert len(tiny["interactions"].lines) == USERS


def test_a_user_with_ten_ratings_has_no_next_one(tmp_path: Path) -> None:
    write_movielens(tmp_path)
    rows = (tmp_path / "u.data").read_text().splitlines(keepends=True)
    write_text(tmp_path / "u.data", "".join(rows[:-1]))
    lines = all_lines(tmp_path, read_dataset(tmp_path), seed=7)["interactions"].lines
    assert [row.start for row in lines] == [f"{n} " for n in range(1, USERS)]


def test_an_example_is_never_asked_for(tiny: dict[RecitedKind, KindLines]) -> None:
    items = tiny["items"]
    drawn = items.drawn(None, seed=7)
    assert len(drawn) == ITEMS - EXAMPLES
    assert not set(drawn) & set(items.examples)


def test_a_line_whose_rest_an_example_shows_is_not_asked_for(tmp_path: Path) -> None:
    twice = ML_1M["movies.dat"] + "3::Heat (1995)::Crime\n4::Jumanji (1995)::Drama\n5::Sabrina::\n"
    folder = written(tmp_path, ML_1M | {"movies.dat": twice})
    items = all_lines(folder, read_dataset(folder), seed=7)["items"]
    assert [row.start for row in items.drawn(None, seed=7)] == ["5::"]


def test_a_larger_sample_holds_the_smaller_one_so_that_its_answers_are_kept(
    tiny: dict[RecitedKind, KindLines],
) -> None:
    few, more = tiny["items"].drawn(5, seed=7), tiny["items"].drawn(20, seed=7)
    assert more[:5] == few
    assert tiny["items"].drawn(5, seed=8) != few


def test_the_question_shows_the_examples_complete_and_not_the_answer(
    tiny: dict[RecitedKind, KindLines],
) -> None:
    [asked] = tiny["items"].drawn(1, seed=7)
    messages = [message.content for message in rest_task(tiny["items"], asked).messages()]
    assert '{"rest": "Film  1 (1901)"}' in messages
    assert len(messages) == 2 + 2 * EXAMPLES
    assert not any(asked.rest in message for message in messages)


def test_a_changed_line_changes_the_checksum(tmp_path: Path) -> None:
    before = all_lines(written(tmp_path, ML_1M), read_dataset(tmp_path), seed=7)
    changed = {"movies.dat": ML_1M["movies.dat"].replace("1995", "1996")}
    after = all_lines(written(tmp_path, changed), read_dataset(tmp_path), seed=7)
    assert before["items"].checksum != after["items"].checksum
    assert before["users"].checksum == after["users"].checksum
