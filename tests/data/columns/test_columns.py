"""Which column is taken for what: by names, then by whether the values fit; never a wrong one."""

from pathlib import Path

import pytest

from stages.contracts.understood import COLUMN_KEYS
from stages.core.errors import InputError
from stages.data.columns.columns import parse_columns
from stages.data.columns.names import USUAL
from stages.data.formats.own import Own, read_own
from stages.data.sheets.meaning import Meaning, parse_meaning

IMPLICIT = parse_meaning(None, None, True, False)


class Tables:
    """A person's files, and which of their columns are taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def taken(
        self,
        ratings: str,
        items: str,
        columns: str = "",
        users: str = "",
        meaning: Meaning = Meaning(),  # noqa: B008
    ) -> dict[str, dict[str, str]]:
        """File → key → column; the files are given as rows between blanks."""
        for name, text in (("ratings", ratings), ("items", items), ("users", users)):
            (self.folder / f"{name}.csv").write_text("\n".join(text.split(" ")) + "\n")
        people = self.folder / "users.csv" if users else None
        own = Own(
            self.folder / "ratings.csv", self.folder / "items.csv", people, parse_columns(columns)
        )
        understood = read_own("any", own, meaning).data.understood
        assert understood
        return {file.holds: file.columns for file in understood.files}


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(tmp_path)


ITEMS = "id,name 1,Soup 2,Bread 3,Cake 4,Pie"


def test_the_number_of_the_row_is_not_the_item(tables: Tables) -> None:
    ratings = "id,user_id,recipe_id,rating 1,7,3,5 2,7,1,2 3,8,3,4 4,8,2,1"
    taken = tables.taken(ratings, ITEMS)
    assert taken["ratings"] == {"user": "user_id", "item": "recipe_id", "rating": "rating"}
    assert taken["items"] == {"item": "id", "title": "name"}


@pytest.mark.parametrize(
    ("column", "items"),
    [
        *((name, "id,name") for name in ("anime_id", "recipeId", "artistID", "appid", "sku")),
        *((name, "id,name") for name in ("track", "venue", "poi", "Item-ID", "parent_asin")),
        ("business_id", "business_id,name"),
        ("tconst", "tconst,primaryTitle"),
        ("code", "code,name"),
    ],
)
def test_other_spellings_of_the_item(tables: Tables, column: str, items: str) -> None:
    taken = tables.taken(f"user,{column},rating u,1,5 v,2,4", ITEMS.replace("id,name", items))
    assert taken["ratings"]["item"] == column


@pytest.mark.parametrize(
    "column", ["userID", "User-ID", "UserId", "reviewerID", "customer_number", "uid", "msno"]
)
def test_other_spellings_of_the_user(tables: Tables, column: str) -> None:
    assert tables.taken(f"{column},item,rating u,1,5", ITEMS)["ratings"]["user"] == column


@pytest.mark.parametrize("column", ["overall", "score", "stars", "Book-Rating", "review/score"])
def test_other_spellings_of_the_rating(tables: Tables, column: str) -> None:
    assert tables.taken(f"user,item,{column} u,1,5", ITEMS)["ratings"]["rating"] == column


@pytest.mark.parametrize(
    ("header", "values", "column"),
    [
        ("reviewTime,unixReviewTime", "31-05,1717113600", "unixReviewTime"),
        ("review_date", "2024-05-31", "review_date"),
        ("added", "2024-05-31", "added"),
        ("time,date", "noon,2024-05-31", "date"),
    ],
)
def test_the_time_is_the_column_that_can_be_read(
    tables: Tables, header: str, values: str, column: str
) -> None:
    taken = tables.taken(f"user,item,rating,{header} u,1,5,{values}", ITEMS)
    assert taken["ratings"]["timestamp"] == column


def test_years_texts_and_creators_by_other_names(tables: Tables) -> None:
    items = "id,title,original_publication_year,authors,blurb 1,Soup,2008.0,Ann,Hot"
    assert tables.taken("user,item,rating u,1,5", items)["items"] == {
        "item": "id",
        "title": "title",
        "year": "original_publication_year",
        "text": "blurb",
        "creators": "authors",
    }


def test_of_two_columns_of_items_the_one_that_fits(tables: Tables) -> None:
    """Amazon 2023: reviews have asin as well; Spotify: artists are no tracks."""
    taken = tables.taken(
        "user_id,asin,parent_asin,rating u,B1,P1,5 u,B2,P2,4", "title,parent_asin Cream,P1 Soap,P2"
    )
    assert (taken["ratings"]["item"], taken["items"]["item"]) == ("parent_asin", "parent_asin")
    taken = tables.taken(
        "user,artist_id,track_id u,a,t1 u,a,t2",
        "track_id,artist_id,track_name,artist_name t1,a,One,Band t2,a,Two,Band",
        meaning=IMPLICIT,
    )
    assert taken["ratings"]["item"] == "track_id"
    assert taken["items"]["title"] == "track_name"


def test_equal_names_whose_values_do_not_meet_are_passed_over(tables: Tables) -> None:
    """Goodbooks' first edition: book_id in the ratings is id in the books."""
    taken = tables.taken(
        "user_id,book_id,rating u,1,5 u,2,4 v,3,2",
        "id,book_id,title 1,2767052,Games 2,3,Potter 3,41865,Twilight",
    )
    assert taken["items"]["item"] == "id"


def test_two_columns_that_fit_as_well_are_refused_by_name(tables: Tables) -> None:
    with pytest.raises(
        InputError,
        match=r"ratings\.csv, line 1: meal_id and drink_id could each be the item; "
        "--columns item=meal_id or --columns item=drink_id",
    ):
        tables.taken("user,meal_id,drink_id,rating u,1,2,5 v,2,1,4", ITEMS)
    named = tables.taken("user,meal_id,drink_id,rating u,1,2,5", ITEMS, columns="item=drink_id")
    assert named["ratings"]["item"] == "drink_id"


def test_a_column_of_items_that_fits_nothing_is_refused_with_a_value_of_each(
    tables: Tables,
) -> None:
    with pytest.raises(
        InputError, match=r"none of the 2 values of movieId, such as 'x', .* '1'; name the columns"
    ):
        tables.taken("user,movieId,rating u,x,5 u,y,4", ITEMS)


@pytest.mark.parametrize(("left", "right"), [("113", "0113"), ("7.0", "7"), ("AB", "ab")])
def test_ids_that_lost_their_form_are_called_so(tables: Tables, left: str, right: str) -> None:
    with pytest.raises(InputError, match="they match but for case, leading zeros or a"):
        tables.taken(f"user,item,rating u,{left},5", f"id,name {right},Soup")


def test_two_sorts_of_users_are_refused_unless_they_are_the_same(tables: Tables) -> None:
    both = "user_id,customer_id,item,rating"
    with pytest.raises(InputError, match="user_id and customer_id could each be the user"):
        tables.taken(f"{both} 1,9,1,5 1,8,2,4", ITEMS)
    assert tables.taken(f"{both} 1,9,1,5 2,8,2,4", ITEMS)["ratings"]["user"] == "user_id"


def test_the_users_file_says_who_is_meant(tables: Tables) -> None:
    taken = tables.taken(
        "user_id,customer_id,item,rating 1,9,1,5 1,8,2,4", ITEMS, users="id,age 9,30 8,40"
    )
    assert (taken["ratings"]["user"], taken["users"]["user"]) == ("customer_id", "id")


def test_two_names_of_an_item_are_refused(tables: Tables) -> None:
    with pytest.raises(InputError, match="shop_name and full_name could each be the title"):
        tables.taken("user,item,rating u,1,5", "id,shop_name,full_name 1,Soup,Hot_soup")


def test_a_column_may_be_item_and_title(tables: Tables) -> None:
    taken = tables.taken("user,dish,rating u,Soup,5", "dish Soup", columns="item=dish,title=dish")
    assert taken["items"] == {"item": "dish", "title": "dish"}


@pytest.mark.parametrize("column", ["plays", "weight", "count", "hours_played"])
def test_a_count_is_no_rating(tables: Tables, column: str) -> None:
    with pytest.raises(
        InputError, match=rf"no rating column in .*; {column} says how often.*add --implicit if"
    ):
        tables.taken(f"user,item,{column} u,1,5", ITEMS)


def test_a_file_without_ratings_is_told_of_implicit(tables: Tables) -> None:
    with pytest.raises(
        InputError,
        match=r"line 1: no rating column in user, item: add --implicit if each line says that a "
        r"user used an item, else --columns rating=COLUMN$",
    ):
        tables.taken("user,item u,1", ITEMS)
    assert tables.taken("user,item u,1", ITEMS, meaning=IMPLICIT)["ratings"]["item"] == "item"


def test_every_key_that_columns_takes_has_a_meaning_in_the_help() -> None:
    assert set(COLUMN_KEYS) == set(USUAL)
