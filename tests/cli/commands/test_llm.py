"""`e2ep llm export` and `prune` after a run that used stored answers; `e2ep cost --spent`."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from e2ep_cli.commands.llm_export import command_to_replay
from e2ep_cli.main import app
from e2ep_cli.project.steps import steps
from e2ep_cli.runs.run import Run, main_run
from stages.contracts.calls import Asked
from stages.core.tables import write_model
from stages.llm.chat import Reply, Usage
from stages.llm.prices.presets import PRESETS
from stages.llm.prices.prices import Price, price_of
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


def test_the_command_that_repeats_a_run_has_all_that_the_run_changed() -> None:
    """Other users or strategies ask other questions, which the file does not answer."""
    settings = {
        "dataset": "tiny",
        "rerank.users": 20,
        "strategies": ["none", "prompt"],
        "llm.provider": "openai",
        "llm.model": "gpt-6-luna",
        "llm.users": {"provider": "offline"},
    }
    said = command_to_replay(Run(Path(), "tiny-1", settings), Path("a file.jsonl"))
    assert said == (
        "e2ep run --dataset tiny --set rerank.users=20 --set 'strategies=[none, prompt]' "
        "--set 'llm.users={provider: offline}' --set llm.provider=replay "
        "--set 'llm.replay=a file.jsonl'"
    )


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


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("models", "said"),
    [
        (["mine"], "3 attempts of unknown price"),
        (["mine", "gpt-6-luna"], "6 attempts, $0.0003 in all, without 3 of unknown price"),
    ],
)
def test_what_has_no_known_price_does_not_count_as_free(
    models: list[str], said: str, project: Path
) -> None:
    (project / ".cache" / "ledger.sqlite").unlink()
    ledger = Ledger(project / ".cache" / "ledger.sqlite")
    used = Usage(input_tokens=500, output_tokens=100)
    for model in models:
        for _ in range(3):
            script = Scripted([Reply(text=GOOD.text, model=model, usage=used)], model=model)
            recorded = Recorded(script, ledger, price_of(model, {}), 100)
            asyncio.run(recorded.reply(make_task()))
    ledger.close()
    assert said in " ".join(typed("cost", "--spent").output.split())


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


def test_nothing_spent_is_said(project: Path) -> None:
    (project / ".cache" / "ledger.sqlite").unlink()
    assert "Nothing has been spent yet" in typed("cost", "--spent").output


@pytest.mark.usefixtures("project")
def test_an_estimate_for_a_set_that_is_not_here_says_which_are() -> None:
    done = typed("cost", "--dataset", "nope")
    assert done.exit_code == 1
    assert "there is no data set 'nope'; choose from sample, ml-100k" in done.stderr
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
