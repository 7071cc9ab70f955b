"""Everything that the page shows, rendered to one self-contained HTML text."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stages.contracts.plan import RunPlan
from stages.report.charts.figures import Curves, Figure, learning_figures, metric_figures
from stages.report.charts.trade_offs import cold_figure, cost_figures
from stages.report.parts import card, compared, differences, explained, judged, users, worst
from stages.report.parts.headline import Lead
from stages.report.parts.metric_tables import FEW, Table, group_table, protocol_table
from stages.report.parts.text import text_charts
from stages.report.results import Results, results_of
from stages.report.sections import Section, sections_of
from stages.report.sources import Sources
from stages.report.words import ACCURACY, METRICS, PAPER, TMDB, group_words, signed

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Shown:
    """One section of results."""

    section: Section
    full: Table
    condensed: Table
    groups: Table
    paper: tuple[str, Table] | None
    figures: tuple[Figure, ...]
    cold: Figure


def render(sources: Sources, asked: RunPlan, count: int) -> str:
    """The page; the same bytes for the same files."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"percent": card.percent, "signed": signed, "group_words": group_words}
    templates.tests |= {"significant": differences.significant, "clear": differences.clear}
    return templates.get_template("page.html").render(context(sources, asked, count))


def context(sources: Sources, asked: RunPlan, count: int) -> dict[str, Any]:
    """The names that page.html uses."""
    summary, data = sources.number_file("summary"), sources.card()
    results = results_of(summary, asked)
    sections, curves = sections_of(results, asked), sources.curves()
    tested, measures = sources.number_file("intervals"), list(explained.measures(sources))
    return {
        "dataset": summary["dataset"],
        "asked": asked,
        "results": results,
        "lead": Lead(results, sections[0]),
        "data": data,
        "facts": card.facts(data),
        "histogram": card.histogram(data),
        "split_rows": card.split_rows(data),
        "shown": [shown(results, section, curves) for section in sections],
        "differences": differences.differences(
            tested, sources.number_file("groups"), sections, results, asked.bases[0]
        ),
        "text": text_charts(tested, sections, f"NDCG@{results.depth}"),
        "resamples": tested["how"]["resamples"],
        "learning": learning_figures(sources, sections, asked),
        "measures": measures,
        "shares": explained.share_charts(measures),
        "comparisons": list(compared.comparisons(sources)),
        "worst": worst.worst(sources, asked),
        "reranked": list(judged.reranked(sources)),
        "costs": list(cost_figures(sources, results)),
        "answers": judged.answers(sources),
        "judging": [f"rerank-{strategy}" for strategy in asked.strategies if strategy != "none"],
        "people": users.people(sources, asked, count),
        "record": sources.number_file("record"),
        "metrics": METRICS,
        "few": FEW,
        "tmdb": TMDB if sources.used_tmdb() else "",
    }


def shown(results: Results, section: Section, curves: Curves) -> Shown:
    """Tables of a section, and charts unless it is folded away."""
    name, brief = section.name, results.brief()
    return Shown(
        section,
        protocol_table(results, name, "full"),
        protocol_table(brief, name, "condensed", ACCURACY),
        group_table(brief, name, "full"),
        next(_paper_tables(brief, name), None),
        () if section.folded else tuple(_figures(results, section, curves)),
        cold_figure(results, section),
    )


def _figures(results: Results, section: Section, curves: Curves) -> Iterator[Figure]:
    for protocol in ("full", "condensed"):
        figures = metric_figures(curves, section, protocol, results.brief().rankings)
        yield from (figure for figure in figures if figure.panels)


def _paper_tables(results: Results, split: str) -> Iterator[tuple[str, Table]]:
    """The paper's Table 1 on this run: condensed lists of the users with the fewest training ratings."""
    for group in results.groups(split, "condensed"):
        if group.startswith("train<"):
            yield (
                group.removeprefix("train<"),
                protocol_table(results, split, f"condensed/{group}", PAPER),
            )
