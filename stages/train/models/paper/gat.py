"""gat: the paper's graph model without a language model's text (PAPER §5, GAT).

Nodes begin at random. Its layers are GATv2's (stages/train/graph/gatv2.py), as in the paper's
released code, despite the name.
"""

from stages.train.models.paper import settings
from stages.train.models.paper.model import PaperModel


class Config(settings.Config):
    """Without text to begin as."""

    start: settings.Drawn = "unit-384"


class Gat(PaperModel):
    """Nodes begin at random."""

    name = "gat"
    form = None


MODEL = Gat
