"""Speed, memory, other seeds and servers tried, from benchmarks/results/."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, Field, RootModel

from stages.contracts.metrics.numbers import Against, SplitTests
from stages.core.tables import read_model
from stages.report.words import group_words
from tools.blocks import Context

FOLDER = Path("benchmarks") / "results"
_RATIOS = {
    "time_1m": "seconds of three attention layers on 1M ratings: PyG's GATConv ÷ ours",
    "memory_1m": "their memory: PyG's GATConv ÷ ours",
    "gatv2_time_1m": "seconds with GATv2 scores: PyG's GATv2Conv ÷ ours",
    "time_to_424": (
        "seconds of training to NDCG@10 ≥ .424 on fold-1 of 100K: `unified` on PyG ÷ e2ep"
    ),
    "network_time_to_424": "the same without e2ep's linear part",
    "docs_per_second": "profiles embedded a second: OpenVINO ÷ torch in float32",
}
_TASKS = ("profiles", "prompt", "scored", "pairwise", "reasons")


class Ratios(BaseModel):
    """A peer's seconds or memory over ours; `lower_bound` where the peer never got there."""

    ratios: dict[str, float]
    lower_bound: bool = False


class Embedding(Ratios):
    """embed.json: OpenVINO beside torch; `cosine_min` is the least cosine between their vectors."""

    cosine_min: float


class _Ratio(BaseModel):
    ratio: float


class EstimatedTokens(BaseModel):
    """Tokens estimated over tokens counted."""

    input: _Ratio
    output: _Ratio


class Estimated(BaseModel):
    """cost.json: tokenizer → kind of question, or `all` → the estimate over the count."""

    steps: dict[str, dict[str, EstimatedTokens]]


class ShapeTried(BaseModel):
    """A data set of another shape than MovieLens: NDCG@10 of each model, and e2ep less the best."""

    users: int
    movies: int
    ratings: int
    folds: int
    ndcg: dict[str, float] = Field(alias="ndcg@10")
    difference: Against
    seconds: float
    peak_gb: float


class ShapesTried(BaseModel):
    """shapes.json: name of a set → what came of it."""

    shapes: dict[str, ShapeTried]


class _Ours(BaseModel):
    ndcg: float = Field(alias="ndcg@10")
    sd: float
    seeds: dict[str, float]


class _Tests(BaseModel):
    splits: dict[str, SplitTests]


class OtherSeeds(BaseModel):
    """A family of seeds.json: e2ep with other seeds, and its differences from the baselines."""

    splits: tuple[str, ...]
    e2ep: _Ours
    tests: _Tests


class Requests(BaseModel):
    """How often this was sent, and what the server said to it."""

    sent: tuple[str, ...]
    """The kind of `response_format`, if there was one, and parameters."""
    status: int
    times: int


class TaskTried(BaseModel):
    """What came of one task's questions to a server."""

    outcomes: dict[str, int]
    seconds: float
    ended: str | None = None
    """The sentence that ended it early."""
    requests: tuple[Requests, ...]


class ServerTried(BaseModel):
    """One server of servers.json; with a `problem` it could not be had."""

    packages: tuple[str, ...]
    problem: str | None = None
    accepts: dict[str, str] = {}
    tasks: dict[str, TaskTried] = {}


class _Servers(BaseModel):
    servers: dict[str, ServerTried]


class _Seeds(RootModel[dict[str, OtherSeeds]]):
    pass


def ratios(*names: str) -> Context:
    """The ratios of the programs named."""
    rows: list[tuple[str, str, float, str]] = []
    for name in names:
        result = read_model(FOLDER / f"{name}.json", Ratios)
        rows += [
            (words, "≥ " if result.lower_bound else "", result.ratios[key], f"{name}.py")
            for key, words in _RATIOS.items()
            if key in result.ratios
        ]
    return {"rows": rows}


def shapes(name: str) -> Context:
    """The data sets of shapes.json, those with the fewest users first."""
    made = read_model(FOLDER / f"{name}.json", ShapesTried).shapes
    return {"shapes": sorted(made.items(), key=lambda pair: pair[1].users)}


def servers(part: str) -> Context:
    """What chat servers (`chat`) or rerankers (`rerank`) accept, or what came of the `tasks`."""
    tried = read_model(FOLDER / "servers.json", _Servers).servers
    if part == "tasks":
        return _tasks(tried)
    rerank = [name for name, server in tried.items() if "top_n" in server.accepts]
    names = rerank if part == "rerank" else [n for n in tried if n not in rerank]
    asked = list(dict.fromkeys(probe for name in names for probe in tried[name].accepts))
    rows = [[f"`{p}`", *(tried[name].accepts.get(p, "–") for name in names)] for p in asked]
    return {"columns": ["", *names], "rows": rows}


def _tasks(tried: Mapping[str, ServerTried]) -> Context:
    rows = [
        [
            f"{name} ({server.packages[0].partition('==')[2]})",
            _sent(server) if server.tasks else f"not tried: {server.problem}",
            *(_outcome(server.tasks.get(task)) for task in _TASKS),
            f"{sum(task.seconds for task in server.tasks.values()):.0f}",
        ]
        for name, server in tried.items()
    ]
    return {"columns": ["server", "what was sent", *_TASKS, "seconds"], "rows": rows}


def _sent(server: ServerTried) -> str:
    """Every set of parameters in the order sent, and the status if it was refused."""
    asked = [asked for task in server.tasks.values() for asked in task.requests]
    said = [", ".join(a.sent) + ("" if a.status < 400 else f" → HTTP {a.status}") for a in asked]
    return "<br>".join(dict.fromkeys(words or "query, documents" for words in said))


def _outcome(task: TaskTried | None) -> str:
    if task is None:
        return "–"
    counts = ", ".join(f"{times} {outcome}" for outcome, times in task.outcomes.items())
    return "; ".join(filter(None, (counts, "ended early" if task.ended else ""))) or "none"


def seeds(dataset: str, family: str) -> Context:
    """E2ep less each baseline, among all users and among those with few ratings."""
    result = read_model(FOLDER / "seeds.json", _Seeds).root[f"{dataset} {family}"]
    places = result.tests.splits
    gains = [tests.between["e2ep"] for tests in places.values()]
    return {
        "columns": [
            f"{group_words(place.partition('/')[2]) or 'all'}, {tests.users:,} users"
            for place, tests in places.items()
        ],
        "rows": [(name, [gain[name] for gain in gains]) for name in gains[0]],
        "seeds": list(result.e2ep.seeds),
        "mean": result.e2ep.ndcg,
        "sd": result.e2ep.sd,
        "n_splits": len(result.splits),
    }
