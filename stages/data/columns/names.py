"""What columns are usually called."""

import re

USUAL: dict[str, tuple[str, ...]] = {
    "user": (
        *("userid", "user", "uid", "username", "customerid", "customer", "customernumber"),
        *("customerno", "reviewerid", "reviewer", "readerid", "reader", "memberid", "member"),
        *("clientid", "client", "buyerid", "buyer", "accountid", "visitorid", "viewerid", "viewer"),
        *("listenerid", "listener", "playerid", "player", "personid", "person", "subscriberid"),
        *("studentid", "guestid", "steamid", "authorsteamid", "msno"),
    ),
    "item": (
        *("itemid", "item", "iid", "movieid", "movie", "filmid", "film", "bookid", "book", "isbn"),
        *("productid", "product", "parentasin", "asin", "sku", "stockcode", "articleid", "article"),
        *("gameid", "game", "appid", "songid", "song", "trackid", "track", "artistid", "artist"),
        *("albumid", "album", "businessid", "venueid", "venue", "poiid", "poi", "placeid"),
        *("restaurantid", "hotelid", "recipeid", "animeid", "newsid", "videoid", "courseid"),
        *("locationid", "ean", "upc", "gtin", "tconst"),
    ),
    "rating": (
        *("rating", "ratings", "stars", "overall", "score", "userrating", "bookrating"),
        *("myrating", "ratingvalue", "reviewscore", "reviewrating", "reviewoverall", "userscore"),
        *("starrating", "rate", "grade"),
    ),
    "timestamp": (
        *("timestamp", "unixreviewtime", "unixtime", "time", "ts", "datetime", "date", "ratedat"),
        *("createdat", "eventtime", "reviewtime", "reviewdate", "ratingdate", "ratingtimestamp"),
        *("timestampcreated", "dateadded", "daterated", "dateread", "added", "addedat", "reviewed"),
        *("submitted", "datesubmitted", "created", "createdtime", "orderdate", "purchasedate"),
        *("invoicedate", "checkintime", "utctime", "tdat"),
    ),
    "title": (
        *("title", "movietitle", "booktitle", "filmtitle", "name", "itemname", "itemtitle"),
        *("producttitle", "productname", "originaltitle", "primarytitle", "prodname"),
    ),
    "genres": ("genres", "genre", "categories", "category"),
    "year": (
        *("year", "releaseyear", "publicationyear", "yearofpublication", "yearpublished"),
        *("originalpublicationyear", "startyear", "releasedate", "datepublished", "publishdate"),
        *("publicationdate", "publisheddate", "released"),
    ),
    "text": (
        *("text", "overview", "description", "summary", "plot", "synopsis", "abstract", "blurb"),
        *("itemdescription", "productdescription", "shortdescription", "aboutthegame"),
        *("detaileddescription", "detaildesc", "desc"),
    ),
    "creators": (
        *("creators", "creator", "authors", "author", "bookauthor", "artists", "artist"),
        *("artistname", "authorname", "brand", "brandname", "directors", "director", "maker"),
        *("manufacturer", "developers", "developer", "publisher", "publishers", "store"),
    ),
    "part": ("part", "split"),
    "gender": ("gender", "sex"),
    "age": ("age",),
    "occupation": ("occupation", "job", "profession"),
}
"""What --columns can name, and the names that are known without it, the likeliest first."""
ROW_ID = "id"
"""The item in a file of items, but the number of the row in one of ratings."""
_COUNTS = frozenset(
    (
        *("plays", "playcount", "playscount", "weight", "count", "counts", "listens", "clicks"),
        *("views", "watches", "quantity", "qty", "purchases", "frequency", "freq", "playtime"),
        *("hours", "hoursplayed", "playtimeforever", "visits", "checkins", "amount", "watchtime"),
    )
)
_OF_ROWS = frozenset(
    f"{what}id"
    for what in (
        *("review", "rating", "order", "orderitem", "session", "transaction", "interaction"),
        *("event", "row", "log", "line", "invoice", "request", "record", "index"),
    )
)
_ENDS_IN_ID = re.compile(r"(?:(?:^|[\W_])(?:id|Id|ID)|(?<=[a-z])I[dD])$")


def plain_name(column: str) -> str:
    """A column's name as USUAL has it: letters and digits alone, in lower case."""
    return re.sub(r"[\W_]", "", column).casefold()


def is_usual(name: str, *keys: str) -> bool:
    """Whether a column of that name would be taken for one of `keys`."""
    return any(plain_name(name) in USUAL[key] for key in keys)


def is_count(column: str) -> bool:
    """Whether a column says how often, which is no rating."""
    return plain_name(column) in _COUNTS


def ends_in_id(column: str) -> bool:
    """Whether a column such as recipe_id or artistID may hold ids, not those of users or rows."""
    name = plain_name(column)
    return bool(_ENDS_IN_ID.search(column)) and name not in {*USUAL["user"], *_OF_ROWS, ROW_ID}


def stem(column: str) -> str:
    """What a column is about: `track` of track_id, trackName and Track."""
    return re.sub(r"(?<=.)(?:id|name|title|number|no)$", "", plain_name(column))
