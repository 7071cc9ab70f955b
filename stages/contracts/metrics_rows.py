"""Row types of the files of metrics/<dataset>/; `stages.contracts.metrics_files` reads them.

Levels of names are plain dictionaries; each says below what its keys are, from the outside in.
"""

from pydantic import ConfigDict, Field

from stages.contracts.rows import Row
from stages.contracts.splits import Further

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
"""headline.json: ranking → metric key → value."""


class Difference(Row):
    """One ranking less another, paired by user; `p_holm` is p corrected over the whole table.

    low, high: 95 % interval. detectable: smallest true difference found with a power of 80 %.
    """

    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    detectable: float


class Against(Difference):
    """A difference to the ranking `against`."""

    against: str


class RankingTests(Row):
    """A ranking's mean in one metric, and what is known of it beyond chance.

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
    """Model → another one → the first less the other, in the first metric."""

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


class Tally(Row):
    """What a judge said of two strategies' explanations, from the first strategy's side.

    users: those with two usable answers, the sum of wins, ties and losses. contradictions: users
    for whom the judge named one list and then, shown in the other order, the other one; they are
    among the ties. unanswered: the users besides. win_share: of wins and losses, None of nothing,
    with its exact 95 % interval (Clopper and Pearson, 1934). p: of the two-sided sign test that
    both are as likely. judges: who answered.
    """

    users: int
    wins: int
    ties: int
    losses: int
    contradictions: int
    unanswered: int
    win_share: float | None
    win_share_low: float | None
    win_share_high: float | None
    p: float | None
    judges: tuple[str, ...]


class ShownMeasures(Row):
    """What is shown of one strategy's reasons; here and below a share or mean of nothing is None.

    claims, attributes: shown ones, and distinct attributes. without_reason: items with an empty
    reason. dropped_share: dropped / (claims + dropped). titles: film titles that the reasons name.
    title_grounding: the share of those that the reason cites or is about.
    """

    users: int
    items: int
    claims: int
    attributes: int
    without_reason: int
    dropped_share: float | None
    titles: int
    title_grounding: float | None


class FeatureMeasures(Row):
    """Feature measures, whose formulas are in `stages.evaluate.explanations.features`."""

    fmr: float | None
    fcr: float | None
    div: float | None
    usr: float | None


class ClaimMeasures(Row):
    """What a model claimed, before anything was dropped.

    unanswered: users whose question for reasons brought no usable answer. raw_claims: claims made.
    grounded_share: those that hold. faults: the others, each by the first thing wrong.
    Shares of `citations`: citation_validity, of films that the user rated in training; polarity, of
    films that the user did not rate 2 or less there; leak_rate, of films in the user's test rows.
    """

    unanswered: int
    raw_claims: int
    grounded_share: float | None
    faults: dict[str, int]
    citations: int
    citation_validity: float | None
    polarity: float | None
    leak_rate: float | None


class DeletionMeasures(Row):
    """Deletion faithfulness, in standard deviations of a user's scores.

    faithfulness: mean over users of their films' mean of fall without the evidence less fall
    without as many random other ratings, with its bootstrap 95 % interval over users.
    faithfulness_liked: the same against other liked ones. faithful_share: films that fall more
    without the evidence. probed: films. probe_skipped: films whose user has too few other liked
    ones. probe_applies: False for a model that does not read the user's ratings when it scores.
    """

    probe_applies: bool
    probed: int
    probe_skipped: int
    faithfulness: float | None
    faithfulness_low: float | None
    faithfulness_high: float | None
    faithfulness_liked: float | None
    faithful_share: float | None


class ExplanationMeasures(ShownMeasures, FeatureMeasures, ClaimMeasures, DeletionMeasures):
    """What can be measured of one strategy's explanations without anybody's opinion."""

    compared: dict[str, Tally] = Field(default_factory=dict)
    """And with a judge's: for each pair that this strategy leads, the other one → the tally."""


Explanations = dict[str, dict[str, dict[str, ExplanationMeasures]]]
"""explanations.json: split → base → strategy → measures."""


class Tokens(Row):
    """Tokens of prompts, those of them that a provider had cached, and tokens of answers."""

    input: int
    cached: int
    output: int


class CallTotals(Row):
    """What one model was asked in one task; dollars are None where a price is unknown."""

    calls: int
    outcomes: dict[str, int]
    tokens: Tokens
    dollars: float | None
    seconds: float


StepCalls = dict[str, dict[str, CallTotals]]
"""Task → model → its calls."""
LlmCalls = dict[str, StepCalls]
"""llm.json: step, such as `rerank-prompt` → task → model → its calls."""


class Agreement(Row):
    """Kendall's τ of a reranked pool to its base order, and the share of users with τ = 1.

    users: those with two items or more in the pool; where there are none the other two are None.
    """

    users: int
    tau: float | None
    unchanged: float | None


class FusedAgreement(Agreement):
    """Of the judge's and the base's order fused, the judge having this weight."""

    weight: float


class FittedAgreement(FusedAgreement):
    """Of the weight that is best on validation rows, and the NDCG@10 there of every weight."""

    valid_ndcg: dict[str, float] = Field(alias="valid_ndcg@10")


class BothOrders(Row):
    """Pairs that were answered in both orders, and those of them with two winners."""

    pairs: int
    disagreed: int


class RerankingEffect(Row):
    """How far one strategy moves its base, and the outcomes of its questions to the judge."""

    fused: FusedAgreement
    alone: Agreement
    fitted: FittedAgreement | None = None
    both: BothOrders | None = None
    questions: dict[str, int] = Field(default_factory=dict)


Rerankings = dict[str, dict[str, dict[str, RerankingEffect]]]
"""rerank.json: split → base → strategy → its effect."""


class RunRecord(Row):
    """record.json: what made the numbers. An older revision's record lacks what was added later.

    params: hash by section. data: checksum by file. versions: None where a package is missing.
    answered_by: the chat models. labels: sentences that go with the numbers.
    """

    params: dict[str, str] = Field(default_factory=dict)
    data: dict[str, str] | None = None
    seed: int | None = None
    versions: dict[str, str | None] = Field(default_factory=dict)
    splits: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    further: Further = Further()
    explained: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class CurvePoint(Row):
    """A row of curves.csv, its columns in this order: one metric of one ranking at one k."""

    model: str
    split: str
    protocol: str
    k: int
    metric: str
    value: float
