"""`e2ep run`: the whole pipeline, through DVC, which keeps dvc.lock and cache correct."""

from e2ep_cli.options import DatasetOption, SetOption
from e2ep_cli.project.places import root
from e2ep_cli.project.running import run_stages
from e2ep_cli.views.headline import show_headline
from stages.core.errors import one_sentence


@one_sentence
def run_command(dataset: DatasetOption = None, settings: SetOption = None) -> None:
    """Run the pipeline on any data set, skipping what is up to date.

    params.yaml is left unchanged.
    """
    params = run_stages([], dataset, settings or [])
    show_headline(root(), params)
