"""The data card as the page shows it."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from stages.report.svg import bar_chart


@dataclass(frozen=True)
class Part:
    """Train, valid or test rows of one split."""

    split: str
    part: str
    rows: int
    users: int
    movies: int
    positives: int


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
        ("Relevant", f"rating of {card['positive_at']:g} or more: {percent(card['positive_share'])} of the ratings"),
        ("Mean rating", f"{card['mean_rating']:.2f}"),
        ("Times of rating", "known" if card["timestamps"] else "not known"),
    ]


def histogram(card: dict[str, Any]) -> Markup:
    """How often each rating was given; relevant ones stressed."""
    values = sorted(card["histogram"], key=float)
    bars = [(value, card["histogram"][value], float(value) >= card["positive_at"]) for value in values]
    return bar_chart("How often each rating was given", "rating", bars)


def parts(card: dict[str, Any]) -> list[Part]:
    """A row a split and part."""
    return [
        Part(split, part, *(counts[part][key] for key in ("rows", "users", "movies", "positives")))
        for split, counts in card["splits"].items()
        for part in ("train", "valid", "test")
    ]


def leaks(card: dict[str, Any]) -> list[tuple[str, str]]:
    """(split, share of test rows older than the user's last training rating), where times are known."""
    key = "test_older_than_train"
    return [(split, percent(counts[key])) for split, counts in card["splits"].items() if key in counts]


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{share:.1%}".replace("%", " %")
