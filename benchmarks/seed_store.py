"""What each user got from each fit, kept in one file as soon as the fit is done."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from seed_fits import AskedFit

from stages.core.tables import read_table, write_table
from stages.evaluate.output.record import sha256_of
from stages.train.fits import config_of, form_of
from stages.train.params import common_params

KEPT = pa.schema(
    [
        ("settings", pa.string()),
        ("made_with", pa.string()),
        ("model", pa.string()),
        ("split", pa.string()),
        ("seed", pa.int32()),
        ("user_row", pa.int32()),
        ("ndcg@10", pa.float32()),
    ]
)
_FIT = ["settings", "made_with", "model", "split", "seed"]
_TEXT = ("enrich", "profile", "embed")
_SILENT = ("device", "forms", "batch_size")
"""Of the section embed, what changes no vector that a model reads."""


def made_with(model: str, params: dict[str, Any]) -> str:
    """A hash of the parameters that shape a fit of this model, its own seed aside."""
    shaping = {
        "seed": params["seed"],
        "prepare": params.get("prepare"),
        "train": config_of(model, params).model_dump(mode="json"),
        "refit": common_params(params).refit,
    }
    if form_of(model, params):
        shaping |= {name: params[name] for name in _TEXT}
        embed = shaping["embed"].items()
        shaping["embed"] = {key: value for key, value in embed if key not in _SILENT}
    return sha256_of(shaping)[:12]


class SeedStore:
    """The fits of one file, under names of settings."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def rows(self) -> pd.DataFrame:
        """All that the file has now, which another process may have written."""
        if not self.path.exists():
            return KEPT.empty_table().to_pandas()
        rows: pd.DataFrame = read_table(self.path, KEPT)
        return rows

    def values(self, settings: str) -> dict[AskedFit, np.ndarray]:
        """The settings' fits: NDCG@10 (users,), NaN for who is not counted."""
        found, rows = {}, self.rows
        n_users = int(rows["user_row"].max()) + 1 if len(rows) else 0
        mine = rows[rows["settings"] == settings]
        for (model, split, seed), own in mine.groupby(["model", "split", "seed"]):
            values = np.full(n_users, np.nan, dtype=np.float32)
            values[own["user_row"]] = own["ndcg@10"]
            found[AskedFit(str(model), str(split), int(str(seed)))] = values
        return found

    def without(self, settings: str, asked: Iterable[AskedFit], hashes: dict[str, str]) -> list:
        """Those of the asked fits that are not kept as made with these parameters."""
        kept = set(self.rows[_FIT].drop_duplicates().itertuples(index=False, name=None))
        return [fit for fit in asked if (settings, hashes[fit.model], *fit) not in kept]

    def keep(self, settings: str, digest: str, fit: AskedFit, values: np.ndarray) -> None:
        """Write a fit's values (users,).

        All fits of these settings and this model that were made with other parameters go.
        """
        users = np.flatnonzero(~np.isnan(values))
        added = pd.DataFrame({"user_row": users, "ndcg@10": values[users]}).assign(
            settings=settings, made_with=digest, **fit._asdict()
        )
        named = pd.Series({"settings": settings} | fit._asdict())
        rows = self.rows
        is_same = (rows[named.index] == named).all(axis=1)
        is_older = (rows["settings"] == settings) & (rows["model"] == fit.model)
        others = rows[~is_same & ~(is_older & (rows["made_with"] != digest))]
        order = ["settings", "split", "seed", "model", "user_row"]
        joined = pd.concat([others, added], ignore_index=True)
        write_table(self.path, joined.sort_values(order, ignore_index=True), KEPT)
