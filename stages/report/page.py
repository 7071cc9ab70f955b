"""Everything that the page shows, rendered to one self-contained HTML text."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stages.contracts.metrics.memorised import spaced
from stages.contracts.plan import RunPlan
from stages.contracts.times import baseline_missing
from stages.contracts.words import worded
from stages.core.characters import shown_text
from stages.report.charts.figures import Figure, learning_figures
from stages.report.charts.knobs import knob_figures
from stages.report.charts.lengths import Lengths, lengths_of
from stages.report.charts.trade_offs import cold_figure, cost_figures
from stages.report.parts import card, compared, differences, explained, judged, users, worst
from stages.report.parts.advantages import advantages_of
from stages.report.parts.headline import Lead
from stages.report.parts.metric_tables import FEW, Table, group_table, protocol_table
from stages.report.parts.parameters import ParamSections, parameter_rows
from stages.report.parts.text import text_charts
from stages.report.results import PageResults, results_of
from stages.report.sections import PageSection, sections_of
from stages.report.sources import Curves, ReportSources
from stages.report.words import (
    CONDENSED_METRICS,
    METRICS,
    PAPER_METRICS,
    TMDB,
    group_words,
    percent,
    signed,
    user_count,
)


@dataclass(frozen=True)
class SectionResults:
    """What one section of results shows; missing: what it says of a baseline that is not there."""

    section: PageSection
    full: Table
    condensed: Table
    groups: Table
    paper: tuple[str, Table] | None
    lengths: Lengths | None
    cold: Figure
    missing: str


NO_PARAMS: ParamSections = MappingProxyType({})


def render(
    sources: ReportSources, plan: RunPlan, count: int, params: ParamSections = NO_PARAMS
) -> str:
    """The page with `count` explained users; the same bytes for the same files.

    params: params.yaml.
    """
    here = Path(__file__).parent
    templates = Environment(
        loader=FileSystemLoader([here / "templates", here / "scripts"]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_readable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = sources.words()
    templates.filters |= {"percent": percent, "signed": signed}
    templates.filters |= {
        "group_words": lambda group: group_words(group, words),
        "in_words": lambda text: worded(text, words),
    }
    templates.filters |= {"user_count": user_count}
    templates.filters |= {"split_counts": card.split_counts, "split_notes": card.split_notes}
    templates.filters |= {"spaced": spaced}
    templates.tests |= {"significant": differences.significant, "clear": differences.clear}
    return templates.get_template("page.html").render(context(sources, plan, count, params))


def _readable(value: object) -> object:
    """A text, escaped already or not, without characters that turn or hide what follows."""
    return type(value)(shown_text(value)) if isinstance(value, str) else value


def context(
    sources: ReportSources, plan: RunPlan, count: int, params: ParamSections
) -> dict[str, object]:
    """The names that page.html uses."""
    summary, data = sources.summary(), sources.card()
    words = sources.words()
    results = results_of(summary, plan, words)
    sections, curves = sections_of(results, plan), sources.curves()
    lead = Lead(results, sections[0])
    tested, measures = sources.intervals(), list(explained.measure_rows(sources))
    return {
        "dataset": summary.dataset,
        "words": words,
        "plan": plan,
        "results": results,
        "lead": lead,
        "advantages": advantages_of(lead, tested),
        "data": data,
        "facts": card.card_facts(data, words),
        "histogram": card.rating_histogram(data),
        "shown": [
            section_results(results, section, curves, data.timestamps) for section in sections
        ],
        "differences": differences.differences(
            tested, sources.groups(), sections, results, plan.bases[0]
        ),
        "text": text_charts(tested, sections, f"NDCG@{results.depth}"),
        "resamples": tested.how["resamples"],
        "learning": learning_figures(sources, sections, plan),
        "measures": measures,
        "used_together": any(row.values.together for row in measures),
        "shares": explained.share_charts(measures, words),
        "comparisons": list(compared.comparisons(sources)),
        "worst": worst.worst_cases(sources, plan),
        "reranked": list(judged.reranking_rows(sources, plan.splits)),
        "costs": list(cost_figures(sources, results)),
        "knobs": list(knob_figures(sources.trade_offs())),
        "answers": judged.answer_rows(sources),
        "judging": [f"rerank-{strategy}" for strategy in plan.judges],
        "recited": judged.recited_models(sources),
        "explained": users.explained_users(sources, plan, count),
        "record": (record := sources.record()),
        "parameters": parameter_rows(record, params),
        "metrics": METRICS,
        "few": FEW,
        "tmdb": TMDB if sources.used_tmdb() else "",
    }


def section_results(
    results: PageResults, section: PageSection, curves: Curves, timestamps: bool
) -> SectionResults:
    """Tables of a section, and charts unless it is details."""
    name, brief = section.name, results.brief()
    return SectionResults(
        section,
        protocol_table(results, name, "full"),
        protocol_table(brief, name, "condensed", CONDENSED_METRICS),
        group_table(brief, name, "full"),
        next(_paper_tables(brief, name), None),
        None if section.details else lengths_of(curves, section, brief.rankings),
        cold_figure(results, section),
        baseline_missing(name, results.ranked(name), timestamps),
    )


def _paper_tables(results: PageResults, split: str) -> Iterator[tuple[str, Table]]:
    """The paper's Table 1 on this run: condensed lists of the users with few training ratings."""
    for group in results.groups(split, "condensed"):
        if group.startswith("train<"):
            table = protocol_table(results, split, f"condensed/{group}", PAPER_METRICS)
            yield group.removeprefix("train<"), table
