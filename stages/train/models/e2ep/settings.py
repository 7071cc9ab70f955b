"""The settings of e2ep, chosen on validation rows: the section `train.e2ep:` of params.yaml."""

from typing import Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, ValidationInfo, field_validator

from stages.core.params import Section
from stages.train.models.e2ep.parts import Fairness, Linear, Now, Sequence


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
    """Edges that a step reads, about, where there are more; their users are those of its batch and
    others that are drawn (stages/train/models/e2ep/sampled.py)."""

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
