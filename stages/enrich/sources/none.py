"""The source `none`: what the data set itself says, and nothing else."""

from stages.enrich.sources import Metadata

NO_SOURCE = Metadata(source="none", unmatched="enrich.source is none")
