"""e2ep: the project's own model; how it works stands in stages/train/e2ep.py."""

from stages.train.e2ep import E2ep
from stages.train.settings import Config

__all__ = ["MODEL", "Config"]

MODEL = E2ep
