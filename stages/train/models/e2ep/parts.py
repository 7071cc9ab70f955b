"""The settings of what e2ep's score is made of besides its network, chosen on validation rows."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat

from stages.core.params import Section
from stages.linear.inverse import MOST_ITEMS

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

    drawn: float = Field(0.0, ge=0)
    """μ: how strongly the weights are drawn towards those that the items' features alone give."""

    draws: tuple[NonNegativeFloat, ...] = (1000.0,)
    """Other values of μ that are tried on valid in the place of `features`."""

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
