"""The settings of e2ep, chosen on validation rows: the section `train.e2ep:` of params.yaml."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, ValidationInfo, field_validator

from stages.core.params import Section
from stages.train.linear.inverse import MOST_ITEMS

Share = Annotated[float, Field(ge=0, le=1)]


class Linear(Section):
    """EASE, as part of the score."""

    weight: float = Field(11.0, ge=0)
    """β; 0 leaves it out."""

    times: tuple[NonNegativeFloat, ...] = (3.0, 10.0, 30.0, 0.3, 0.0)
    """Multiples of β that are tried on valid: where ratings are few, products of them are small,
    and what went together in the past may not be what is popular now."""

    l2: float = Field(300.0, gt=0)
    """λ, added to the diagonal of XᵀX."""

    growth: float = Field(2.0, ge=0)
    """How much each rating of an item adds to its λ."""

    degree: float = Field(0.0, ge=0, le=1)
    """g: the λ of an item with n ratings is λ·n^g."""

    discount: float = Field(0.0, ge=0, le=1)
    """c: the weights of an item with n ratings are divided by n^c."""

    features: float = Field(80.0, ge=0)
    """The weight of the cosine of two items' features against the products of their ratings."""

    turns: float = Field(2.5, ge=0)
    """The extra weight of items rated in turn (stages/train/models/e2ep/linear.py)."""

    popularity: float = Field(0.4, ge=0, le=1)
    """δ: the share of the prior's log-popularity that is taken back, as products of ratings count
    it again."""

    grades: dict[int, float] = Field({5: 1.5, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.0}, min_length=2)
    """What a rating counts."""

    balance: float = Field(0.5, ge=0, le=1)
    """How equally its fit counts users: one with n ratings counts as n^(1 − balance)."""

    most_items: int = Field(MOST_ITEMS, ge=1)
    """With more items than this, each is regressed on its nearest alone, as the whole matrix items
    × items would not fit."""


class Fairness(Section):
    """How much the worst-off group of users counts (stages/train/models/e2ep/fairness.py)."""

    weight: float = Field(0.0, ge=0, le=1)
    """φ; 0 leaves it out."""

    by: Literal["gender", "age", "activity"] = "gender"
    """Users of one gender, of one age among those of stages/train/fitting/traits.py, or in one
    quarter by their number of ratings."""


class Span(Section):
    """How far the sequence part looks, and how much it is held back."""

    past: float = Field(2.0, gt=0)
    """Over how many ratings what a user took up last fades."""

    next: int = Field(3, ge=1)
    """How many of the ratings after it are predicted, and over how many they fade."""

    l2: float = Field(30.0, gt=0)
    """λ, added to the diagonal of SᵀS."""


class Sequence(Section):
    """What comes after what (stages/train/models/e2ep/sequence.py); needs an order of ratings."""

    weights: tuple[NonNegativeFloat, ...] = Field((0.0, 0.3, 1.0, 3.0), min_length=1)
    """γ: what the sequence part counts beside the linear part, tried on valid; a fit without
    validation rows takes the first."""

    spans: tuple[Span, ...] = Field((Span(), Span(past=10.0, next=40, l2=300.0)), min_length=1)
    """The next few ratings, or the next few dozen, tried on valid."""

    history: tuple[NonNegativeFloat, ...] = Field((0.0, 0.5, 0.2), min_length=1)
    """Over what share of a user's ratings their history fades in the linear part, tried on valid;
    0 counts the earliest like the latest."""


class Now(Section):
    """What is popular now (stages/train/models/e2ep/present.py); needs times."""

    shares: tuple[Share, ...] = Field((0.0, 0.5, 1.0), min_length=1)
    """ρ: how much of the prior is the popularity of the last days, tried on valid."""

    half_lives: tuple[PositiveFloat, ...] = Field((30.0, 14.0), min_length=1)
    """Days in which a like loses half of what it counts, tried on valid."""

    ages: tuple[NonNegativeFloat, ...] = Field((0.0, 0.4, 0.8, 1.2), min_length=1)
    """a: how much an item's age counts against it, tried on valid."""


class Config(Section):
    """Settings, chosen on validation rows."""

    channels: int = Field(128, ge=8)
    """Width of every vector."""

    layers: int = Field(1, ge=1, le=6)
    """Rounds of messages."""

    heads: int = Field(1, ge=1)
    """Attention heads; they split the channels."""

    temperature: float = Field(0.35, gt=0)
    """τ, by which cosine similarities are divided."""

    graph: tuple[NonNegativeFloat, ...] = Field((1.0, 2.0, 0.5), min_length=1)
    """α: what the network counts beside the other parts, tried on valid."""

    grades: dict[int, float] = Field({5: 1.5, 4: 1.0, 3: 0.3, 2: 0.1, 1: 0.05}, min_length=2)
    """Confidence of a rating, as edge and as target."""

    text: bool = True
    """Whether items' profiles are among their features."""

    form: Literal["unified", "integrated"] = "unified"
    """Which text: the four-section schema, or title, genres and overview unprocessed."""

    user_text: bool = False
    """Whether users' profiles are added to users' vectors."""

    components: int = Field(256, ge=1)
    """Principal components of the items' features."""

    edge_dropout: float = Field(0.5, ge=0, lt=1)
    """Share of edges left out of a step's messages."""

    feature_dropout: float = Field(0.3, ge=0, lt=1)
    """Dropout on features and profiles."""

    cold_items: float = Field(0.1, ge=0, lt=1)
    """Share of items that a step knows only by their features."""

    newcomers: float = Field(0.1, ge=0, lt=1)
    """Share of users that a step knows only by their earliest ratings."""

    history: tuple[PositiveFloat, ...] = Field((2.0, 20.0, 100.0), min_length=1)
    """κ: how many ratings make a user's own taste count for half. Training uses the first value;
    then the best on valid is chosen."""

    later: float = Field(0.0, ge=0, allow_inf_nan=False)
    """The penalty on an item that arrives after a user's last rating, in training and in the lists
    (stages/train/models/e2ep/arrivals.py); 0 gives lists as of now."""

    members: int = Field(3, ge=1)
    """Networks that differ only by their random draws; the score is their mean."""

    linear: Linear = Linear()
    """The linear part."""

    fairness: Fairness = Fairness()
    """The term for groups of users."""

    sequence: Sequence = Sequence()
    """The sequence part."""

    now: Now = Now()
    """The prior's time."""

    learning_rate: float = Field(0.005, gt=0)
    """Of AdamW."""

    weight_decay: float = Field(0.0, ge=0)
    """Of AdamW."""

    batch: int = Field(8192, ge=1)
    """Users per step at most; fewer where their scores would not fit."""

    messages: int = Field(4_000_000, ge=1)
    """Edges that a step draws on average, at most, not counting those of newcomers."""

    catalogue: int = Field(50_000, ge=1)
    """Items in a softmax at most; if there are more, or four times more than would be drawn, a
    sample stands for them."""

    sample: int = Field(8192, ge=1)
    """Items in such a sample at most, drawn by popularity at each step: 64 per rating of a user,
    and 1024 at least."""

    epochs: int = Field(100, ge=1)
    """Passes over all users at most; the refit takes as many as were best on validation."""

    every: int = Field(5, ge=1)
    """Epochs between validations."""

    patience: int = Field(25, ge=1)
    """Epochs without a better validation NDCG after which training stops."""

    @field_validator("heads")
    @classmethod
    def _split_channels(cls, heads: int, others: ValidationInfo) -> int:
        if others.data.get("channels", heads) % heads:
            raise ValueError(
                f"{others.data['channels']} channels cannot be split into {heads} heads"
            )
        return heads

    @field_validator("grades")
    @classmethod
    def _above_zero(cls, grades: dict[int, float]) -> dict[int, float]:
        if min(grades.values()) <= 0:
            raise ValueError(
                f"the grade {min(grades.values())} is not above 0, as a confidence must be"
            )
        return grades
