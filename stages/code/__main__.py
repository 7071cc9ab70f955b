"""`python -m stages.code`: write the hashes of what every stage and variant imports."""

from pathlib import Path
from typing import Annotated

import typer

from stages.code.closure import closure, digest
from stages.code.entries import entries
from stages.code.links import keep_links_empty
from stages.core.errors import one_sentence
from stages.core.files import write_text
from stages.core.log import logged


@one_sentence
def main(
    out: Annotated[Path, typer.Option(help="Folder for a file per stage and variant.")],
) -> None:
    """Write `<stage>.txt`, or `<stage>-<variant>.txt` where variants import files of their own."""
    with logged("code") as counts:
        keep_links_empty(Path.cwd())
        closures = {name: closure(*modules) for name, modules in entries().items()}
        for name, files in closures.items():
            write_text(out / f"{name}.txt", digest(files))
        counts |= {
            "stages and variants": len(closures),
            "files": len({file for files in closures.values() for file in files}),
        }


if __name__ == "__main__":
    typer.run(main)
