"""The section `train.common:` of params.yaml; each model's own is the Config in its file."""

from pydantic import Field

from stages.core.params import Section


class CommonParams(Section):
    """What applies to every model."""

    candidates: int = Field(100, ge=20)
    """How many unseen items a user's candidate list holds."""

    refit: bool = True
    """Whether the final model is fitted again on train + valid. If not, the one that was chosen
    scores users from train + valid where it can place them, else from train alone."""

    threads: int = Field(1, ge=1)
    """Threads of torch. One gives the same bytes on any number of cores, and is also the fastest on
    graphs of 100,000 ratings when other work runs at the same time."""
