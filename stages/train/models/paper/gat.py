"""gat: the paper's graph model without a language model's text; nodes begin at random (PAPER §5, GAT)."""

from stages.train.models.paper.model import Config, PaperModel

__all__ = ["MODEL", "Config"]


class Gat(PaperModel):
    """Learnable ID vectors."""

    name = "gat"
    form = None


MODEL = Gat
