r"""What each value of a knob costs and brings on validation rows, where it may be chosen.

    e2ep run --dataset ml-100k --run knobs --set 'splits=[fold-1,fold-2,fold-3,fold-4,fold-5]' \
        --set 'models=[e2ep]' --set 'strategies=[none]'
    python benchmarks/knobs.py runs/knobs ml-100k e2ep fold-1 fold-2 fold-3 fold-4 fold-5 \
        > experiments/results/knobs-ml-100k.csv

The candidates are those of the model fitted on train alone, and so are the histories.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

from stages.contracts.beyond.genres import history_shares
from stages.contracts.scale import POSITIVE
from stages.evaluate.artifacts import Artifacts
from stages.evaluate.protocols.full import full
from stages.evaluate.protocols.truth import mark, truth_of
from stages.evaluate.trade_offs import reordered
from stages.metrics.catalogue import EMPTY, Catalogue
from stages.metrics.diversity import diversity
from stages.metrics.miscalibration import miscalibration

KNOBS = tuple(step / 20 for step in range(20))
K = 10

Worth = dict[tuple[str, float], tuple[float, float, float]]
"""Strategy and knob → NDCG, diversity and miscalibration."""


def worth(read: Artifacts, model: str, split: str) -> Worth:
    """All knobs on one split."""
    people = read.people()
    n_users, n_items = len(people.user_ids), len(people.item_ids)
    train, valid = read.ratings(split, "train"), read.ratings(split, "valid")
    truth, genres, likes = (
        truth_of(train, valid, n_users, n_items),
        read.genres(),
        train.ratings >= POSITIVE,
    )
    histories = None
    if genres is not None:
        histories = history_shares(train.users[likes], train.items[likes], genres, n_users)
    catalogue = Catalogue(truth.counts, n_users, read.vectors(), None, genres, histories)
    values: Worth = {}
    pool = read.scored(split, model, n_users, "valid")
    for strategy, knob, ranking in reordered(pool, catalogue, KNOBS):
        lists = mark(ranking, truth, K)
        shown = np.where((lists.relevant > 0)[:, None], lists.items, EMPTY)
        ndcg = float(np.nanmean(full(lists, K)["ndcg"]))
        values[strategy, knob] = (
            ndcg,
            diversity(shown, catalogue),
            miscalibration(shown, catalogue),
        )
    return values


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of the run")
    parser.add_argument("dataset")
    parser.add_argument("model")
    parser.add_argument("splits", nargs="+", help="the values are means over them")
    args = parser.parse_args()
    folder = args.run / "artifacts" / args.dataset
    splits = [
        worth(Artifacts(folder / "prepare", folder), args.model, split) for split in args.splits
    ]
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("model", "strategy", "knob", "ndcg@10", "ild@10", "miscalibration@10"))
    for strategy, knob in sorted(splits[0]):
        means = np.mean([split[strategy, knob] for split in splits], axis=0)
        table.writerow((args.model, strategy, knob, *(f"{mean:.5f}" for mean in means)))


if __name__ == "__main__":
    main()
