"""The picture of the pipeline, docs/pictures/pipeline.svg, drawn from the stages of dvc.yaml."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

import yaml

from stages.core.errors import InputError

PIPELINE = Path("docs") / "pictures" / "pipeline.svg"
_PANELS: dict[str, dict[str, str]] = {
    "Read": {
        "prepare": "ratings become rows,|splits and a data card",
        "enrich": "overview, genres, people|for each title",
    },
    "Describe": {
        "profile": "items and users in|one schema, as text",
        "embed": "text becomes vectors",
    },
    "Recommend": {
        "train": "models are fitted and|list their top 100",
        "rerank": "a judge reorders the|best and says why",
    },
    "Explain": {
        "explain": "reasons are checked|and put into words",
        "probe": "scored again without|the cited ratings",
        "compare": "optional: which reasons|does a judge prefer?",
    },
    "Measure": {
        "evaluate": "every ranking under|two protocols",
        "report": "one page that|opens offline",
    },
}
"""Panel → stage → what it does, with | between the lines."""
BELOW = {"code": "hash of each variant's imports, so that DVC re-runs only what an edit touches"}
"""Stages that every other one depends on."""

_WIDTH, PANEL, GAP, BOX, MARGIN, HEAD = 1000, 184, 20, 72, 10, 38
STYLE = (
    "text{font-family:Helvetica,Arial,sans-serif;fill:#1c2333}"
    ".head{font-size:13px;font-weight:bold;fill:#8a4b08}"
    ".name{font-size:14px;font-weight:bold;font-family:Menlo,Consolas,monospace}"
    ".says{font-size:12px;fill:#4a5264}"
    ".panel{fill:#fdf3e3}.box{fill:#ffffff;stroke:#d9dde5}"
    ".arrow{fill:none;stroke:#8a4b08;stroke-width:2}"
)


def picture() -> str:
    """The stages of dvc.yaml, as SVG."""
    stages = yaml.safe_load(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]
    check_placed(name.partition("-")[0] for name in stages)
    return pipeline_svg(_PANELS, BELOW)


def check_placed(stages: Iterable[str]) -> None:
    """Refuse a stage that the picture has no place for."""
    placed = {name for panel in (*_PANELS.values(), BELOW) for name in panel}
    if missing := [name for name in dict.fromkeys(stages) if name not in placed]:
        raise InputError(
            f"{missing[0]} of dvc.yaml has no place; add it to tools/pipeline_picture.py"
        )


def pipeline_svg(panels: Mapping[str, Mapping[str, str]], below: Mapping[str, str]) -> str:
    """The picture as SVG: a panel per group from left to right, and a bar below all of them."""
    depth = HEAD + max(len(stages) for stages in panels.values()) * (BOX + MARGIN)
    parts = [part for at, item in enumerate(panels.items()) for part in _panel(at, *item, depth)]
    top = depth + 2 * MARGIN
    for name, says in below.items():
        parts += [
            f'<rect class="panel" x="0" y="{top}" width="{_WIDTH}" height="40" rx="8"/>',
            f'<text class="name" x="16" y="{top + 25}">{escape(name)}</text>',
            f'<text class="says" x="72" y="{top + 25}">{escape(says)}</text>',
        ]
        top += 40 + MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 {_WIDTH + 20} {top + 10}" '
        f'role="img" aria-label="The stages of the pipeline">'
        f'<style>{STYLE}</style><rect x="-10" y="-10" width="100%" height="100%" fill="#ffffff"/>'
    )
    return "\n".join((head, *parts, "</svg>", ""))


def _panel(at: int, title: str, stages: Mapping[str, str], depth: int) -> Iterable[str]:
    left = at * (PANEL + GAP)
    yield f'<rect class="panel" x="{left}" y="0" width="{PANEL}" height="{depth}" rx="8"/>'
    yield f'<text class="head" x="{left + MARGIN}" y="24">{escape(title)}</text>'
    if at:
        yield f'<path class="arrow" d="M{left - 17} {depth / 2} h13 m-5 -5 l5 5 l-5 5"/>'
    for place, (name, says) in enumerate(stages.items()):
        x, y = left + MARGIN, HEAD + place * (BOX + MARGIN)
        width = PANEL - 2 * MARGIN
        yield f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{BOX}" rx="6"/>'
        yield f'<text class="name" x="{x + 10}" y="{y + 22}">{escape(name)}</text>'
        for line, words in enumerate(says.split("|")):
            yield f'<text class="says" x="{x + 10}" y="{y + 42 + 16 * line}">{escape(words)}</text>'
