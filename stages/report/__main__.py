"""`python -m stages.report`: write report.html."""

from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.plan import load_plan
from stages.core.errors import one_sentence
from stages.core.files import write_text
from stages.core.log import logged
from stages.core.params import load_params, load_section
from stages.report.page import render
from stages.report.params import ReportParams
from stages.report.sources import ReportSources


@one_sentence
def main(
    metrics: Annotated[Path, typer.Option(help="Folder of the data set's numbers.")],
    artifacts: Annotated[Path, typer.Option(help="Folder of the data set's artifacts.")],
    out: Annotated[Path, typer.Option(help="File for the page.")],
) -> None:
    """Write the page that shows a data set's numbers, curves and explained users."""
    params = load_section("report", ReportParams)
    with logged("report") as counts:
        text = render(ReportSources(metrics, artifacts), load_plan(), params.users, load_params())
        write_text(out, text)
        counts |= {"kB": len(text.encode()) // 1000, "charts": text.count('<svg class="chart')}


if __name__ == "__main__":
    typer.run(main)
