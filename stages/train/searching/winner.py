"""What has to change in a model's section of params.yaml to give it another setting."""

from typing import Any

from stages.core.params import Section


def needed_changes(
    key: str, section: dict[str, Any], current: Section, wanted: Section
) -> dict[str, Any]:
    """Dotted parameter → value; the whole section where it lacks one that has to change.

    key: where the section is, such as ``train.ease``. section: as in params.yaml. current, wanted:
    settings with all defaults, before and after.
    """
    before, after = (_plain(settings.model_dump()) for settings in (current, wanted))
    return _changes(key, section, before, after)


def _changes(
    key: str, section: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> dict[str, Any]:
    different = [name for name in after if before.get(name) != after[name]]
    if any(name not in section for name in different):
        return {key: {name: after[name] for name in after if name in {*section, *different}}}
    changes: dict[str, Any] = {}
    for name in different:
        own, old, new = section[name], before[name], after[name]
        if _is_section(own) and _is_section(old) and _is_section(new):
            changes |= _changes(f"{key}.{name}", own, old, new)
        else:
            changes[f"{key}.{name}"] = new
    return changes


def _is_section(value: Any) -> bool:
    """Whether it holds named values; what grades count is one value."""
    return isinstance(value, dict) and all(isinstance(name, str) for name in value)


def _plain(value: Any) -> Any:
    """As YAML writes it; a whole number that is a key has no fraction."""
    if isinstance(value, dict):
        return {
            int(key) if isinstance(key, float) and key.is_integer() else key: _plain(inner)
            for key, inner in value.items()
        }
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
