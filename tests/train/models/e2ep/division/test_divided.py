"""A step divided between two processes is a step of one, up to rounding."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.distributed as dist
from torch.multiprocessing.spawn import spawn

from stages.core.errors import ParamError
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.arrivals import arrivals
from stages.train.models.e2ep.division.alone import BY_ITSELF, Alone
from stages.train.models.e2ep.division.divided import (
    OWN,
    Divided,
    check_divisible,
    divided_users,
    ratings_of_share,
    replicated_bytes,
)
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.graph import Graph, Part
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Network
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.settings import Config

CONFIGS = {
    "whole softmax": Config(channels=8, heads=2, layers=2, feature_dropout=0.0, later=0.1),
    "sampled": Config(channels=8, catalogue=5, sample=4, feature_dropout=0.3),
}


def step_of(
    config: Config, data: TrainingData, own: TrainingData, rows: np.ndarray, others: Alone
) -> dict[str, Any]:
    """Loss and gradients on a part that is drawn for all users and cut to these rows."""
    features = item_features(data, config.text, config.components)
    whole, graph = Graph(data, config.grades), Graph(own, config.grades, others)
    torch.manual_seed(1)
    part = whole.draw(config)
    cut = Part(
        part.kept[torch.isin(whole.edges.rows, torch.from_numpy(rows))],
        part.cold,
        part.newcomer[torch.from_numpy(rows)],
    )
    network = Network(config, graph, torch.from_numpy(features), None)
    torch.manual_seed(2)
    for name, parameter in network.named_parameters():
        shape = (data.n_users, config.channels) if name in OWN else parameter.shape
        drawn = torch.randn(shape) / 2
        parameter.data = drawn[torch.from_numpy(rows)] if name in OWN else drawn
    loss = SoftmaxLoss(config, graph, prior_of(data, features), own, arrivals(data))
    torch.manual_seed(3)
    users = torch.arange(own.n_users)[graph.active]
    value = loss.loss_on(cut, network, users)
    value.backward()
    others.add_gradients(network)
    gradients = {name: one.grad for name, one in network.named_parameters()}
    return {"loss": others.total(value.detach()), "width": loss.width} | gradients


def divided_step(rank: int, config: Config, data: TrainingData, folder: Path) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", f"file://{folder}/meet", rank=rank, world_size=2)
    rows = divided_users(data, 2)[rank]
    others = Divided(torch.Generator().manual_seed(rank), 0)
    made = step_of(config, data, ratings_of_share(data, rows), rows, others)
    torch.save(made, folder / f"{rank}.pt")
    dist.destroy_process_group()


@pytest.mark.parametrize("name", CONFIGS)
def test_gradients_of_two_processes_are_those_of_one(
    name: str, tiny: TrainingData, tmp_path: Path
) -> None:
    config = CONFIGS[name]
    alone = step_of(config, tiny, tiny, np.arange(tiny.n_users), BY_ITSELF)
    spawn(divided_step, (config, tiny, tmp_path), nprocs=2)
    first, second = (torch.load(tmp_path / f"{rank}.pt") for rank in range(2))
    assert first["width"] == alone["width"] == (4 if name == "sampled" else tiny.n_items)
    for key, expected in alone.items():
        if key in OWN:
            found = torch.cat([first[key], second[key]])
            torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)
        else:
            for found in (first[key], second[key]):
                torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)
        if isinstance(expected, torch.Tensor):
            assert expected.abs().max() > 0, key


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_users_are_divided_in_order_with_about_equally_many_ratings(
    processes: int, tiny: TrainingData
) -> None:
    shares = divided_users(tiny, processes)
    assert len(shares) == processes
    np.testing.assert_array_equal(np.concatenate(shares), np.arange(tiny.n_users))
    ratings = [len(ratings_of_share(tiny, users).user) for users in shares]
    assert sum(ratings) == len(tiny.user)
    most = np.bincount(tiny.user).max()
    assert max(ratings) - min(ratings) <= 2 * most


def test_what_needs_all_users_at_once_is_refused() -> None:
    check_divisible(Config())
    for changes in ({"user_text": True}, {"fairness": {"weight": 0.1}}):
        with pytest.raises(ParamError, match="needs all users at once; unset it"):
            check_divisible(Config.model_validate(changes))


def test_what_is_replicated_grows_with_items_and_not_with_users(tiny: TrainingData) -> None:
    config = Config(members=1, channels=8)
    features = item_features(tiny, config.text, config.components)
    sizes = []
    for n_users in (tiny.n_users, 2 * tiny.n_users):
        data = replace(tiny, n_users=n_users, user_text=None, traits=None)
        network = Network(config, Graph(data, config.grades), torch.from_numpy(features), None)
        sizes.append(
            4 * 4 * sum(one.numel() for name, one in network.named_parameters() if name not in OWN)
        )
    told = replicated_bytes(config, tiny.n_items, features.shape[1]) - features.nbytes
    # Vectors of attention are a few numbers more.
    assert sizes[0] == sizes[1]
    assert told <= sizes[0] < told + 4 * 4 * 100


STEP = """
import sys

import numpy as np
import torch

from stages.core.params import load_section
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.division.divided import Divided
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.settings import Config
from stages.train.models.e2ep.training import Training

torch.distributed.init_process_group("gloo", "file://{meet}", rank=0, world_size=1)
config = load_section("train.e2ep", Config).model_copy(update={{"messages": 1, "members": 1}})
user, item = np.divmod(np.arange(12), 4)
data = TrainingData(user, item, np.full(12, 4.0), 3, 4)
features = np.eye(4, dtype=np.float32)
others = Divided(torch.Generator(), 12)
Training(config, data, features, prior_of(data, features), others).epoch()
print(*sorted({{"pyarrow", "pandas", "sklearn", "torch._dynamo"}} & sys.modules.keys()))
"""


def test_a_divided_step_loads_no_heavy_package(tmp_path: Path) -> None:
    """Every process has them for itself. Ray, which is not here, loads some of them."""
    done = subprocess.run(
        [sys.executable, "-c", STEP.format(meet=tmp_path / "meet")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
