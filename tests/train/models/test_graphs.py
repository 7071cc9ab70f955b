"""LightGCN, NGCF and XSimGCL against their formulas over full matrices."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import leaky_relu, normalize
from torch_geometric.nn import LightGCN

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.models.pairwise import lightgcn, ngcf, xsimgcl
from stages.train.models.pairwise.training import liked_graph, ranking_loss

PAIRWISE = (lightgcn, ngcf, xsimgcl)


def network(module: Any, data: TrainingData, **config: Any) -> Any:
    torch.manual_seed(0)
    return module.MODEL(module.Config(channels=4, **config), 7).network(data).eval()


def rounds(start: Tensor, data: TrainingData, layers: int) -> list[Tensor]:
    dense = liked_graph(data).to_dense()
    return [torch.linalg.matrix_power(dense, n) @ start for n in range(layers + 1)]


def test_lightgcn_averages_all_rounds(tiny: TrainingData) -> None:
    net = network(lightgcn, tiny, layers=2)
    wanted = torch.stack(rounds(net.gcn.embedding.weight, tiny, 2)).mean(0)
    assert torch.allclose(net.vectors(), wanted, atol=1e-6)


def test_lightgcns_vectors_are_pygs_own(tiny: TrainingData) -> None:
    net, likes = network(lightgcn, tiny, layers=3), liked_graph(tiny).to_sparse_coo().indices()
    assert torch.allclose(net.vectors(), LightGCN.get_embedding(net.gcn, likes), atol=1e-6)


def test_lightgcns_loss_is_the_one_of_its_relatives(tiny: TrainingData) -> None:
    net, triples = (
        network(lightgcn, tiny, l2=0.5),
        torch.tensor([[0, 1, 2], [7, 8, 9], [10, 11, 12]]),
    )
    wanted = ranking_loss(net.vectors(), net.gcn.embedding.weight, triples, 0.5)
    assert net.loss(triples).item() == pytest.approx(wanted.item(), abs=1e-6)


def test_ranking_loss_by_hand() -> None:
    """Scores 3 and 2, so log(1 + e⁻¹); squared lengths 1 + 25 + 53."""
    vectors = torch.tensor([[1.0, 0.0], [3.0, 4.0], [2.0, 7.0]])
    loss = ranking_loss(vectors, vectors, torch.tensor([[0], [1], [2]]), 0.1)
    assert loss.item() == pytest.approx(math.log(1 + math.exp(-1)) + 0.1 * 79, abs=1e-5)


def test_xsimgcl_averages_the_rounds_after_the_first_without_noise(tiny: TrainingData) -> None:
    net = network(xsimgcl, tiny, layers=3)
    assert torch.allclose(
        net.vectors(), torch.stack(rounds(net.start, tiny, 3)[1:]).mean(0), atol=1e-6
    )


def test_xsimgcls_noise_has_its_length_and_the_signs_of_the_vector(tiny: TrainingData) -> None:
    net = network(xsimgcl, tiny, layers=1, noise=0.3)
    plain, noisy = net.vectors(), net.train().vectors()
    moved = noisy - plain
    liked = plain.abs().sum(1) > 0
    assert moved[liked].norm(dim=1).tolist() == pytest.approx([0.3] * int(liked.sum()), abs=1e-5)
    assert (moved * plain >= 0).all()


def test_contrast_by_hand() -> None:
    """Cosines 1 and 0 at temperature .5: −log(e² / (e² + 1)) for either row."""
    unit = torch.eye(2)
    found = xsimgcl.info_nce(3 * unit, unit, 0.5).item()
    assert found == pytest.approx(math.log(1 + math.exp(-2)), abs=1e-6)


def test_contrast_counts_in_the_loss(tiny: TrainingData) -> None:
    triples = torch.tensor([[0, 1, 2], [7, 8, 9], [10, 11, 12]])
    with_it, without = (
        network(xsimgcl, tiny, contrast=weight).loss(triples).item() for weight in (1.0, 0.0)
    )
    assert with_it > without


def test_ngcf_is_its_equation_seven(tiny: TrainingData) -> None:
    net, dense = network(ngcf, tiny, layers=1), liked_graph(tiny).to_dense()
    start, messages = net.start, dense @ net.start
    out = leaky_relu(net.alone[0](messages + start) + net.joint[0](messages * start), 0.2)
    assert torch.allclose(
        net.vectors(), torch.cat([start, normalize(out, dim=1)], dim=1), atol=1e-6
    )


@pytest.mark.parametrize("module", PAIRWISE)
def test_training_lowers_the_loss(module: Any, tiny: TrainingData) -> None:
    losses: list[float] = []

    class Recording(module.MODEL):  # type: ignore[misc]
        def _epoch(self, *given: Any) -> float:
            losses.append(super()._epoch(*given))
            return losses[-1]

    Recording(module.Config(epochs=40, learning_rate=0.05), 7).fit(tiny, Watch())
    assert sum(losses[-5:]) < sum(losses[:5])
