"""The words of a data set, and every prompt in them."""

import re
from pathlib import Path

import pytest

from stages.contracts.words import FILMS, WORDS_FILE, DomainWords, read_words, worded
from stages.core.tables import write_model
from stages.llm.prompt import read_prompt

ROOT = Path(__file__).parents[2]
PROMPTS = sorted(
    set(ROOT.glob("stages/*/prompts/*.md")) - set(ROOT.glob("stages/*/prompts/movie.md"))
)
SHOP = DomainWords(item="product", items="products", verb="buy", creator="brand", implicit=True)
BOOKS = DomainWords(item="book", items="books")


def test_without_ratings_the_verb_says_what_was_liked() -> None:
    assert (SHOP.done, SHOP.liked, SHOP.highly, SHOP.enjoys) == ("bought",) * 3 + ("Buys",)
    assert (SHOP.rows, SHOP.row) == ("purchases", "purchase")


def test_where_people_rate_the_words_are_those_of_ratings_whatever_the_verb() -> None:
    rated = BOOKS.model_copy(update={"verb": "read"})
    assert (rated.liked, rated.highly, rated.enjoys, rated.rows) == (
        *("liked", "rated highly", "Enjoys", "ratings"),
    )


def test_nobody_rates_where_there_is_no_rating() -> None:
    assert DomainWords(implicit=True).highly == "used"


@pytest.mark.parametrize("verb", ["buy", "play", "click", "read", "watch", "use"])
def test_rows_have_a_singular(verb: str) -> None:
    words = DomainWords.model_validate({"verb": verb, "implicit": True})
    assert words.rows == f"{words.row}s"


def test_a_folder_made_before_is_of_films(tmp_path: Path) -> None:
    assert read_words(tmp_path) == FILMS
    write_model(tmp_path / WORDS_FILE, SHOP)
    assert read_words(tmp_path) == SHOP


@pytest.mark.parametrize("words", [SHOP, BOOKS], ids=lambda words: words.item)
@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda path: path.stem)
def test_no_prompt_speaks_of_films_to_another_data_set(prompt: Path, words: DomainWords) -> None:
    text = worded(read_prompt(prompt).text, words)
    assert not re.findall(r"(?i)film|movie|watch", text)
    assert not (words.implicit and re.findall(r"(?i)\brated", text))
