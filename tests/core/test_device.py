"""Which device is taken, on a machine where torch finds no GPU."""

import pytest
import torch

from stages.core.device import Device, chosen_device, device_name
from stages.core.errors import ParamError

without_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")


def test_the_cpu_is_always_there() -> None:
    assert chosen_device("cpu", "embed.device", sparse=True) == "cpu"
    assert device_name("cpu") == "cpu"


@without_gpu
def test_auto_is_the_cpu_where_there_is_no_gpu() -> None:
    assert chosen_device("auto", "embed.device", sparse=True) == "cpu"


@without_gpu
@pytest.mark.parametrize("asked", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused_in_one_sentence(asked: Device) -> None:
    with pytest.raises(ParamError) as refused:
        chosen_device(asked, "train.common.device", sparse=True)
    assert str(refused.value) == (
        f"train.common.device is {asked}, which cannot be used (torch finds none here); "
        "set it to cpu"
    )


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_auto_is_a_gpu_where_torch_can_use_it() -> None:
    assert chosen_device("auto", "train.common.device", sparse=True) == "cuda"
    assert device_name("cuda") == f"cuda ({torch.cuda.get_device_name()})"
