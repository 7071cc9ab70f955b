"""The shape of summary.json and headline.json."""

import json

import pytest

from stages.contracts.metrics.numbers import Models, Protocols
from stages.evaluate.output.files import plain
from stages.evaluate.output.numbers import numbers_text
from stages.evaluate.output.summary import (
    family_mean,
    headline,
    summary_of,
    with_family_means,
)

FOLDS: Models = {
    "ease": {f"fold-{n}": {"full": {"ndcg@10": n / 10, "users": n}} for n in range(1, 6)}
}


def test_a_family_is_the_mean_of_its_five_splits_and_the_sum_of_their_users() -> None:
    family = with_family_means(FOLDS)["ease"]["fold"]["full"]
    assert family == {"ndcg@10": pytest.approx(0.3), "users": 15}


def test_a_family_is_left_out_unless_all_five_were_run() -> None:
    four = {"ease": {name: values for name, values in FOLDS["ease"].items() if name != "fold-4"}}
    assert with_family_means(four) == four


def test_a_group_that_one_split_lacks_has_no_family_mean() -> None:
    splits: list[Protocols] = [
        {"full": {"users": 2}, "full/train<10": {"users": 1}},
        {"full": {"users": 3}},
    ]
    assert family_mean(splits) == {"full": {"users": 5}}


def test_a_split_on_which_nobody_counts_takes_no_part_in_its_familys_mean() -> None:
    nobody: Models = {"ease": FOLDS["ease"] | {"fold-1": {}}}
    family = with_family_means(nobody)["ease"]["fold"]["full"]
    assert family == {"ndcg@10": pytest.approx(0.35), "users": 14}
    none: Models = {"ease": {name: {} for name in FOLDS["ease"]}}
    assert with_family_means(none)["ease"]["fold"] == {}


def text(models: Models) -> str:
    """The file as it is written."""
    return numbers_text(plain(summary_of("sample", models)))


def test_text_is_json_with_the_three_keys_a_protocol_a_line_and_five_decimals() -> None:
    written = text(
        {"b": {"fold-1": {"full": {"users": 6, "ndcg@10": 0.5}, "condensed": {}}}, "a": {}}
    )
    assert set(json.loads(written)) == {"dataset", "protocol", "models"}
    assert '    "full": {"ndcg@10": 0.50000, "users": 6}\n' in written
    assert written.index('"a"') < written.index('"b"')
    assert written.index('"condensed": {') < written.index('"full": {')


def test_text_does_not_depend_on_the_order_of_keys() -> None:
    turned = {"ease": dict(reversed(FOLDS["ease"].items()))}
    assert text(turned) == text(FOLDS)


GROUPS = ("full", "full/train<10", "full/n=3", "full/age=25-34", "condensed/gender=F")
GROUPED: Models = {
    "ease": {f"fold-{n}": {name: {"users": n} for name in GROUPS} for n in range(1, 6)}
}


def test_groups_by_trait_stand_once_for_the_family_and_the_others_for_each_split_too() -> None:
    shown = summary_of("sample", with_family_means(GROUPED)).models["ease"]
    assert set(shown["fold"]) == set(GROUPS)
    assert all(set(shown[f"fold-{n}"]) == set(GROUPS[:3]) for n in range(1, 6))
    assert shown["fold-3"]["full/n=3"] == {"users": 3}


def test_groups_by_trait_stay_where_the_family_lacks_a_split_or_one_of_its_rankings() -> None:
    four = {"ease": {name: rows for name, rows in GROUPED["ease"].items() if name != "fold-4"}}
    assert summary_of("sample", with_family_means(four)).models == four
    more = GROUPED | {"ease+scored": {"fold-1": GROUPED["ease"]["fold-1"]}}
    shown = summary_of("sample", with_family_means(more)).models
    assert set(shown["ease"]["fold-1"]) == set(shown["ease+scored"]["fold-1"]) == set(GROUPS)
    assert set(shown["ease"]["fold-2"]) == set(GROUPS[:3])


def test_headline_shows_the_family_where_it_was_run_and_the_first_split_elsewhere() -> None:
    assert headline(with_family_means(FOLDS), "fold-1", 10) == {"ndcg": {"ease": 0.3}}
    assert headline(FOLDS, "fold-2", 10) == {"ndcg": {"ease": 0.2}}


def test_headline_never_sets_a_family_beside_a_split() -> None:
    models = with_family_means(FOLDS | {"ease+scores": {"fold-1": {"full": {"ndcg@10": 0.05}}}})
    assert headline(models, "fold-1", 10) == {"ndcg": {"ease": 0.1, "ease+scores": 0.05}}


def test_headline_leaves_out_a_model_of_further_splits_alone() -> None:
    assert headline({"ridge": {"cold-items-1": {"full": {"ndcg@10": 0.1}}}}, "fold-1", 10) == {
        "ndcg": {}
    }


def test_headline_has_no_controls_and_not_the_judges_own_order() -> None:
    split = {"fold-1": {"full": {"ndcg@10": 0.4, "recall@10": 0.2, "hit@10": 0.9}}}
    names = ("gat", "gat+scores", "gat+scores+fitted", "gat+scores+alone")
    controls = ("gat+shuffle", "gat+oracle", "gat+oracle+top30")
    shown = headline(dict.fromkeys((*names, *controls), split), "fold-1", 10)
    assert shown == {"ndcg": dict.fromkeys(names[:3], 0.4)}


def test_headline_has_models_and_judged_rankings_alone() -> None:
    full = {"fold-1": {"full": {"ndcg@10": 0.5}}}
    names = ("e2ep", "e2ep+scored", "e2ep+learned", "e2ep+oracle", "e2ep+scored+alone")
    shown = headline(dict.fromkeys(names, full), "fold-1", 10)["ndcg"]
    assert list(shown) == ["e2ep", "e2ep+scored"]
