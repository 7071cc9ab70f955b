"""The data card as the page shows it."""

from typing import Any

from markupsafe import Markup

from stages.report.charts.svg import bar_chart


def facts(card: dict[str, Any]) -> list[tuple[str, str]]:
    """Counts and scale as (name, value)."""
    low, high = card["scale"]
    scale = "implicit: an event, no rating" if card["implicit"] else f"{low:g} to {high:g}"
    return [
        ("Users", f"{card['users']:,}"),
        ("Movies", f"{card['movies']:,}"),
        ("Ratings", f"{card['ratings']:,}"),
        ("Density", percent(card["density"])),
        ("Scale", scale),
        (
            "Relevant",
            f"rating of {card['positive_at']:g} or more: {percent(card['positive_share'])} of the ratings",
        ),
        ("Mean rating", f"{card['mean_rating']:.2f}"),
        ("Times of rating", "known" if card["timestamps"] else "not known"),
    ]


def histogram(card: dict[str, Any]) -> Markup:
    """How often each rating was given; relevant ones stressed."""
    values = sorted(card["histogram"], key=float)
    bars = [
        (value, card["histogram"][value], float(value) >= card["positive_at"]) for value in values
    ]
    return bar_chart("How often each rating was given", "rating", bars)


def split_rows(card: dict[str, Any]) -> list[tuple[str, list[int], str]]:
    """(split, ratings, users and positives of train, valid and test, share that looks ahead), a row a split."""
    return [(split, _counts(parts), _ahead(parts)) for split, parts in card["splits"].items()]


def _counts(parts: dict[str, Any]) -> list[int]:
    return [
        parts[part][key]
        for part in ("train", "valid", "test")
        for key in ("rows", "users", "positives")
    ]


def _ahead(parts: dict[str, Any]) -> str:
    share = parts.get("test_older_than_train")
    return "not known" if share is None else percent(share)


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{share:.1%}".replace("%", " %")
