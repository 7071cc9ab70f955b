"""unified: the paper's graph model on the unified profile structure (PAPER §3)."""

from stages.train.models.paper.model import PaperModel
from stages.train.models.paper.settings import Config

__all__ = ["MODEL", "Config"]


class Unified(PaperModel):
    """Nodes begin as profiles in the paper's schema."""

    name = "unified"
    form = "unified"


MODEL = Unified
