"""How time and memory grow with ratings, items and machines, from benchmarks/results/."""

from pydantic import BaseModel, Field, RootModel

from stages.core.tables import read_model
from tools.blocks import Context
from tools.contents.benchmarks import FOLDER

_STEPS = {
    "prepare": "prepare: tables, and a split by time",
    "popularity": "a model of counts, with 100 candidates per user",
    "e2ep": "`e2ep`, one epoch, with 100 candidates per user",
    "evaluate": "evaluate both",
}
_KINDS = {"whole": 0, "largest": 1, "nearest": 2}


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


class _Step(BaseModel):
    """What a stage took; own_gb: of all its processes, without mapped files."""

    seconds: float
    own_gb: float


class Large(BaseModel):
    """large.json: ratings that are too many for memory, stage by stage."""

    users: int
    items: int
    ratings: int
    steps: dict[str, _Step]
    seconds: float
    own_gb: float


class Worker(BaseModel):
    """One of several workers on one graph; peak_mb: the most that one of them held."""

    step_seconds: float
    peak_mb: float


class Held(BaseModel):
    """What one of two workers holds over what one alone does.

    with_ray: with what Ray imports, where it starts them. without_imports: without any imports.
    """

    whole: float
    with_ray: float
    without_imports: float


class Workers(BaseModel):
    """How one graph is trained by one worker and by two."""

    one: Worker = Field(alias="1")
    two: Worker = Field(alias="2")
    held: Held = Field(alias="held_of_alone")


class SizeOfWorkers(BaseModel):
    """A size of scale.json."""

    edges: int
    workers: Workers


class SizesOfWorkers(BaseModel):
    """scale.json: name of a size → what its workers took."""

    sizes: dict[str, SizeOfWorkers]


class Fits(BaseModel):
    """Seconds of all fits in one place, and whether their bytes are those of this machine."""

    fits: float
    same_bytes: bool = True


class Nodes(Fits):
    """What else one node or two did."""

    lists: float
    empty_part: float


class _Divided(BaseModel):
    """One graph in a process of its own, and on several workers."""

    fit: str
    workers: int
    alone: float
    fit_seconds: float
    valid_ndcg: dict[str, float]


class Lists(BaseModel):
    """Made-up users and items whose candidates are listed."""

    users: int
    items: int


class Spread(BaseModel):
    """A data set of spread.json."""

    splits: list[str]
    bytes_per_fit: int
    bytes_shared: int
    here: Fits
    one_node: Nodes
    two_nodes: Nodes
    one_killed: Fits
    graph_divided: _Divided
    lists: Lists
    ratio: dict[str, float]


class SpreadSearch(BaseModel):
    """spread_search.json: a search of settings on one node and on two."""

    dataset: str
    model: str
    trials: int
    seconds: dict[str, float]
    ratio: float
    same_trials: bool


class LinearSide(BaseModel):
    """What the weights of a linear model took in one way."""

    seconds: float
    cpu_seconds: float
    peak_gb: float


class LinearSize(BaseModel):
    """The same weights in float32 and in float64, which may not fit the memory."""

    items: int
    in_place: LinearSide
    double: LinearSide | None = None


class LinearSizes(BaseModel):
    """linear.json: sizes of catalogues, and how many threads worked."""

    threads: int
    sizes: list[LinearSize]


class Approximation(BaseModel):
    """NDCG@10 on valid of a linear model that is not whole, and its difference from the whole."""

    ndcg: float = Field(alias="ndcg@10")
    difference: float
    interval: float
    seconds: float


class ApproximatedSet(BaseModel):
    """A data set of nearest.json: `whole`, `largest N` or `nearest N` → what it loses."""

    items: int
    users: int
    weights: dict[str, Approximation]


class ApproximatedSets(BaseModel):
    """nearest.json: name of a set → its approximations."""

    sets: dict[str, ApproximatedSet]


def scale(name: str) -> Context:
    """The sizes of scale.json, smallest first."""
    sizes = read_model(FOLDER / f"{name}.json", ScaleSizes).sizes.values()
    return {"sizes": sorted(sizes, key=lambda size: size.edges)}


def linear_sizes(name: str) -> Context:
    """The catalogues of linear.json, smallest first."""
    result = read_model(FOLDER / f"{name}.json", LinearSizes)
    sizes = sorted(result.sizes, key=lambda size: size.items)
    return {"sizes": sizes, "threads": result.threads}


def approximations(name: str) -> Context:
    """What the largest weights and the nearest items lose on each set of nearest.json."""
    sets = read_model(FOLDER / f"{name}.json", ApproximatedSets).sets
    first = next(iter(sets.values()))
    parts = [(key, *key.partition(" ")[::2]) for key in first.weights]
    rows = []
    for key, kind, number in sorted(parts, key=lambda part: (_KINDS[part[1]], int(part[2] or 0))):
        words = {
            "whole": "the whole matrix: NDCG@10",
            "largest": f"the {number} largest weights of each row",
            "nearest": f"each item regressed on its {number} nearest",
        }[kind]
        rows.append((words, kind == "whole", [measured.weights[key] for measured in sets.values()]))
    columns = [f"{name}, {measured.items:,} items" for name, measured in sets.items()]
    return {"columns": columns, "rows": rows}


def large(name: str) -> Context:
    """The steps of large.json that are ours to make fast."""
    result = read_model(FOLDER / f"{name}.json", Large)
    rows = [(words, result.steps[step]) for step, words in _STEPS.items()]
    return {"rows": rows, "large": result}


def workers(name: str) -> Context:
    """One worker and two on each size of scale.json."""
    sizes = read_model(FOLDER / f"{name}.json", SizesOfWorkers).sizes.values()
    return {"sizes": sorted(sizes, key=lambda size: size.edges)}


def spread_out(dataset: str, family: str) -> Context:
    """Where a family's fits, a search and lists ran, and how long."""
    results = read_model(FOLDER / "spread.json", RootModel[dict[str, Spread]]).root
    search = read_model(FOLDER / "spread_search.json", SpreadSearch)
    return {"spread": results[f"{dataset} {family}"], "search": search}
