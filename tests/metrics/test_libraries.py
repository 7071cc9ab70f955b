"""Agreement with PyTorch Geometric's and scikit-learn's implementations."""

import numpy as np
import pytest
import torch
from sklearn.metrics import ndcg_score
from torch_geometric.metrics import (
    LinkPredF1,
    LinkPredHitRatio,
    LinkPredMAP,
    LinkPredMRR,
    LinkPredNDCG,
    LinkPredPrecision,
    LinkPredRecall,
)

from stages.metrics.registry import ACCURACY

USERS, ITEMS, K = 60, 40, 10
PEERS = {
    "precision": LinkPredPrecision,
    "recall": LinkPredRecall,
    "ndcg": LinkPredNDCG,
    "map": LinkPredMAP,
    "mrr": LinkPredMRR,
    "hit": LinkPredHitRatio,
    "f1": LinkPredF1,
}
DRAW = np.random.default_rng(3)
LIKED = DRAW.random((USERS, ITEMS)) < DRAW.uniform(0.03, 0.6, size=(USERS, 1))
LIKED[:, 0] |= ~LIKED.any(axis=1)
SCORES = DRAW.random((USERS, ITEMS))
LISTS = np.argsort(-SCORES, axis=1)[:, :K]
HITS = np.take_along_axis(LIKED, LISTS, axis=1)
RELEVANT = LIKED.sum(axis=1)


@pytest.mark.parametrize("name", PEERS)
def test_mean_equals_pytorch_geometric(name: str) -> None:
    peer = PEERS[name](k=K)
    peer.update(torch.from_numpy(LISTS), torch.from_numpy(np.argwhere(LIKED).T))
    assert ACCURACY[name](HITS, RELEVANT).mean() == pytest.approx(peer.compute().item(), abs=1e-6)


def test_ndcg_equals_scikit_learn() -> None:
    assert ACCURACY["ndcg"](HITS, RELEVANT).mean() == pytest.approx(ndcg_score(LIKED, SCORES, k=K))
