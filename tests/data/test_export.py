"""Data sets in the files of other tools, read back."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from stages.core.errors import InputError
from stages.data.dataset import Dataset, movie_frame, user_frame
from stages.data.export import EXPORT_FORMS, export, parts_of
from stages.data.formats.own import Own, read_own
from stages.data.sheets.meaning import Meaning
from stages.evaluate.score.lists import score_lists

RATINGS = pd.DataFrame(
    {
        "user_id": ["u1", "u1", "u2"],
        "movie_id": ["i1", "i2", "i1"],
        "rating": [5.0, 2.5, 4.0],
        "timestamp": [100, 200, 300],
    }
)


NONE = float("nan")


def shop() -> Dataset:
    return Dataset(
        name="shop",
        kind="csv",
        movies=movie_frame(["i1", "i2"], ["One\tTwo", "B"], [1990, NONE], [["A b", "C"], []]),
        users=user_frame(["u1", "u2"], ["F", None], [30, NONE], [None, "chef"]),
        ratings=RATINGS,
        scale=(0.5, 5.0),
        positive_at=4.0,
        implicit=False,
        timestamps=True,
        simulated=False,
        description="",
    )


def table(path: Path, separator: str) -> list[list[str]]:
    return [line.split(separator) for line in path.read_text().splitlines()]


def test_recbole_reads_typed_headers_and_words_without_tabs(tmp_path: Path) -> None:
    export(shop(), {"": RATINGS}, "recbole", tmp_path / "out")
    inter, item, user = (
        table(tmp_path / "out" / f"shop.{kind}", "\t") for kind in ("inter", "item", "user")
    )
    assert inter[:2] == [
        ["user_id:token", "item_id:token", "rating:float", "timestamp:float"],
        ["u1", "i1", "5.0", "100"],
    ]
    assert item[1] == ["i1", "One Two", "1990", "A_b C"]
    assert user[0] == ["user_id:token", "age:float", "gender:token", "occupation:token"]


def test_a_split_is_a_file_per_part_with_the_sets_own_ratings(tmp_path: Path) -> None:
    pairs = {"train": RATINGS[1:], "valid": RATINGS[:0], "test": RATINGS[:1]}
    on_common_scale = {part: rows.assign(rating=1.0) for part, rows in pairs.items()}
    parts = parts_of(shop(), on_common_scale)
    files = export(shop(), parts, "lenskit", tmp_path / "out")
    assert [file.name for file in files] == ["train.csv", "valid.csv", "test.csv", "items.csv"]
    train = pd.read_csv(tmp_path / "out" / "train.csv")
    assert train.to_dict("list") == {
        "user_id": ["u1", "u2"],
        "item_id": ["i2", "i1"],
        "rating": [2.5, 4.0],
        "timestamp": [200, 300],
    }


def test_trec_qrels_are_relevant_from_the_sets_threshold_on(tmp_path: Path) -> None:
    export(shop(), {"test": RATINGS}, "trec", tmp_path / "out")
    assert (tmp_path / "out" / "test.qrels").read_text() == "u1 0 i1 1\nu1 0 i2 0\nu2 0 i1 1\n"


def test_unknown_times_are_left_out(tmp_path: Path) -> None:
    export(replace(shop(), timestamps=False), {"": RATINGS}, "lenskit", tmp_path / "out")
    assert table(tmp_path / "out" / "ratings.csv", ",")[0] == ["user_id", "item_id", "rating"]


@pytest.mark.parametrize(
    ("form", "ratings", "items", "users"),
    [
        ("recbole", "shop.inter", "shop.item", "shop.user"),
        ("lenskit", "ratings.csv", "items.csv", None),
    ],
)
def test_what_is_written_is_read_back(
    tmp_path: Path, form: str, ratings: str, items: str, users: str | None
) -> None:
    out = tmp_path / "out"
    export(shop(), {"": RATINGS}, form, out)
    own = Own(out / ratings, out / items, out / users if users else None)
    back = read_own("back", own, Meaning((0.5, 5.0))).data
    told = back.ratings[list(RATINGS)].astype({"rating": float})
    assert told.to_dict("list") == RATINGS.to_dict("list")
    assert back.movies["title"][1] == "B"
    if form == "recbole":
        assert back.movies["title"][0] == "One Two"
        assert back.movies["genres"].tolist() == [["A_b", "C"], []]
        assert back.movies["year"].tolist()[0] == 1990
        assert back.users["occupation"].tolist() == [None, "chef"]


def test_qrels_that_are_written_are_scored(tmp_path: Path) -> None:
    export(shop(), {"test": RATINGS}, "trec", tmp_path / "out")
    (tmp_path / "lists").write_text("u1 Q0 i2 1 2 m\nu1 Q0 i1 2 1 m\nu2 Q0 i1 1 1 m\n")
    (tmp_path / "train").write_text("user_id,item_id\nu1,i9\nu2,i9\n")
    [made] = score_lists(tmp_path / "lists", tmp_path / "out/test.qrels", tmp_path / "train")
    assert (made.users, made.values["mrr@10"]) == (2, (1 / 2 + 1) / 2)


@pytest.mark.parametrize("form", EXPORT_FORMS)
def test_nothing_is_written_into_a_folder_that_holds_something(tmp_path: Path, form: str) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(InputError, match="is not an empty folder"):
        export(shop(), {"": RATINGS}, form, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("form", ["trec", "recbole"])
@pytest.mark.parametrize("outside", ["u 1", 'u"1', "u\t1"])
def test_an_id_that_a_form_cannot_hold_is_named(tmp_path: Path, form: str, outside: str) -> None:
    users = user_frame([outside], [None], [NONE], [None])
    with pytest.raises(InputError, match=f"a blank or a quotation mark, which the form {form}"):
        export(replace(shop(), users=users), {"": RATINGS}, form, tmp_path / "out")
    assert not (tmp_path / "out").exists()
