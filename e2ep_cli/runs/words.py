"""Settings of a run in words."""

import shlex
from typing import Any

import yaml

from stages.core.addresses import without_secrets


def in_words(settings: dict[str, Any]) -> str:
    """Settings as they are typed, such as `seed=8, splits=[fold-1, fold-2]`."""
    return ", ".join(f"{key}={typed(value)}" for key, value in settings.items())


def as_options(settings: dict[str, Any]) -> str:
    """Settings as options of `e2ep run`, quoted for a shell, and without a key in an address."""
    words = [f"--dataset {settings['dataset']}"] if "dataset" in settings else []
    others = {key: value for key, value in settings.items() if key != "dataset"}
    typed_words = (without_secrets(f"{key}={typed(value)}") for key, value in others.items())
    return " ".join([*words, *(f"--set {shlex.quote(word)}" for word in typed_words)])


def typed(value: Any) -> str:
    """A value as it is typed after `key=`, on one line of YAML."""
    line = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6)
    return str(line).removesuffix("\n").removesuffix("\n...")
