"""Ablations that were run, from experiments/results/ and experiments/ablations.yaml."""

from pathlib import Path

from e2ep_cli.ablating.entries import BASE, load
from e2ep_cli.ablating.record import known_rows
from tools.blocks import Context
from tools.contents.rankings import NDCG


def ablations(dataset: str, splits: str) -> Context:
    """NDCG of every ablation on these splits minus that of the base run, largest loss first."""
    kept = [row for row in known_rows(Path(), dataset) if row.metric == NDCG]
    rows = [row for row in kept if row.splits == splits]
    settings = {ablation.name: ablation.entry.set for ablation in load(Path())}
    changed = [row for row in rows if row.ablation != BASE]
    changed.sort(key=lambda row: row.difference or 0.0)
    return {
        "splits": splits,
        "users": rows[0].users,
        "base": [row for row in rows if row.ablation == BASE],
        "rows": [(settings[row.ablation], row) for row in changed],
    }
