"""e2epfacts: e2ep without any text, to show what profiles add to genres, year and people."""

from stages.train.models.e2ep import settings
from stages.train.models.e2ep.e2ep import E2ep


class Config(settings.Config):
    """e2ep's settings, without the profiles."""

    text: bool = False


MODEL = E2ep
