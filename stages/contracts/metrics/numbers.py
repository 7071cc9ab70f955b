"""What rankings are worth: summary, headline, intervals and groups.json, and two CSV files.

Levels of names are plain dictionaries; each says below what its keys are, from the outside in.
"""

from pydantic import ConfigDict, Field

from stages.contracts.rows import Row

Values = dict[str, int | float]
"""Metric key such as `ndcg@10` → value; `users` → how many are counted."""
Protocols = dict[str, Values]
"""Protocol, alone or with a group of users, such as `full/age=25-34` → values."""
Models = dict[str, dict[str, Protocols]]
"""Ranking → split or family → protocol → values."""


class Summary(Row):
    """summary.json: every number of every ranking. `protocol` says in words what was measured."""

    dataset: str
    models: Models
    protocol: dict[str, str]


Headline = dict[str, dict[str, float]]
"""headline.json: `ndcg` → ranking → NDCG at the first depth of `evaluate.k`."""


class Difference(Row):
    """One ranking minus another, paired by user; `p_holm` is p corrected over the whole table.

    low, high: 95 % interval. detectable: smallest true difference found with a power of 80 %.
    """

    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    detectable: float


class Against(Difference):
    """A difference from the ranking `against`."""

    against: str


class RankingTests(Row):
    """A ranking's mean in one metric, and what is known about it beyond chance.

    fold_mean, fold_sd: of the means of a family's splits; None in a split.
    to_base, to_baseline: None for a model, and for the baseline itself.
    """

    mean: float
    fold_mean: float | None = None
    fold_sd: float | None = None
    to_base: Against | None = None
    to_baseline: Against | None = None


class SplitTests(Row):
    """A split, a family, or a family's users with few ratings.

    In the file the metrics lie beside the fields.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, RankingTests]] = Field(init=False)

    baseline: str | None
    users: int
    between: dict[str, dict[str, Difference]]
    """Model → another one → the first minus the other, in the first metric."""

    @property
    def metrics(self) -> dict[str, dict[str, RankingTests]]:
        """Metric key → ranking → its tests."""
        return self.__pydantic_extra__


class Intervals(Row):
    """intervals.json: each ranking against its base and the best baseline, by split or family."""

    dataset: str
    how: dict[str, int | str]
    splits: dict[str, SplitTests]


class Contrast(Row):
    """What a ranking is worth to a group of users and to the others, and the 95 % interval."""

    mean: float
    others: float
    difference: float
    low: float
    high: float
    users: int
    users_outside: int


class Groups(Row):
    """groups.json: split or family → ranking → group → its contrast to all other users."""

    dataset: str
    how: dict[str, int | str]
    splits: dict[str, dict[str, dict[str, Contrast]]]


class CurvePoint(Row):
    """A row of curves.csv, its columns in this order: one metric of one ranking at one k."""

    model: str
    split: str
    protocol: str
    k: int
    metric: str
    value: float


class TradeOff(Row):
    """A row of trade_offs.csv: one metric of a base so ordered, under the full protocol.

    split: or family. strategy: an order of stages/contracts/beyond/. metric: key such as `ild@10`.
    """

    base: str
    split: str
    strategy: str
    knob: float
    metric: str
    value: float
