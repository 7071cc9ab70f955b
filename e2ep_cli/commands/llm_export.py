"""`e2ep llm export`: the answers of a run as a file that repeats it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from e2ep_cli.options import DatasetOption, RunOption
from e2ep_cli.project.places import root
from e2ep_cli.project.steps import keys_used
from e2ep_cli.runs.run import Run, latest_run, named_run
from e2ep_cli.runs.words import as_options
from stages.core.cache import cache_folder
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text
from stages.core.params import check_section
from stages.llm.params import WITHOUT_SERVER, LlmParams
from stages.llm.store.inventory import export_answers

_KEPT = ("llm.users", "llm.judge", "llm.fallbacks")
"""Settings that matter to recorded answers too: whose questions they are, and when to give up."""


@one_sentence
def llm_export_command(
    out: Annotated[Path, typer.Argument(help="JSONL file to write.")],
    dataset: DatasetOption = None,
    run: RunOption = None,
) -> None:
    """Write the answers that the last run used, to replay it without a key.

    A run with llm.provider=replay and llm.replay=FILE is answered by that file alone.
    """
    made = named_run(root(), run) if run else latest_run(root(), dataset)
    keys = keys_used(made)
    if not keys:
        raise InputError(
            f"run {made.name} used no stored answer: offline rules or recorded answers gave "
            "them all; run it with llm.provider openai or gemini first"
        )
    lines = export_answers(cache_folder(root()) / "replies.sqlite", keys)
    write_text(out, "".join(f"{line}\n" for line in lines))
    typer.echo(f"{out}: {len(lines):,} answers")
    typer.echo(f"to repeat the run from it: e2ep run {as_options(_repeating(made, out))}")


def _repeating(run: Run, answers: Path) -> dict[str, Any]:
    """The settings of the run, but for who answered: the file, where a model did."""
    kept = {
        key: value
        for key, value in run.settings.items()
        if not key.startswith("llm.") or key.startswith(_KEPT)
    }
    llm = check_section("llm", run.params.get("llm") or {}, LlmParams)
    users_are_asked = llm.users and llm.users.provider not in WITHOUT_SERVER
    if llm.provider != "offline" or not (llm.judge or users_are_asked):
        kept["llm.provider"] = "replay"
    elif users_are_asked:
        kept = {key: value for key, value in kept.items() if not key.startswith("llm.users")}
        kept["llm.users"] = {"provider": "replay"}
    return {"dataset": run.dataset, **kept, "llm.replay": str(answers)}
