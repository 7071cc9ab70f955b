"""What the benchmark of seeds makes of lists, by hand."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from stages.core.schema import RATINGS
from stages.core.tables import write_table

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
from seeds import judged


def test_a_user_without_a_relevant_film_does_not_count_and_one_without_a_list_counts_nought(tmp_path: Path) -> None:
    """User 0 likes film 5, listed second: 1/log₂3; user 1 likes nothing, user 2 has no list."""
    test = pd.DataFrame([(0, 5, 4.0, 0), (0, 6, 3.0, 0), (1, 5, 2.0, 0), (2, 5, 5.0, 0)], columns=RATINGS.names)
    write_table(tmp_path / "prepare/splits/fold-1/test.parquet", test, RATINGS)
    listed = pd.DataFrame({"user_row": [0, 0, 1], "item_row": [6, 5, 5], "place": [0, 1, 0], "score": 1.0})
    assert judged(listed, tmp_path, "fold-1").to_dict() == pytest.approx({0: 0.63093, 2: 0.0}, abs=1e-5)
