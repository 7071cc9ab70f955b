"""`e2ep llm export`: the answers of a run as a file that repeats it."""

from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import DatasetOption, RunOption
from e2ep_cli.project.places import root
from e2ep_cli.project.steps import keys_used
from e2ep_cli.runs.run import latest_run, named_run
from stages.core.cache import cache_folder
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_text
from stages.llm.store.inventory import export_answers


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
    replay = f"--set llm.provider=replay --set llm.replay={out}"
    typer.echo(f"to repeat the run from it: e2ep run --dataset {made.dataset} {replay}")
