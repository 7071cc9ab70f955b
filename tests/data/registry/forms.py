"""Every set of the registry in its publisher's exact form, with made-up rows.

A new entry needs a form here: the tests run over the whole registry.
"""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from stages.data.dataset import Counts
from tests.data.conftest import tiny_100k_files


@dataclass(frozen=True)
class Form:
    """What the publisher offers, by the name of each download, and what it says.

    titles: of all items, in the file's order. ratings: of all rows.
    """

    offered: Mapping[str, bytes]
    titles: list[str]
    ratings: list[float]
    users: int = 2
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        """How much it holds."""
        return Counts(self.users, len(self.titles), len(self.ratings))


def zipped(files: Mapping[str, str | bytes], folder: str = "") -> bytes:
    """A zip archive, the files in a folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}{name}", content)
    return packed.getvalue()


def tarred(files: Mapping[str, str], mode: str = "w:gz") -> bytes:
    """A tar archive, packed by gzip unless `mode` says otherwise."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return packed.getvalue()


def lines(*rows: object) -> str:
    """An object a line, as JSON."""
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def _ml_csv(name: str) -> Form:
    files = {
        "ratings.csv": "userId,movieId,rating,timestamp\n1,5,0.5,1112486027\n2,6,4.0,1112484676\n",
        "movies.csv": 'movieId,title,genres\n5,"Line, The (2001)",(no genres listed)\n'
        "6,Other (1999),War|Drama\n",
        "links.csv": "movieId,imdbId,tmdbId\n5,0000005,\n6,0000006,66\n",
        "tags.csv": "userId,movieId,tag,timestamp\n1,5,slow,1112486027\n",
        "README.txt": "made up",
    }
    titles = ["Line, The (2001)", "Other (1999)"]
    return Form(
        {f"{name}.zip": zipped(files, f"{name}/")}, titles, [0.5, 4.0], facts={"year": [2001, 1999]}
    )


def _ml_100k() -> Form:
    titles = ["Caf\xe9, The (1931)", "Made Up (V)", "Nowhere (1990) (V)"]
    packed = zipped(tiny_100k_files(), "ml-100k/")
    return Form({"ml-100k.zip": packed}, titles, [5, 3, 4, 1, 2], users=3)


def _ml_1m() -> Form:
    files: dict[str, str | bytes] = {
        "movies.dat": "10::Belle \xe9toile, La (1938)::Comedy|Children's\n".encode("latin-1"),
        "users.dat": "1::F::1::10::48067\n2::M::56::16::70072\n",
        "ratings.dat": "1::10::5::978300760\n2::10::2::978302109\n",
        "README": "made up",
    }
    titles = ["Belle \xe9toile, La (1938)"]
    return Form({"ml-1m.zip": zipped(files, "ml-1m/")}, titles, [5, 2], facts={"year": [1938]})


def _ml_10m() -> Form:
    files = {
        "movies.dat": "10::Belle \xe9toile, La (1938)::Comedy|Children\n",
        "ratings.dat": "1::10::5::838985046\n2::10::2.5::868245777\n",
        "tags.dat": "1::10::slow::1215184630\n",
        "README.html": "made up",
    }
    packed = zipped(files, "ml-10M100K/")
    return Form(
        {"ml-10m.zip": packed}, ["Belle \xe9toile, La (1938)"], [5, 2.5], facts={"year": [1938]}
    )


def _amazon(category: str) -> Form:
    """The ratings have the same columns in all categories; far more items are described."""
    ratings = (
        "user_id,parent_asin,rating,timestamp\n"
        "AAA,B01,5.0,1470543451000\nBBB,B01,2.0,1470543452000\nBBB,B03,4.0,1470543453000\n"
    )
    item = {
        "main_category": "All",
        "title": "Cable, 2 m &amp; plug",
        "average_rating": 3.5,
        "rating_number": 2,
        "features": ["Long | thin", "Black"],
        "description": ["A cable.\nTwo metres."],
        "price": None,
        "images": [{"thumb": "https://example.org/a.jpg", "large": None}],
        "videos": [],
        "store": "Maker",
        "categories": ["All", "Cables"],
        "details": {"Brand": "Maker", "Item Weight": "1 pound"},
        "parent_asin": "B01",
        "bought_together": None,
    }
    others = [item | {"parent_asin": "B02"}, item | {"parent_asin": "B01", "title": "Again"}]
    return Form(
        {
            f"{category}.csv.gz": gzip.compress(ratings.encode()),
            f"meta_{category}.jsonl.gz": gzip.compress(lines(item, *others).encode()),
        },
        ["Cable, 2 m & plug", "product B03"],
        [5, 2, 4],
        facts={
            "genres": [["All", "Cables"], []],
            "text": ["Long / thin Black A cable. Two metres.", None],
            "creators": [["Maker"], []],
            "time": 1470543451,
        },
    )


def _goodbooks() -> Form:
    books = (
        "book_id,goodreads_book_id,best_book_id,work_id,books_count,isbn,isbn13,authors,"
        "original_publication_year,original_title,title,language_code,average_rating,"
        "ratings_count,work_ratings_count,work_text_reviews_count,ratings_1,ratings_2,ratings_3,"
        "ratings_4,ratings_5,image_url,small_image_url\n"
        '1,11,11,12,9,439,9.78e+12,"A. One, B. Two",-750.0,Tale,"A Tale (Tales, #1)",eng,4.3,2,2,1,'
        "0,0,0,1,1,https://example.org/a.jpg,https://example.org/b.jpg\n"
        "2,21,21,22,9,440,9.78e+12,C. Three,1997.0,,Plain,eng,4.0,1,1,1,0,0,0,1,0,x,y\n"
    )
    files = {
        "ratings.csv": "user_id,book_id,rating\n1,1,5\n2,1,4\n2,2,3\n",
        "books.csv": books,
        "tags.csv": "tag_id,tag_name\n1,slow\n",
        "book_tags.csv": "goodreads_book_id,tag_id,count\n11,1,3\n",
        "to_read.csv": "user_id,book_id\n1,2\n",
    }
    titles = ["A Tale (Tales, #1)", "Plain"]
    return Form(
        {"goodbooks-10k.zip": zipped(files)},
        titles,
        [5, 4, 3],
        facts={"year": [pd.NA, 1997], "creators": [["A. One, B. Two"], ["C. Three"]]},
    )


def _lastfm() -> Form:
    files = {
        "artists.dat": "id\tname\turl\tpictureURL\n"
        '1\t"Quoted" Noise\thttp://example.org/1\thttp://example.org/1.jpg\n'
        "2\tSecond\thttp://example.org/2\t\n",
        "user_artists.dat": "userID\tartistID\tweight\n2\t1\t13883\n3\t1\t2\n3\t2\t1\n",
        "readme.txt": "made up",
    }
    return Form(
        {"hetrec2011-lastfm-2k.zip": zipped(files)}, ['"Quoted" Noise', "Second"], [1, 1, 1]
    )


def _book_crossing() -> Form:
    """Marks inside values have a backslash; a row is short; ISBNs without a book are many."""
    mark = '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication";"Publisher";"Image-URL-S";'
    books = (
        f'{mark}"Image-URL-M";"Image-URL-L"\r\n'
        '"001";"The \\"Odd\\" Caf\xe9; or &amp;";"A. One";"1998";"P";"s";"m";"l"\r\n'
        '"002";"Shifted\\";C. Two\\"";"2000";"DK Publishing Inc";"s";"m";"l"\r\n'
    )
    ratings = (
        '"User-ID";"ISBN";"Book-Rating"\r\n"1";"001";"0"\r\n"1";"002";"10"\r\n'
        '"2";"001";"7"\r\n"2";"nowhere";"9"\r\n'
    )
    users = '"User-ID";"Location";"Age"\r\n"1";"a, b, c";NULL\r\n"2";"d, e, f";"33"\r\n'
    files = {
        "BX-Books.csv": books.encode("cp1252"),
        "BX-Book-Ratings.csv": ratings.encode("cp1252"),
        "BX-Users.csv": users.encode("cp1252"),
    }
    titles = ['The "Odd" Caf\xe9; or &', 'Shifted";C. Two"']
    return Form(
        {"BX-CSV-Dump.zip": zipped(files)},
        titles,
        [10, 7],
        facts={"year": [1998, pd.NA], "age": [pd.NA, 33]},
    )


def _movietweetings() -> Form:
    return Form(
        {
            "ratings.dat": b"1::0114508::8::1381006850\n2::0000008::0::1586466072\n",
            "movies.dat": b"0000008::Scene, A (1894)::Documentary|Short\n0114508::Kinds (1995)::\n",
        },
        ["Scene, A (1894)", "Kinds (1995)"],
        [8, 0],
        facts={"genres": [["Documentary", "Short"], []], "time": 1381006850},
    )


def _food() -> Form:
    recipes = (
        "name,id,minutes,contributor_id,submitted,tags,nutrition,n_steps,steps,description,"
        "ingredients,n_ingredients\n"
        "soup   with beans,137,55,4,2005-09-16,\"['60-minutes-or-less', 'soups']\","
        '"[51.5, 0.0]",1,"[\'cook\']","warm\nand good","[\'beans\']",1\n'
        ',368,1,5,2010-01-01,[],"[1.0]",0,[],,[],0\n'
    )
    ratings = (
        "user_id,recipe_id,date,rating,review\n"
        '3,137,2003-02-17,4,"Great,\n""again"""\n4,368,2011-12-21,5,\n4,137,2011-12-22,0,None\n'
    )
    files = {"RAW_recipes.csv": recipes, "RAW_interactions.csv": ratings, "PP_users.csv": "u\n"}
    return Form(
        {"food-com-recipes-and-user-interactions.zip": zipped(files)},
        ["soup   with beans", "recipe 368"],
        [4, 5],
        facts={"genres": [["60-minutes-or-less", "soups"], []], "text": ["warm and good", None]},
    )


def _anime() -> Form:
    files = {
        "anime.csv": "anime_id,name,genre,type,episodes,rating,members\n"
        '1,Cat&#039;s Song,"Drama, School",Movie,1,9.37,200630\n2,Plain,,TV,Unknown,,7\n',
        "rating.csv": "user_id,anime_id,rating\n1,1,-1\n1,2,10\n2,1,3\n2,1,4\n2,99,5\n",
    }
    return Form(
        {"anime-recommendations-database.zip": zipped(files)},
        ["Cat's Song", "Plain"],
        [10, 4],
        facts={"genres": [["Drama", "School"], []]},
    )


def _steam() -> Form:
    """Python 2 printed the lines; names repeat, and some games have neither id nor title."""
    reviews = (
        "{u'username': u'Ann \"A\"', u'hours': 5.9, u'product_id': u'70', u'page_order': 0, "
        "u'date': u'2017-12-17', u'text': u'it\\'s good', u'early_access': False, u'page': 1}\n"
        "{u'username': u'Bob', u'product_id': u'80', u'date': u'2018-01-02', u'text': u''}\n"
    )
    games = (
        "{u'publisher': u'P', u'genres': [u'Action', u'Indie'], u'app_name': u'Half', "
        "u'title': u'Half', u'url': u'http://example.org', u'release_date': u'1998-11-08', "
        "u'tags': [u'Indie', u'FPS'], u'price': 9.99, u'id': u'70', u'developer': u'V'}\n"
        "{u'publisher': u'P', u'genres': [u'Action'], u'price': u'Free'}\n"
    )
    return Form(
        {
            "steam_reviews.json.gz": gzip.compress(reviews.encode()),
            "steam_games.json.gz": gzip.compress(games.encode()),
        },
        ["Half", "game 80"],
        [1, 1],
        facts={"genres": [["Action", "Indie", "FPS"], []], "year": [1998, pd.NA]},
    )


def _yelp() -> Form:
    """A tar archive within a zip archive."""
    review = {
        "review_id": "r",
        "user_id": "u1",
        "business_id": "b1",
        "stars": 4.0,
        "useful": 0,
        "text": "Nice,\n\nindeed",
        "date": "2018-07-07 22:09:11",
    }
    business = {
        "business_id": "b1",
        "name": "Caf\xe9",
        "stars": 4.0,
        "attributes": None,
        "categories": "Cafes, Food",
        "hours": {"Monday": "0:0-0:0"},
    }
    files = {
        "yelp_academic_dataset_review.json": lines(review, review | {"user_id": "u2", "stars": 1}),
        "yelp_academic_dataset_business.json": lines(business),
    }
    inner = {"yelp_dataset.tar": tarred(files, "w"), "Yelp_Dataset_Terms.pdf": b"made up"}
    return Form(
        {"Yelp-JSON.zip": zipped(inner, "Yelp JSON/")},
        ["Caf\xe9"],
        [4, 1],
        facts={"genres": [["Cafes", "Food"]], "time": 1531001351},
    )


def _mind() -> Form:
    """Four values without names; what was shown says -1 where it was clicked."""
    files = {
        "behaviors.tsv": "1\tU1\t11/11/2019 9:05:58 PM\tN1 N2\tN3-1 N4-0\n"
        "2\tU1\t11/11/2019 9:05:58 AM\tN1 N2\tN4-1 N3-0\n3\tU2\t11/12/2019 6:11:30 PM\t\tN1-1\n",
        "news.tsv": "".join(
            f'N{n}\tsports\tgolf\t"Title" {n}\tAbstract {n}\thttps://example.org/{n}\t[]\t[]\n'
            for n in range(1, 5)
        ),
        "entity_embedding.vec": "Q1\t0.1\n",
    }
    return Form(
        {"MINDsmall_train.zip": zipped(files)},
        [f'"Title" {n}' for n in range(1, 5)],
        [1] * 5,
        facts={"genres": [["sports", "golf"]] * 4, "order": ["N1", "N2", "N4", "N3"]},
    )


def _netflix() -> Form:
    """A line with a number and a colon begins a film."""
    files = {
        "combined_data_1.txt": "1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n"
        "2:\n822109,4,2005-10-19",
        "combined_data_2.txt": "3:\n1488844,1,2004-05-03\n",
        "combined_data_3.txt": "4:\n1488844,2,2004-05-04\n",
        "combined_data_4.txt": "5:\n822109,2,2004-05-05\n",
        "movie_titles.csv": "1,2003,Planet\n2,2004,Isle, of Man\n3,NULL,Caf\xe9\n4,1994,Four\n"
        "5,2004,Five\n",
        "probe.txt": "1:\n1488844\n",
    }
    encoded = {name: text.encode("cp1252") for name, text in files.items()}
    return Form(
        {"netflix-prize-data.zip": zipped(encoded)},
        ["Planet", "Isle, of Man", "Caf\xe9", "Four", "Five"],
        [3, 5, 4, 1, 2, 2],
        facts={"year": [2003, 2004, pd.NA, 1994, 2004]},
    )


def _kuairec() -> Form:
    files = {
        "big_matrix.csv": "user_id,video_id,play_duration,video_duration,time,date,timestamp,"
        "watch_ratio\n0,3649,13838,5000,2020-07-05 00:08:23.438,20200705.0,1593878903.438,2.76\n"
        "1,9598,13665,10867,2020-07-05 00:13:41.297,20200705.0,1593879221.297,2.0\n"
        "1,3649,10,5000,2020-07-06 00:13:41.297,20200706.0,1593965621.297,0.002\n",
        "kuairec_caption_category.csv": "video_id,manual_cover_text,caption,topic_tag,"
        "first_level_category_id,first_level_category_name,second_level_category_id,"
        "second_level_category_name,third_level_category_id,third_level_category_name\n"
        '3649,UNKNOWN,"\u732b, \u72d7",[\u732b],8,\u5ba0\u7269,673,UNKNOWN,-124,UNKNOWN\n'
        "9598,UNKNOWN,UNKNOWN,[],27,\u9ad8\u65b0,-124,UNKNOWN,-124,UNKNOWN\n",
    }
    return Form(
        {"KuaiRec.zip": zipped(files, "KuaiRec 2.0/data/")},
        ["\u732b, \u72d7", "video 9598"],
        [1, 1],
        facts={"genres": [["\u5ba0\u7269"], ["\u9ad8\u65b0"]], "time": 1593878903},
    )


def _yambda() -> Form:
    table = pd.DataFrame(
        {
            "uid": [100, 100, 200, 200],
            "timestamp": [39420, 39620, 40000, 40005],
            "item_id": [8326270, 1441281, 8326270, 8326270],
            "is_organic": [0, 1, 1, 1],
            "played_ratio_pct": [100, 49, 50, 100],
            "track_length_seconds": [170, 105, 170, 170],
        }
    ).astype({"uid": "uint32", "timestamp": "uint32", "item_id": "uint32"})
    packed = io.BytesIO()
    table.to_parquet(packed)
    return Form({"listens.parquet": packed.getvalue()}, ["track 8326270"], [1, 1])


def _h_and_m() -> Form:
    files = {
        "transactions_train.csv": "t_dat,customer_id,article_id,price,sales_channel_id\n"
        "2018-09-20,000058a1,0663713001,0.0508,2\n2018-09-21,000058a1,0663713001,0.0508,2\n"
        "2018-09-21,00007d2d,0108775015,0.0169,1\n",
        "articles.csv": "article_id,product_code,prod_name,product_type_no,product_type_name,"
        "product_group_name,colour_group_name,index_name,detail_desc\n"
        '0108775015,0108775,Strap top,253,Vest top,Garment Upper body,Black,Ladieswear,"Jersey, '
        'long."\n0663713001,0663713,Body,283,Body,Underwear,White,Lingeries,\n',
        "customers.csv": "customer_id,FN,Active,club_member_status,fashion_news_frequency,age,"
        "postal_code\n000058a1,,,ACTIVE,NONE,49.0,52043\n00007d2d,1.0,,ACTIVE,NONE,,2973\n",
    }
    return Form(
        {"h-and-m-personalized-fashion-recommendations.zip": zipped(files)},
        ["Strap top", "Body"],
        [1, 1],
        facts={
            "genres": [
                ["Vest top", "Garment Upper body", "Black", "Ladieswear"],
                ["Body", "Underwear", "White", "Lingeries"],
            ],
            "text": ["Jersey, long.", None],
            "age": [49, pd.NA],
        },
    )


def _gowalla() -> Form:
    """A line per user, the user first; a user without an item has a line of their own number."""
    return Form(
        {
            "gowalla_train.txt": b"0 0 2\n1 1\n",
            "gowalla_valid.txt": b"0 1\n1\n",
            "gowalla_test.txt": b"0 3\n1 0 2\n",
        },
        [f"place {n}" for n in range(4)],
        [1] * 7,
    )


def _sequence(file: str) -> Form:
    return Form(
        {file: b"1 3 1\n2 2 3 1\n"},
        [f"product {n}" for n in range(1, 4)],
        [1] * 5,
        facts={"order": ["3", "1"]},
    )


_AMAZON = ("Baby_Products", "Beauty_and_Personal_Care", "Books", "Musical_Instruments")
_MORE_AMAZON = ("Office_Products", "Toys_and_Games", "Video_Games")
_ML_CSV = ("ml-20m", "ml-25m", "ml-32m", "ml-latest-small", "ml-latest")
FORMS: dict[str, Form] = {
    "ml-100k": _ml_100k(),
    "ml-1m": _ml_1m(),
    "ml-10m": _ml_10m(),
    **{name: _ml_csv(name) for name in _ML_CSV},
    **{
        f"amazon-2023-{category.casefold().replace('_', '-')}": _amazon(category)
        for category in (*_AMAZON, *_MORE_AMAZON)
    },
    "amazon-beauty-2014": _sequence("Beauty.txt"),
    "amazon-toys-2014": _sequence("Toys_and_Games.txt"),
    "anime": _anime(),
    "book-crossing": _book_crossing(),
    "food-com": _food(),
    "goodbooks-10k": _goodbooks(),
    "gowalla": _gowalla(),
    "h-and-m": _h_and_m(),
    "kuairec": _kuairec(),
    "lastfm-hetrec": _lastfm(),
    "mind": _mind(),
    "movietweetings": _movietweetings(),
    "netflix": _netflix(),
    "steam": _steam(),
    "yambda": _yambda(),
    "yelp": _yelp(),
}
