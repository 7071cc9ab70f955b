"""What the reading commands share: users, films and rankings from the artifacts, without pandas or torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from e2ep_cli.project.places import looked_up, output, params_for
from stages.core.errors import InputError
from stages.core.ids import id_range
from stages.core.params import Section, check_section

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Chosen:
    """Which ranking a person looks at, and the judge's share in it."""

    dataset: str
    split: str
    base: str
    strategy: str
    weight: float
    params: dict[str, Any]
    """params.yaml."""

    def path(self, stage: str) -> Path:
        """The artifact of a stage for this choice."""
        item = {"dataset": self.dataset, "split": self.split, "base": self.base, "model": self.base}
        return output(stage, **item, strategy=self.strategy)

    def section(self, name: str, model: type[S]) -> S:
        """A section of params.yaml, checked."""
        return check_section(name, looked_up(self.params, name) or {}, model)


@dataclass(frozen=True)
class Film:
    """A film as it is shown."""

    item_id: str
    title: str
    year: int | None
    genres: tuple[str, ...]

    @property
    def name(self) -> str:
        """Title and year."""
        return f"{self.title} ({self.year})" if self.year else self.title


def choose(
    dataset: str | None, split: str | None, model: str | None, strategy: str | None
) -> Chosen:
    """The choice, from options and params.yaml; what was never made is an InputError."""
    params = params_for(dataset, split)
    base = model or looked_up(params, "rerank.bases")[0]
    chosen = Chosen(
        dataset=params["dataset"],
        split=params["splits"][0],
        base=base,
        strategy=strategy or looked_up(params, "rerank.reasons.strategies")[0],
        weight=float(looked_up(params, "rerank.fusion_weight")),
        params=params,
    )
    _require(chosen)
    return chosen


def _require(chosen: Chosen) -> None:
    """Refuse what was never made, naming what there is."""
    prepared = chosen.path("prepare")
    if not prepared.is_dir():
        made = sorted(path.parent.name for path in prepared.parents[1].glob("*/prepare"))
        raise InputError(
            f"nothing was made for data set {chosen.dataset!r} yet; run `e2ep run --dataset {chosen.dataset}`, "
            f"or take one of {', '.join(made) or 'none'}"
        )
    further = output("train-further", dataset=chosen.dataset, model=chosen.base) / chosen.split
    if further.is_dir() and not chosen.path("train").is_dir():
        raise InputError(
            f"{chosen.split} was run for its metrics alone (further.splits), so nothing is reranked or explained there; "
            f"list it under splits: `e2ep run --dataset {chosen.dataset} --set splits=[{chosen.split}]`"
        )
    wanted = {
        "split": (chosen.split, prepared / "splits"),
        "model": (chosen.base, chosen.path("train").parent),
    }
    if chosen.strategy != "none":
        wanted["strategy"] = (chosen.strategy, chosen.path("rerank").parent)
    for what, (name, folder) in wanted.items():
        made = sorted(path.name for path in folder.glob("*") if path.is_dir())
        if name not in made:
            raise InputError(
                f"{what} {name!r} was not made for {chosen.dataset}; there are {', '.join(made) or 'none'}: "
                "run `e2ep run` with it listed in params.yaml, or take one of them"
            )


def user_row(chosen: Chosen, user_id: str) -> int:
    """The row of an outside id, or an InputError with the valid range."""
    ids = user_ids(chosen)
    if user_id not in ids:
        raise InputError(
            f"user {user_id!r} is not in {chosen.dataset}; its users are {id_range(ids)}"
        )
    return ids.index(user_id)


def user_ids(chosen: Chosen) -> list[str]:
    """The outside ids of all users, by row."""
    from stages.contracts.rows import USERS
    from stages.core.tables import read_arrow

    return list(read_arrow(chosen.path("prepare") / "users.parquet", USERS)["user_id"].to_pylist())


def films(chosen: Chosen) -> list[Film]:
    """All films, by item row."""
    from stages.contracts.rows import ENRICHED
    from stages.core.tables import read_arrow

    table = read_arrow(chosen.path("enrich"), ENRICHED).select(
        ["item_id", "title", "year", "genres"]
    )
    columns = (table[name].to_pylist() for name in table.column_names)
    return [
        Film(item, title, year, tuple(genres))
        for item, title, year, genres in zip(*columns, strict=True)
    ]


def candidate_rows(chosen: Chosen, row: int | None) -> list[dict[str, Any]]:
    """Candidates of one user, or of everybody, in the base order: user_row, item_row, place, score."""
    from stages.contracts.rows import CANDIDATES
    from stages.core.tables import read_arrow

    where = None if row is None else [("user_row", "==", row)]
    table = read_arrow(chosen.path("train") / "candidates.parquet", CANDIDATES, where)
    return list(table.sort_by([("user_row", "ascending"), ("place", "ascending")]).to_pylist())


def judged_values(chosen: Chosen, row: int | None) -> dict[tuple[int, int], float]:
    """The judge's value by (user row, item row)."""
    from stages.contracts.rows import JUDGED
    from stages.core.tables import read_arrow

    where = None if row is None else [("user_row", "==", row)]
    rows = read_arrow(chosen.path("rerank") / "judged.parquet", JUDGED, where).to_pylist()
    return {(one["user_row"], one["item_row"]): one["value"] for one in rows}
