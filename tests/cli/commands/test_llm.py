"""`e2ep llm export` and `prune` after a run that used stored answers; `e2ep cost --spent`."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from e2ep_cli.main import app
from e2ep_cli.project.steps import steps
from e2ep_cli.runs.folder import make_folder
from e2ep_cli.runs.run import main_run, new_run
from stages.contracts.calls import Asked
from stages.core.tables import write_model
from stages.llm.chat import Reply, Usage
from stages.llm.prices.presets import PRESETS
from stages.llm.prices.prices import Price
from stages.llm.store.cache import AnswerCache, cache_key
from stages.llm.store.ledger import Ledger
from stages.llm.task import Task
from stages.llm.wrappers.cached import Cached
from stages.llm.wrappers.recorded import Recorded
from tests.llm.conftest import Scripted, make_task, says

ROOT = Path(__file__).parents[3]
GOOD = Reply(
    text='{"label": "a", "score": 1}',
    model="script-1",
    usage=Usage(input_tokens=1000, output_tokens=100),
)
MODEL = says(GOOD)


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, [*words], env={"COLUMNS": "120"})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two answers are kept; the run used the first one, in every step."""
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("E2EP_CACHE_DIR", raising=False)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    ask_both(tmp_path / ".cache")
    used = Asked(calls=(), keys=(cache_key(MODEL, make_task(("used",))),))
    for step in steps(Path(), main_run(Path()).params):
        write_model(step.file, used)
    return tmp_path


def ask_both(folder: Path) -> None:
    ledger = Ledger(folder / "ledger.sqlite")
    recorded = Recorded(MODEL, ledger, Price(input=1, output=10), 100)
    cache = Cached(recorded, AnswerCache(folder / "replies.sqlite"))
    for name in ("used", "left"):
        asyncio.run(cache.reply(make_task((name,))))
    cache.close()
    ledger.close()


def test_export_writes_the_answers_of_the_last_run_alone(project: Path) -> None:
    done = typed("llm", "export", "answers.jsonl")
    assert done.exit_code == 0, done.output
    [line] = (project / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert "used" in json.loads(line)["asked"][-1]["content"]
    assert "--set llm.provider=replay --set llm.replay=answers.jsonl" in done.output.replace(
        "\n", " "
    )


JUDGE = {"model": "r", "base_url": "http://127.0.0.1:8000/v1"}
LOCAL = {"provider": "openai", "model": "gemma4:e4b"}


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        (
            {"rerank.users": 9, "llm.provider": "openai", "llm.budgets.dollars": 1},
            "--dataset sample --set rerank.users=9 --set llm.provider=replay --set llm.replay=a",
        ),
        (
            {"llm.provider": "openai", "llm.users": "offline"},
            "--dataset sample --set llm.users=offline --set llm.provider=replay --set llm.replay=a",
        ),
        (
            {"llm.judge": JUDGE},
            "--dataset sample --set 'llm.judge={base_url: '\"'\"'http://127.0.0.1:8000/v1'\"'\"', "
            "model: r}' --set llm.replay=a",
        ),
        (
            {"llm.users": LOCAL},
            "--dataset sample --set 'llm.users={provider: replay}' --set llm.replay=a",
        ),
    ],
)
def test_export_names_the_command_that_repeats_the_run_with_its_settings(
    project: Path, settings: dict[str, Any], command: str
) -> None:
    for name in (".dvcignore", ".dvc/config"):
        (project / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    run = new_run(project, "mine", settings)
    make_folder(run)
    used = Asked(calls=(), keys=(cache_key(MODEL, make_task(("used",))),))
    for step in steps(run.folder, run.params):
        write_model(step.file, used)
    done = typed("llm", "export", "a", "--run", "mine")
    assert done.stdout.splitlines()[-1] == f"to repeat the run from it: e2ep run {command}"


def test_export_of_a_run_with_offline_rules_says_so(project: Path) -> None:
    for step in steps(Path(), main_run(Path()).params):
        write_model(step.file, Asked(calls=()))
    done = typed("llm", "export", "answers.jsonl")
    assert (done.exit_code, (project / "answers.jsonl").exists()) == (1, False)
    assert "run main used no stored answer" in done.stderr


def test_export_before_any_run_says_so(project: Path) -> None:
    shutil.rmtree(project / "artifacts")
    done = typed("llm", "export", "answers.jsonl")
    assert done.exit_code == 1
    assert "run main has asked nothing yet; start it with `e2ep run`" in done.stderr


@pytest.mark.usefixtures("project")
class TestPrune:
    """What `e2ep llm prune` deletes."""

    def test_without_yes_it_lists_and_deletes_nothing(self) -> None:
        assert "nothing was deleted; add --all --yes" in typed("llm", "prune").output
        assert "nothing was deleted; add --yes" in typed("llm", "prune", "--task", "pick").output
        assert "│ pick │ script-1 │       2 │" in typed("llm", "prune").output

    def test_what_fits_is_deleted(self) -> None:
        assert "no answer matches" in typed("llm", "prune", "--model", "other", "--yes").output
        assert "no answer matches" in typed("llm", "prune", "--older-than", "1", "--yes").output
        assert (
            "deleted 2 answers"
            in typed("llm", "prune", "--task", "pick", "--model", "script", "--yes").output
        )
        assert "no answer matches" in typed("llm", "prune").output

    @pytest.mark.parametrize("words", [["--yes"], ["--yes", "--all", "--model", "script-1"]])
    def test_deleting_wants_to_be_told_which(self, words: list[str]) -> None:
        done = typed("llm", "prune", *words)
        assert (done.exit_code, "say which answers to delete" in done.stderr) == (1, True)
        assert "│       2 │" in typed("llm", "prune").output


@pytest.mark.usefixtures("project")
def test_what_was_spent_is_shown_by_task_and_model() -> None:
    [row] = json.loads(typed("cost", "--spent", "--json").stdout)["spent"]
    assert (row["task"], row["model"], row["calls"], row["input_tokens"]) == (
        "pick",
        "script-1",
        2,
        2000,
    )
    assert row["dollars"] == pytest.approx(2 * (1000 * 1 + 100 * 10) / 1e6)
    assert "2 attempts, $0.0040 in all" in typed("cost", "--spent").output


def test_an_attempt_that_was_cut_off_is_counted_at_the_most_that_it_may_cost(project: Path) -> None:
    class Killed(Scripted):
        async def reply(self, task: Task) -> Reply:
            raise KeyboardInterrupt(task)

    ledger = Ledger(project / ".cache" / "ledger.sqlite")
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(Recorded(Killed([]), ledger, None, 100).reply(make_task()))
    ledger.close()
    [row] = json.loads(typed("cost", "--spent", "--json").stdout)["spent"]
    assert row["outcomes"] == {"answered": 2, "begun": 1}


def test_what_has_no_known_price_is_not_called_free(project: Path) -> None:
    ledger = Ledger(project / ".cache" / "ledger.sqlite")
    asyncio.run(Recorded(says(GOOD), ledger, None, 100).reply(make_task(kind="rank")))
    ledger.close()
    said = "3 attempts, $0.0040 in all, without 1 of unknown price"
    assert said in typed("cost", "--spent").output


def test_nothing_spent_is_said(project: Path) -> None:
    (project / ".cache" / "ledger.sqlite").unlink()
    assert "Nothing has been spent yet" in typed("cost", "--spent").output


@pytest.mark.usefixtures("project")
def test_an_estimate_for_a_set_that_is_not_here_says_which_are() -> None:
    done = typed("cost", "--dataset", "nope")
    assert done.exit_code == 1
    assert "there is no data set 'nope'; choose from sample, " in done.stderr
    assert "e2ep run" not in done.stderr


def test_an_estimate_without_a_first_run_says_how_to_make_one(project: Path) -> None:
    (project / "data" / "sample").mkdir(parents=True)
    done = typed("cost")
    assert done.exit_code == 1
    assert (
        "is not there yet, so nothing can be counted; run `e2ep run --dataset sample" in done.stderr
    )


def test_the_models_known_by_name_are_shown_with_prices_effort_and_last_day() -> None:
    shown = CliRunner().invoke(app, ["llm", "models"], env={"COLUMNS": "80"}).stdout
    lines = {line.split()[0]: " ".join(line.split()) for line in shown.splitlines() if line.split()}
    assert lines["gpt-6-luna"] == "gpt-6-luna gpt-6 0.10 0.01 0.125 0.50 none"
    assert lines["o4-mini"].startswith("o4-mini o-series 1.10 0.275 4.40 medium 2026-10-23,")
    assert max(map(len, shown.splitlines())) <= 80
    rows = {row["model"]: row for row in json.loads(typed("llm", "models", "--json").stdout)}
    assert rows.keys() == PRESETS.keys()
    assert rows["gemma4:e4b"]["price"]["output"] == 0
    assert (rows["o4-mini"]["last_day"], "body" in rows["o4-mini"]) == ("2026-10-23", False)


def test_the_bodies_of_all_models_are_shown_beside_what_their_families_accept() -> None:
    rows = json.loads(typed("llm", "models", "--bodies", "--json").stdout)
    shown = {row["model"]: (row["body"], row["accepts"]) for row in rows}
    assert shown.keys() == PRESETS.keys()
    luna, accepts = shown["gpt-6-luna"]
    assert [message["content"] for message in luna.pop("messages")] == ["…", "…"]
    assert luna.pop("response_format")["type"] == "json_schema"
    assert luna == {
        "model": "gpt-6-luna",
        "max_completion_tokens": 4096,
        "reasoning_effort": "none",
        "temperature": 0.0,
    }
    assert (accepts["read on"], accepts["effort"][0]) == ("2026-11-28", "none")
    flash, _ = shown["gemini-3.6-flash"]
    assert flash["generationConfig"]["thinkingConfig"] == {"thinking_level": "LOW"}
    assert flash["contents"][0]["parts"] == [{"text": "…"}]
    words = typed("llm", "models", "--bodies").stdout
    assert words.count("read on") == len(PRESETS)
