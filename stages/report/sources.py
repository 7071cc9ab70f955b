"""What report reads under metrics/<dataset>/ and artifacts/<dataset>/."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stages.contracts.card import DataCard, read_card
from stages.contracts.metrics import files as metrics_files
from stages.contracts.metrics.calls import LlmCalls
from stages.contracts.metrics.explanations import Explanations
from stages.contracts.metrics.memorised import MEMORISED_FILE, Memorised
from stages.contracts.metrics.numbers import Groups, Intervals, Summary, TradeOff
from stages.contracts.metrics.record import RunRecord
from stages.contracts.metrics.rerankings import Rerankings
from stages.contracts.probing import Probe
from stages.contracts.rows import ENRICHED, USERS, Explanation, UserProfile
from stages.contracts.words import DomainWords, read_words
from stages.core.files import existing
from stages.core.tables import read_arrow, read_jsonl, read_model

Points = dict[float, float]
"""x → y."""
Curves = dict[tuple[str, str, str, str], Points]
"""(ranking, split, protocol, metric) → k → value."""


@dataclass(frozen=True)
class ReportSources:
    """The folders of one data set."""

    metrics: Path
    artifacts: Path

    def summary(self) -> Summary:
        """Every number of every ranking."""
        return metrics_files.read_summary(self.metrics / "summary.json")

    def intervals(self) -> Intervals:
        """Differences between rankings, with intervals and p values."""
        return metrics_files.read_intervals(self.metrics / "intervals.json")

    def groups(self) -> Groups:
        """Each group of users against all others."""
        return metrics_files.read_groups(self.metrics / "groups.json")

    def explanation_measures(self) -> Explanations:
        """Split → base → strategy → how well its reasons hold."""
        return metrics_files.read_explanations(self.metrics / "explanations.json")

    def rerankings(self) -> Rerankings:
        """Split → base → strategy → what it did to the base."""
        return metrics_files.read_rerank(self.metrics / "rerank.json")

    def calls(self) -> LlmCalls:
        """Step → task → model → what it was asked."""
        return metrics_files.read_llm(self.metrics / "llm.json")

    def memorised(self) -> Memorised:
        """What language models recite of the data set, as far as it was measured."""
        return metrics_files.read_memorised(self.metrics / MEMORISED_FILE)

    def record(self) -> RunRecord:
        """What made the numbers."""
        return metrics_files.read_record(self.metrics / "record.json")

    def curves(self) -> Curves:
        """Every metric against the length of the list."""
        curves: Curves = defaultdict(dict)
        for point in metrics_files.read_curves(self.metrics / "curves.csv"):
            key = (point.model, point.split, point.protocol, point.metric)
            curves[key][float(point.k)] = point.value
        return dict(curves)

    def trade_offs(self) -> list[TradeOff]:
        """NDCG and what is weighed against it, by knob."""
        return metrics_files.read_trade_offs(self.metrics / "trade_offs.csv")

    def card(self) -> DataCard:
        """The data card."""
        return read_card(self.artifacts / "prepare" / "card.json")

    def words(self) -> DomainWords:
        """What the items are called, and what people do with them."""
        return read_words(self.artifacts / "prepare")

    def learning(self, trained: Path) -> dict[str, Points]:
        """Column of the learning curve → epoch → finite value; empty for a model without epochs.

        trained: the model's folder under train/.
        """
        curves: dict[str, Points] = defaultdict(dict)
        path = existing(self.artifacts / "train" / trained / "curve.csv")
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for name, value in row.items():
                    if name != "epoch" and value and math.isfinite(float(value)):
                        curves[name][float(row["epoch"])] = float(value)
        return dict(curves)

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

    def facts(self) -> dict[str, str]:
        """Item id → year and genres, as far as they are known."""
        table = read_arrow(self.artifacts / "enrich" / "movies.parquet", ENRICHED)
        columns = (table[name].to_pylist() for name in ("item_id", "year", "genres"))
        return {
            item: " · ".join(filter(None, (str(year or ""), ", ".join(genres or ()))))
            for item, year, genres in zip(*columns, strict=True)
        }

    def used_tmdb(self) -> bool:
        """Whether data of TMDB is shown, whose terms then ask for a credit."""
        table = read_arrow(self.artifacts / "enrich" / "movies.parquet", ENRICHED)
        return "tmdb" in table["source"].to_pylist()

    def profiles(self, split: str) -> Iterator[UserProfile]:
        """The user profiles of a split."""
        return read_jsonl(self.artifacts / "profile" / split / "users.jsonl", UserProfile)

    def explanations(self, split: str, base: str, strategy: str) -> Iterator[Explanation]:
        """The explained lists of one strategy."""
        folder = self.artifacts / "explain" / split / base / strategy
        return read_jsonl(folder / "explanations.jsonl", Explanation)

    def probe(self, split: str, base: str, strategy: str) -> Probe:
        """How scores fall without the evidence of one strategy's reasons."""
        return read_model(self.artifacts / "probe" / split / base / f"{strategy}.json", Probe)
