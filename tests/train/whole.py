"""Both halves of a fit, one after the other."""

from collections.abc import Callable
from typing import Any

from stages.train.fitting.rows import SplitRows
from stages.train.fitting.selection import Fitted, refitted, selected


def select_and_refit(
    new_model: Callable[[], Any], rows: SplitRows, most: int, selects: bool = True
) -> Fitted:
    """What `begun` and `ended` of stages/train/fits.py make, without their params."""
    return refitted(new_model, rows, selected(new_model, rows, most, selects))
