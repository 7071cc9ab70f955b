"""`python -m tools.docs` (`make docs`): write what README and docs/ say in numbers, and draw.

Every block of every page is written again from metrics/, experiments/, benchmarks/results/,
docs/paper.csv, docs/published.csv, the registry of data sets and what commands print;
docs/pictures/pipeline.svg is drawn from dvc.yaml.
"""

from collections.abc import Callable
from pathlib import Path

from stages.core.errors import one_sentence
from stages.core.files import write_text
from tools.blocks import Context, renewed
from tools.contents import (
    ablated,
    added,
    arenas,
    benchmarks,
    commands,
    growth,
    prose,
    rankings,
    registry,
    reranking,
    serving,
)
from tools.pipeline_picture import PIPELINE, picture
from tools.reproducing import measured, missing, tables, verdicts

CONTEXTS: dict[str, Callable[..., Context]] = {
    "explain": commands.printed,
    "imported": commands.imported,
    "metrics": rankings.metrics,
    "families": rankings.families,
    "groups": rankings.group_means,
    "rerank": reranking.strategies,
    "orders": reranking.computed_orders,
    "ablations": ablated.ablations,
    "arenas": arenas.arenas,
    "seeds": benchmarks.seeds,
    "ratios": benchmarks.ratios,
    "scale": growth.scale,
    "workers": growth.workers,
    "large": growth.large,
    "spread": growth.spread_out,
    "linear": growth.linear_sizes,
    "nearest": growth.approximations,
    "text": added.text_added,
    "shapes": benchmarks.shapes,
    "servers": benchmarks.servers,
    "served": serving.under_load,
    "number": prose.number,
    "sets": registry.sets,
    "cold": tables.cold,
    "released": tables.released,
    "everyone": tables.everyone,
    "figures": tables.figures,
    "order": tables.order,
    "checks": measured.checks,
    "missing": missing.missing,
    "built": verdicts.built,
    "verdicts": verdicts.verdicts,
    "reviews": verdicts.reviews,
    "paper_seeds": verdicts.paper_seeds,
}
"""Kind of block → what its template, tools/templates/KIND.md.jinja, is given."""


def pages() -> list[Path]:
    """README and the pages of docs/."""
    return [Path("README.md"), *sorted(Path("docs").glob("*.md"))]


@one_sentence
def main() -> None:
    """Write all blocks of all pages, or none if one fails, and the picture of the pipeline."""
    texts = {page: renewed(page.read_text(encoding="utf-8"), CONTEXTS) for page in pages()}
    drawn = picture()
    for page, text in texts.items():
        write_text(page, text)
    write_text(PIPELINE, drawn)


if __name__ == "__main__":
    main()
