"""Films as a person names them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2ep_cli.newcomers.titles import CatalogueTitles
from stages.contracts.items import Item
from stages.core.errors import InputError

NAMES = [
    ("Heat", 1995),
    ("The Thing", 1982),
    ("The Thing", 2011),
    ("Amélie", 2001),
    ("Il Postino", 1994),
    ("1984", None),
]
FILMS = [Item(f"m{row}", title, year, ()) for row, (title, year) in enumerate(NAMES)]
TWINS = [Item("7", "Twins", 1988, ()), Item("9", "Twins", 1988, ())]
TITLES = CatalogueTitles([*FILMS, *TWINS], lambda: [1, 1, 2, 1, 1, 1, 1, 2])
STARS = ["Dark Star", "Starship Troopers", "Star Wars", "Star Trek", "A Star Is Born", "Stardust"]


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("Heat", 0),
        ("Heat (1995)", 0),
        ("hEAT (1995) ", 0),
        ("The Heat", 0),
        ("thing (2011)", 2),
        ("Thing, The (1982)", 1),
        ("amelie", 3),
        ("Postino, Il (1994)", 4),
        ("1984", 5),
        ("m2", 2),
        ("9", 7),
    ],
)
def test_a_film_is_found_by_title_year_or_id(typed: str, row: int) -> None:
    assert TITLES.row(typed) == row


@given(st.sampled_from([0, 1, 2, 3, 4, 5]), st.sampled_from([str.upper, str.lower, str.title, str]))
def test_every_film_is_found_by_the_name_that_is_shown(row: int, spelt: type[str]) -> None:
    assert TITLES.row(spelt(FILMS[row].name)) == row


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Haet", r"no item is called 'Haet'; the nearest are Heat \(1995\)$"),
        ("Heat (1996)", r"no item is called 'Heat \(1996\)'; the nearest are Heat \(1995\)"),
        (" ", "a title is empty; give one as it is shown, or the item's id"),
        ("zzzzzz", "no item is called 'zzzzzz'; no title is like it; check the spelling"),
        (
            "The Thing",
            r"several items are called 'The Thing': The Thing \(2011\) with id m2, "
            r"The Thing \(1982\) with id m1",
        ),
        (
            "Twins (1988)",
            r"Twins \(1988\) with id 9, Twins \(1988\) with id 7; give title and year, or the id",
        ),
    ],
)
def test_a_title_of_none_or_of_several_is_refused_with_names(typed: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        TITLES.row(typed)


def test_an_id_says_which_of_several_films_of_that_name_is_meant() -> None:
    films = CatalogueTitles(
        [Item("1", "300", 2006, ()), Item("300", "300", 2014, ())], lambda: [1, 1]
    )
    assert films.row("300") == 1


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("Star", "Star Wars, Star Trek, A Star Is Born"),
        ("star born", "A Star Is Born"),
        ("Satr Wars", "Star Wars"),
        ("Star Wars (1977)", "Star Wars"),
    ],
)
def test_whole_words_come_first_and_the_best_known_of_them(typed: str, suggested: str) -> None:
    films = [Item(str(row), title, None, ()) for row, title in enumerate(STARS)]
    with pytest.raises(InputError) as error:
        CatalogueTitles(films, lambda: [5, 90, 80, 70, 60, 10]).row(typed)
    assert str(error.value).partition("the nearest are ")[2].startswith(suggested)
    assert "Starship" not in str(error.value)


def test_items_that_differ_in_brackets_are_told_apart() -> None:
    names = ["Guitar strings (light)", "Guitar strings (heavy)", "Stand (2001) (black)"]
    shop = CatalogueTitles(
        [Item(f"p{row}", name, None, ()) for row, name in enumerate(names)], lambda: [1, 1, 1]
    )
    assert [shop.row(name) for name in names] == [0, 1, 2]
