"""What a computed strategy knows of a base and a split: all but the test rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stages.contracts.items import ProfiledItems
from stages.contracts.rows import CANDIDATES, RATINGS, TRAINING, UserProfile
from stages.core.tables import read_arrays, read_table

if TYPE_CHECKING:
    import pandas as pd

SCORE_PARTS = {"candidates": "parts", "valid": "valid-parts"}
"""Table of candidates → file with the parts of their scores, both beside the base's weights."""


@dataclass(frozen=True)
class Pools:
    """The first candidates of all users, by user row and then place.

    user, item, place, score: (rows,), the score as the base gives it. parts: name → (rows,), what
    the score is made of, if the base says so. rated: the ratings that the base knew of each user
    and none later; schema RATINGS, and whether it was `fitted` on them.
    """

    user: np.ndarray
    item: np.ndarray
    place: np.ndarray
    score: np.ndarray
    parts: dict[str, np.ndarray]
    rated: "pd.DataFrame"


@dataclass(frozen=True)
class Known:
    """The pools of one base on one split, and what may be used to order them.

    valid: candidates of the base fitted on train. test: those of the final base, fitted on train
    and valid. labels: the validation rows, which the base of `valid` has not seen. users, items:
    profiles by row; item_vectors: embeddings, (items, d), None where they were not made. seen:
    whether the base of `valid` may know the validation rows after all, from published profiles.
    """

    valid: Pools
    test: Pools
    labels: "pd.DataFrame"
    users: Sequence[UserProfile]
    catalogue: ProfiledItems
    item_vectors: np.ndarray | None
    seed: int
    seen: bool = False


@dataclass(frozen=True)
class KnownPaths:
    """Where that lies: folders of the trained base, of a split's rows, and of the vectors.

    refit: whether the final base was fitted on valid too. seen: see `Known`.
    """

    trained: Path
    rows: Path
    item_vectors: Path
    refit: bool
    seen: bool = False

    def read(
        self, size: int, users: Sequence[UserProfile], catalogue: ProfiledItems, seed: int
    ) -> Known:
        """All of it, with pools of `size` candidates."""
        import pandas as pd

        train = read_table(self.rows / "train.parquet", TRAINING)
        valid = read_table(self.rows / "valid.parquet", RATINGS)
        on_train = train.assign(fitted=train["history"].isna())
        later = train["history"] != "test" if self.refit else on_train["fitted"]
        parts = train.assign(fitted=later), valid.assign(fitted=self.refit)
        return Known(
            self._pools("valid", size, on_train),
            self._pools("candidates", size, pd.concat(parts, ignore_index=True)),
            valid,
            users,
            catalogue,
            _vectors(self.item_vectors),
            seed,
            self.seen,
        )

    def _pools(self, table: str, size: int, rated: "pd.DataFrame") -> Pools:
        rows = read_table(self.trained / f"{table}.parquet", CANDIDATES)
        file = self.trained / f"{SCORE_PARTS[table]}.safetensors"
        parts = read_arrays(file) if file.exists() else {}
        order = rows.sort_values(["user_row", "place"]).index.to_numpy()
        order = order[rows["place"].to_numpy()[order] < size]
        user, item, place, score = (rows[name].to_numpy()[order] for name in CANDIDATES.names)
        parts = {name: part[order] for name, part in parts.items()}
        return Pools(user, item, place, score.astype(np.float64), parts, rated)


def _vectors(folder: Path) -> np.ndarray | None:
    """The vectors of the unified form."""
    file = folder / "unified.safetensors"
    return read_arrays(file)["vectors"].astype(np.float64) if file.exists() else None
