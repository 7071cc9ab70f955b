"""AdamW takes torch's own steps."""

import copy
import subprocess
import sys

import pytest
import torch
from torch import Tensor, nn

from stages.train.fitting.adam import AdamW


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.ModuleDict({"used": nn.Linear(3, 2), "unused": nn.Linear(2, 2)})


def loss(model: nn.Module, step: int) -> Tensor:
    """Of the second layer too, but only at every second step."""
    y: Tensor = model["used"](torch.arange(6.0).view(2, 3) - step)  # type: ignore[index]
    total = y.square().mean()
    return total if step % 2 else total + model["unused"](y).sum()  # type: ignore[index]


def trained(
    model: nn.Module, optimizer: AdamW | torch.optim.Optimizer, steps: range
) -> list[Tensor]:
    for step in steps:
        loss(model, step).backward()
        optimizer.step()
        optimizer.zero_grad()
    return list(model.parameters())


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_steps_are_those_of_torch(decay: float) -> None:
    mine, other = network(), network()
    torchs = torch.optim.AdamW(other.parameters(), lr=0.05, weight_decay=decay)
    found = trained(mine, AdamW(mine.parameters(), 0.05, decay), range(20))
    for one, expected in zip(found, trained(other, torchs, range(20)), strict=True):
        torch.testing.assert_close(one, expected, rtol=0, atol=0)


def test_a_parameter_without_a_gradient_stays() -> None:
    model = network()
    before = copy.deepcopy(list(model["unused"].parameters()))  # type: ignore[index]
    trained(model, AdamW(model.parameters(), 0.05, 0.1), range(1, 2))
    for one, expected in zip(model["unused"].parameters(), before, strict=True):  # type: ignore[index]
        torch.testing.assert_close(one, expected, rtol=0, atol=0)


def test_training_continues_from_a_state() -> None:
    whole, parts = network(), network()
    expected = trained(whole, AdamW(whole.parameters(), 0.05), range(8))
    first = AdamW(parts.parameters(), 0.05)
    trained(parts, first, range(3))
    second = AdamW(parts.parameters(), 0.05)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    for one, other in zip(trained(parts, second, range(3, 8)), expected, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


FITS = """
import sys

import numpy as np

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.named import model_module

user, item = np.divmod(np.arange(12), 4)
rating = np.resize([5.0, 4.0, 1.0], 12)
data = TrainingData(user, item, rating, 3, 4, timestamp=1 + np.arange(12))
for name in ("e2epraw", "bpr", "ngcf", "xsimgcl", "sasrec"):
    module = model_module(name)
    module.MODEL(module.Config(epochs=1, every=1), 7).fit(data, Watch())
print("torch._dynamo" in sys.modules)
"""


def test_models_that_are_trained_with_it_do_not_load_torchs_compiler() -> None:
    done = subprocess.run([sys.executable, "-c", FITS], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
