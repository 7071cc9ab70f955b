"""e2epfacts: e2ep without any text, which shows what profiles add to genres, year and people."""

from stages.train.models.e2ep import settings
from stages.train.models.e2ep.e2ep import E2ep


class Config(settings.Config):
    """e2ep's settings, the profiles left out."""

    text: bool = False


MODEL = E2ep
