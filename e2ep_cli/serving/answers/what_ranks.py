"""What a model or a strategy does, as the first sentence of its file says it."""

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from stages.core.variants import variants

_CITED = re.compile(r"\s*\([^()]*(?:\d{4}|§)[^()]*\)")
"""A source in brackets: it says who had the idea, which a person at the page does not look for."""


@cache
def what_ranks(model: str, strategy: str) -> str:
    """What makes the order: the strategy's doing if there is one, otherwise the model's."""
    if strategy != "none":
        return _first_sentence(variants("stages.rerank.strategies", "STRATEGY").get(strategy))
    return _first_sentence(variants("stages.train.models", "MODEL").get(model))


def _first_sentence(module: str | None) -> str:
    """Empty where there is no such file; nothing is imported."""
    spec = find_spec(module) if module else None
    if spec is None or spec.origin is None:
        return ""
    text = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""
    sentence = _CITED.sub("", " ".join(text.partition("\n\n")[0].split()))
    name, colon, said = sentence.partition(": ")
    plain = said if colon and " " not in name else sentence
    return plain[:1].upper() + plain[1:]
