"""The shape of summary.json and headline.json."""

import json

import pytest

from stages.evaluate.output.summary import (
    Models,
    family_mean,
    headline,
    summary_text,
    with_families,
)

FOLDS: Models = {
    "ease": {f"fold-{n}": {"full": {"ndcg@10": n / 10, "users": n}} for n in range(1, 6)}
}


def test_a_family_is_the_mean_of_its_five_splits_and_the_sum_of_their_users() -> None:
    family = with_families(FOLDS)["ease"]["fold"]["full"]
    assert family == {"ndcg@10": pytest.approx(0.3), "users": 15}


def test_a_family_is_left_out_unless_all_five_were_run() -> None:
    four = {"ease": {name: values for name, values in FOLDS["ease"].items() if name != "fold-4"}}
    assert with_families(four) == four


def test_a_group_that_one_split_lacks_has_no_family_mean() -> None:
    splits = [{"full": {"users": 2}, "full/train<10": {"users": 1}}, {"full": {"users": 3}}]
    assert family_mean(splits) == {"full": {"users": 5}}


def test_text_is_json_with_the_three_keys_a_protocol_a_line_and_five_decimals() -> None:
    text = summary_text(
        "sample",
        {"b": {"fold-1": {"full": {"users": 6, "ndcg@10": 0.5}, "condensed": {}}}, "a": {}},
    )
    assert set(json.loads(text)) == {"dataset", "protocol", "models"}
    assert '    "full": {"ndcg@10": 0.50000, "users": 6}\n' in text
    assert text.index('"a"') < text.index('"b"')
    assert text.index('"condensed": {') < text.index('"full": {')


def test_text_does_not_depend_on_the_order_of_keys() -> None:
    turned = {"ease": dict(reversed(FOLDS["ease"].items()))}
    assert summary_text("sample", turned) == summary_text("sample", FOLDS)


def test_headline_shows_the_family_where_it_was_run_and_the_first_split_elsewhere() -> None:
    assert headline(with_families(FOLDS), "fold-1", (), 10) == {"ease": {"ndcg@10": 0.3}}
    assert headline(FOLDS, "fold-2", (), 10) == {"ease": {"ndcg@10": 0.2}}


def test_headline_never_sets_a_family_beside_a_split() -> None:
    models = with_families(FOLDS | {"ease+scores": {"fold-1": {"full": {"ndcg@10": 0.05}}}})
    assert headline(models, "fold-1", (), 10) == {
        "ease": {"ndcg@10": 0.1},
        "ease+scores": {"ndcg@10": 0.05},
    }


def test_headline_leaves_out_a_model_of_further_splits_alone() -> None:
    assert headline({"ridge": {"cold-items-1": {"full": {"ndcg@10": 0.1}}}}, "fold-1", (), 10) == {}


def test_headline_has_recall_for_models_alone_and_leaves_the_judges_own_order_out() -> None:
    split = {"fold-1": {"full": {"ndcg@10": 0.4, "recall@10": 0.2, "hit@10": 0.9}}}
    shown = headline(
        {"gat": split, "gat+scores": split, "gat+scores+alone": split}, "fold-1", ("gat",), 10
    )
    assert shown == {"gat": {"ndcg@10": 0.4, "recall@10": 0.2}, "gat+scores": {"ndcg@10": 0.4}}
