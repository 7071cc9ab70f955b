"""`python -m e2ep_cli.readme` (`make readme`): the README's numbers and outputs, written from metrics and commands.

A block stands between ``<!-- begin KIND: ARGUMENT -->`` and ``<!-- end KIND -->``: `explain` holds what a command
prints, `metrics` the table of a data set and split.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from stages.core.tables import read_json, write_text

README = Path("README.md")
BLOCK = re.compile(r"(<!-- begin (\w+): (.+?) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
COLUMNS = ("ndcg@10", "precision@10", "recall@10", "map@10", "coverage@10")


def printed(command: str) -> str:
    """What `command` prints on a terminal of 100 columns, as a code block."""
    program = Path(sys.executable).parent / command.split()[0]
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run([program, *command.split()[1:]], capture_output=True, text=True, env=environment, check=True)
    lines = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())
    return f"```text\n$ {command}\n{lines}\n```\n"


def metric_table(argument: str) -> str:
    """The full protocol's table of "DATASET SPLIT", best NDCG@10 first, controls marked."""
    dataset, split = argument.split()
    models = read_json(Path("metrics") / dataset / "summary.json")["models"]
    rows = {name: splits[split]["full"] for name, splits in models.items() if split in splits}
    head = f"| ranking | {' | '.join(COLUMNS)} |\n| --- |{' ---: |' * len(COLUMNS)}\n"
    ordered = sorted(rows.items(), key=lambda row: -row[1]["ndcg@10"])
    body = "".join(
        f"| {_named(name)} | {' | '.join(f'{row[key]:.3f}' for key in COLUMNS)} |\n" for name, row in ordered
    )
    return f"{head}{body}\n{next(iter(rows.values()))['users']} users have a relevant test film.\n\n"


def _named(name: str) -> str:
    return f"*{name}* (control)" if "+shuffle" in name or "+oracle" in name else name


KINDS: dict[str, Callable[[str], str]] = {"explain": printed, "metrics": metric_table}


def renewed(text: str, kinds: tuple[str, ...] = tuple(KINDS)) -> str:
    """The README with the blocks of these kinds written anew."""

    def block(found: re.Match[str]) -> str:
        begin, kind, argument, end = found.groups()
        return found[0] if kind not in kinds else f"{begin}{KINDS[kind](argument)}{end}"

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    write_text(README, renewed(README.read_text(encoding="utf-8")))
