"""The year that MovieLens writes at the end of a title, and its list of genres."""

import pandas as pd

_TITLE_YEAR = r"\((\d{4})\)\s*(?:\([^()]*\)\s*)?$"
_NO_GENRES = "(no genres listed)"


def years_of(values: pd.Series, pattern: str = _TITLE_YEAR) -> pd.Series:
    """The first group of `pattern` as a number, NaN if there is none."""
    return pd.to_numeric(values.str.extract(pattern, expand=False))


def split_genres(values: pd.Series, separator: str = "|") -> list[list[str]]:
    """Lists of genres without empty parts or MovieLens's mark for none."""
    parts = ([part.strip() for part in value.split(separator)] for value in values)
    return [[part for part in row if part and part != _NO_GENRES] for row in parts]
