"""`e2ep doctor`: what is installed, present and stale, and the command that fixes each fault."""

import json
from dataclasses import asdict

from e2ep_cli.checks.examine import examine
from e2ep_cli.console import PlainConsole
from e2ep_cli.options import DatasetOption, JsonOption, SetOption
from e2ep_cli.project.places import root
from e2ep_cli.views.diagnoses import show_diagnoses
from stages.core.errors import one_sentence


@one_sentence
def doctor_command(
    dataset: DatasetOption = None, settings: SetOption = None, as_json: JsonOption = False
) -> None:
    """Check installation, data and pipeline; say how to fix what is wrong.

    The exit code is 1 if something must be fixed.
    """
    with PlainConsole(stderr=True).status("looking around; dvc status takes a moment"):
        rows = examine(root(), dataset, settings or [])
    if as_json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
    else:
        show_diagnoses(rows)
    if any(row.state == "fault" for row in rows):
        raise SystemExit(1)
