"""What report reads under metrics/<dataset>/ and artifacts/<dataset>/."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.contracts.probing import Probe
from stages.contracts.rows import ENRICHED, USERS, Explanation, UserProfile
from stages.core.tables import existing, read_arrow, read_json, read_jsonl, read_model

Points = dict[float, float]
"""x → y."""


@dataclass(frozen=True)
class Sources:
    """The folders of one data set."""

    metrics: Path
    artifacts: Path

    def number_file(self, name: str) -> Any:
        """One of the JSON files that evaluate wrote."""
        return read_json(self.metrics / f"{name}.json")

    def card(self) -> dict[str, Any]:
        """The data card."""
        return read_json(self.artifacts / "prepare" / "card.json")

    def curves(self) -> dict[tuple[str, str, str, str], Points]:
        """(model, split, protocol, metric) → k → value."""
        found: dict[tuple[str, str, str, str], Points] = defaultdict(dict)
        for row in _rows(self.metrics / "curves.csv"):
            key = (row["model"], row["split"], row["protocol"], row["metric"])
            found[key][float(row["k"])] = float(row["value"])
        return dict(found)

    def learning(self, trained: Path) -> dict[str, Points]:
        """Column of the learning curve → epoch → finite value; empty for a model without epochs.

        trained: the model's folder under train/.
        """
        found: dict[str, Points] = defaultdict(dict)
        for row in _rows(self.artifacts / "train" / trained / "curve.csv"):
            for name, value in row.items():
                if name != "epoch" and value and math.isfinite(float(value)):
                    found[name][float(row["epoch"])] = float(value)
        return dict(found)

    def user_rows(self) -> dict[str, int]:
        """The row of each user id."""
        table = read_arrow(self.artifacts / "prepare" / "users.parquet", USERS)
        return dict(zip(table["user_id"].to_pylist(), table["user_row"].to_pylist(), strict=True))

    def titles(self) -> dict[str, str]:
        """Item id → title with the year."""
        table = read_arrow(self.artifacts / "enrich" / "movies.parquet", ENRICHED)
        columns = (table[name].to_pylist() for name in ("item_id", "title", "year"))
        return {
            item: f"{title} ({year})" if year else title
            for item, title, year in zip(*columns, strict=True)
        }

    def used_tmdb(self) -> bool:
        """Whether TMDB was asked about the films, whose terms then want to be named."""
        table = read_arrow(self.artifacts / "enrich" / "movies.parquet", ENRICHED)
        return "tmdb" in table["source"].to_pylist()

    def profiles(self, split: str) -> Iterator[UserProfile]:
        """The user profiles of a split."""
        return read_jsonl(self.artifacts / "profile" / split / "users.jsonl", UserProfile)

    def explanations(self, split: str, base: str, strategy: str) -> Iterator[Explanation]:
        """The explained lists of one strategy."""
        return read_jsonl(
            self.artifacts / "explain" / split / base / strategy / "explanations.jsonl", Explanation
        )

    def probe(self, split: str, base: str, strategy: str) -> Probe:
        """How scores fall without the evidence of one strategy's reasons."""
        return read_model(self.artifacts / "probe" / split / base / f"{strategy}.json", Probe)


def _rows(path: Path) -> list[dict[str, str]]:
    with existing(path).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
