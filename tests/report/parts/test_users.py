"""Which users are shown, and what is shown of them."""

import json
import shutil

import pytest

from stages.contracts.plan import RunPlan
from stages.contracts.rows import ENRICHED, USERS, UserProfile
from stages.core.tables import read_table, write_jsonl, write_model, write_table
from stages.report.page import render
from stages.report.parts.users import explained_users
from stages.report.sources import ReportSources


def test_users_come_by_row_and_no_more_than_asked(sources: ReportSources, plan: RunPlan) -> None:
    for count, ids in ((1, ["u2"]), (10, ["u2", "u1"])):
        shown = explained_users(sources, plan, count)
        assert shown is not None
        assert [user.user_id for user in shown.users] == ids


def test_the_user_whom_the_readme_explains_comes_first(
    sources: ReportSources, plan: RunPlan
) -> None:
    for path in sources.artifacts.rglob("*.jsonl"):
        path.write_text(path.read_text(encoding="utf-8").replace('"u1"', '"42"'), encoding="utf-8")
    path = sources.artifacts / "prepare" / "users.parquet"
    table = read_table(path, USERS)
    write_table(path, table.assign(user_id=table["user_id"].replace("u1", "42")), USERS)
    shown = explained_users(sources, plan, 10)
    assert shown is not None
    assert [user.user_id for user in shown.users] == ["42", "u2"]
    assert "User 42, whom the README explains, and the first other user of" in render(
        sources, plan, 10
    )


def test_a_recommended_item_has_its_year_and_genres(sources: ReportSources, plan: RunPlan) -> None:
    path = sources.artifacts / "enrich" / "movies.parquet"
    table = read_table(path, ENRICHED)
    table["year"], table["genres"] = 1994, [["Drama", "<b>"]] * len(table)
    write_table(path, table, ENRICHED)
    assert ">Dawn<small>1994 · Drama, &lt;b&gt;</small></th>" in render(sources, plan, 10)


def test_a_item_shows_its_places_from_one_and_how_far_it_rose(page: str) -> None:
    assert '5 → 1 <span class="up">▲4</span>' in page


def test_the_judge_has_a_scale_to_100_or_was_not_asked(
    page: str, sources: ReportSources, plan: RunPlan
) -> None:
    assert 'data-name="judge">25</td>' in page
    assert "the judge’s value lies between 0 and 100" in page
    explained, probed = (
        sources.artifacts / stage / "fold-1" / "graph" for stage in ("explain", "probe")
    )
    shutil.copytree(explained / "scored", explained / "none")
    shutil.copy(probed / "scored.json", probed / "none.json")
    unasked = plan.model_copy(update={"strategies": ("none",), "explained": ("none",)})
    without = render(sources, unasked, 10)
    assert 'data-name="judge"' not in without
    assert "the judge’s value" not in without


def test_a_item_without_enriched_title_shows_its_id(sources: ReportSources, plan: RunPlan) -> None:
    path = sources.artifacts / "profile" / "fold-1" / "users.jsonl"
    changed = [
        profile.model_copy(update={"disliked": ("zz",)}) for profile in sources.profiles("fold-1")
    ]
    write_jsonl(path, changed)
    shown = explained_users(sources, plan, 1)
    assert shown is not None
    assert shown.users[0].disliked == ("zz",)


def test_a_user_without_profile_still_has_the_list(sources: ReportSources, plan: RunPlan) -> None:
    none: list[UserProfile] = []
    write_jsonl(sources.artifacts / "profile" / "fold-1" / "users.jsonl", none)
    assert "no profile" in render(sources, plan, 10)


@pytest.mark.parametrize("change", [{"bases": ()}, {"explained": ()}])
def test_nobody_is_shown_where_nothing_is_explained(
    sources: ReportSources, plan: RunPlan, change: dict[str, object]
) -> None:
    assert explained_users(sources, plan.model_copy(update=change), 10) is None


def test_the_models_own_order_is_shown_where_it_is_explained(
    page: str, sources: ReportSources, plan: RunPlan
) -> None:
    own = [
        row.model_copy(update={"strategy": "none"})
        for row in sources.explanations("fold-1", "graph", "scored")
    ]
    folder = sources.artifacts / "explain" / "fold-1" / "graph"
    write_jsonl(folder / "none" / "explanations.jsonl", own)
    probe = sources.artifacts / "probe" / "fold-1" / "graph"
    write_model(probe / "none.json", sources.probe("fold-1", "graph", "scored"))
    unjudged = plan.model_copy(update={"explained": ("scored", "none")})
    metrics = sources.metrics / "rerank.json"
    metrics.write_text("{}", encoding="utf-8")
    shown = explained_users(sources, unjudged, 10)
    assert shown is not None
    assert (shown.ranking, shown.judged) == ("graph", False)
    assert "Before → after" in page
    assert "Before → after" not in render(sources, unjudged, 10)


@pytest.mark.parametrize("valid", [None, {"0.00": 0.1}, {"0.00": 0.1, "0.80": 0.1}])
def test_a_judged_list_that_is_not_known_to_be_better_is_not_shown(
    valid: dict[str, float] | None, sources: ReportSources, plan: RunPlan
) -> None:
    assert explained_users(sources, plan, 10) is not None
    path = sources.metrics / "rerank.json"
    effects = json.loads(path.read_text(encoding="utf-8"))
    if valid is None:
        effects["fold-1"]["graph"]["scored"].pop("fitted")
    else:
        effects["fold-1"]["graph"]["scored"]["fitted"]["valid_ndcg@10"] = valid
    path.write_text(json.dumps(effects), encoding="utf-8")
    assert explained_users(sources, plan, 10) is None
    assert "not known to be better on validation rows" in render(sources, plan, 10)
