"""gat: the paper's graph model without a language model's text (PAPER §5, GAT).

Nodes begin at random. Its layers are GATv2's (stages/train/graph/gatv2.py), as in the paper's
released code, despite the name.
"""

from stages.train.models.paper.model import Config, PaperModel

__all__ = ["MODEL", "Config"]


class Gat(PaperModel):
    """Learnable ID vectors."""

    name = "gat"
    form = None


MODEL = Gat
