"""The same lists in the form of every tool are the same scores; several systems are told apart."""

import math
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.evaluate.score.liking import liking_from
from stages.evaluate.score.lists import ListScores, score_lists
from stages.evaluate.score.written import LIST_FORMS, lists_as

LISTS = {"u1": ["i3", "i1", "i9"], "u2": ["i2", "i3", "i1"]}
TEST = "user_id,movie_id,rating\nu1,i1,5\nu1,i9,2\nu2,i2,4\n"
TRAIN = "user_id,movie_id,rating\nu1,i2,5\nu2,i9,1\n"
QRELS = "u1 0 i1 1\nu1 0 i9 0\nu2 0 i2 2\n"


def scores(folder: Path, lists: str, test: str = TEST, train: str = TRAIN) -> list[ListScores]:
    paths = [folder / name for name in ("lists", "test", "train")]
    for path, text in zip(paths, (lists, test, train), strict=True):
        path.write_text(text)
    return score_lists(paths[0], paths[1], paths[2])


@pytest.mark.parametrize("form", LIST_FORMS)
def test_lists_written_in_any_form_are_read_back_as_the_same_lists(
    tmp_path: Path, form: str
) -> None:
    [made] = scores(tmp_path, lists_as(form, LISTS, "e2ep"))
    by_hand = (1 + 1 / math.log2(3)) / 2
    assert made.values["ndcg@10"] == pytest.approx(by_hand)
    assert made.system == ("e2ep" if form == "trec" else "")


@pytest.mark.parametrize("form", ["trec", "recbole", "elliot"])
@pytest.mark.parametrize("odd", ["a b", "a\tb", "a\nb", 'a"b', ""])
def test_a_form_that_cannot_hold_an_id_says_so(form: str, odd: str) -> None:
    with pytest.raises(InputError, match="cannot hold; use --form csv"):
        lists_as(form, {"u1": [odd]}, "e2ep")


def test_a_trec_run_is_ordered_by_score_whatever_its_ranks(tmp_path: Path) -> None:
    run = "u1 Q0 i1 1 0.2 a\nu1 Q0 i3 2 0.9 a\nu2 Q0 i2 0 7 a\n"
    [made] = scores(tmp_path, run)
    assert made.values["mrr@10"] == (1 / 2 + 1) / 2


def test_equal_scores_keep_the_order_of_the_file(tmp_path: Path) -> None:
    [made] = scores(tmp_path, "user_id,item_id,score\nu1,i3,1\nu1,i1,1\nu2,i2,1\n")
    assert made.values["mrr@10"] == (1 / 2 + 1) / 2


def test_a_rank_counts_more_than_a_score(tmp_path: Path) -> None:
    [made] = scores(tmp_path, "user_id,item_id,score,rank\nu1,i3,9,2\nu1,i1,1,1\nu2,i2,1,1\n")
    assert made.values["mrr@10"] == 1


def test_lists_with_neither_rank_nor_score_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: no rank and no score in user_id, movie_id"):
        scores(tmp_path, "user_id,item_id\nu1,i3\n")


def test_several_systems_in_one_file_are_measured_apart(tmp_path: Path) -> None:
    table = "system,user_id,item_id,rank\n" + "".join(
        f"{system},{user},{item},{rank}\n"
        for system, lists in (("b", LISTS), ("a", {user: LISTS[user][::-1] for user in LISTS}))
        for user, items in lists.items()
        for rank, item in enumerate(items, 1)
    )
    first, second = scores(tmp_path, table)
    assert (first.system, second.system) == ("a", "b")
    assert first.values["mrr@10"] == (1 / 2 + 1 / 3) / 2
    assert second.values["mrr@10"] == (1 / 2 + 1) / 2


def test_a_pair_may_come_once_for_each_system_and_no_more(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 3: user u1 has item i1 on line 2 already"):
        scores(tmp_path, "system,user_id,item_id,rank\na,u1,i1,1\na,u1,i1,2\n")


def test_qrels_are_relevant_from_one_on(tmp_path: Path) -> None:
    [made] = scores(tmp_path, lists_as("csv", LISTS, ""), QRELS)
    assert (made.positive_at, made.users) == (1, 2)
    assert made.values["mrr@10"] == (1 / 2 + 1) / 2


def test_qrels_take_another_threshold(tmp_path: Path) -> None:
    scores(tmp_path, lists_as("csv", LISTS, ""), QRELS)
    files = [tmp_path / name for name in ("lists", "test", "train")]
    [made] = score_lists(files[0], files[1], files[2], liking=liking_from(2))
    assert (made.positive_at, made.users) == (2, 1)


def test_ratings_of_an_item_called_0_are_no_qrels(tmp_path: Path) -> None:
    u_data = "u1\t0\t5\t100\nu2\ti2\t4\t100\n"
    [made] = scores(tmp_path, "user_id,item_id,rank\nu1,0,1\nu2,i3,1\n", u_data)
    assert (made.positive_at, made.users, made.values["mrr@10"]) == (4, 2, 1 / 2)


def test_without_ratings_each_row_is_relevant_and_that_is_said(tmp_path: Path) -> None:
    bought = "customer,sku\nu1,i1\nu1,i9\nu2,i2\n".replace("sku", "product")
    [made] = scores(tmp_path, lists_as("csv", LISTS, ""), bought, "user,item\nu1,i2\nu2,i9\n")
    assert made.values["recall@10"] == 1
    assert f"{tmp_path / 'test'} has no rating: each of its rows counts as relevant" in made.notes
