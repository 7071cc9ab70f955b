"""A chat model that cannot be asked ends `e2ep run` before DVC deletes anything."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from e2ep_cli.main import app
from e2ep_cli.project.llm_ready import require_llm_ready
from stages.core.errors import InputError
from tests.llm.server import Act, Server, nowhere

ROOT = Path(__file__).parents[3]
NOWHERE = "http://localhost:9/v1"
"""The port of the service `discard`, where nobody listens."""
OPENAI = ("llm.provider=openai", "llm.model=gpt-6-luna")
OPENAI_SECTION = {"provider": "openai", "model": "gpt-6-luna"}
SMALL = {
    "prepare": {"cmd": "cp raw prepared", "deps": ["raw"], "outs": ["prepared"]},
    "profile-items": {
        "cmd": "cp prepared profiles",
        "deps": ["prepared"],
        "params": ["llm"],
        "outs": ["profiles"],
    },
    "rerank": {
        "cmd": "cat profiles seen > judged",
        "deps": ["profiles", "seen"],
        "params": ["rerank"],
        "outs": ["judged"],
    },
    "report": {
        "cmd": "cp profiles page",
        "deps": ["profiles", "judged"],
        "params": ["report"],
        "outs": ["page"],
    },
}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The output of an earlier run, in a project without keys and without stages to run."""
    for name in ("dvc.yaml", "params.yaml", ".dvcignore", "experiments/ablations.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(params.replace("dataset: sample", "dataset: tiny"))
    (tmp_path / "data" / "tiny").mkdir(parents=True)
    output = tmp_path / "artifacts" / "tiny" / "profile" / "items.jsonl"
    output.parent.mkdir(parents=True)
    output.write_text("made before\n")
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return output


def typed(command: str, *settings: str) -> tuple[int, str]:
    words = [word for setting in settings for word in ("--set", setting)]
    done = CliRunner().invoke(app, [command, *words])
    return done.exit_code, done.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (("llm.provider=openai",), "error: OPENAI_API_KEY is not set; put your key there"),
        (
            ("llm.provider=openai", f"llm.base_url={NOWHERE}"),
            f"error: llm.base_url is {NOWHERE}, but llm.model names no model",
        ),
        (
            ("llm.provider=openai", "llm.model=o4-mini"),
            "error: o4-mini was retired on 2026-10-23; set llm.model to gpt-6.1-terra, or repeat",
        ),
        (
            ("llm.provider=openai", "llm.effort=minimal"),
            "error: llm.effort is minimal, but gpt-6-luna knows none, low, medium, high, xhigh,",
        ),
        (OPENAI, "error: OPENAI_API_KEY is not set; put your key there"),
        (
            (*OPENAI, f"llm.base_url={NOWHERE}"),
            f"error: no server at {NOWHERE} (connection refused); start that server or check",
        ),
        ((*OPENAI, "llm.budgets.dollars=-1"), "error: llm.budgets.dollars is -1"),
        (
            (*OPENAI, "llm.budgets.dollars=0.001"),
            "error: llm.budgets.dollars is 0.001, but one question may take 0.0021",
        ),
        (
            ("llm.provider=openai", "llm.model=mine", "llm.budgets.dollars=5"),
            "error: llm.budgets.dollars needs a price for mine",
        ),
        (("llm.model=gemma-3-4b",), "error: llm.model=gemma-3-4b is set, but llm.provider is off"),
        ((f"llm.base_url={NOWHERE}",), f"error: llm.base_url={NOWHERE} is set, but llm.provider"),
        (
            ("llm.provider=replay", "llm.replay=gone.jsonl"),
            "error: llm.replay: ../../gone.jsonl is not a file",
        ),
    ],
)
def test_a_run_that_cannot_ask_is_refused_and_nothing_is_touched(
    settings: tuple[str, ...], sentence: str, made: Path
) -> None:
    before = (made.parents[3] / "params.yaml").read_bytes()
    code, said = typed("run", *settings)
    assert (code, said[: len(sentence)]) == (1, sentence)
    assert said.count("\n") == 1
    assert made.read_text() == "made before\n"
    assert (made.parents[3] / "params.yaml").read_bytes() == before


@pytest.mark.parametrize("command", ["cost", "doctor"])
@pytest.mark.usefixtures("made")
def test_what_would_not_be_asked_is_told_by_other_commands_too(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--set", "llm.model=gemma-3-4b", "--json"])
    assert done.exit_code == 1
    assert "llm.model=gemma-3-4b is set, but llm.provider is offline" in done.output


@pytest.mark.usefixtures("made")
def test_the_doctor_says_whether_the_model_can_be_asked() -> None:
    words = [word for setting in OPENAI for word in ("--set", setting)]
    done = CliRunner().invoke(app, ["doctor", *words, "--json"])
    [row] = [row for row in json.loads(done.stdout) if row["what"] == "language model"]
    assert (row["state"], row["finding"][:25]) == ("fault", "OPENAI_API_KEY is not set")
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert "language model" not in [row["what"] for row in json.loads(done.stdout)]


@pytest.fixture
def dated() -> Iterator[Server]:
    """A server whose list of models says when each is retired."""
    server = Server([Act("", 500)])
    ends = {"old": "2026-01-31", "ending": str(date.today() + timedelta(days=30)), "new": None}
    rows = [{"id": name, "shutdown_date": day} for name, day in ends.items()]
    server.greeting = Act({"data": rows})
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("model", "state", "said"),
    [
        ("old", "fault", "old was retired on 2026-01-31; set llm.model to one that its server"),
        ("ending", "note", f"ending ends on {date.today() + timedelta(days=30)}, in 30 days; set"),
        ("new", "fine", "openai new can be asked"),
        ("newer", "note", "the server at {url} does not list newer; it lists new, "),
    ],
)
@pytest.mark.usefixtures("made")
def test_the_doctor_reads_the_last_day_on_the_server_s_list(
    model: str, state: str, said: str, dated: Server
) -> None:
    url = f"{dated.url}/v1"
    settings = (f"llm.model={model}", f"llm.base_url={url}", "llm.provider=openai")
    words = [word for setting in settings for word in ("--set", setting)]
    done = CliRunner().invoke(app, ["doctor", *words, "--json"])
    *_, row = [row for row in json.loads(done.stdout) if row["what"] == "language model"]
    assert row["state"] == state
    assert row["finding"].startswith(said.format(url=url))


def test_a_run_with_a_retired_model_is_refused_and_nothing_is_touched(
    made: Path, dated: Server
) -> None:
    code, said = typed(
        "run", "llm.provider=openai", "llm.model=old", f"llm.base_url={dated.url}/v1"
    )
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("error: old was retired on 2026-01-31; set llm.model to one that its se")
    assert made.read_text() == "made before\n"
    assert dated.asked == []


@pytest.mark.usefixtures("made")
def test_a_run_with_a_model_that_ends_soon_starts_with_a_line_about_it(dated: Server) -> None:
    """The run itself fails, as the project has no stages to run."""
    settings = ("llm.provider=openai", "llm.model=ending", f"llm.base_url={dated.url}/v1")
    _, said = typed("run", *settings)
    assert said.startswith(f"note: ending ends on {date.today() + timedelta(days=30)}, in 30 days;")
    assert len(dated.greeted) == 1


@pytest.mark.usefixtures("made")
def test_ablations_that_cannot_ask_are_refused_before_the_first_one_runs() -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    for name in ("stages", "data.dvc"):
        Path(name).touch()
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "all")):
        subprocess.run(("git", *words), check=True)
    done = CliRunner().invoke(app, ["ablate", "gpt-6-luna"])
    assert done.exit_code == 1
    assert done.stderr.startswith("error: OPENAI_API_KEY is not set")
    assert "1/2" not in done.stdout


class SmallProject:
    """Four steps, run once; the second one asks about items and the third one about users."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.params: dict[str, Any] = {
            "llm": OPENAI_SECTION,
            "rerank": {"users": 1},
            "report": {"users": 1},
        }
        for name in ("raw", "seen"):
            (folder / name).write_text("1")
        (folder / "dvc.yaml").write_text(yaml.safe_dump({"stages": SMALL}))
        self.write()
        self.dvc("init", "--no-scm", "-q")
        self.dvc("repro", "-q")

    def dvc(self, *words: str) -> None:
        own = {"DVC_NO_ANALYTICS": "1", "DVC_SITE_CACHE_DIR": str(self.folder / "site")}
        subprocess.run(
            [sys.executable, "-m", "dvc", *words],
            cwd=self.folder,
            env=os.environ | own,
            check=True,
            capture_output=True,
        )

    def write(self, **sections: Any) -> None:
        self.params |= sections
        (self.folder / "params.yaml").write_text(yaml.safe_dump(self.params))


def missing(project: SmallProject, *targets: str, force: bool = False) -> str:
    """The first words of what is missing for a run; none if it needs nothing."""
    try:
        require_llm_ready(project.folder, project.params, targets, force)
    except InputError as error:
        return str(error).partition(" is not set")[0]
    return ""


def test_only_a_run_that_may_ask_needs_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    project = SmallProject(tmp_path)
    assert missing(project) == ""
    assert missing(project, "profile-items", force=True) == "OPENAI_API_KEY"
    assert missing(project, "report", force=True) == ""

    project.write(report={"users": 2})
    assert missing(project) == ""

    (tmp_path / "raw").write_text("2")
    assert missing(project) == "OPENAI_API_KEY"
    assert missing(project, "report") == "OPENAI_API_KEY"
    assert missing(project, "prepare") == ""

    project.write(llm={"provider": "offline"})
    assert missing(project) == ""


def test_the_model_for_items_is_not_needed_where_only_users_are_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    project = SmallProject(tmp_path)
    (tmp_path / "seen").write_text("2")
    assert missing(project) == "OPENAI_API_KEY"

    project.write(llm={**OPENAI_SECTION, "users": {"provider": "offline"}})
    project.dvc("commit", "-f", "-q", "profile-items")
    assert missing(project) == ""

    url = nowhere()
    users = {"provider": "openai", "model": "at-home", "base_url": url}
    project.write(llm={**OPENAI_SECTION, "users": users})
    project.dvc("commit", "-f", "-q", "profile-items")
    with pytest.raises(InputError, match=f"^no server at {url}"):
        require_llm_ready(tmp_path, project.params)


@pytest.mark.usefixtures("made")
def test_the_judge_is_needed_by_strategies_that_ask_it_alone() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    url = nowhere()
    params["llm"]["judge"] = {"model": "reranker", "base_url": url}
    params["strategies"] = params["rerank"]["reasons"]["strategies"] = ["none", "learned"]
    require_llm_ready(Path.cwd(), params)
    params["shown"]["strategies"] = ["none", "scored"]
    with pytest.raises(InputError, match=f"^no server at {url}"):
        require_llm_ready(Path.cwd(), params)
