"""e2epraw: e2ep on title, genres and overview as they come, to show what the schema adds."""

from typing import Literal

from stages.train.models.e2ep import settings
from stages.train.models.e2ep.e2ep import E2ep


class Config(settings.Config):
    """e2ep's settings, with free-form text in place of the profiles."""

    form: Literal["unified", "integrated"] = "integrated"


MODEL = E2ep
