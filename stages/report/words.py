"""The page's words for metrics, kinds of rankings and groups of users."""

from dataclasses import dataclass

from stages.contracts.words import FILMS, DomainWords


@dataclass(frozen=True)
class Metric:
    """A metric's heading, decimals, whether lower is better, and what it says in a few words.

    `$rows` is the data set's word.
    """

    label: str
    digits: int
    lower: bool
    says: str


METRICS = {
    "ndcg": Metric("NDCG@k", 3, False, "relevant items, those near the top counting more"),
    "precision": Metric("P@k", 3, False, "share of the list that is relevant"),
    "recall": Metric("R@k", 3, False, "share of the relevant items that the list holds"),
    "map": Metric("MAP@k", 3, False, "precision averaged over the places of the hits"),
    "mrr": Metric("MRR@k", 3, False, "one over the place of the first hit"),
    "coverage": Metric("coverage", 3, False, "share of the catalogue shown to anybody"),
    "novelty": Metric("novelty", 2, False, "how rare the shown items are in training, in bits"),
    "gini": Metric("gini", 3, True, "how unevenly items are shown, 0 even, 1 all the same"),
    "ild": Metric("ild", 3, False, "how unlike each other the items of a list are"),
    "miscalibration": Metric(
        "miscalibration", 3, True, "how far a list’s genres are from those the user liked"
    ),
    "popularity": Metric("popularity", 1, True, "training $rows of a shown item, on average"),
    "lift": Metric(
        "lift", 2, True, "how many times as popular the shown items are as the user’s own"
    ),
}
CONDENSED_METRICS = ("ndcg", "precision", "recall", "map", "mrr")
"""Those of the condensed table."""
PAPER_METRICS = ("precision", "recall", "ndcg", "map")
"""Those that the paper reports, in its order."""

TMDB = "This product uses the TMDB API but is not endorsed or certified by TMDB."
"""The words that TMDB's terms of use give."""
BLOCKS = {
    "model": ("Models", ""),
    "reranking": (
        "Rerankings",
        "a judge reorders the base’s first items; +alone is the judge’s order, not fused",
    ),
    "control": (
        "Controls",
        "not recommenders: a random and a perfect order of the items that the judge saw; "
        "+topN, of a deeper pool",
    ),
}


def signed(value: float) -> str:
    """A difference with its sign, three decimals."""
    return f"{value:+.3f}".replace("-", "−")


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{share:.1%}".replace("%", " %")


def user_count(users: int) -> str:
    """Such as `1 user` and `1,234 users`."""
    return f"{users:,} user{'' if users == 1 else 's'}"


def group_words(group: str, words: DomainWords = FILMS) -> str:
    """`train<10` as a person would say it."""
    if group.startswith("train<"):
        return f"under {group.removeprefix('train<')} training {words.rows}"
    if group.startswith("n="):
        return f"{group.removeprefix('n=')} {words.rows} kept"
    return group.replace("=", " ")
