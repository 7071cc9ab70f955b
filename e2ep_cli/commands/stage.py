"""`e2ep prepare` … `e2ep report`: one stage, through DVC, after the stages it needs."""

from collections.abc import Callable
from typing import Annotated

import typer

from e2ep_cli.menu import STAGES
from e2ep_cli.options import ClusterOption, DatasetOption, RunOption, SetOption, use_cluster
from e2ep_cli.runs.running import asked_run, run_stages
from stages.core.errors import one_sentence

ForceOption = Annotated[
    bool, typer.Option("--force", help="Run the stage even if nothing has changed.")
]


def stage_command(stage: str) -> Callable[..., None]:
    """The command of one stage."""

    @one_sentence
    def command(
        dataset: DatasetOption = None,
        settings: SetOption = None,
        run: RunOption = None,
        cluster: ClusterOption = None,
        force: ForceOption = False,
    ) -> None:
        use_cluster(cluster)
        run_stages([stage], asked_run(dataset, settings or [], run), force)

    command.__doc__ = f"{STAGES[stage]}\n\nThe stages that it needs run first."
    return command
