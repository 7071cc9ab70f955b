"""How far a metric may move: patterns of keys in a file, each with limits."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from pydantic import Field, TypeAdapter, ValidationError

from stages.core.errors import ParamError
from stages.core.params import Section, load_params

LIMITS_FILE = Path("metrics") / "gate.yaml"


class Limit(Section):
    """How far a metric may move: a difference within either limit passes."""

    absolute: float = Field(0.0, ge=0)
    """In the metric's own unit."""

    relative: float = Field(0.0, ge=0)
    """As a share of the committed value."""

    direction: Literal["higher", "lower", "equal", "ignore"] = "equal"
    """Which way is better; `equal`: neither. `ignore`: the metric is not compared."""

    def allowed(self, committed: float) -> float:
        """The largest difference from this value that passes."""
        return max(self.absolute, self.relative * abs(committed))


class MetricLimits:
    """MetricLimits by pattern, in order of precedence."""

    def __init__(self, patterns: Mapping[str, Limit]) -> None:
        self.patterns = {
            pattern: limit.model_dump(exclude_unset=True) for pattern, limit in patterns.items()
        }

    def of(self, key: str) -> Limit:
        """The limit of a metric: each field comes from the first matching pattern that sets it."""
        fields: dict[str, object] = {}
        for pattern, given in self.patterns.items():
            if fnmatchcase(key, pattern):
                fields = given | fields
        return Limit.model_validate(fields)


def load_limits(file: Path) -> MetricLimits:
    """The limits of a file, or a ParamError that names the first thing wrong."""
    try:
        return MetricLimits(TypeAdapter(dict[str, Limit]).validate_python(load_params(file)))
    except ValidationError as error:
        fault = error.errors()[0]
        where = " → ".join(str(part) for part in fault["loc"])
        raise ParamError(
            f"{file}: {where} is {fault['input']!r}: {fault['msg'].lower()}; "
            f"a pattern has {', '.join(Limit.model_fields)}"
        ) from error
