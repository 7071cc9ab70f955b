"""summary.json: every number of every ranking, a protocol a line, so that a diff in Git reads well."""

from collections import defaultdict

from stages.evaluate.output.numbers import numbers_text
from stages.evaluate.protocols.groups import complete_families, family_of
from stages.evaluate.protocols.measure import Values
from stages.evaluate.protocols.named import CARD

Protocols = dict[str, Values]
Models = dict[str, dict[str, Protocols]]
"""Ranking → split or family → protocol → values."""


def with_families(models: Models) -> Models:
    """Add the mean over its five splits for each family of which all five were run."""
    return {model: splits | _families(splits) for model, splits in models.items()}


def _families(splits: dict[str, Protocols]) -> dict[str, Protocols]:
    families = complete_families(splits).items()
    return {family: family_mean([splits[name] for name in names]) for family, names in families}


def family_mean(splits: list[Protocols]) -> Protocols:
    """The mean of each value that all splits have; `users` is their sum."""
    shared = [protocol for protocol in splits[0] if all(protocol in split for split in splits)]
    return {protocol: _mean([split[protocol] for split in splits]) for protocol in shared}


def _mean(rows: list[Values]) -> Values:
    keys = [key for key in rows[0] if key != "users" and all(key in row for row in rows)]
    means: Values = {key: sum(row[key] for row in rows) / len(rows) for key in keys}
    return means | {"users": sum(int(row["users"]) for row in rows)}


def summary_text(dataset: str, models: Models) -> str:
    """The file: a protocol a line."""
    return numbers_text({"dataset": dataset, "models": models, "protocol": CARD})


def headline_place(models: Models, split: str) -> str:
    """The family of the split where all its rankings were run on all of it, else the split itself."""
    family = family_of(split)
    return (
        family if all(family in splits for splits in models.values() if split in splits) else split
    )


def headline(
    models: Models, split: str, bases: tuple[str, ...], k: int
) -> dict[str, dict[str, float]]:
    """The dozen numbers of `dvc metrics show`, all of one place (`headline_place`).

    Models have ndcg and recall under the full protocol, reranked bases ndcg alone.
    """
    found: dict[str, dict[str, float]] = defaultdict(dict)
    place = headline_place(models, split)
    for model, splits in models.items():
        values = splits.get(place, {}).get("full", {})
        kinds = ("ndcg",) if _reranked(model, bases) else ("ndcg", "recall")
        for key in (f"{kind}@{k}" for kind in kinds):
            if key in values and not model.endswith("+alone"):
                found[model][key] = round(values[key], 5)
    return dict(found)


def _reranked(model: str, bases: tuple[str, ...]) -> bool:
    return model.partition("+")[0] in bases and "+" in model
