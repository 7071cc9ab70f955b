"""`e2ep memorised`: the share of a data set that a language model can recite."""

import asyncio
import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import DatasetOption, JsonOption, SetOption
from e2ep_cli.project.checking import check_params
from e2ep_cli.project.overrides import changed_params
from e2ep_cli.project.ready import fetch_sample
from e2ep_cli.runs.running import asked_run
from e2ep_cli.runs.words import as_options
from e2ep_cli.views.memorised import show_recited
from stages.contracts.metrics.files import read_memorised
from stages.contracts.metrics.memorised import (
    MEMORISED_FILE,
    RECITED_KINDS,
    Memorised,
    RecitedKind,
)
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_json
from stages.core.params import check_section
from stages.data.read import kind_of, read_dataset
from stages.data.registry.entries import SAMPLE
from stages.data.unchanged import require_unchanged
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.servers.ready import NOBODY, require_ready
from stages.memorised.lines import KindLines, all_lines
from stages.memorised.measure import recited

_DEFAULT = "300"


def _count(kind: str) -> typer.models.OptionInfo:
    help_text = f"How many {kind} to ask about, drawn by the seed; or `all`; 0 for none."
    option: typer.models.OptionInfo = typer.Option(metavar="N|all", help=help_text)
    return option


@one_sentence
def memorised_command(
    dataset: DatasetOption = None,
    settings: SetOption = None,
    items: Annotated[str, _count("items")] = _DEFAULT,
    users: Annotated[str, _count("users")] = _DEFAULT,
    interactions: Annotated[str, _count("interactions")] = _DEFAULT,
    own_data: Annotated[
        bool,
        typer.Option("--own-data", help="Send ids and ratings of an imported data set as well."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure how much of a data set a language model can recite.

    The model of `llm` is shown the beginning of lines of a public data set and asked for the rest:
    an item's title, a user's attributes, a user's next rating. No other command sends ids and
    ratings. The shares are kept in metrics/ and shown beside every result of that model.
    """
    os.environ["E2EP_COMMAND"] = shlex.join(["e2ep", *sys.argv[1:]])
    counts: dict[RecitedKind, int | None] = {
        "items": _number("--items", items),
        "users": _number("--users", users),
        "interactions": _number("--interactions", interactions),
    }
    run = asked_run(dataset, settings or [])
    params = changed_params(run.project, run.settings)
    check_params(params)
    llm = check_section("llm", params["llm"] or {}, LlmParams)
    asked = _who_is_asked(llm)
    name = str(params["dataset"])
    folder = run.project / "data" / name
    fetch_sample(run.project, name)
    require_unchanged(folder)
    _refuse_own_data(folder, own_data)
    with chdir(run.project):
        measured = _measured(asked, folder, counts, params["seed"])
    if not measured:
        raise InputError(f"{name} has no lines to ask about; raise --items or --interactions")
    file = run.project / "metrics" / name / MEMORISED_FILE
    write_json(file, _plain(_merged(read_memorised(file), measured)))
    if as_json:
        rows = _plain(measured)
        typer.echo(json.dumps({"dataset": name, "models": rows}, ensure_ascii=False, indent=1))
        return
    for served, shares in measured.items():
        show_recited(name, served, shares)
    if llm.users and not _asks(llm.about_users):
        typer.echo("users and interactions were not asked about, as llm.users is offline")
    shown = f"e2ep run {as_options(run.settings)}".strip()
    typer.echo(f"kept in metrics/{name}/{MEMORISED_FILE}; `{shown}` shows it beside the results")


def _number(option: str, value: str) -> int | None:
    """None for all."""
    if value == "all":
        return None
    if not value.isascii() or not value.isdigit():
        raise InputError(f"{option} is {value!r}; give a whole number, or `all`")
    return int(value)


def _asks(model: LlmParams) -> bool:
    return model.provider not in NOBODY


def _who_is_asked(llm: LlmParams) -> list[tuple[LlmParams, tuple[RecitedKind, ...]]]:
    """Each model, and the kinds of lines that it may see; `llm.users` keeps users to its model."""
    kinds: list[tuple[LlmParams, tuple[RecitedKind, ...]]] = [(llm.about_users, RECITED_KINDS)]
    if llm.users:
        kinds.insert(0, (llm, ("items",)))
    asked = [(model, shown) for model, shown in kinds if _asks(model)]
    if not asked:
        raise InputError(
            f"llm.provider is {llm.provider}: rules have read no data set, so there is nothing to "
            "measure; name a model, such as --set llm.provider=openai --set llm.model=NAME"
        )
    return asked


def _refuse_own_data(folder: Path, is_allowed: bool) -> None:
    if kind_of(folder) == "csv" and folder.name != SAMPLE and not is_allowed:
        raise InputError(
            f"{folder.name} was imported, and this command sends ids of users and items and "
            "ratings to the model; nobody but you can know it, so ask about a public data set, "
            "or add --own-data"
        )


def _measured(
    asked: Sequence[tuple[LlmParams, tuple[RecitedKind, ...]]],
    folder: Path,
    counts: Mapping[RecitedKind, int | None],
    seed: int,
) -> Memorised:
    """What each model knows of its kinds of lines of the data set in `folder`."""
    lines = all_lines(folder, read_dataset(folder), seed)
    for model, _ in asked:
        require_ready(model)
    measured: Memorised = {}
    for model, kinds in asked:
        wanted = {kind: lines[kind] for kind in kinds if counts[kind] != 0}
        measured = _merged(measured, asyncio.run(_ask(model, wanted, counts, seed)))
    return measured


async def _ask(
    llm: LlmParams,
    lines: Mapping[RecitedKind, KindLines],
    counts: Mapping[RecitedKind, int | None],
    seed: int,
) -> Memorised:
    """What one model knows of each kind; a kind without enough lines is left out."""
    measured: Memorised = {}
    async with connected(llm) as model:
        for kind, of_kind in lines.items():
            drawn = of_kind.drawn(counts[kind], seed)
            if drawn:
                served, share = await recited(model, of_kind, drawn, llm.width, date.today())
                measured.setdefault(served, {})[kind] = share
    return measured


def _merged(kept: Memorised, measured: Memorised) -> Memorised:
    """What was measured now in the place of the same models and kinds; the rest as it was."""
    return kept | {model: kept.get(model, {}) | shares for model, shares in measured.items()}


def _plain(memorised: Memorised) -> dict[str, dict[str, dict[str, object]]]:
    return {
        model: {kind: share.model_dump(mode="json") for kind, share in shares.items()}
        for model, shares in memorised.items()
    }
