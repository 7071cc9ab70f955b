"""params.yaml, section by section, as frozen models that refuse unknown keys."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from stages.core.addresses import checked_address, without_secrets
from stages.core.errors import MissingError, ParamError
from stages.core.spelling import likeliest
from stages.core.text import read_text

PARAMS = Path("params.yaml")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Six times faster where PyYAML was built with it; a stage reads its parameters many times."""


Address = Annotated[str, AfterValidator(checked_address)]
"""Where a server is."""


def _listed(value: Any) -> Any:
    """One address as a list of one."""
    return value if isinstance(value, (list, tuple)) else (value,)


def _once(addresses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))


Addresses = Annotated[
    tuple[Address, ...], BeforeValidator(_listed), Field(min_length=1), AfterValidator(_once)
]
"""Where a server is, or several are: written as one address or as a list."""


class Section(BaseModel):
    """Base of every section: immutable, and a typo in a name is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


S = TypeVar("S", bound=Section)


def load_params(path: Path = PARAMS) -> dict[str, Any]:
    """The whole file as a dictionary."""
    if not path.exists():
        raise MissingError(f"{path} is not here; run the command in the project's folder")
    try:
        params = yaml.load(read_text(path), _LOADER)
    except yaml.YAMLError as error:
        raise ParamError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(params, dict):
        raise ParamError(f"{path} must hold named sections, not {type(params).__name__}")
    return params


def load_section(name: str, model: type[S], path: Path = PARAMS) -> S:
    """The section `name` (dots go down: ``train.e2ep``), checked against `model`."""
    value: Any = load_params(path)
    for key in name.split("."):
        value = (value.get(key) if isinstance(value, dict) else None) or {}
    return check_section(name, value, model)


def load_seed(path: Path = PARAMS) -> int:
    """The one seed."""
    return checked_seed(load_params(path).get("seed"))


def checked_seed(seed: object) -> int:
    """`seed`, or a ParamError if it is not a whole number."""
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise ParamError(f"seed in params.yaml is {seed!r}; give a whole number")
    return seed


def check_section(name: str, values: dict[str, Any], model: type[S], path: Path = PARAMS) -> S:
    """`values` from the file `path` as a `model`, or a ParamError that names the first fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ParamError(_first_fault(name, error, model, path)) from error


def _first_fault(section: str, error: ValidationError, model: type[Section], path: Path) -> str:
    fault = error.errors()[0]
    unknown = fault["type"] == "extra_forbidden"
    where = ".".join(
        [section, *(str(part) for part in fault["loc"] if unknown or str(part).isidentifier())]
    )
    if unknown:
        known, name = model.model_fields, str(fault["loc"][-1])
        meant = likeliest(name, known) if len(fault["loc"]) == 1 else None
        hint = f"did you mean {meant}?" if meant else f"{section} has: {', '.join(known)}"
        return f"{where} in {path} is not a known parameter; {hint}"
    given = fault["input"]
    given = without_secrets(given) if isinstance(given, str) else given
    return f"{where} in {path} is {given!r}: {fault['msg'].lower()}"
