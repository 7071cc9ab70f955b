"""The page of a data set without ratings: its own words, no mean and no histogram of one bar."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.contracts.plan import RunPlan
from stages.contracts.words import WORDS_FILE, DomainWords
from stages.core.tables import write_model
from stages.report.page import render
from stages.report.sources import ReportSources

SHOP = DomainWords(item="product", items="products", verb="buy", implicit=True)


@pytest.fixture
def shown(sources: ReportSources, plan: RunPlan) -> Callable[[DomainWords], str]:
    """The page's text for a data set of these words."""

    def text(words: DomainWords) -> str:
        prepared = sources.artifacts / "prepare"
        write_model(prepared / WORDS_FILE, words)
        card: Path = prepared / "card.json"
        facts = json.loads(card.read_text(encoding="utf-8"))
        facts |= {"implicit": words.implicit, "simulated": False}
        card.write_text(json.dumps(facts), encoding="utf-8")
        page = re.sub(r"<style.*?</style>", "", render(sources, plan, 10), flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())

    return text


def test_a_shop_reads_of_products_and_purchases(shown: Callable[[DomainWords], str]) -> None:
    text = shown(SHOP)
    assert "Products" in text
    assert "Every test purchase is relevant" in text
    # "rated" and "rating" may stand in "illustrated" and in reasons that were written before.
    assert not re.findall(
        r"(?i)\bfilms?\b|\bmovies?\b|training ratings?|\brated in|test ratings?", text
    )


def test_without_ratings_there_is_neither_mean_nor_histogram(
    shown: Callable[[DomainWords], str],
) -> None:
    text = shown(SHOP)
    assert not re.findall("Mean rating|How often each rating was given|Disliked|Polarity", text)
    rated = shown(DomainWords())
    assert all(
        words in rated
        for words in ("Mean rating", "How often each rating was given", "Disliked", "Polarity")
    )
