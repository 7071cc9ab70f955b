"""Settings of a run: those of files and pages are allowed, a bad value is refused before it."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from e2ep_cli.project.checking import check_changed, check_params
from e2ep_cli.project.overrides import changed_params, parsed_settings
from e2ep_cli.project.places import planned_stages
from e2ep_cli.project.steps import steps
from stages.contracts.splits import NAMES, every_split
from stages.core.errors import ParamError

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TYPED = [
    command
    for page in PAGES
    for command in re.findall(
        r"^\$ (e2ep run .*--set.*)$",
        page.read_text("utf-8").replace("\\\n", " "),
        re.MULTILINE,
    )
]
FILES = [
    path.stem
    for path in sorted((ROOT / "experiments").glob("*.yaml"))
    if path.stem not in ("ablations", "search")
]
"""Settings of runs."""


@pytest.mark.parametrize("name", ["ml-100k", "ml-1m"])
def test_a_settings_file_is_a_run_of_its_data_set(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    settings = parsed_settings([f"@experiments/{name}.yaml"])
    params = changed_params(ROOT, settings)
    check_params(params)
    check_changed(params, settings)
    assert params["dataset"] == name
    assert f"train-further@{name}-e2ep" in planned_stages(ROOT, params)


@pytest.mark.parametrize("settings", FILES)
def test_every_settings_file_is_allowed(settings: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    given = parsed_settings([f"@experiments/{settings}.yaml"])
    check_params(changed_params(ROOT, given))
    check_changed(changed_params(ROOT, given), given)


@pytest.mark.parametrize("command", TYPED)
def test_the_settings_that_a_page_tells_to_type_are_allowed(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    words = shlex.split(command, comments=True)
    values = [value for word, value in pairwise(words) if word == "--set"]
    given = parsed_settings(values)
    check_params(changed_params(ROOT, given))
    check_changed(changed_params(ROOT, given), given)


def test_those_of_movielens_100k_have_every_split_but_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    files = ("ml-100k", "ml-100k-clocks", "ml-100k-new-users")
    settings = [parsed_settings([f"@experiments/{file}.yaml"]) for file in files]
    splits = {split for each in settings for split in every_split(changed_params(ROOT, each))}
    assert splits == set(NAMES) - {"given"}


def test_next_asks_for_profiles_and_judgements_of_its_own_which_the_estimate_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)

    def asking(setting: str) -> set[str]:
        params = changed_params(ROOT, parsed_settings([setting, "shown.strategies=[scored]"]))
        check_params(params)
        return {step.name for step in steps(ROOT, params)}

    more = {"profile-users-shown next", "rerank-shown next e2ep scored"}
    assert asking("shown.splits=[next]") - asking("shown.splits=[]") == more


def test_a_strategy_that_is_not_there_cannot_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    params = changed_params(ROOT, parsed_settings(["shown.strategies=[lerned]"]))
    with pytest.raises(ParamError, match=r"^shown.strategies in params.yaml names 'lerned'; did "):
        check_params(params)


def test_profiles_that_have_seen_valid_rows_cannot_serve_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    published = ["profile.users=published"]
    fault = r"^shown.splits cannot be used with profile.users published: .* with shown.splits=\[\]$"
    with pytest.raises(ParamError, match=fault):
        check_params(changed_params(ROOT, parsed_settings(published)))
    check_params(changed_params(ROOT, parsed_settings([*published, "shown.splits=[]"])))


def test_a_section_that_models_share_is_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    settings = parsed_settings(["train.common.candidates=150"])
    check_changed(changed_params(ROOT, settings), settings)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("train.e2ep.linear.turns=-1", "train.e2ep.linear.turns"),
        ("rerank.strategies={prompt: {pool: 0}}", "rerank.strategies.prompt.pool"),
    ],
)
def test_a_bad_value_of_a_model_or_strategy_is_refused_before_its_stage_runs(
    setting: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    settings = parsed_settings([setting])
    with pytest.raises(ParamError, match=sentence):
        check_changed(changed_params(ROOT, settings), settings)
