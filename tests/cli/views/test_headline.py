"""The table at the end of `e2ep run`."""

import json
from pathlib import Path
from typing import Any

import pytest

from e2ep_cli.views.headline import show_headline
from tests.report.conftest import card

RULES = "offline rules, not a language model"
NDCG = {
    "e2ep": 0.3,
    "e2ep+oracle": 0.9,
    "e2ep+scored": 0.2,
    "e2ep+shuffle": 0.1,
    "ease": 0.25,
}
PARAMS = {"dataset": "tiny", "splits": ["fold-1"], "evaluate": {"k": [10]}}


def printed(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ndcg: dict[str, float],
    judge: str | dict[str, str] = RULES,
    memorised: dict[str, Any] | None = None,
    split: str = "fold-1",
    refit: bool = True,
    timestamps: bool = True,
    words: dict[str, Any] | None = None,
) -> list[str]:
    """The lines at 80 columns, piped."""
    monkeypatch.setenv("COLUMNS", "80")
    answered = (judge if isinstance(judge, dict) else {"scores": judge}).items()
    numbers = folder / "metrics/tiny"
    numbers.mkdir(parents=True)
    values: dict[str, Any] = {name: {"ndcg@10": value} for name, value in ndcg.items()}
    place = split if refit else f"{split}/no-refit"
    models = {name: {place: {"full": row | {"users": 3}}} for name, row in values.items()}
    models = models or {"e2ep": {"fold-1": {}}}
    summary = {"dataset": "tiny", "models": models, "protocol": {}}
    for name, content in {
        "headline": values,
        "summary": summary,
        "llm": {"rerank-e2ep-scored-fold-1": {task: {who: llm_row()} for task, who in answered}},
    }.items():
        (numbers / f"{name}.json").write_text(json.dumps(content))
    prepared = folder / "artifacts/tiny/prepare"
    prepared.mkdir(parents=True)
    facts = card((split,), simulated=True) | {"timestamps": timestamps}
    (prepared / "card.json").write_text(json.dumps(facts))
    (prepared / "words.json").write_text(json.dumps(words or {}))
    if memorised:
        (numbers / "memorised.json").write_text(json.dumps(memorised))
    own = {"splits": [split], "train": {"common": {"refit": refit}}}
    show_headline(folder, PARAMS | own)
    return capsys.readouterr().out.splitlines()


def llm_row() -> dict[str, Any]:
    row = json.loads((Path(__file__).parents[3] / "metrics/sample/llm.json").read_text())
    step = next(tasks for name, tasks in row.items() if name.startswith("rerank-"))
    return dict(next(iter(next(iter(step.values())).values())))


def test_the_best_that_is_no_control_is_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, NDCG)
    (best,) = [line for line in lines if "best" in line and "│" in line]
    assert best.split()[1] == "e2ep"


def test_where_nobody_could_be_measured_a_sentence_takes_the_place_of_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, {})
    assert lines == [
        "tiny, fold-1: no user has a relevant test item, so no ranking could be measured; take "
        "another split or more data",
        f"report: {tmp_path / 'report.html'}",
    ]


def test_a_reranking_that_is_best_is_marked_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, NDCG | {"e2ep+scored": 0.4})
    (best,) = [line for line in lines if "best" in line and "│" in line]
    assert best.split()[1] == "e2ep+scored"
    assert "best, offline judge" in best


def test_an_offline_judge_is_marked_and_said_to_be_no_language_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, NDCG)
    (judged,) = [line for line in lines if "│" in line and "offline judge" in line]
    assert judged.split()[1] == "e2ep+scored"
    assert f"offline judge: {RULES}" in lines
    assert max(map(len, lines[:-1])) <= 80


def test_a_language_model_is_named_and_not_called_offline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, NDCG, judge="gemma-3-4b")
    assert any("gemma-3-4b" in line and "e2ep+scored" in line for line in lines)
    assert not any("offline" in line for line in lines)


def test_who_gives_reasons_is_no_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reranker judges, and the rules give reasons."""
    answered = {"score": "Qwen3-Reranker-0.6B", "explain": RULES}
    lines = printed(tmp_path, capsys, monkeypatch, NDCG, judge=answered)
    assert any("Qwen3-Reranker-0.6B" in line for line in lines)
    assert not any("offline" in line for line in lines)


def recited(share: float, low: float, high: float) -> dict[str, Any]:
    counts = {"asked": 500, "known": round(500 * share), "close": share, "shuffled": 0.0}
    facts = {"unanswered": 0, "date": "2026-11-28", "prompt": "recite-items-1", "data": "0"}
    return {"share": share, "low": low, "high": high} | counts | facts


def test_beside_a_language_model_stands_what_it_recites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = {"interactions": recited(0.094, 0.0716, 0.1227), "items": recited(0.808, 0.771, 0.84)}
    lines = printed(
        tmp_path, capsys, monkeypatch, NDCG, "gpt-x", {"gpt-x": shares, "other": shares}
    )
    [row] = [line for line in lines if "e2ep+scored" in line]
    assert "gpt-x, recites 80.8 %" in row
    said = (
        "gpt-x recites 80.8 % of the items (77.1 to 84.0, n = 500), "
        "9.4 % of the interactions (7.2 to 12.3, n = 500)"
    )
    assert said in " ".join(" ".join(lines).split())
    assert "other" not in " ".join(lines)
    assert max(map(len, lines[:-1])) <= 80


def test_a_language_model_that_was_not_measured_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, NDCG, judge="gpt-x")
    assert "gpt-x: memorisation not measured; for a chat model, `e2ep memorised` does" in lines
    assert max(map(len, lines[:-1])) <= 80


def test_of_offline_rules_nothing_is_said_to_be_memorised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, NDCG)
    assert not any("memoris" in line or "recites" in line for line in lines)


@pytest.mark.parametrize(("split", "warned"), [("last", True), ("temporal", False)])
@pytest.mark.parametrize("refit", [True, False])
def test_where_numbers_of_last_are_shown_a_sentence_says_what_it_lets_into_training(
    split: str,
    warned: bool,
    refit: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = printed(tmp_path, capsys, monkeypatch, NDCG, split=split, refit=refit)
    assert f"tiny, {split}{'' if refit else '/no-refit'}, full ranking" in lines[0]
    said = "last: other users’ later ratings are in training" in " ".join(lines)
    assert said == warned


@pytest.mark.parametrize(
    ("split", "timestamps", "models", "missing"),
    [
        ("temporal", True, ("ease", "e2ep"), True),
        ("last", True, ("ease", "e2ep"), True),
        ("last", False, ("ease", "e2ep"), False),
        ("global", True, ("ease", "recent"), False),
        ("fold-1", True, ("ease", "e2ep"), False),
    ],
)
def test_a_split_by_time_without_the_baseline_of_time_says_what_to_add(
    split: str,
    timestamps: bool,
    models: tuple[str, ...],
    missing: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ndcg = dict.fromkeys(models, 0.3)
    lines = printed(tmp_path, capsys, monkeypatch, ndcg, split=split, timestamps=timestamps)
    assert any(line.endswith("add recent to models") for line in lines) == missing


def test_the_sentence_about_last_has_the_words_of_the_data_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = {"item": "product", "items": "products", "verb": "buy", "implicit": True}
    lines = printed(tmp_path, capsys, monkeypatch, NDCG, split="last", words=shop)
    assert "last: other users’ later purchases are in training" in " ".join(lines)
    assert "rating" not in " ".join(lines)
