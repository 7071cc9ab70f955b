"""Settings of the paper's graph models.

Where the paper (P) and its released code (C) differ, each has its value here: experiments/ has one
file for each, `ml-100k-as-written.yaml` and `ml-100k-as-released.yaml`.
"""

from typing import Literal

from pydantic import Field, PositiveInt

from stages.core.params import Section
from stages.train.fitting.negatives import Negatives

Drawn = Literal["unit-384", "normal-64"]
"""What nodes begin as without text.

`unit-384`: random, as wide and about as long as profile vectors, so that text is the only
difference. `normal-64`: N(0, 1) in 64 channels, which is what gives the scores of C's list.
"""


class Config(Section):
    """The released code's settings, but for a start and a stop that compare the models fairly."""

    start: Literal["text", Drawn] = "text"
    """What nodes begin as; `text` are the vectors of the model's text form."""

    channels: int = Field(64, ge=1)
    """Channels per head."""

    heads: tuple[PositiveInt, ...] = Field((4, 4, 1), min_length=1)
    """Heads of each layer; there are as many layers."""

    self_loops: bool = False
    """Whether a node also attends to itself, over an edge with the mean of its ratings: C does, as
    PyG's layers do it unasked; P says nothing of it."""

    neutral: bool = True
    """Whether ratings of 3 are edges: in C they are, P leaves them out."""

    dropout: float = Field(0.0, ge=0, lt=1)
    """Share of attention weights that are dropped in training: 0 in C; P has dropout, and does not
    say how much."""

    layer: Literal["csr", "pyg"] = "csr"
    """Whose attention layers: ours over edges in CSR order, or torch-geometric's GATv2Conv, which
    says the same and takes longer."""

    frozen: bool = False
    """Whether the nodes keep what they begin as, so that the layers alone are trained."""

    bpr: float = 5.0
    """Weight of the BPR term."""

    cosine: float = 2.0
    """Weight of the alignment of positive pairs."""

    negatives: Negatives = Negatives()
    """What is drawn to compare with the liked items."""

    learning_rate: float = Field(1e-3, gt=0)
    """Of AdamW."""

    weight_decay: float = Field(1e-5, ge=0)
    """Of AdamW."""

    plateau_factor: float = Field(0.4, gt=0, lt=1)
    """The factor applied to the learning rate on a plateau of the training loss."""

    plateau_patience: int = Field(5, ge=1)
    """Epochs without a lower loss that make a plateau."""

    epochs: int = Field(300, ge=1)
    """Full-batch epochs at most."""

    stop: Literal["valid", "training-loss"] = "valid"
    """What ends training: no better NDCG on valid, or, as in C, no lower training loss, by which
    each fit then ends on its own."""

    every: int = Field(5, ge=1)
    """Epochs between validations."""

    patience: int = Field(60, ge=1)
    """Epochs without something better after which training stops.

    C waits 15 on the smooth training loss. Validation NDCG fluctuates: a patience of 15 stopped it
    at epoch 33, far from its best."""
