"""What the lists that the paper's authors released give, into docs/paper.csv.

    python -m tools.reproducing.released LISTS MOVIELENS

LISTS: a folder with their top-50 lists for u1 (als.csv, ngcf.csv …: user_id, movie_id,
recommendation_rank). MOVIELENS: one with u1.base and u1.test. The rows of the paper's own table are
kept.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from stages.core.errors import one_sentence
from stages.core.files import existing
from stages.evaluate.protocols.named import Protocol
from stages.evaluate.score.lists import score_lists
from stages.report.words import PAPER_METRICS
from tools.reproducing.cited import PAPER, RELEASED


class ReleasedList(NamedTuple):
    """A file, the paper's name for the method, and ours, as in docs/paper.csv."""

    file: str
    method: str
    ranking: str


METHODS = (
    ReleasedList("als", "ALS", "ials"),
    ReleasedList("ngcf", "NGCF", "ngcf"),
    ReleasedList("lightgcn", "LightGCN", "lightgcn"),
    ReleasedList("gat", "GAT", "gat"),
    ReleasedList("integrated", "Integrated text", "integrated"),
    ReleasedList("unified", "Unified structure", "unified"),
    ReleasedList("bst", "Pairwise BST", "+pairwise"),
    ReleasedList("batch", "Batchwise", "+batched"),
    ReleasedList("rel_4o", "Relevancy score", "+scored"),
)
"""All methods of Table 1 but Prompt-level, whose list was not released."""
K = 10
GROUPS: tuple[tuple[Protocol, str, int | None], ...] = (
    ("condensed", "train<10", 10),
    ("condensed", "all", None),
    ("full", "all", None),
)


@one_sentence
def main(
    lists: Annotated[Path, typer.Argument(help="Folder of the released lists.")],
    movielens: Annotated[Path, typer.Argument(help="Folder with u1.base and u1.test.")],
) -> None:
    """Measure all lists and write their rows."""
    with existing(PAPER).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, kept = reader.fieldnames or (), [row for row in reader if row["source"] != RELEASED]
    rows = [*kept, *released_rows(lists, movielens)]
    with PAPER.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def released_rows(lists: Path, movielens: Path) -> Iterator[dict[str, str]]:
    """A row of docs/paper.csv per group of users, protocol and list."""
    test, train = (existing(movielens / f"u1.{part}") for part in ("test", "base"))
    for protocol, users, fewer_than in GROUPS:
        for file, method, ranking in METHODS:
            path = existing(lists / f"{file}.csv")
            [scores] = score_lists(path, test, train, protocol, fewer_than, K)
            values = {name: scores.values[f"{name}@{K}"] for name in PAPER_METRICS}
            yield {
                "source": RELEASED,
                "users": users,
                "protocol": protocol,
                "method": method,
                "ranking": ranking,
                **{name: f"{value:.6f}" for name, value in values.items()},
            }


if __name__ == "__main__":
    typer.run(main)
