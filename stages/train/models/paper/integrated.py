"""integrated: the paper's graph model on free-form text, without its schema (PAPER §2)."""

from stages.train.models.paper.model import PaperModel
from stages.train.models.paper.settings import Config

__all__ = ["MODEL", "Config"]


class Integrated(PaperModel):
    """Nodes begin as free-form text."""

    name = "integrated"
    form = "integrated"


MODEL = Integrated
