"""What CONTRIBUTING shows works.

Its blocks, added to a copy of the project, keep the contracts of the built-in ones.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.llm.server import Act, Server
from tests.patience import patient

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(python|diff) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
CONTRACTS = (
    "tests/train/models/test_contract.py",
    "tests/rerank/test_contract.py",
    "tests/metrics",
)
ASKED = """
import asyncio, sys
from pydantic import BaseModel
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.answers.structured import ask
from stages.llm.task import Task

class Pick(BaseModel):
    label: str

async def main():
    params = LlmParams(provider="ollama", model="small", base_url=sys.argv[1])
    task = Task("pick", "Pick one.", {"items": ["a"]}, Pick, lambda payload: Pick(label="rule"))
    async with connected(params) as model:
        answer = await ask(model, task)
    usage = answer.reply.usage
    print(answer.outcome, answer.value.label, usage.input_tokens, usage.output_tokens)

asyncio.run(main())
"""
STAGES = """
from e2ep_cli.project.places import planned_stages, root
from stages.core.params import load_params, load_section
from stages.rerank.named import strategy_named
from stages.rerank.params import RerankParams
from stages.train.fitting.named import model_module

assert load_section("train.damped", model_module("damped").Config).damping == 10.0
assert strategy_named("repeated", load_section("rerank", RerankParams)).rounds == 3
print(*planned_stages(root(), load_params()))
"""


class Project:
    """A copy of the project with every block of CONTRIBUTING in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("stages", "e2ep_cli", "tests", "benchmarks"):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        for name in ("pyproject.toml", "dvc.yaml", "params.yaml"):
            shutil.copy(ROOT / name, folder / name)
        for kind, path, text in BLOCKS:
            if kind == "python":
                (folder / path).write_text(text, encoding="utf-8")
            for hunk in text.split("@@\n") if kind == "diff" else ():
                self.apply(folder / path, hunk)

    def apply(self, file: Path, hunk: str) -> None:
        """Put a hunk's lines in the place of those that it keeps or drops.

        Those stand in the file once.
        """
        lines = hunk.splitlines(keepends=True)
        old, new = (
            "".join(line[1:] for line in lines if line[0] in kinds) for kinds in (" -", " +")
        )
        before, *after = f"\n{file.read_text(encoding='utf-8')}".split(f"\n{old}")
        assert len(after) == 1, f"{old!r} stands {len(after)} times in {file.name}"
        file.write_text(f"{before}\n{new}{after[0]}"[1:], encoding="utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Python on the copy's code, with a cache of its own."""
        own = {"PYTHONPATH": str(self.folder), "E2EP_CACHE_DIR": str(self.folder / "cache")}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=os.environ | own,
            capture_output=True,
            text=True,
            timeout=patient(300),
        )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("contributed") / "project")


@pytest.fixture(scope="module")
def kept(project: Project) -> dict[str, bool]:
    """Name of each contract's test that ran on a new one → whether it passed."""
    words = (
        "-p",
        "no:cacheprovider",
        "-k",
        "damped or repeated or rbp",
        "--junitxml",
        "report.xml",
    )
    project.run("-m", "pytest", *words, *CONTRACTS)
    cases = ElementTree.parse(project.folder / "report.xml").iter("testcase")
    return {f"{case.get('classname')}.{case.get('name')}": not len(case) for case in cases}


@pytest.mark.parametrize(("name", "least"), [("damped", 10), ("repeated", 20), ("rbp", 6)])
def test_the_contract_of_the_built_in_ones_holds(
    name: str, least: int, kept: dict[str, bool]
) -> None:
    mine = {test: passed for test, passed in kept.items() if name in test}
    assert len(mine) >= least
    assert [test for test, passed in mine.items() if not passed] == []


def test_the_pipeline_has_a_stage_for_each(project: Project) -> None:
    done = project.run("-c", STAGES)
    assert not done.stderr
    assert {"train@sample-damped-fold-1", "rerank@sample-e2ep-repeated-fold-1"} <= set(
        done.stdout.split()
    )


def test_the_provider_answers_a_task_of_a_real_server(project: Project) -> None:
    said = {
        "message": {"content": '{"label": "a"}'},
        "prompt_eval_count": 41,
        "eval_count": 5,
        "done_reason": "stop",
    }
    server = Server([Act("busy", status=503, headers={"Retry-After": "0"}), Act(said)])
    done = project.run("-c", ASKED, server.url)
    server.shutdown()
    assert done.stdout.split() == ["answered", "a", "41", "5"]
    assert [asked.path for asked in server.asked] == ["/api/chat", "/api/chat"]
    assert server.asked[1].body["format"]["required"] == ["label"]


def test_a_baseline_takes_thirty_lines() -> None:
    text = next(text for _, path, text in BLOCKS if path == "stages/train/models/damped.py")
    assert len([line for line in text.splitlines() if line.strip()]) <= 30


def test_the_blocks_pass_the_projects_own_checks(project: Project) -> None:
    files = {path for _, path, _ in BLOCKS if path.endswith(".py")}
    for check in (("check", "--no-cache"), ("format", "--no-cache", "--check")):
        done = project.run("-m", "ruff", *check, *files)
        assert done.returncode == 0, done.stdout
