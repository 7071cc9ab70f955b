"""MovieLens titles as people write them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.enrich.titles import parse_title, written_title

SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES = {"ml-100k/u.item": "|", "ml-1m/movies.dat": "::"}


@pytest.mark.parametrize(
    ("raw", "title", "year", "aliases"),
    [
        ("Toy Story (1995)", "Toy Story", 1995, ()),
        ("Tin Drum, The (Blechtrommel, Die) (1979)", "The Tin Drum", 1979, ("Die Blechtrommel",)),
        ("Postino, Il (1994)", "Il Postino", 1994, ()),
        ("Postino, Il (The Postman) (1994)", "Il Postino", 1994, ("The Postman",)),
        ("Enfer, L' (1994)", "L'Enfer", 1994, ()),
        (
            "Star Maker, The (Uomo delle stelle, L') (1995)",
            "The Star Maker",
            1995,
            ("L'Uomo delle stelle",),
        ),
        ("Convent, The (Convento, O) (1995)", "The Convent", 1995, ("O Convento",)),
        (
            "Children Are Watching us, The (Bambini ci guardano, I) (1942)",
            "The Children Are Watching us",
            1942,
            ("I Bambini ci guardano",),
        ),
        (
            "Professional, The (a.k.a. Leon: The Professional) (1994)",
            "The Professional",
            1994,
            ("Leon: The Professional",),
        ),
        (
            "Hard 8 (a.k.a. Sydney, a.k.a. Hard Eight) (1996)",
            "Hard 8",
            1996,
            ("Sydney", "Hard Eight"),
        ),
        (
            "Seven Samurai (The Magnificent Seven) (Shichinin no samurai) (1954)",
            "Seven Samurai",
            1954,
            ("The Magnificent Seven", "Shichinin no samurai"),
        ),
        ("Associate, The (L'Associe)(1982)", "The Associate", 1982, ("L'Associe",)),
        ("Slingshot, The (Kådisbellan ) (1993)", "The Slingshot", 1993, ("Kådisbellan",)),
        (
            "Land Before Time III: The Time of the Great Giving (1995) (V)",
            "Land Before Time III: The Time of the Great Giving",
            1995,
            (),
        ),
        ("Two Friends (1986) ", "Two Friends", 1986, ()),
        ("unknown", "unknown", None, ()),
        ("Truth or Consequences, N.M. (1997)", "Truth or Consequences, N.M.", 1997, ()),
        ("Good, The Bad and The Ugly, The (1966)", "The Good, The Bad and The Ugly", 1966, ()),
        ("Bye Bye, Love (1995)", "Bye Bye, Love", 1995, ()),
        (
            "I, Worst of All (Yo, la peor de todas) (1990)",
            "I, Worst of All",
            1990,
            ("Yo, la peor de todas",),
        ),
        ("Legend of 1900, The (1998)", "The Legend of 1900", 1998, ()),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968, ()),
        ("1984", "1984", None, ()),
        ("(1994)", "untitled", 1994, ()),
        ("", "untitled", None, ()),
    ],
)
def test_title_year_and_aliases(
    raw: str, title: str, year: int | None, aliases: tuple[str, ...]
) -> None:
    parsed = parse_title(raw)
    assert (parsed.title, parsed.year, parsed.aliases) == (title, year, aliases)


@pytest.mark.parametrize("name", FILES)
def test_every_real_title_parses(name: str) -> None:
    if not (SHARED / name).is_file():
        pytest.skip(f"{name} does not lie beside the project")
    lines = (SHARED / name).read_text(encoding="latin-1").splitlines()
    parsed = [parse_title(line.split(FILES[name])[1]) for line in lines]
    titles = [title for each in parsed for title in (each.title, *each.aliases)]
    assert [
        title
        for title in titles
        if re.search(r", (The|A|An|La|Le|Les|L'|Il|El|Das|Der|Die)$", title)
    ] == []
    assert [title for title in titles if re.search(r"[()]|^\s|\s$|^$|\ba\.k\.a\.", title)] == []
    assert [each.title for each in parsed if each.year is None] == ["unknown"] * (
        name == "ml-100k/u.item"
    )
    assert all(1890 < each.year < 2001 for each in parsed if each.year is not None)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1), st.integers(1000, 9999))
def test_the_order_of_a_catalogue_and_of_people_give_the_same_title(word: str, year: int) -> None:
    assert parse_title(f"{word}, The ({year})") == parse_title(f"The {word} ({year})")


@given(st.text())
def test_any_text_parses(text: str) -> None:
    assert isinstance(parse_title(text).title, str)


@pytest.mark.parametrize(
    ("raw", "title", "year"),
    [
        ("Guitar strings (light)", "Guitar strings (light)", None),
        ("Stand (10 pcs) (black)", "Stand (10 pcs) (black)", None),
        ("A Song of Ice and Fire (Boxed, #1-4)", "A Song of Ice and Fire (Boxed, #1-4)", None),
        ("Postino, Il (1994)", "Postino, Il", 1994),
        ("Catalogue (2019) (hardback)", "Catalogue (2019) (hardback)", None),
        ("Screws (4000)", "Screws (4000)", None),
        ("(1994)", "(1994)", None),
        ("<b>Stand</b>  (black)", "Stand (black)", None),
        ("", "untitled", None),
    ],
)
def test_a_title_as_written_loses_its_year_alone(raw: str, title: str, year: int | None) -> None:
    written = written_title(raw)
    assert (written.title, written.year, written.aliases) == (title, year, ())
