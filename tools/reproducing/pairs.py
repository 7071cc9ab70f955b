"""By how much the authors' released lists differ, paired by user, into docs/paper_pairs.csv.

    python -m tools.reproducing.pairs LISTS MOVIELENS

NDCG@10 of each list less that of another, over the users whom both count, with a bootstrap
interval. Arguments as of tools/reproducing/released.py.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from stages.core.errors import one_sentence
from stages.core.files import existing
from stages.core.ids import row_of
from stages.evaluate.protocols.named import PROTOCOLS
from stages.evaluate.protocols.truth import Rows, mark, truth_of
from stages.evaluate.rankings.ranking import to_ranking
from stages.evaluate.statistics.resampling import Resampling
from tools.reproducing.differences import PAIRS_FILE
from tools.reproducing.released import GROUPS, METHODS, K

PAIRS = (
    ("unified", "gat"),
    ("unified", "integrated"),
    ("integrated", "gat"),
    ("unified", "ials"),
    ("unified", "ngcf"),
    ("unified", "lightgcn"),
    ("+pairwise", "unified"),
    ("+batched", "unified"),
    ("+scored", "unified"),
    ("+scored", "+pairwise"),
)
"""Ours for two of the lists; the paper reranks `unified`."""
COLUMNS = ("users", "protocol", "ranking", "other", "counted", "difference", "low", "high")
RESAMPLING = Resampling(4999, 7)


@one_sentence
def main(
    lists: Annotated[Path, typer.Argument(help="Folder of the released lists.")],
    movielens: Annotated[Path, typer.Argument(help="Folder with u1.base and u1.test.")],
) -> None:
    """Measure all pairs."""
    with PAIRS_FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(pair_rows(lists, movielens))


def pair_rows(lists: Path, movielens: Path) -> Iterator[dict[str, str]]:
    """A row of docs/paper_pairs.csv per group of users, protocol and pair."""
    train, test = (u1_ratings(movielens / f"u1.{part}") for part in ("base", "test"))
    users = row_of(set(train["user"]) | set(test["user"]))
    tables = {ranking: _list(lists / f"{file}.csv") for file, _, ranking in METHODS}
    known = [frame["item"] for frame in (train, test, *tables.values())]
    items = row_of(set(pd.concat(known)))
    trained, tested = (
        Rows(
            part["user"].map(users).to_numpy(),
            part["item"].map(items).to_numpy(),
            part["rating"].to_numpy(),
        )
        for part in (train, test)
    )
    truth = truth_of(trained, tested, len(users), len(items))
    rankings = {
        name: to_ranking(
            part["user"].map(users).to_numpy(),
            part["item"].map(items).to_numpy(),
            part["rank"].to_numpy(),
            len(users),
        )
        for name, part in tables.items()
    }
    for protocol, group, fewer_than in GROUPS:
        ndcg = {
            name: PROTOCOLS[protocol](mark(ranking, truth, K), K)["ndcg"]
            for name, ranking in rankings.items()
        }
        among = truth.trained < (fewer_than or np.inf)
        for ranking, other in PAIRS:
            both = (ndcg[ranking] - ndcg[other])[among]
            both = both[~np.isnan(both)]
            low, high = RESAMPLING.interval("released pairs", both[:, None])
            values = (both.mean(), low[0], high[0])
            cells = (group, protocol, ranking, other, len(both), *(f"{x:.6f}" for x in values))
            yield dict(zip(COLUMNS, map(str, cells), strict=True))


def u1_ratings(path: Path) -> pd.DataFrame:
    """u1.base or u1.test: user, item, rating and seconds."""
    names = ["user", "item", "rating", "seconds"]
    return pd.read_csv(existing(path), sep="\t", names=names, dtype={"user": str, "item": str})


def _list(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(existing(path), dtype={"user_id": str, "movie_id": str})
    frame.columns = ["user", "item", "rank"]
    return frame


if __name__ == "__main__":
    typer.run(main)
