"""Data sets of other shapes: what benchmarks/shaped.py draws, on files of a few lines."""

from pathlib import Path

from benchmarks.shaped import bare, few_users, to_ten, used


def movielens(folder: Path) -> Path:
    """Four users' ratings of six films, as MovieLens 100K has them."""
    (folder / "u.genre").write_text("Drama|0\nWar|1\n")
    (folder / "u.item").write_text("".join(f"{film}|Film {film}|1|0\n" for film in range(1, 7)))
    rows = [f"{user}\t{user + film}\t{1 + film}\t9" for user in range(1, 5) for film in range(2)]
    (folder / "u.data").write_text("\n".join(rows))
    return folder / "u.data"


def test_few_users_keep_all_their_ratings_and_only_their_films(tmp_path: Path) -> None:
    made = few_users(2)(movielens(tmp_path))
    assert len({row[0] for row in made.ratings}) == 2
    assert len(made.ratings) == 4
    assert {row[0] for row in made.items} == {row[1] for row in made.ratings}
    assert made.items[0][2] == "Drama"


def test_bare_items_have_a_number_for_a_title_and_nothing_else(tmp_path: Path) -> None:
    made = bare(movielens(tmp_path))
    assert made.items == [(str(film), f"Item {film}") for film in range(1, 7)]
    assert len(made.ratings) == 8


def test_stars_become_points_from_0_to_10(tmp_path: Path) -> None:
    (tmp_path / "movies.dat").write_text("1::Solaris (1972)::Drama|Sci-Fi\n")
    rows = [f"{user}::1::{stars}::7" for user in range(200) for stars in range(1, 6)]
    (tmp_path / "ratings.dat").write_text("\n".join(rows))
    points = [int(str(row[2])) for row in to_ten(200)(tmp_path / "ratings.dat").ratings]
    by_stars = [set(points[stars::5]) for stars in range(5)]
    assert by_stars == [{0, 1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}]


def test_of_an_arena_users_are_drawn_and_all_items_stay_if_asked(tmp_path: Path) -> None:
    file = tmp_path / "arena.txt"
    file.write_text("".join(f"{user} {user} {user + 1}\n" for user in range(1, 9)))
    whole, own = (used(2, all_items)(file) for all_items in (True, False))
    assert whole.ratings == own.ratings
    assert len(own.ratings) == 4
    assert [row[0] for row in whole.items] == [str(item) for item in range(1, 10)]
    assert {row[0] for row in own.items} == {row[1] for row in own.ratings}


def test_what_is_written_can_be_imported(tmp_path: Path) -> None:
    few_users(2)(movielens(tmp_path)).write(tmp_path)
    assert (tmp_path / "ratings.csv").read_text().startswith("user,item,rating,timestamp\n")
    assert (tmp_path / "items.csv").read_text().startswith("item,title,genres\n")
