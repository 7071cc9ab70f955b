"""The parameters of a run, in words and as a list."""

from collections.abc import Iterator, Mapping
from typing import Any

from stages.contracts.metrics.record import RunRecord

ParamSections = Mapping[str, Any]
"""params.yaml, section → name → value."""


def parameter_rows(
    record: RunRecord, sections: ParamSections
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each section that made the numbers: (name of the parameter, value) each.

    Only settings of models that the run trained are listed.
    """
    rows = []
    for section in record.params:
        values = sections.get(section)
        if section == "train" and isinstance(values, dict):
            trained = {"common", *record.models, *record.further.models}
            values = {name: value for name, value in values.items() if name in trained}
        if isinstance(values, dict) and (named := list(_named(values))):
            rows.append((section, named))
    return rows


def _named(values: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Sections inside sections get both names; a table with numbers as keys is one value."""
    for name, value in values.items():
        words = f"{above}{name}".replace("_", " ")
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            yield from _named(value, f"{words}, ")
        else:
            yield words, _said(value)


def _said(value: Any) -> str:
    """`yes`, `not set` and lists as a person writes them."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_said(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_said, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
