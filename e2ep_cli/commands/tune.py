"""`e2ep tune`: search a model's settings on validation rows, on record and from where it stopped."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from stages.core.errors import ParamError, one_sentence

if TYPE_CHECKING:
    from stages.train.fitting.search import Search, Space, Trial

SHOWN = 10


@one_sentence
def tune(
    model: Annotated[
        str, typer.Argument(help="A model that has a space in experiments/search.yaml.")
    ],
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="Data set, else the one in params.yaml.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Split, else the first in params.yaml.")] = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="Trials, else the budget of its space.")
    ] = None,
) -> None:
    """Try settings of a model, judged on rows of train and valid alone; a search that was stopped goes on."""
    import time

    from e2ep_cli.project.places import params_for, root
    from stages.core.tables import write_text
    from stages.core.text import read_text
    from stages.train.fitting.search import as_csv, from_csv

    params = params_for(dataset, split)
    place = root() / "experiments/search" / params["dataset"] / params["splits"][0] / f"{model}.csv"
    search = _search(model, params)
    done = from_csv(read_text(place)) if place.exists() else []
    budget = trials or search.space.trials
    for trial in search.run(done, budget, time.perf_counter):
        done.append(trial)
        write_text(place, as_csv(done))
        typer.echo(
            f"trial {trial.trial + 1}/{budget}: NDCG@10 {trial.ndcg:.4f} on valid · {trial.seconds:.1f} s"
        )
    _show(
        done,
        f"{model} on {params['dataset']}, {params['splits'][0]}: {len(done)} trials, best {SHOWN}",
    )
    typer.echo(f"record: {place}")


def _search(model: str, params: dict[str, Any]) -> "Search":
    from functools import cache

    from e2ep_cli.project.places import looked_up, output
    from stages.core.params import check_section, checked_seed
    from stages.train.fitting.named import limit_threads, model_module
    from stages.train.fitting.search import Search
    from stages.train.fitting.sources import Sources, seen_by_text, split_rows
    from stages.train.params import CommonParams

    space, module = _space(model, params["dataset"]), model_module(model)
    limit_threads(
        check_section("train.common", looked_up(params, "train.common"), CommonParams).threads
    )
    dataset = params["dataset"]
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


def _space(model: str, dataset: str) -> "Space":
    """The space of MODEL@DATASET, else of MODEL."""
    from e2ep_cli.project.places import root
    from stages.core.params import check_section, load_params
    from stages.train.fitting.search import SPACES, Space

    spaces = load_params(root() / SPACES)
    name = next((name for name in (f"{model}@{dataset}", model) if name in spaces), None)
    if name is None:
        raise ParamError(f"{SPACES} has no space for {model!r}; there are {', '.join(spaces)}")
    return check_section(name, spaces[name], Space, SPACES)


def _show(trials: list["Trial"], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from stages.train.fitting.search import best_first

    table = Table(
        "trial", "NDCG@10", "epochs", "seconds", "parameters", title=title, title_justify="left"
    )
    for one in best_first(trials)[:SHOWN]:
        setting = (
            ", ".join(f"{name} {value}" for name, value in one.parameters.items()) or "defaults"
        )
        table.add_row(
            str(one.trial), f"{one.ndcg:.4f}", str(one.epochs or ""), f"{one.seconds:.0f}", setting
        )
    Console().print(table)
