"""The source `none`: what the data set itself says."""

from stages.enrich.sources import Metadata

NO_SOURCE = Metadata(source="none", unmatched="enrich.source is none")
