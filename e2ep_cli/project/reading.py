"""What the reading commands share: users, items and rankings from the artifacts, without torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from e2ep_cli.project.places import looked_up, output, params_for
from stages.contracts.items import Item, read_items
from stages.contracts.rows import CANDIDATES, JUDGED, USERS
from stages.contracts.splits import NAMES as SPLITS
from stages.core.errors import InputError
from stages.core.ids import id_range
from stages.core.params import Section, check_section
from stages.core.spelling import suggestion
from stages.core.tables import read_arrow
from stages.core.variants import variants

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class RankingChoice:
    """Which ranking a person is looking at, and the judge's share in it."""

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


def choose_ranking(
    dataset: str | None, split: str | None, model: str | None, strategy: str | None
) -> RankingChoice:
    """The choice, from options and params.yaml; an InputError if it was never made."""
    params = params_for(dataset, split)
    base = model or looked_up(params, "rerank.bases")[0]
    choice = RankingChoice(
        dataset=params["dataset"],
        split=params["splits"][0],
        base=base,
        strategy=strategy or looked_up(params, "rerank.reasons.strategies")[0],
        weight=float(looked_up(params, "rerank.fusion_weight")),
        params=params,
    )
    _require_made(choice)
    return choice


def _require_made(choice: RankingChoice) -> None:
    """Refuse what was never made, and list what was."""
    prepared = choice.path("prepare")
    if not prepared.is_dir():
        made = sorted(path.parent.name for path in prepared.parents[1].glob("*/prepare"))
        raise InputError(
            f"nothing was made for data set {choice.dataset!r} yet; "
            f"run `e2ep run --dataset {choice.dataset}`, or take one of {', '.join(made) or 'none'}"
        )
    further = output("train-further", dataset=choice.dataset, model=choice.base) / choice.split
    if further.is_dir() and not choice.path("train").is_dir():
        raise InputError(
            f"{choice.split} was run for its metrics alone (further.splits), so nothing is "
            "reranked or explained there; list it under splits: "
            f"`e2ep run --dataset {choice.dataset} --set splits=[{choice.split}]`"
        )
    parts = {
        "split": (choice.split, prepared / "splits"),
        "model": (choice.base, choice.path("train").parent),
    }
    if choice.strategy != "none":
        parts["strategy"] = (choice.strategy, choice.path("rerank").parent)
    known = {
        "split": SPLITS,
        "model": variants("stages.train.models", "MODEL"),
        "strategy": variants("stages.rerank.strategies", "STRATEGY"),
    }
    for what, (name, folder) in parts.items():
        made = sorted(path.name for path in folder.glob("*") if path.is_dir())
        if name not in made and name not in known[what]:
            raise InputError(
                f"there is no {what} {name!r}; {suggestion(name, [*made, *known[what]])}"
            )
        if name not in made:
            raise InputError(
                f"{what} {name!r} was not made for {choice.dataset}; "
                f"choose from {', '.join(made) or 'none'}: "
                "run `e2ep run` with it listed in params.yaml, or take one of them"
            )


def user_row(choice: RankingChoice, user_id: str) -> int:
    """The row of an outside id, or an InputError with the valid range."""
    ids = user_ids(choice)
    if user_id not in ids:
        raise InputError(
            f"user {user_id!r} is not in {choice.dataset}; its users are {id_range(ids)}"
        )
    return ids.index(user_id)


def user_ids(choice: RankingChoice) -> list[str]:
    """The outside ids of all users, by row."""
    return list(read_arrow(choice.path("prepare") / "users.parquet", USERS)["user_id"].to_pylist())


def shown_items(choice: RankingChoice) -> list[Item]:
    """All items, by item row."""
    return read_items(choice.path("enrich"))


def candidate_rows(choice: RankingChoice, row: int | None) -> list[dict[str, Any]]:
    """Candidates of one user, or of all, in base order: user_row, item_row, place, score."""
    where = None if row is None else [("user_row", "==", row)]
    table = read_arrow(choice.path("train") / "candidates.parquet", CANDIDATES, where)
    return list(table.sort_by([("user_row", "ascending"), ("place", "ascending")]).to_pylist())


def judged_values(choice: RankingChoice, row: int | None) -> dict[tuple[int, int], float]:
    """The judge's value by (user row, item row)."""
    where = None if row is None else [("user_row", "==", row)]
    rows = read_arrow(choice.path("rerank") / "judged.parquet", JUDGED, where).to_pylist()
    return {(row["user_row"], row["item_row"]): row["value"] for row in rows}
