"""Items of which only the ids are known."""

from collections.abc import Iterable

import pandas as pd

from stages.contracts.items import YEAR_AT_END
from stages.core.ids import natural_order
from stages.data.dataset import movie_frame
from stages.data.formats.titles import years_of


def bare_items(ids: Iterable[str], noun: str = "item") -> pd.DataFrame:
    """The items of a data set by their ids, which are the titles too: a number as "item 17"."""
    ordered = natural_order(ids)
    titles = [f"{noun} {each}" if each.isdecimal() else each for each in ordered]
    years = years_of(pd.Series(titles, dtype="str"), YEAR_AT_END.pattern)
    return movie_frame(ordered, titles, years, [[] for _ in ordered])
