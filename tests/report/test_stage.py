"""`python -m stages.report` writes one file, whole or not at all."""

from pathlib import Path

import pytest

from stages.core.files import write_json, write_text
from stages.report.__main__ import main
from stages.report.sources import ReportSources

PARAMS = """
splits: [fold-1]
models: [popularity, graph]
strategies: [scored]
rerank: {bases: [graph], reasons: {strategies: [scored]}}
report: {users: 1}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The run's folder with a params.yaml, as the working folder."""
    write_text(tmp_path / "params.yaml", PARAMS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_shows_as_many_users_as_params_say(here: Path, sources: ReportSources) -> None:
    main(sources.metrics, sources.artifacts, here / "report.html")
    page = (here / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count('<details class="person"') == 1


def test_the_parameters_that_made_the_numbers_are_listed_in_words(
    here: Path, sources: ReportSources
) -> None:
    write_text(
        here / "params.yaml", f"{PARAMS}train: {{graph: {{most_items: 3}}, ease: {{l2: 1}}}}"
    )
    write_json(
        sources.metrics / "record.json", {"params": {"train": "a" * 64}, "models": ["graph"]}
    )
    main(sources.metrics, sources.artifacts, here / "report.html")
    page = (here / "report.html").read_text(encoding="utf-8")
    assert "<dt>graph, most items</dt><dd>3</dd>" in page
    assert "ease, l2" not in page


def test_a_missing_file_leaves_the_old_page_and_one_sentence(
    here: Path, sources: ReportSources, capsys: pytest.CaptureFixture[str]
) -> None:
    write_text(here / "report.html", "old")
    (sources.metrics / "record.json").unlink()
    with pytest.raises(SystemExit):
        main(sources.metrics, sources.artifacts, here / "report.html")
    assert capsys.readouterr().err.count("\n") == 1
    assert (here / "report.html").read_text(encoding="utf-8") == "old"


def test_an_unknown_parameter_is_refused_by_name(
    here: Path, sources: ReportSources, capsys: pytest.CaptureFixture[str]
) -> None:
    write_text(here / "params.yaml", PARAMS.replace("users: 1", "user: 1"))
    with pytest.raises(SystemExit):
        main(sources.metrics, sources.artifacts, here / "report.html")
    assert "report.user in params.yaml is not a known parameter" in capsys.readouterr().err


@pytest.mark.parametrize("file", ["metrics/rerank.json", "artifacts/prepare/card.json"])
def test_a_file_of_another_version_is_named_with_the_key_and_the_cure(
    here: Path, sources: ReportSources, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_json(here / file, {"fold-1": {"graph": {"scored": {"later": 1}}}})
    with pytest.raises(SystemExit):
        main(sources.metrics, sources.artifacts, here / "report.html")
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert f"{file} is damaged, or of another version of e2ep: " in message
    assert "run `e2ep run` to make it again" in message
