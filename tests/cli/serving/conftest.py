"""A made-up run with lists, reasons and a model for newcomers, and a real server of it."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from e2ep_cli.main import app as cli
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    JUDGED,
    RATINGS,
    TRAINING,
    Claim,
    Explained,
    Explanation,
    Judgement,
    Profile,
    UserProfile,
)
from stages.core.tables import read_arrow, write_arrays, write_jsonl, write_table
from tests.cli.newcomers.test_newcomers import FILMS, N
from tests.cli.newcomers.test_newcomers import project as films
from tests.patience import patient

__all__ = ["films"]
USERS = ("u1", "u2")
RATED = {"train": [(0, 0, 5), (0, 1, 5), (1, 2, 5), (1, 0, 1)], "valid": [(0, 3, 5)]}
"""User row, item row and rating."""
ORDERS = {0: [4, 5, 6, 7, 2], 1: [1, 3, 4, 5]}
"""User row → candidates, best first."""
PLOTS = [None, None, *(f"In {title} it is {'very ' * 200}late." for title in FILMS[2:])]
"""What each film is about; nothing is known of the first two."""
VALUES = {4: 0.0, 5: 0.5, 6: 1.0}
"""What `scored` gives user u1's first candidates."""


@dataclass(frozen=True)
class Answers:
    """A server that answers."""

    address: str
    served: Any

    def get(self, path: str, **asked: Any) -> Any:
        """The JSON of a path that must be answered."""
        answer = httpx2.get(self.address + path, params=asked, timeout=patient(20))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        """The answer to a body."""
        content = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return httpx2.post(
            self.address + path,
            content=content,
            headers={"content-type": "application/json"} | headers,
            timeout=patient(20),
        )

    def made(self, path: str, **body: Any) -> Any:
        """The JSON of a body that must be answered."""
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def run_folder(films: Path) -> Path:
    """Eight films and two users; e2ep is the base, `scored` reranks, `flat` ranks for users."""
    for package in ("fastapi", "uvicorn", "mcp"):
        pytest.importorskip(package, reason="the extra `serve` is not installed")
    make_lists(films)
    return films


def make_lists(films: Path) -> None:
    """Write what a run makes after training."""
    params = yaml.safe_load((films / "params.yaml").read_text())
    params["rerank"]["bases"] = ["e2ep"]
    params["rerank"]["reasons"]["strategies"] = ["none", "scored"]
    params |= {"models": ["e2ep", "flat"], "strategies": ["none", "scored"], "seed": 7}
    (films / "params.yaml").write_text(yaml.safe_dump(params))
    artifacts = films / "artifacts/tiny"
    enriched = artifacts / "enrich/movies.parquet"
    items = read_arrow(enriched, ENRICHED).to_pandas()
    items["overview"] = PLOTS
    items["directors"] = [["Ann Bo"]] * N
    write_table(enriched, items, ENRICHED)
    for part, rows in RATED.items():
        ratings = pd.DataFrame(rows, columns=["user_row", "item_row", "rating"])
        ratings = ratings.assign(timestamp=0, nth=-1, history=None)
        path = artifacts / f"prepare/splits/fold-1/{part}.parquet"
        write_table(path, ratings, TRAINING if part == "train" else RATINGS)
    write_candidates(films, 1.0)
    judged = {"user_row": 0, "item_row": list(VALUES), "place": range(3), "value": VALUES.values()}
    for strategy in ("none", "scored"):
        folder = artifacts / f"rerank/fold-1/e2ep/{strategy}"
        write_table(folder / "judged.parquet", pd.DataFrame(judged), JUDGED)
        question = Judgement(
            user_id="u1", shown=(), scores=(), order=None, outcome="answered", model="a judge"
        )
        write_jsonl(folder / "judgements.jsonl", [question])
        write_jsonl(
            artifacts / f"explain/fold-1/e2ep/{strategy}/explanations.jsonl",
            [explanation(strategy)],
        )
    taste = Profile(overview="Likes the night.", genres=(), tags=(), description="", dislikes=())
    people = [
        UserProfile(
            user_id=user, profile=taste, integrated="", source="", liked=("m0",), disliked=("m1",)
        )
        for user in USERS
    ]
    write_jsonl(artifacts / "profile/fold-1/users.jsonl", people)


def write_candidates(project: Path, factor: float) -> None:
    """Both models' candidates, their scores falling along the list."""
    for model in ("e2ep", "flat"):
        rows = [
            (user, item, place, factor * (10 - place))
            for user, items in ORDERS.items()
            for place, item in enumerate(items)
        ]
        frame = pd.DataFrame(rows, columns=["user_row", "item_row", "place", "score"])
        folder = project / f"artifacts/tiny/train/fold-1/{model}"
        write_table(folder / "candidates.parquet", frame, CANDIDATES)
    arrays = {"prior": np.arange(9), "graph": np.ones(9), "linear": np.zeros(9)}
    parts = {name: array.astype(np.float32) for name, array in arrays.items()}
    write_arrays(project / "artifacts/tiny/train/fold-1/e2ep/parts.safetensors", parts)


def explanation(strategy: str) -> Explanation:
    """User u1's first two films, best first by the strategy."""
    items = [4, 5] if strategy == "none" else [6, 5]
    graph = ORDERS[0]
    return Explanation(
        user_id="u1",
        base="e2ep",
        strategy=strategy,
        source="a model",
        items=tuple(
            Explained(
                item_id=f"m{item}",
                title=FILMS[item],
                graph_score=10.0 - graph.index(item),
                graph_place=graph.index(item),
                judge_value=VALUES[item],
                place=place,
                claims=(Claim(attribute="night", kind="tag", cited=("m0",)),),
                dropped=0,
                reason=f"Because of {FILMS[item]}.",
            )
            for place, item in enumerate(items)
        ),
    )


@contextmanager
def serving(token: str | None = None, **settings: Any) -> Iterator[Answers]:
    """A real server on a free port, of the project in the working folder."""
    import uvicorn

    from e2ep_cli.serving.http.app import served_app
    from e2ep_cli.serving.http.process import TimelyProtocol
    from e2ep_cli.serving.settings import ServeSettings

    asked = ServeSettings(**({"port": 0, "rate": 0, "every": 0.05} | settings))
    app = served_app(asked, token)
    protocol = type("Protocol", (TimelyProtocol,), {"slow": asked.slow})
    server = uvicorn.Server(
        uvicorn.Config(app, http=protocol, ws="none", log_config=None, server_header=False)
    )
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        host, port = listening.getsockname()
        yield Answers(f"http://{host}:{port}", app.app.app.state.served)  # type: ignore[attr-defined]
    finally:
        server.should_exit = True
        thread.join(patient(20))
        listening.close()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds."""
    end = time.monotonic() + patient(seconds)
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def server(run_folder: Path) -> Iterator[Answers]:  # noqa: ARG001
    """A server of the made-up run."""
    with serving() as answers:
        yield answers


def by_command(*words: str) -> Any:
    """What a command prints as JSON."""
    done = CliRunner().invoke(cli, [*words, "--json"], env={"COLUMNS": "120"})
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


assert len(FILMS) == N
