"""The section `enrich:` of params.yaml."""

from typing import Annotated, Literal

from pydantic import Field

from stages.core.params import Address, Section

_HOME = "https://api.themoviedb.org"


class TmdbParams(Section):
    """How to query TMDB; the key comes from the environment."""

    base_url: Annotated[Address, Field(pattern="[^/]$")] = f"{_HOME}/3"
    """Address of the v3 API, or of a mirror; one on this machine or in a private network needs no
    key, and is asked without a proxy."""

    language: str = "en-US"
    """Language of overviews, taglines and genres."""

    threshold: float = Field(0.8, ge=0, le=1)
    """The lowest score of a match: similarity of titles (0 to 1) minus a penalty for the years.
    If they were not listed themselves, 12 of MovieLens 100K's 1,682 films would be taken for
    another film of that set at .8, and 85 at .7."""

    calls: int = Field(40, ge=1)
    """At most this many requests within `seconds`."""

    seconds: float = Field(10.0, ge=0)
    """See `calls`."""

    attempts: int = Field(5, ge=1)
    """Attempts at one request."""

    timeout: float = Field(20.0, gt=0)
    """Seconds after which a silent server counts as failed."""

    keep_days: int = Field(180, ge=1)
    """Days after which a cached answer is requested again; TMDB's terms allow six months."""

    @property
    def key_variable(self) -> str:
        """The variable with the key: TMDB's own goes to no other address."""
        return "TMDB_API_KEY" if self.base_url.startswith(f"{_HOME}/") else "E2EP_TMDB_API_KEY"


class EnrichParams(Section):
    """Where a movie's metadata comes from."""

    source: Literal["auto", "file", "tmdb", "none"] = "auto"
    """`file` reads a metadata table; `tmdb` asks TMDB; `none` keeps what the data set says; `auto`
    is `file` if the table is there, else `none`, and sends no request."""

    file: str = "metadata.csv"
    """The metadata table: a name in data/<dataset>/, or a path, whose changes DVC does not see."""

    tags: bool = True
    """Whether tags.csv or tags.dat of the data set become keywords of the items. Users gave them at
    any time, so tags of a test user may hint at what they like."""

    tmdb: TmdbParams = TmdbParams()
    """How to query TMDB."""
