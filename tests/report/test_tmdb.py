"""TMDB's terms: its sentence stands on the page where its data was used, and in the README."""

from pathlib import Path

import pandas as pd
import pytest

from stages.contracts.plan import RunPlan
from stages.contracts.rows import ENRICHED
from stages.core.tables import read_table, write_table
from stages.report.page import render
from stages.report.sources import ReportSources
from stages.report.words import TMDB

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("source", "shown"), [("tmdb", 1), ("file", 0), ("none", 0), (None, 0)])
def test_the_page_credits_tmdb_just_where_it_was_asked(
    sources: ReportSources, plan: RunPlan, source: str | None, shown: int
) -> None:
    path = sources.artifacts / "enrich" / "movies.parquet"
    table: pd.DataFrame = read_table(path, ENRICHED)
    write_table(path, table.assign(source=source), ENRICHED)
    assert render(sources, plan, 10).count(TMDB) == shown


@pytest.mark.parametrize("file", ["README.md", "docs/data.md"])
def test_the_readme_credits_tmdb(file: str) -> None:
    assert TMDB == "This product uses the TMDB API but is not endorsed or certified by TMDB."
    assert TMDB in (ROOT / file).read_text(encoding="utf-8")
