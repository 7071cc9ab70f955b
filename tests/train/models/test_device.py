"""Models of torch fitted on another device than the CPU, which here is one that only pretends."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.alike import AlikeDraws
from stages.train.fitting.basis import Basis
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.named import model_module
from stages.train.models.sequence.sasrec import Sasrec
from tests.elsewhere import ELSEWHERE, second_device

FEW = {"epochs": 3, "every": 1}
SAMPLED = {"catalogue": 5, "sample": 4, "batch": 3}
FAIR = {"later": 0.1, "fairness": {"weight": 0.3, "by": "activity"}, "user_text": True}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    **{name: (name, {}) for name in ("bpr", "lightgcn", "ngcf", "xsimgcl", "sasrec")},
    **{name: (name, {}) for name in ("gat", "unified", "integrated", "e2ep")},
    "hard negatives": ("gat", {"negatives": {"hard": 3}}),
    "e2ep, sampled": ("e2ep", {"layers": 2, "heads": 2, **SAMPLED}),
    "e2ep, fair": ("e2ep", FAIR),
    "e2ep, a few users a step": ("e2ep", {"layers": 2, "messages": 6, "batch": 3}),
}
PRODUCTS = {f"aten::{name}" for name in ("mm", "addmm", "addmm_", "bmm", "_embedding_bag")}


DRAWS = {
    f"aten::{name}"
    for name in (
        *("rand", "randint", "randperm", "rand_like"),
        *("multinomial", "native_dropout", "bernoulli_"),
    )
}


@pytest.fixture(params=CASES)
def model(request: pytest.FixtureRequest) -> Any:
    name, changes = CASES[request.param]
    module = model_module(name)
    return module.MODEL(module.Config(**FEW, **changes), 7)


def test_what_it_learns_elsewhere_is_what_it_learns_here(model: Any, tiny: TrainingData) -> None:
    """Every product too is one of tensors elsewhere: nothing is left to the CPU."""
    other = type(model)(model.config, 7)
    model.fit(tiny, Watch())
    with second_device() as beside:
        other.fit(replace(tiny, device=ELSEWHERE), Watch())
        weights = other.weights()
    assert not PRODUCTS & beside.here
    if isinstance(model, Sasrec):
        # Torch fuses its layers for the CPU alone, and a bias of keys, which has no gradient, would
        # show the last digits that this changes.
        weights, expected = {"items": weights["items"]}, {"items": model.weights()["items"]}
    else:
        expected = model.weights()
    assert set(weights) == set(expected)
    for name, array in weights.items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-4, atol=1e-5, err_msg=name)


def test_scores_while_it_is_fitted_elsewhere_are_the_cpus(model: Any, tiny: TrainingData) -> None:
    """Those of a user whom it is not fitted on too."""
    held = np.arange(tiny.n_users) == 3

    def seen(device: str) -> list[np.ndarray]:
        basis, found = Basis.without(replace(tiny, device=device), held), []

        class Scoring(Watch):
            def should_continue(self, epoch: int, loss: float, fitted: Any) -> bool:
                found.append(basis.scores(fitted, fitted.score)(np.arange(tiny.n_users)))
                return super().should_continue(epoch, loss, fitted)

        fit = type(model)(model.config, 7)
        fit.fit(basis.fitted, Scoring())
        fit.restore(fit.weights())
        return [*found, basis.scores(fit, fit.score)(np.arange(tiny.n_users))]

    here = seen("cpu")
    with second_device():
        there = seen(ELSEWHERE)
    for one, other in zip(here, there, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["bpr", "xsimgcl", "ngcf", "e2ep"])
def test_what_a_device_draws_can_be_drawn_on_the_cpu(name: str, tiny: TrainingData) -> None:
    """As benchmarks/gpu.py needs it, to compare two devices."""
    module = model_module(name)
    config = module.Config(**FEW, **(SAMPLED if name == "e2ep" else {}))
    here, there = (module.MODEL(config, 7) for _ in range(2))
    here.fit(tiny, Watch())
    with second_device() as beside, AlikeDraws():
        there.fit(replace(tiny, device=ELSEWHERE), Watch())
        weights = there.weights()
    assert not DRAWS & beside.there
    for weight, array in here.weights().items():
        np.testing.assert_allclose(weights[weight], array, rtol=1e-4, atol=1e-5, err_msg=weight)


def test_tensors_of_two_devices_do_not_meet() -> None:
    """What the tests above rely on."""
    with second_device():
        there = torch.ones(3, device=ELSEWHERE)
        with pytest.raises(RuntimeError, match="expected all tensors to be on the same device"):
            there + torch.ones(3)
        assert (there + there.cpu().to(ELSEWHERE)).cpu().tolist() == [2, 2, 2]


def test_a_generator_draws_on_its_own_device_alone() -> None:
    with second_device():
        there, here = torch.ones(3, device=ELSEWHERE), torch.ones(3)
        for tensor, device in ((there, "cpu"), (here, ELSEWHERE)):
            with pytest.raises(RuntimeError, match="expected a generator of the tensor's device"):
                tensor.bernoulli_(0.5, generator=torch.Generator(device))
        there.bernoulli_(1.0, generator=torch.Generator(ELSEWHERE))
