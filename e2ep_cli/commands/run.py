"""`e2ep run` and a command for each stage: through DVC, so that lock and cache stay true."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from stages.core.errors import ParamError, one_sentence

STAGES = (
    "prepare",
    "enrich",
    "profile",
    "embed",
    "train",
    "rerank",
    "probe",
    "compare",
    "evaluate",
    "report",
)
"""Stages with a command of their own; `e2ep explain` without a user is the one for explain."""

ABOUT = {
    "prepare": "Make rows, named splits and the data card.",
    "enrich": "Normalise titles; add overview, genres and people.",
    "profile": "Write profiles of films and users.",
    "embed": "Embed the profiles.",
    "train": "Fit the models and list their candidates.",
    "rerank": "Have the candidates judged.",
    "probe": "Score explained films again without the cited evidence.",
    "compare": "Have a judge say which of two strategies explains better, for compare.pairs.",
    "evaluate": "Measure every ranking.",
    "report": "Write report.html.",
}

Dataset = Annotated[
    str | None, typer.Option("--dataset", help="Data set, else the one in params.yaml.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE|@FILE",
        help="Parameter for this run alone, or a file of them; repeatable.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Run the stage even where nothing changed.")]


def about(stage: str) -> str:
    """One line of help."""
    return f"{ABOUT[stage]} What it needs is made first."


@one_sentence
def run(dataset: Dataset = None, settings: Settings = None) -> None:
    """Run the whole pipeline, or what has changed of it, on any data set; params.yaml stays as it is."""
    run_stages([], dataset, settings or [])


def stage_command(stage: str) -> Callable[..., None]:
    """The command of one stage."""

    @one_sentence
    def command(dataset: Dataset = None, settings: Settings = None, force: Force = False) -> None:
        run_stages([stage], dataset, settings or [], force)

    return command


def run_stages(
    stages: list[str], dataset: str | None, settings: list[str], force: bool = False
) -> None:
    """Reproduce the stages (none: all) with parameters that hold for this run alone."""
    from e2ep_cli.project.checking import check_changed, check_params
    from e2ep_cli.project.overrides import overridden, parsed, settled
    from e2ep_cli.project.places import root, stage_names
    from e2ep_cli.project.repro import reproduce
    from stages.core.params import load_params
    from stages.data.read import require_folder

    folder, changes = root(), parsed(settings)
    if dataset:
        changes |= {"dataset": dataset}
    with overridden(folder, changes):
        params = load_params(folder / "params.yaml")
        check_params(params)
        check_changed(params, settled(folder))
        require_folder(folder / "data" / str(params["dataset"]))
        targets = [name for name in stage_names(params) if _stage_of(name) in stages]
        if "compare" in stages and not params["compare"]["pairs"]:
            raise ParamError(
                "compare.pairs in params.yaml is empty, so there is nothing to compare; list a pair of explained "
                "strategies there, or for this run alone: --set 'compare.pairs=[scored-none]'"
            )
        code = reproduce(folder, targets, len(stage_names(params)), force)
    if code:
        raise SystemExit(code if code > 0 else 1)
    if not stages:
        _show_headline(folder, params)


def _stage_of(name: str) -> str:
    """The stage's word: ``profile-users@sample-fold-1`` is profile."""
    return name.partition("@")[0].partition("-")[0]


def _judge(steps: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Who answered the questions of reranking: `offline judge`, or the models."""
    told = (tasks for step, tasks in steps.items() if step.startswith("rerank-"))
    models = dict.fromkeys(
        model for tasks in told for answers in tasks.values() for model in answers
    )
    return ", ".join(
        "offline judge" if "not a language model" in model else model for model in models
    )


def _show_headline(folder: Path, params: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from stages.core.tables import read_json
    from stages.evaluate.output.summary import headline_place

    numbers = folder / "metrics" / params["dataset"]
    headline, judge = read_json(numbers / "headline.json"), _judge(read_json(numbers / "llm.json"))
    place = headline_place(read_json(numbers / "summary.json")["models"], params["splits"][0])
    table = Table(title=f"{params['dataset']}, {place}, full ranking", title_justify="left")
    table.add_column("ranking")
    key = f"ndcg@{params['evaluate']['k'][0]}"
    table.add_column(key.upper(), justify="right")
    table.add_column("")
    values = {name: row[key] for name, row in headline.items() if key in row}
    top = max(values.values(), default=0) or 1
    for name, value in sorted(values.items(), key=lambda pair: -pair[1]):
        bar = "█" * round(24 * value / top)
        note = (
            "control" if "+shuffle" in name or "+oracle" in name else judge if "+" in name else ""
        )
        table.add_row(name, f"{value:.3f}", f"[cyan]{bar}[/] [dim]{note}[/]")
    Console().print(table)
    Console().print(f"report: {folder / 'report.html'}", soft_wrap=True, highlight=False)
