"""Sources of metadata, one per file; each gives a record per movie, or why there is none."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Metadata:
    """What a source knows of one movie; an empty field leaves the data set's own."""

    source: str
    overview: str | None = None
    tagline: str | None = None
    year: int | None = None
    genres: list[str] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    directors: list[str] = field(default_factory=list)
    cast: list[str] = field(default_factory=list)
    creators: list[str] = field(default_factory=list)
    tmdb_id: str | None = None
    imdb_id: str | None = None
    unmatched: str | None = None
