"""`e2ep data list`: the data sets that are here or can be added."""

from e2ep_cli.options import DataFolderOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.views.datasets import show_listing
from stages.core.errors import one_sentence
from stages.data.listing import list_datasets


@one_sentence
def data_list_command(folder: DataFolderOption = None) -> None:
    """Show the data sets that are here or can be added."""
    show_listing(list_datasets(folder or data_folder()))
