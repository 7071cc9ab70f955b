"""A ranking's name says what it is: a model, a reranking of one, or a control."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["model", "reranking", "control"]
CONTROLS = ("shuffle", "oracle")


@dataclass(frozen=True)
class Ranking:
    """`base` or `base+step+step`, as evaluate names it."""

    name: str

    @property
    def base(self) -> str:
        """The model underneath."""
        return self.name.partition("+")[0]

    @property
    def steps(self) -> tuple[str, ...]:
        """What was done to the base's order."""
        return tuple(self.name.split("+")[1:])

    @property
    def kind(self) -> Kind:
        """A control knows the test ratings or ignores everything; it recommends nothing."""
        if not self.steps:
            return "model"
        return "control" if self.steps[0] in CONTROLS else "reranking"

    @property
    def real(self) -> bool:
        """Whether this ranking could be served to a person."""
        return self.kind != "control"
