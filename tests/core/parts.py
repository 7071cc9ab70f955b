"""Functions that the tests of `spread` spread: of a module, so that workers can import them."""

import os
import signal
import time
from importlib import import_module
from pathlib import Path

import numpy as np

from stages.core.errors import ParamError


class TwoWordsError(Exception):
    """Cannot be copied: it takes more than its message."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def scaled(part: np.ndarray, factor: np.ndarray) -> np.ndarray:
    return part * factor


def written_into(part: np.ndarray) -> None:
    part += 1


def shared_written_into(part: np.ndarray, factor: np.ndarray) -> None:
    factor += part


def refused(part: int) -> None:
    raise ParamError(f"part {part} is refused")


def uncopied(part: str) -> None:
    raise TwoWordsError(part, "words")


def divided(part: int) -> float:
    return 1 / part


def doubled(part: int) -> int:
    return 2 * part


def killed_at_first(part: str) -> str:
    """The process is lost if the file `part` is not there yet."""
    if not Path(part).exists():
        Path(part).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def killed(number: int) -> None:
    os.kill(os.getpid(), number)


def slow(part: str) -> int:
    """Notes its process in a file, and takes ten minutes."""
    Path(part).write_text(str(os.getpid()))
    time.sleep(600)
    return os.getpid()


def noted(part: str) -> str:
    """Adds a line to a file, and takes a second."""
    with Path(part).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(1)
    return part


def threads(api: str) -> set[int]:
    """The numbers of threads of this process's libraries of a kind, and of torch."""
    import torch
    from threadpoolctl import threadpool_info

    blas = (pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == api)
    return {*blas, torch.get_num_threads()}


def where(module: str) -> str:
    return str(import_module(module).__file__)
