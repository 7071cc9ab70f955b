"""What the reading commands share: users, items and rankings from the artifacts, without torch."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from e2ep_cli.project.overrides import parsed_settings
from e2ep_cli.project.places import looked_up, output, pipeline, planned_stage, root
from e2ep_cli.reading.default_ranking import ShowingStage, measured_effects
from e2ep_cli.reading.store import DISK, Store
from e2ep_cli.runs.alone import is_at_work
from e2ep_cli.runs.run import Run, find_run
from e2ep_cli.runs.state import require_whole
from stages.contracts.items import Item
from stages.contracts.metrics.preferred import default_strategy
from stages.contracts.plan import COMPUTED_STRATEGIES, weight_of
from stages.contracts.rows import CANDIDATES, JUDGED
from stages.contracts.splits import NAMES as SPLITS
from stages.contracts.splits import NEXT, known_split, shown
from stages.contracts.words import FILMS, DomainWords, read_words
from stages.core.errors import InputError
from stages.core.ids import id_range
from stages.core.params import Section, check_section
from stages.core.spelling import suggestion
from stages.core.variants import variants

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class RankingChoice:
    """Which ranking a person is looking at, and the judge's share in it."""

    run: Run
    dataset: str
    split: str
    base: str
    strategy: str
    weight: float
    params: dict[str, Any]
    """The run's params.yaml."""
    why: str = ""
    """Why this strategy, if none was asked for."""
    words: DomainWords = FILMS
    """What the items are called, and what people do with them."""
    store: Store = DISK
    """Where its artifacts are read from."""

    @property
    def how(self) -> str:
        """What reranks the model's list, in words."""
        if self.strategy in COMPUTED_STRATEGIES:
            return f"{self.strategy}, computed"
        return f"{self.strategy}, {100 * self.weight:.0f} % judge"

    @property
    def explained(self) -> list[str]:
        """The strategies whose lists are explained on this split, made or not."""
        if self.split == NEXT:
            return list(shown(self.params).strategies)
        return list(looked_up(self.params, "rerank.reasons.strategies"))

    @property
    def item(self) -> dict[str, str]:
        """Its value on every axis that a stage's matrix can have."""
        return {
            "dataset": self.dataset,
            "split": self.split,
            "base": self.base,
            "model": self.base,
            "strategy": self.strategy,
        }

    def path(self, stage: str) -> Path:
        """The artifact of a stage for this choice."""
        return output(self.run.folder, stage, **self.item)

    def stages(self, *names: str) -> list[str]:
        """DVC's names of these stages for this choice."""
        axes = pipeline(self.run.folder)
        by_split = {name: f"{name}-shown" if self.split == NEXT else name for name in names}
        stages = [stage if stage in axes else name for name, stage in by_split.items()]
        return [
            planned_stage(name, {axis: self.item[axis] for axis in axes[name]["matrix"]})
            for name in stages
        ]

    def require_whole(self, *names: str) -> None:
        """Refuse the artifacts of these stages if they, and what they need, mix two runs."""
        require_whole(self.run, self.stages(*names))

    def section(self, name: str, model: type[S]) -> S:
        """A section of params.yaml, checked."""
        return check_section(name, looked_up(self.params, name) or {}, model)


def shown_run(dataset: str | None, name: str | None, settings: list[str] | None) -> Run:
    """The run that a reading command is about, from its options."""
    return find_run(root(), dataset, name, parsed_settings(settings or []))


def choose_ranking(
    run: Run,
    split: str | None,
    model: str | None,
    strategy: str | None,
    stage: ShowingStage = "rerank",
    against: str | None = None,
) -> RankingChoice:
    """The choice in a run, from options and its parameters; an InputError if it was not made.

    against: a strategy that is shown beside it.
    """
    params = run.params
    base = model or looked_up(params, "rerank.bases")[0]
    choice = RankingChoice(
        run=run,
        dataset=str(params["dataset"]),
        split=known_split(split or usual_split(params, base, strategy, against)),
        base=base,
        strategy=strategy or "none",
        weight=explained_weight(params, strategy or "none"),
        params=params,
        words=read_words(output(run.folder, "prepare", dataset=run.dataset)),
    )
    if strategy is None:
        choice = _with_default(choice, stage)
    _require_made(choice, stage)
    return choice


def usual_split(params: dict[str, Any], base: str, *strategies: str | None) -> str:
    """`next` where it has the base and the strategies that are asked for, else the first split."""
    lists = shown(params)
    on_next = set(strategies) <= {None, "none", *lists.strategies}
    usual = lists.splits if on_next and base in looked_up(params, "rerank.bases") else ()
    return str([*usual, *looked_up(params, "splits")][0])


def explained_weight(params: dict[str, Any], strategy: str) -> float:
    """The share of a strategy's values at which the stages explain its list."""
    return weight_of(strategy, float(looked_up(params, "rerank.fusion_weight")))


def _with_default(choice: RankingChoice, stage: ShowingStage) -> RankingChoice:
    """The choice with the strategy that is shown where none was asked for."""
    effects = measured_effects(choice.path("evaluate").parent, choice.split, choice.base)
    # Those that are planned, so that a run that was stopped shows what it will show when complete.
    planned = choice.explained
    # The graph's own list is that of the model, so it needs no reranking.
    made = ["none", *made_strategies(choice, stage)]
    showable = made if stage == "rerank" else planned
    usual = default_strategy(effects, showable)
    return replace(choice, strategy=usual.name, weight=usual.weight, why=usual.why)


def made_strategies(choice: RankingChoice, stage: ShowingStage) -> list[str]:
    """The strategies that the stage has made for the choice's base, in the order of params.yaml."""
    lists = replace(choice, strategy="*").path(stage)
    return choice.store.strategies(lists, choice.explained)


def _require_made(choice: RankingChoice, stage: ShowingStage) -> None:
    """Refuse what was never made, and list what was."""
    prepared = choice.path("prepare")
    if not prepared.is_dir():
        raise InputError(
            f"run {choice.run.name} has no prepared data yet; "
            + ("wait for it" if is_at_work(choice.run) else f"`{choice.run.command}` makes it")
        )
    further = choice.path("train-further") / choice.split
    if further.is_dir() and not choice.path("train").is_dir():
        raise InputError(
            f"{choice.split} was run for its metrics alone (further.splits), so nothing is "
            "reranked or explained there; list it under splits: "
            f"`e2ep run --dataset {choice.dataset} --set splits=[{choice.split}]`"
        )
    bases = looked_up(choice.params, "rerank.bases")
    if choice.split == NEXT and choice.base not in bases:
        raise InputError(
            f"{NEXT} has the lists of {', '.join(bases)} alone, which are rerank.bases; take "
            f"--split {looked_up(choice.params, 'splits')[0]} for those of {choice.base}"
        )
    parts = {
        "split": (choice.split, _folders(prepared / "splits")),
        "model": (choice.base, _folders(choice.path("train").parent)),
    }
    if choice.strategy != "none":
        strategies = sorted(made_strategies(choice, stage))
        parts["strategy"] = (choice.strategy, strategies)
    known = {
        "split": (*SPLITS, NEXT),
        "model": variants("stages.train.models", "MODEL"),
        "strategy": variants("stages.rerank.strategies", "STRATEGY"),
    }
    for what, (name, made) in parts.items():
        if name not in made and name not in known[what]:
            raise InputError(
                f"there is no {what} {name!r}; {suggestion(name, [*made, *known[what]])}"
            )
        if name not in made and name in _planned(choice, what) and is_at_work(choice.run):
            raise InputError(
                f"run {choice.run.name} is being made and has no {what} {name!r} yet; "
                "wait until it is done"
            )
        if name not in made and name in _planned(choice, what):
            raise InputError(
                f"run {choice.run.name} has no {what} {name!r} yet; "
                f"`{choice.run.command}` completes it"
            )
        if name not in made:
            raise InputError(
                f"{what} {name!r} was not made for {choice.dataset}; "
                f"choose from {', '.join(made) or 'none'}: "
                "run `e2ep run` with it listed in params.yaml, or take one of them"
            )


def _planned(choice: RankingChoice, what: str) -> list[str]:
    """The names that the run's parameters list; `what` is split, model or strategy."""
    if what == "split":
        return [*looked_up(choice.params, "splits"), *shown(choice.params).splits]
    if what == "strategy" and choice.split == NEXT:
        return choice.explained
    key = {"model": "models", "strategy": "strategies"}[what]
    return list(choice.params.get(key) or [])


def _folders(path: Path) -> list[str]:
    return sorted(each.name for each in path.glob("*") if each.is_dir())


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
    return choice.store.user_ids(choice.path("prepare") / "users.parquet")


def shown_items(choice: RankingChoice) -> list[Item]:
    """All items, by item row."""
    return choice.store.items(choice.path("enrich"))


def candidate_rows(choice: RankingChoice, row: int | None) -> list[dict[str, Any]]:
    """Candidates of one user, or of all, in base order: user_row, item_row, place, score."""
    table = choice.store.table(choice.path("train") / "candidates.parquet", CANDIDATES, row)
    return list(table.sort_by([("user_row", "ascending"), ("place", "ascending")]).to_pylist())


def judged_values(choice: RankingChoice, row: int | None) -> dict[tuple[int, int], float]:
    """The judge's value by (user row, item row)."""
    rows = choice.store.table(choice.path("rerank") / "judged.parquet", JUDGED, row).to_pylist()
    return {(row["user_row"], row["item_row"]): row["value"] for row in rows}
