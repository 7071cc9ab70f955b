"""`e2ep run`: the whole pipeline, through DVC, so that lock and cache stay true."""

from e2ep_cli.options import DatasetOption, SetOption
from e2ep_cli.project.places import root
from e2ep_cli.project.running import run_stages
from e2ep_cli.views.headline import show_headline
from stages.core.errors import one_sentence


@one_sentence
def run_command(dataset: DatasetOption = None, settings: SetOption = None) -> None:
    """Run the pipeline, or what has changed of it, on any data set.

    params.yaml stays as it is.
    """
    params = run_stages([], dataset, settings or [])
    show_headline(root(), params)
