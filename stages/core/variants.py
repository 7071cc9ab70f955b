"""The variants of a stage, one per file: the models of train, the strategies of rerank.

They are listed without being imported.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def variants(package: str, attribute: str) -> dict[str, str]:
    """Name → dotted module of each file in or below a package that assigns `attribute`, by name."""
    assigns = re.compile(rf"^{attribute}\b[^=\n]*=", re.MULTILINE)
    files = sorted(ROOT.joinpath(*package.split(".")).rglob("*.py"), key=lambda path: path.stem)
    named = {path.stem: path for path in files if assigns.search(path.read_text(encoding="utf-8"))}
    return {
        name: ".".join(path.relative_to(ROOT).with_suffix("").parts) for name, path in named.items()
    }
