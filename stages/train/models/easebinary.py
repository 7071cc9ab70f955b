"""easebinary: EASE as published: a rating of 4 or 5 counts 1, any other 0."""

from pydantic import Field

from stages.train.models import ease as linear


class Config(linear.Config):
    """Regularisation and grades of the binary model."""

    l2: float = Field(400.0, gt=0)
    """λ, added to the diagonal of XᵀX."""

    grades: dict[int, float] = Field({5: 1.0, 4: 1.0, 3: 0.0, 2: 0.0, 1: 0.0}, min_length=2)
    """On scales with halves, ratings between 3 and 4 count in part."""


MODEL = linear.Ease
