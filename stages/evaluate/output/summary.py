"""summary.json and headline.json."""

from stages.contracts.metrics.numbers import Headline, Models, Protocols, Summary, Values
from stages.contracts.plan import COMPUTED_STRATEGIES
from stages.contracts.rankings import Ranking
from stages.contracts.splits import family_of
from stages.contracts.words import FILMS, DomainWords
from stages.evaluate.protocols.groups import complete_families, is_trait
from stages.evaluate.protocols.named import protocol_words


def with_family_means(models: Models) -> Models:
    """Add the mean over its five splits for each family, if all five were run."""
    return {
        model: splits
        | {
            family: family_mean([splits[name] for name in names])
            for family, names in complete_families(splits).items()
        }
        for model, splits in models.items()
    }


def family_mean(splits: list[Protocols]) -> Protocols:
    """The mean of each value that all splits have; `users` is their sum.

    A split on which nobody counts takes no part.
    """
    measured, means = [split for split in splits if split], Protocols()
    for protocol in measured[0] if measured else ():
        if not all(protocol in split for split in measured):
            continue
        rows = [split[protocol] for split in measured]
        keys = [key for key in rows[0] if key != "users" and all(key in row for row in rows)]
        values: Values = {key: sum(row[key] for row in rows) / len(rows) for key in keys}
        means[protocol] = values | {"users": sum(int(row["users"]) for row in rows)}
    return means


def summary_of(dataset: str, models: Models, words: DomainWords = FILMS) -> Summary:
    """The file; groups by trait are left to the family if it has all rankings of the split."""
    splits = {split for rows in models.values() for split in rows}
    within = {split for split in splits if headline_place(models, split) != split}
    shown = {
        model: {
            split: _without_traits(protocols) if split in within else protocols
            for split, protocols in rows.items()
        }
        for model, rows in models.items()
    }
    return Summary(dataset=dataset, models=shown, protocol=protocol_words(words))


def _without_traits(protocols: Protocols) -> Protocols:
    return {name: row for name, row in protocols.items() if not is_trait(name.partition("/")[2])}


def headline_place(models: Models, split: str) -> str:
    """The split's family if all its rankings were run on the whole family, otherwise the split."""
    family = family_of(split)
    return (
        family if all(family in splits for splits in models.values() if split in splits) else split
    )


def headline(models: Models, split: str, k: int) -> Headline:
    """NDCG of every model and of every judged ranking, for `dvc metrics show` and `dvc exp show`.

    One short column each, so that those of the sample fit into 120 columns.
    """
    values = values_at(models, split, f"ndcg@{k}")
    shown = {
        name: round(value, 5)
        for name, value in values.items()
        if Ranking(name).real and not set(COMPUTED_STRATEGIES) & set(Ranking(name).steps)
    }
    return {"ndcg": shown}


def values_at(models: Models, split: str, key: str) -> dict[str, float]:
    """One metric per ranking, all of one place (`headline_place`), under the full protocol.

    The judge's order alone is left out.
    """
    place = headline_place(models, split)
    rows = {name: splits.get(place, {}).get("full", {}) for name, splits in models.items()}
    return {
        name: row[key] for name, row in rows.items() if key in row and not name.endswith("+alone")
    }
