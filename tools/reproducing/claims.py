"""tools/reproducing/claims.yaml: what the paper says, and where it stands here."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from stages.core.params import Section, check_section, load_params

CLAIMS = Path("tools") / "reproducing" / "claims.yaml"
ClaimVerdict = Literal["supported", "not supported", "contradicted", "cannot be checked"]
"""`not supported`: the interval holds 0."""


class Built(Section):
    """A mechanism or a setting: the file that has it, and the test that holds it."""

    says: str
    where: str
    test: str
    stands: str


class ClaimFigure(Section):
    """A committed difference in NDCG@10, and where it is.

    released: two of the released lists, of `users` under `protocol`. seeds: a result of
    benchmarks/paper_seeds.py and its pair. run: place and split of intervals.json and two rankings.
    ablated: an ablation of MovieLens 100K on fold-1 and its ranking.
    """

    name: str
    released: tuple[str, str] | None = None
    users: str = "all"
    protocol: str = "full"
    seeds: str | None = None
    run: str | None = None
    pair: str | tuple[str, str] | None = None
    ablated: str | None = None
    ranking: str | None = None


class Experiment(Section):
    """A claim about numbers; up: that the first difference is above 0, or below it."""

    says: str
    figures: tuple[ClaimFigure, ...]
    up: bool = True
    verdict: ClaimVerdict
    sentence: str


class Claims(Section):
    """The whole file."""

    mechanisms: tuple[Built, ...] = Field(min_length=1)
    settings: tuple[Built, ...] = Field(min_length=1)
    experiments: tuple[Experiment, ...] = Field(min_length=1)


def claims() -> Claims:
    """What the file says."""
    return check_section("claims", load_params(CLAIMS), Claims, CLAIMS)
