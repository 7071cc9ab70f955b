"""`e2ep llm export`: the answers of a run as a file that repeats it."""

from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import DatasetOption, RunOption
from e2ep_cli.project.places import root
from e2ep_cli.project.steps import keys_used
from e2ep_cli.runs.run import Run, latest_run, named_run
from e2ep_cli.runs.words import as_options
from stages.core.cache import cache_folder
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text
from stages.llm.store.inventory import export_answers

_WHO_ANSWERED = {f"llm.{name}" for name in ("provider", "model", "base_url", "effort", "mode")}


@one_sentence
def llm_export_command(
    out: Annotated[Path, typer.Argument(help="JSONL file to write.")],
    dataset: DatasetOption = None,
    run: RunOption = None,
) -> None:
    """Write the answers that the last run used, to replay it without a key.

    A run with llm.provider=replay reads them from that file.
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
    typer.echo(f"to repeat the run from it: {command_to_replay(made, out)}")


def command_to_replay(run: Run, file: Path) -> str:
    """The command that makes a run again from its answers, whoever gave them."""
    settings = {"dataset": run.dataset} | {
        key: value for key, value in run.settings.items() if key not in _WHO_ANSWERED
    }
    return f"e2ep run {as_options(settings | {'llm.provider': 'replay', 'llm.replay': str(file)})}"
