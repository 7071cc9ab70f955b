"""Lists under load, from benchmarks/results/."""

from pydantic import BaseModel, Field

from stages.core.tables import read_model
from tools.blocks import Context
from tools.contents.benchmarks import FOLDER


class _Times(BaseModel):
    """Milliseconds until a kind of answer was there."""

    requests: int
    failed: int
    p50: float = Field(alias="p50_ms")
    p95: float = Field(alias="p95_ms")
    p99: float = Field(alias="p99_ms")


class Memory(BaseModel):
    """Megabytes of a server."""

    resident: float


class OurServer(BaseModel):
    """Our side of serve.json; all: lists of users and of newcomers."""

    user: _Times
    newcomer: _Times
    reasons: _Times
    all: _Times
    users_alone: _Times
    memory: Memory = Field(alias="memory_mb")
    memory_after: Memory = Field(alias="memory_after_mb")
    reloads: int


class PeerServer(BaseModel):
    """The other side: lists of users alone."""

    name: str
    users_alone: _Times
    memory: Memory = Field(alias="memory_mb")


class Served(BaseModel):
    """A data set of serve.json or serve_reloads.json."""

    users: int
    items: int
    rate: float
    seconds: float
    ours: OurServer
    peer: PeerServer | None = None


class ServedSets(BaseModel):
    """Name of a data set → how its lists were served."""

    sets: dict[str, Served]


def under_load(dataset: str) -> Context:
    """A set's lists under load beside the peer's, and under a load with newer runs."""
    loaded, reloaded = (
        read_model(FOLDER / f"{name}.json", ServedSets).sets[dataset]
        for name in ("serve", "serve_reloads")
    )
    ours, peer = loaded.ours, loaded.peer
    assert peer is not None
    rows = [
        ("a user's list", ours.user, ours.memory),
        ("a newcomer's, who names five items", ours.newcomer, ours.memory),
        ("a newcomer's, with reasons", ours.reasons, ours.memory),
        ("users' lists alone", ours.users_alone, ours.memory),
        (f"users' lists alone, by {peer.name.replace('==', ' ')}", peer.users_alone, peer.memory),
    ]
    return {"served": loaded, "rows": rows, "reloaded": reloaded}
