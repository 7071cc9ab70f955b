"""`e2ep tune`: search a model's settings on validation rows, with a record to continue from."""

import time
from functools import cache
from typing import Annotated, Any

import typer

from e2ep_cli.options import DatasetOption, SplitOption
from e2ep_cli.project.places import looked_up, output, params_for, root
from e2ep_cli.views.trials import show_trials
from stages.core.errors import ParamError, one_sentence
from stages.core.files import write_text
from stages.core.params import check_section, checked_seed, load_params
from stages.core.spelling import suggestion
from stages.core.text import read_text
from stages.train.fitting.named import limit_threads, model_module
from stages.train.fitting.search import SPACES, Search, Space, as_csv, from_csv
from stages.train.fitting.sources import Sources, seen_by_text, split_rows
from stages.train.params import CommonParams


@one_sentence
def tune_command(
    model: Annotated[
        str, typer.Argument(help="A model with a search space in experiments/search.yaml.")
    ],
    dataset: DatasetOption = None,
    split: SplitOption = None,
    trials: Annotated[
        int | None,
        typer.Option(min=1, help="Number of trials; default: the budget of its search space."),
    ] = None,
) -> None:
    """Search for the best settings of a model on validation rows.

    Test rows are not read. A search that was stopped continues where it stopped.
    """
    params = params_for(dataset, split)
    place = root() / "experiments/search" / params["dataset"] / params["splits"][0] / f"{model}.csv"
    search = _search(model, params)
    done = from_csv(read_text(place)) if place.exists() else []
    budget = trials or search.space.trials
    for trial in search.run(done, budget, time.perf_counter):
        done.append(trial)
        write_text(place, as_csv(done))
        typer.echo(
            f"trial {trial.trial + 1}/{budget}: NDCG@10 {trial.ndcg:.4f} on valid "
            f"· {trial.seconds:.1f} s"
        )
    show_trials(done, f"{model} on {params['dataset']}, {params['splits'][0]}")
    typer.echo(f"record: {place}")


def _search(model: str, params: dict[str, Any]) -> Search:
    dataset = params["dataset"]
    space, module = _space(model, dataset), model_module(model)
    common = check_section("train.common", looked_up(params, "train.common"), CommonParams)
    limit_threads(common.threads)
    embedded = output("embed-items", dataset=dataset).parent
    sources = Sources(
        output("prepare", dataset=dataset), output("enrich", dataset=dataset), embedded
    )

    @cache
    def rows(form: str | None) -> Any:
        if seen_by_text(form, params):
            raise ParamError(
                "published user profiles have seen the validation rows; set profile.users to llm"
            )
        return split_rows(sources, params["splits"][0], form)

    return Search(module, rows, space, checked_seed(params["seed"]))


def _space(model: str, dataset: str) -> Space:
    """The search space of MODEL@DATASET or, if there is none, of MODEL."""
    spaces = load_params(root() / SPACES)
    name = next((name for name in (f"{model}@{dataset}", model) if name in spaces), None)
    if name is None:
        raise ParamError(f"{SPACES} has no space for {model!r}; {suggestion(model, spaces)}")
    return check_section(name, spaces[name], Space, SPACES)
