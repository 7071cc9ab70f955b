"""`e2ep data check`: whether data sets are still what was added."""

from typing import Annotated

import typer

from e2ep_cli.options import DataFolderOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.views.datasets import show_finding
from e2ep_cli.views.understood import show_files
from stages.core.errors import InputError, one_sentence
from stages.data.check import check as check_dataset
from stages.data.formats.canonical import ABOUT, read_about
from stages.data.read import present


@one_sentence
def data_check_command(
    name: Annotated[str | None, typer.Argument(help="Data set; default: all of them.")] = None,
    folder: DataFolderOption = None,
) -> None:
    """Verify the checksums and the content of data sets.

    Of one that was imported and is named, also how its files were understood.
    """
    place = folder or data_folder()
    findings = [check_dataset(place / each) for each in ([name] if name else present(place))]
    if not findings:
        raise InputError(
            f"{place} holds no data set; `dvc pull data.dvc` gets the sample, "
            "`e2ep data list` shows others"
        )
    for finding in findings:
        show_finding(finding)
    if name and not findings[0].fault and (place / name / ABOUT).is_file():
        show_files(read_about(place / name).understood)
    faults = [finding.fault for finding in findings if finding.fault]
    if faults:
        raise InputError("; ".join(faults))
