"""Reads a run for a server."""

from collections import OrderedDict
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from e2ep_cli.newcomers.explanation import reasons_maker
from e2ep_cli.newcomers.ranking import newcomer_model, weights_of
from e2ep_cli.project.places import looked_up
from e2ep_cli.reading.choice import RankingChoice, choose_ranking, usual_split
from e2ep_cli.reading.default_ranking import ShowingStage
from e2ep_cli.reading.saying import fitted_on
from e2ep_cli.runs.run import Run
from e2ep_cli.runs.state import state_of
from e2ep_cli.serving.held.kept import KeptStore
from e2ep_cli.serving.held.loaded import LoadedRun, NewcomerSide, RankingKey
from e2ep_cli.serving.held.mapped import MappedArrays
from e2ep_cli.serving.held.stamps import stamp_of
from stages.contracts.card import read_card
from stages.contracts.splits import shown
from stages.core.errors import E2epError, InputError, MissingError
from stages.core.tables import read_arrays

_MOST_ROWS = 2_000
"""Items of which it is kept what people liked together with them."""


class _Latest(OrderedDict[int, Any]):
    """Keeps what was added last."""

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        while len(self) > _MOST_ROWS:
            self.pop(next(iter(self)), None)


def load_run(run: Run, split: str | None = None) -> LoadedRun:
    """Read a run; a MissingError or DamagedError if it is not whole.

    split: the one whose lists are served; default: those that the reading commands show.
    """
    params, store = run.params, KeptStore()
    rankings, explained, usual = _rankings(run, params, split), {}, {}
    if not rankings:
        choose_ranking(run, split, None, None)  # which says what is missing
        raise MissingError(f"run {run.name} has no list yet; `{run.command}` makes it")
    for key, choice in _rankings(run, params, split, "explain").items():
        if key in rankings:
            explained[key] = replace(choice, store=store)
    for key, choice in rankings.items():
        choice.require_whole("train", "enrich", *(() if key[2] == "none" else ("rerank",)))
        if key in explained:
            explained[key].require_whole("explain", "profile-users")
        store.keep(choice, key in explained)
        rankings[key] = replace(choice, store=store)
    stages: dict[ShowingStage, dict[RankingKey, RankingChoice]] = {
        "rerank": rankings,
        "explain": explained,
    }
    for stage, made in stages.items():
        for at, model in dict.fromkeys(key[:2] for key in made):
            choice = choose_ranking(run, at, model, None, stage)
            if (at, model, choice.strategy) in made:
                usual[at, model, stage] = replace(choice, store=store)
    first = next(iter(rankings.values()))
    at_models = {(at, model): rankings[at, model, "none"] for at, model, _ in rankings}
    weights = {pair: MappedArrays(weights_of(choice)) for pair, choice in at_models.items()}
    weight_files = [weights_of(choice) for choice in at_models.values()]
    return LoadedRun(
        run=run,
        made=state_of(run).made,
        store=store,
        params=params,
        card=read_card(first.path("prepare") / "card.json"),
        fitted={at: fitted_on(choice) for (at, _), choice in at_models.items()},
        rankings=rankings,
        explained=explained,
        usual=usual,
        newcomers=_newcomer_sides(at_models, weights, split),
        parts=_parts(at_models),
        weights=weights,
        stamp=stamp_of([run.folder / "dvc.lock", *store.paths, *weight_files]),
    )


def _rankings(
    run: Run, params: dict[str, Any], split: str | None, stage: ShowingStage = "rerank"
) -> dict[RankingKey, RankingChoice]:
    """Every ranking that was made, the default's split and the bases first."""
    splits = [split] if split else [*shown(params).splits, *looked_up(params, "splits")[:1]]
    bases = looked_up(params, "rerank.bases")
    models = dict.fromkeys([*bases, *(params.get("models") or [])])
    strategies = dict.fromkeys(["none", *(params.get("strategies") or [])])
    made = {}
    for key in ((at, model, name) for at in splits for model in models for name in strategies):
        if key[2] != "none" and key[1] not in bases:
            continue
        try:
            choice = choose_ranking(run, *key, stage)
        except E2epError:
            continue  # it was not made
        if stage == "rerank" or choice.path("explain").exists():
            made[key] = choice
    return made


def _newcomer_sides(
    choices: dict[tuple[str, str], RankingChoice],
    weights: dict[tuple[str, str], MappedArrays],
    split: str | None,
) -> dict[str, NewcomerSide]:
    """Model → what ranks for newcomers, on the split that `e2ep recommend` takes."""
    sides: dict[str, NewcomerSide] = {}
    for (at, model), choice in choices.items():
        if at != (split or usual_split(choice.params, model, "none")):
            continue
        try:
            ranks = newcomer_model(choice, weights[at, model])
        except InputError:
            continue  # it ranks for its users alone
        makes = reasons_maker(choice)
        together = makes.explainer.together
        kept = replace(together, _rows=_Latest()) if together else None
        makes = replace(makes, explainer=replace(makes.explainer, together=kept))
        held = partial(_given, ranks.users())
        sides[model] = NewcomerSide(choice, replace(ranks, users=held), makes)
    return sides


def _given(value: Any) -> Any:
    return value


def _parts(
    choices: dict[tuple[str, str], RankingChoice],
) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    paths = {pair: choice.path("train") / "parts.safetensors" for pair, choice in choices.items()}
    return {pair: read_arrays(path) for pair, path in paths.items() if path.exists()}
