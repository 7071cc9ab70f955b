"""The search of a model's settings, with the space and the rows that a run has for it."""

from dataclasses import replace
from functools import cache
from typing import Any

from e2ep_cli.project.places import looked_up, output, root
from e2ep_cli.runs.run import Run
from stages.contracts.plan import seen_by_text
from stages.core.errors import ParamError
from stages.core.params import check_section, checked_seed, load_params
from stages.core.spelling import suggestion
from stages.core.threads import limit_threads
from stages.train.fitting.model import Tunes
from stages.train.fitting.named import model_module, model_names, torch_device
from stages.train.fitting.sources import Sources, split_rows
from stages.train.params import CommonParams
from stages.train.searching.search import Search
from stages.train.searching.space import SPACES, Space


def search_of(model: str, run: Run, split: str) -> Search:
    """The search of a model's settings on a split of a run."""
    params, dataset = run.params, run.dataset
    space, module = _space(model, dataset), model_module(model)
    common = check_section("train.common", looked_up(params, "train.common"), CommonParams)
    limit_threads(common.threads)
    device = torch_device(common.device)
    prepared, movies, embedded = (
        output(run.folder, stage, dataset=dataset) for stage in ("prepare", "enrich", "embed-items")
    )
    sources = Sources(prepared, movies, embedded.parent)

    @cache
    def rows(form: str | None) -> Any:
        if seen_by_text(form, params):
            raise ParamError(
                "published user profiles have seen the validation rows; set profile.users to llm"
            )
        return replace(split_rows(sources, split, form), device=device)

    return Search(module, rows, space, checked_seed(params["seed"]))


def _space(model: str, dataset: str) -> Space:
    """The search space of MODEL@DATASET or, if there is none, of MODEL."""
    spaces = load_params(root() / SPACES)
    name = next((name for name in (f"{model}@{dataset}", model) if name in spaces), None)
    if name is None:
        why, choice = _without_space(model), suggestion(model, spaces)
        raise ParamError(f"{SPACES} has no space for {model!r}{why}; {choice}")
    return check_section(name, spaces[name], Space, SPACES)


def _without_space(model: str) -> str:
    """Why a model may need no search."""
    if model not in model_names():
        return ""
    module = model_module(model)
    if not module.Config.model_fields:
        return ", which has no settings"
    tunes = hasattr(module.MODEL, Tunes.tune.__name__)
    return ", which chooses its own on valid in every fit" if tunes else ""
