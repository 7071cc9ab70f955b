"""The variants of a stage, one per file: the models of train, the strategies of rerank.

They are listed without being imported.
"""

import re
from pathlib import Path

from stages.core.errors import InputError

ROOT = Path(__file__).parents[2]


def variants(package: str, attribute: str) -> dict[str, str]:
    """Name → dotted module of each file in or below a package that assigns `attribute`, by name.

    Two files of one name are an InputError.
    """
    assigns = re.compile(rf"^{attribute}\b[^=\n]*=", re.MULTILINE)
    files = sorted(ROOT.joinpath(*package.split(".")).rglob("*.py"), key=lambda path: path.stem)
    modules: dict[str, str] = {}
    for path in files:
        if assigns.search(path.read_text(encoding="utf-8")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if path.stem in modules:
                raise InputError(
                    f"{modules[path.stem]} and {module} have the same name; rename one file"
                )
            modules[path.stem] = module
    return modules
