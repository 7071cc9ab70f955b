"""The data card as the page shows it."""

from markupsafe import Markup

from stages.contracts.card import DataCard, SplitCard
from stages.contracts.splits import NEXT
from stages.contracts.words import FILMS, DomainWords
from stages.report.charts.svg import bar_chart
from stages.report.words import percent


def card_facts(card: DataCard, words: DomainWords = FILMS) -> list[tuple[str, str]]:
    """Counts and, where somebody rated, the scale, as (name, value)."""
    counts = [
        ("Users", f"{card.users:,}"),
        (words.items.capitalize(), f"{card.movies:,}"),
        (words.rows.capitalize(), f"{card.ratings:,}"),
        ("Density", percent(card.density)),
    ]
    times = (f"Times of {words.rows}", "known" if card.timestamps else "not known")
    if card.implicit:
        return [*counts, ("Relevant", f"every {words.row}: nobody gave a rating"), times]
    low, high = card.scale
    share = f"{percent(card.positive_share)} of the ratings"
    return [
        *counts,
        ("Scale", f"{low:g} to {high:g}"),
        ("Relevant", f"rating of {card.positive_at:g} or more: {share}"),
        ("Mean rating", f"{card.mean_rating:.2f}"),
        times,
    ]


def rating_histogram(card: DataCard) -> Markup | None:
    """How often each rating was given; relevant ones stressed. None where nobody gave one."""
    if card.implicit:
        return None
    values = sorted(card.histogram, key=float)
    bars = [(value, card.histogram[value], float(value) >= card.positive_at) for value in values]
    return bar_chart("How often each rating was given", "rating", bars)


def split_counts(split: SplitCard) -> list[int]:
    """Rows, users and positives of train, valid and test."""
    parts = (split.train, split.valid, split.test)
    return [count for part in parts for count in (part.rows, part.users, part.positives)]


def split_notes(card: DataCard, words: DomainWords) -> list[str]:
    """A sentence for each split that the table alone does not explain."""
    notes = []
    for name, split in card.splits.items():
        if split.moment and (only := split.only_tested):
            notes.append(
                f"{name}: all {words.rows} after {split.moment} are the test, for everybody; only "
                f"the test knows {only.users:,} of its users and {only.movies:,} of its "
                f"{words.items}."
            )
        if split.history:
            notes.append(
                f"{name}: no model is fitted on the {split.history.rows:,} {words.rows} that are "
                f"the history of {split.history.users:,} held-out users."
            )
        if name == NEXT:
            notes.append(
                f"next: nothing is measured on it; the lists that people get are fitted on all its "
                f"{words.rows}, with settings chosen on the valid ones."
            )
        if name == "last" and split.train_later_than_test is not None:
            later = percent(split.train_later_than_test)
            notes.append(
                f"last: on average {later} of the training {words.rows}, other users’ all, are "
                f"later than the {words.row} that a model has to predict."
            )
    return notes
