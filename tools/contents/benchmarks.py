"""Speed, memory and other seeds, from benchmarks/results/."""

from pathlib import Path

from pydantic import BaseModel, Field, RootModel

from stages.contracts.metrics.numbers import SplitTests
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


class Ratios(BaseModel):
    """A peer's seconds or memory over ours; `lower_bound` where the peer never got there."""

    ratios: dict[str, float]
    lower_bound: bool = False


class Embedding(Ratios):
    """embed.json: OpenVINO beside torch; `cosine_min` is the least cosine between their vectors."""

    cosine_min: float


class Size(BaseModel):
    """What one step and one epoch of e2ep took on this many made-up ratings (`edges`)."""

    edges: int
    users: int
    items: int
    step_seconds: float
    epoch_seconds: float
    peak_gb: float


class ScaleSizes(BaseModel):
    """scale.json: name of a size → what it took."""

    sizes: dict[str, Size]


class _Ours(BaseModel):
    ndcg: float = Field(alias="ndcg@10")
    sd: float
    seeds: dict[str, float]


class _Tests(BaseModel):
    splits: dict[str, SplitTests]


class OtherSeeds(BaseModel):
    """A data set of seeds.json: e2ep with other seeds, and its differences from the baselines."""

    e2ep: _Ours
    tests: _Tests


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


def scale(name: str) -> Context:
    """The sizes of scale.json, smallest first."""
    sizes = read_model(FOLDER / f"{name}.json", ScaleSizes).sizes.values()
    return {"sizes": sorted(sizes, key=lambda size: size.edges)}


def seeds(dataset: str) -> Context:
    """E2ep less each baseline, among all users and among those with few ratings."""
    result = read_model(FOLDER / "seeds.json", _Seeds).root[dataset]
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
    }
