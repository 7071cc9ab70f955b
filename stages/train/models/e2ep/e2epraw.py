"""e2epraw: e2ep on title, genres and overview as they come, which shows what the profiles' schema adds to them."""

from typing import Literal

from stages.train.models.e2ep import settings
from stages.train.models.e2ep.e2ep import E2ep


class Config(settings.Config):
    """e2ep's settings, the free-form text in the profiles' place."""

    form: Literal["unified", "integrated"] = "integrated"


MODEL = E2ep
