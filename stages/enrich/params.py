"""The section `enrich:` of params.yaml."""

from typing import Literal

from stages.core.params import Section


class EnrichParams(Section):
    """Where a movie's metadata comes from."""

    source: Literal["auto", "file", "none"] = "auto"
    """`file` is a metadata table; `none` keeps what the data set says; `auto` is `file` where the table is there."""

    file: str = "metadata.csv"
    """The metadata table: a name in data/<dataset>/, or a path with a folder, which DVC does not see change."""
