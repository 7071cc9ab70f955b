"""Scoring a person's lists, and the paper's own numbers from the paper's own lists."""

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from stages.core.errors import InputError
from stages.evaluate.protocols.named import Protocol
from stages.evaluate.score.liking import liking_from
from stages.evaluate.score.lists import ListScores, score_lists

SHARED = Path(__file__).parents[4] / "shared" / "data"
PAPER = pytest.mark.skipif(
    not (SHARED / "paper-lists").exists(), reason="the paper's lists are not beside the project"
)
KINDS = ("precision", "recall", "ndcg", "map")
TABLE_1 = {
    "als": (0.541, 0.082, 0.197, 0.127),
    "ngcf": (0.633, 0.126, 0.253, 0.162),
    "lightgcn": (0.700, 0.121, 0.347, 0.196),
    "gat": (0.562, 0.105, 0.271, 0.202),
    "unified": (0.566, 0.183, 0.335, 0.271),
}
ALL_USERS = {
    "als": (0.686, 0.163, 0.399, 0.159),
    "ngcf": (0.716, 0.191, 0.483, 0.184),
    "lightgcn": (0.692, 0.153, 0.419, 0.157),
    "gat": (0.751, 0.149, 0.442, 0.161),
    "unified": (0.771, 0.217, 0.529, 0.217),
}
FULL_NDCG = {"lightgcn": 0.305, "ngcf": 0.382, "unified": 0.424}


def scored(lists: Path, test: Path, train: Path, **options: Any) -> ListScores:
    """The scores of lists that name no system."""
    [scores] = score_lists(lists, test, train, **options)
    return scores


def paper(
    name: str, protocol: Protocol = "full", fewer_than: int | None = None
) -> dict[str, float | None]:
    lists, folder = SHARED / "paper-lists" / f"{name}.csv", SHARED / "ml-100k"
    return scored(
        lists, folder / "u1.test", folder / "u1.base", protocol=protocol, fewer_than=fewer_than
    ).values


@PAPER
@pytest.mark.parametrize("name", TABLE_1)
def test_equals_table_1_of_the_paper(name: str) -> None:
    values = paper(name, protocol="condensed", fewer_than=10)
    assert [values[f"{kind}@10"] for kind in KINDS] == pytest.approx(TABLE_1[name], abs=1e-3)


@PAPER
@pytest.mark.parametrize("name", ALL_USERS)
def test_equals_the_papers_protocol_over_all_users(name: str) -> None:
    values = paper(name, protocol="condensed")
    assert [values[f"{kind}@10"] for kind in KINDS] == pytest.approx(ALL_USERS[name], abs=1e-3)


@PAPER
@pytest.mark.parametrize("name", FULL_NDCG)
def test_equals_the_papers_lists_measured_in_full(name: str) -> None:
    assert paper(name)["ndcg@10"] == pytest.approx(FULL_NDCG[name], abs=1e-3)


@PAPER
def test_six_users_stand_behind_table_1() -> None:
    folder = SHARED / "ml-100k"
    lists = SHARED / "paper-lists" / "als.csv"
    scores = scored(
        lists, folder / "u1.test", folder / "u1.base", protocol="condensed", fewer_than=10
    )
    assert scores.users == 6
    assert {name: scores.counted[f"{name}@10"] for name in KINDS} == {
        "precision": 4,
        "recall": 6,
        "ndcg": 4,
        "map": 3,
    }


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Of two users anna likes two and sees one on top, ben has no list; both are in training."""
    lists, test, train = tmp_path / "lists.csv", tmp_path / "test.csv", tmp_path / "train.data"
    lists.write_text("user_id,movie_id,recommendation_rank\nanna,m9,1\nanna,m1,2\nanna,m5,3\n")
    test.write_text("userId,movieId,rating\nanna,m1,5\nanna,m2,4\nanna,m5,2\nben,m1,4\n")
    train.write_text("anna\tm9\t5\t0\nanna\tm8\t1\t0\nben\tm9\t3\t0\n")
    return lists, test, train


def test_drops_training_items_and_counts_a_user_without_a_list_as_zero(
    files: tuple[Path, Path, Path],
) -> None:
    scores = scored(*files, k=1)
    assert scores.users == 2
    assert (scores.values["precision@1"], scores.values["recall@1"]) == (0.5, 0.25)


def test_keeps_users_with_strictly_fewer_training_ratings(files: tuple[Path, Path, Path]) -> None:
    assert scored(*files, fewer_than=2).users == 1
    assert scored(*files, fewer_than=3).users == 2


def test_a_metric_that_counts_nobody_is_none(files: tuple[Path, Path, Path]) -> None:
    scores = scored(*files, protocol="condensed", fewer_than=2)
    assert (scores.values["precision@10"], scores.counted["precision@10"]) == (None, 0)
    assert (scores.values["recall@10"], scores.counted["recall@10"]) == (0.0, 1)


def test_the_order_of_lines_and_columns_changes_nothing(files: tuple[Path, Path, Path]) -> None:
    before = scored(*files)
    files[0].write_text(
        "recommendation_rank,user_id,note,movie_id\n3,anna,,m5\n1,anna,x,m9\n2,anna,,m1\n"
    )
    files[1].write_text("rating,item_id,user_id\n4,m1,ben\n2,m5,anna\n4,m2,anna\n5,m1,anna\n")
    assert scored(*files) == before


@pytest.mark.parametrize("form", ["gzip", "Parquet", "JSON lines", "UTF-16", "double colons"])
def test_the_form_of_the_files_changes_nothing(files: tuple[Path, Path, Path], form: str) -> None:
    before = scored(*files)
    frames = [pd.read_csv(path) for path in files[:2]]
    frames.append(pd.read_csv(files[2], sep="\t", names=["user", "item", "rating", "time"]))
    for path, frame in zip(files, frames, strict=True):
        match form:
            case "gzip":
                path.write_bytes(gzip.compress(path.read_bytes()))
            case "Parquet":
                frame.to_parquet(path)
            case "JSON lines":
                frame.to_json(path, orient="records", lines=True)
            case "UTF-16":
                path.write_text(path.read_text(), encoding="utf-16")
            case _:
                path.write_text(path.read_text().replace(",", "::").replace("\t", "::"))
    assert scored(*files) == before


@pytest.mark.parametrize("place", [0, 1])
def test_files_without_a_header_are_called_that(files: tuple[Path, Path, Path], place: int) -> None:
    files[place].write_text("1 7\n1 9\n")
    with pytest.raises(InputError, match="has no header, its first line being 1 7; add a line"):
        scored(*files)


def test_rows_without_any_value_are_noted(files: tuple[Path, Path, Path]) -> None:
    before = scored(*files)
    for path in files[:2]:
        path.write_text(path.read_text() + ",,\n")
    notes = scored(*files).notes
    left_out = [f"{name}.csv: 1 row without any value left out" for name in ("lists", "test")]
    assert notes == (*left_out, *before.notes)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(
    files: tuple[Path, Path, Path],
) -> None:
    before = scored(*files)
    files[0].write_bytes(b"\xef\xbb\xbf" + files[0].read_bytes().replace(b"\n", b"\r\n"))
    assert scored(*files) == before


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_files_are_read_whatever_separates_their_values(
    files: tuple[Path, Path, Path], separator: str
) -> None:
    before = scored(*files)
    for file in files[:2]:
        file.write_text(file.read_text().replace(",", separator))
    assert scored(*files) == before


def test_quotation_marks_mean_nothing_in_the_form_of_u_data(
    files: tuple[Path, Path, Path],
) -> None:
    files[2].write_text('ben\t"m8\t1\t0\nben\t"m9\t3\t0\nben\tm7\t3\t0\n')
    assert scored(*files, fewer_than=3).users == 1
    assert scored(*files, fewer_than=4).users == 2


@pytest.mark.parametrize("line", ["ben\tm9\t3\n", "ben\tm9\t3\t0\tx\ty\n"])
def test_u_data_may_lack_times_or_have_more_columns(
    files: tuple[Path, Path, Path], line: str
) -> None:
    files[2].write_text(line)
    assert scored(*files).users == 2


def test_a_header_alone_says_that_there_are_no_training_ratings(
    files: tuple[Path, Path, Path],
) -> None:
    files[2].write_text("user_id,movie_id,rating\n")
    assert scored(*files, k=1).values["precision@1"] == 0.0


def test_the_columns_of_the_contract_come_before_all_that_look_like_them(
    files: tuple[Path, Path, Path],
) -> None:
    before = scored(*files)
    files[0].write_text(
        "id,user,movie,rank,user_id,movie_id,recommendation_rank\n"
        "1,Anna,Nine,3,anna,m9,1\n2,Anna,One,2,anna,m1,2\n3,Anna,Five,1,anna,m5,3\n"
    )
    assert scored(*files) == before


HEAD = "user_id,movie_id,recommendation_rank\n"
BAD_LISTS = {
    "column": (
        "user_id,movie_id\nanna,m1\n",
        "line 1: no rank and no score in user_id, movie_id; call one of them ",
    ),
    "number of the row": (
        "id,user_id,rank\n1,anna,1\n",
        "line 1: no item column in id, user_id, rank; call it movie_id",
    ),
    "empty": ("", "is empty"),
    "no rows": (HEAD, "has no rows below its header"),
    "open quote": (HEAD + 'anna,"m1,x,1\n', "line 2: unexpected end of data"),
    "rank": (
        HEAD + "anna,m1,1\nanna,m2,2.5\n",
        "line 3: recommendation_rank 2.5 is not a whole number from 1 to 999999999; correct it",
    ),
    "long rank": (HEAD + f"anna,m1,{10**30}\n", "line 2: recommendation_rank"),
    "item twice": (
        HEAD + "anna,m1,1\n\nanna,m1,2\n",
        "line 4: user anna has item m1 on line 2 already; keep one",
    ),
    "rank twice": (
        HEAD + "anna,m1,1\nanna,m2,01\n",
        "line 3: user anna has rank 1 on line 2 already; give every rank once",
    ),
    "users": (
        HEAD + "carl,m1,1\n",
        "train.data, such as carl; write the ids as they are there: anna … ben (2 in all)",
    ),
    "items": (
        HEAD + "anna,x1,1\n",
        "train.data, such as x1; write the ids as they are there: m1 … m9 (5 in all)",
    ),
    "blank": (HEAD + "anna,,1\n", "line 2: movie_id is empty; fill it in"),
    "short": (HEAD + "anna,m1,1\nanna,m2\n", "line 3: 2 values where 3 are expected"),
}


@pytest.mark.parametrize("case", BAD_LISTS)
def test_bad_lists_are_refused_with_their_line(files: tuple[Path, Path, Path], case: str) -> None:
    text, sentence = BAD_LISTS[case]
    files[0].write_text(text)
    with pytest.raises(InputError) as error:
        scored(*files)
    assert "lists.csv" in str(error.value)
    assert sentence in str(error.value)


BAD_TESTS = {
    "rating": (b"user_id,movie_id,rating\nanna,m1,good\n", "line 2: rating 'good' is not a number"),
    "infinite": (b"user_id,movie_id,rating\nanna,m1,nan\n", "line 2: rating 'nan' is not a number"),
    "pair twice": (
        b"anna\tm1\t4\t0\nanna\tm1\t3\t0\n",
        "line 2: user anna has already rated item m1 on line 1; keep one",
    ),
    "in training": (
        b"user_id,movie_id,rating\nanna,m1,5\nanna,m8,4\n",
        "line 3: user anna's rating of movie m8 is in",
    ),
    "nothing liked": (
        b"user_id,movie_id,rating\nanna,m1,2\n",
        "no user has a rating of at least 4 in",
    ),
    "off the scale": (
        b"user_id,movie_id,rating\nanna,m1,5\nanna,m2,9\n",
        "line 3: rating 9 is above 5; give --positive-at, the lowest rating that counts as liked",
    ),
    "nothing in common": (
        b"user_id,movie_id,rating\nANNA,x1,5\n",
        "have no user and no item in common",
    ),
    "encoding": (
        b"user_id,movie_id,rating\nanna,m1,5\nJos\xe9,m1,4\n",
        "line 3: byte 37 is not UTF-8",
    ),
}


@pytest.mark.parametrize("case", BAD_TESTS)
def test_bad_ratings_are_refused_with_their_line(files: tuple[Path, Path, Path], case: str) -> None:
    content, sentence = BAD_TESTS[case]
    files[1].write_bytes(content)
    with pytest.raises(InputError) as error:
        scored(*files)
    assert "test.csv" in str(error.value)
    assert sentence in str(error.value)


def test_a_missing_file_is_named(files: tuple[Path, Path, Path]) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv is not there"):
        scored(files[0].with_name("nowhere.csv"), files[1], files[2])


@pytest.mark.parametrize(("positive_at", "hit"), [(4, 1.0), (4.5, 0.5), (8, 0.0)])
def test_a_rating_counts_as_liked_from_the_threshold_up(
    files: tuple[Path, Path, Path], positive_at: float, hit: float
) -> None:
    """Out of 10: anna's list begins with a 4, ben's with a 5, and both like another item more."""
    files[0].write_text(HEAD + "anna,m1,1\nben,m1,1\n")
    files[1].write_text("user,item,rating\nanna,m1,4\nanna,m2,9\nben,m1,5\nben,m3,10\n")
    files[2].write_text("user,item,rating\nanna,m4,8\nben,m4,7\n")
    scores = scored(*files, k=2, liking=liking_from(positive_at))
    assert (scores.values["hit@2"], scores.users) == (hit, 2)
    assert scores.flat()["positive_at"] == positive_at


def test_a_training_rating_off_the_scale_is_refused_too(files: tuple[Path, Path, Path]) -> None:
    files[2].write_text("anna\tm9\t5\t0\nben\tm9\t5.5\t0\n")
    with pytest.raises(InputError, match=r"train\.data, line 2: rating 5\.5 is above 5"):
        scored(*files)


def test_items_that_match_nothing_are_counted_with_the_form_that_they_lost(
    files: tuple[Path, Path, Path],
) -> None:
    """Without their leading zeros half of the listed items are nobody's."""
    files[0].write_text(
        HEAD + "anna,113277,1\nanna,1234567,2\nben,68646.0,1\nben,1375666,2\nben,5,3\n"
    )
    files[1].write_text(
        "user,item,rating\nanna,0113277,5\nanna,1234567,4\nben,0068646,5\nben,1375666,2\n"
    )
    files[2].write_text("user,item,rating\nanna,0111161,4\nben,0111161,5\n")
    scores = scored(*files, k=2)
    assert scores.listed["items"] == {"listed": 5, "unknown": 3}
    assert scores.flat()["listed"] == scores.listed
    (note,) = scores.notes
    assert note.startswith("without a match in ")
    assert "3 of 5 items in " in note
    assert "such as 113277, where 0113277 is known; none of them can be a hit" in note
    files[0].write_text(HEAD + "anna,0113277,1\nanna,1234567,2\nben,0068646,1\nben,1375666,2\n")
    again = scored(*files, k=2)
    assert (again.notes, again.values["recall@2"]) == ((), 1.0)


def test_users_that_match_nothing_are_counted_and_so_are_those_without_a_list(
    files: tuple[Path, Path, Path],
) -> None:
    before = scored(*files)
    assert before.notes == (
        "no list for 1 of 2 users with a relevant test item; each counts as zero",
    )
    files[0].write_text(files[0].read_text() + "Ben,m1,1\ncarl,m1,1\n")
    scores = scored(*files)
    assert scores.values == before.values
    assert scores.listed["users"] == {"listed": 3, "unknown": 2, "without_list": 1}
    assert "2 of 3 users in " in scores.notes[0]
    assert "such as Ben, where ben is known; their lists are left out" in scores.notes[0]


@pytest.mark.parametrize(
    ("train", "note"),
    [
        ("u1\tm9\t5\n", "2 of 2 users in "),
        ("anna\t09\t5\n", ""),
        ("anna\tM1\t5\n", "3 of 3 items in "),
    ],
)
def test_training_ratings_of_nobody_in_the_test_are_pointed_out(
    files: tuple[Path, Path, Path], train: str, note: str
) -> None:
    """Otherwise nothing is dropped from the lists, and nobody sees it."""
    files[2].write_text(train + "x\tm2\t3\n" * ("users" in note))
    found = [each for each in scored(*files).notes if f"in {files[2]}: " in each]
    assert len(found) == bool(note)
    assert all(note in each for each in found)
