"""What evaluate reads under artifacts/<dataset>/, and the leftovers there that it deletes first."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from stages.contracts.beyond.genres import item_shares
from stages.contracts.calls import Asked
from stages.contracts.card import read_card
from stages.contracts.items import Item, read_items
from stages.contracts.metrics.explanations import Tally
from stages.contracts.plan import RunPlan
from stages.contracts.probing import Probe
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    JUDGED,
    MOVIES,
    RATINGS,
    USERS,
    Explanation,
    ItemProfile,
    Judgement,
    UserProfile,
)
from stages.contracts.words import DomainWords, read_words
from stages.core.leftovers import prune
from stages.core.mapped import numeric_columns
from stages.core.tables import read_arrays, read_arrow, read_jsonl, read_model
from stages.evaluate.protocols.truth import Rows
from stages.evaluate.rankings.pool import Pool, pool_of
from stages.evaluate.rankings.ranking import to_ranking

COMPARE = "compare"
_RATED = "user_row", "item_row", "rating"
_LISTED = "user_row", "item_row", "place"


@dataclass(frozen=True)
class People:
    """Ids in the order of their rows, and what is known about the users."""

    user_ids: list[str]
    item_ids: list[str]
    genders: list[str | None]
    ages: list[int | None]


@dataclass(frozen=True)
class Artifacts:
    """The folders of one data set.

    further: the splits whose models lie together under train/further/<model>/.
    """

    prepare: Path
    folder: Path
    further: tuple[str, ...] = ()

    def people(self) -> People:
        """The users and movies tables, by row."""
        users = read_arrow(self.prepare / "users.parquet", USERS).sort_by("user_row")
        movies = read_arrow(self.prepare / "movies.parquet", MOVIES).sort_by("item_row")
        ids, genders, ages = (users[name].to_pylist() for name in ("user_id", "gender", "age"))
        return People(ids, movies["item_id"].to_pylist(), genders, ages)

    def words(self) -> DomainWords:
        """What the items are called, and what people do with them."""
        return read_words(self.prepare)

    def checksums(self) -> dict[str, str]:
        """File of the data set → its hash, as the data card has them."""
        return read_card(self.prepare / "card.json").checksums

    def ratings(self, split: str, part: str) -> Rows:
        """The train, valid or test rows of a split."""
        path = self.prepare / "splits" / split / f"{part}.parquet"
        users, items, ratings = numeric_columns(
            path, pa.schema([RATINGS.field(name) for name in _RATED])
        )
        return Rows(users, items, ratings)

    def genres(self) -> np.ndarray | None:
        """Each item's genres as shares, (items, genres), or None if none is known."""
        table = read_arrow(self.folder / "enrich" / "movies.parquet", ENRICHED)
        shares = item_shares(table.sort_by("item_row")["genres"].to_pylist())
        return shares if shares.shape[1] else None

    def vectors(self) -> np.ndarray | None:
        """Profile embeddings by item row, or None if there are none."""
        path = self.folder / "embed" / "items" / "unified.safetensors"
        return read_arrays(path)["vectors"] if path.exists() else None

    def candidates(
        self, split: str, model: str, n_users: int, part: str = "candidates"
    ) -> np.ndarray:
        """The model's ranking; part `valid` is from the model fitted on train alone."""
        path = self._trained(split, model) / f"{part}.parquet"
        listed = pa.schema([CANDIDATES.field(name) for name in _LISTED])
        users, items, places = numeric_columns(path, listed)
        return to_ranking(users, items, places, n_users)

    def scored(self, split: str, model: str, n_users: int, part: str = "candidates") -> Pool:
        """The model's ranking with its scores as values."""
        table = read_arrow(self._trained(split, model) / f"{part}.parquet", CANDIDATES)
        users, items, places, scores = (table[name].to_numpy() for name in CANDIDATES.names)
        return pool_of(users, items, places, scores, n_users)

    def _trained(self, split: str, model: str) -> Path:
        place = Path("further", model, split) if split in self.further else Path(split, model)
        return self.folder / "train" / place

    def pool(
        self, split: str, base: str, strategy: str, n_users: int, part: str = "judged"
    ) -> Pool:
        """What the strategy judged; part `valid` holds the validation candidates."""
        table = read_arrow(
            self.folder / "rerank" / split / base / strategy / f"{part}.parquet", JUDGED
        )
        users, items, places, values = (table[name].to_numpy() for name in JUDGED.names)
        return pool_of(users, items, places, values, n_users)

    def asked(self, name: str) -> Asked:
        """What a step asked of a chat model."""
        return read_model(self.folder / f"{name}.json", Asked)

    def judgements(
        self, split: str, base: str, strategy: str, valid: bool = False
    ) -> Iterator[Judgement]:
        """Every question to the judge, about test candidates or the `valid` ones."""
        name = "valid-judgements.jsonl" if valid else "judgements.jsonl"
        return read_jsonl(self.folder / "rerank" / split / base / strategy / name, Judgement)

    def reasons(self, split: str, base: str, strategy: str) -> Iterator[RawReasons]:
        """The claims behind the explanations, before any was checked."""
        return read_jsonl(
            self.folder / "rerank" / split / base / strategy / "reasons.jsonl", RawReasons
        )

    def item_profiles(self) -> Iterator[ItemProfile]:
        """The items' profiles."""
        return read_jsonl(self.folder / "profile" / "items.jsonl", ItemProfile)

    def titles(self) -> dict[str, str]:
        """Item id → title, as explanations name it."""
        return {item.item_id: item.title for item in self._items()}

    def people_of_items(self) -> dict[str, frozenset[str]]:
        """Item id → directors, cast and creators, casefolded."""
        return {item.item_id: item.people for item in self._items()}

    def _items(self) -> list[Item]:
        return read_items(self.folder / "enrich" / "movies.parquet")

    def user_profiles(self, split: str) -> Iterator[UserProfile]:
        """The users' profiles in a split."""
        return read_jsonl(self.folder / "profile" / split / "users.jsonl", UserProfile)

    def explanations(self, split: str, base: str, strategy: str) -> Iterator[Explanation]:
        """The explained lists."""
        return read_jsonl(
            self.folder / "explain" / split / base / strategy / "explanations.jsonl", Explanation
        )

    def tally(self, split: str, base: str, pair: str) -> Tally:
        """What a judge said of two strategies' explanations."""
        return read_model(self.folder / COMPARE / split / base / pair / "tally.json", Tally)

    def probe(self, split: str, base: str, strategy: str) -> Probe:
        """How scores fall without the evidence."""
        return read_model(self.folder / "probe" / split / base / f"{strategy}.json", Probe)

    def prune(self, plan: RunPlan) -> None:
        """Delete folders of what the plan no longer lists; they would dirty dvc.lock."""
        prune(self.folder / "profile", [(*plan.every_split, *plan.shown.splits)])
        prune(self.folder / "train", [(*plan.reranked, "further")])
        prune(self.folder / "train" / "further", [plan.further.models, plan.further.splits])
        for split in plan.splits:
            prune(self.folder / "train" / split, [plan.models])
        for split in plan.shown.splits:
            prune(self.folder / "train" / split, [plan.bases])
        for name, listed in (("rerank", plan.strategies), ("explain", plan.explained)):
            prune(self.folder / name, [tuple(plan.reranked), plan.bases])
            for split in plan.splits:
                prune(self.folder / name / split, [plan.bases, listed])
            for split in plan.shown.splits:
                prune(self.folder / name / split, [plan.bases, plan.shown.strategies])
        prune(self.folder / COMPARE, [plan.splits, plan.bases, plan.compared])
        prune(self.folder / "probe", [plan.splits, plan.bases])
