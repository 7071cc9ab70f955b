"""report.html: one whole, self-contained, escaped page that says what it is."""

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stages.contracts.plan import RunPlan
from stages.core.errors import MissingError
from stages.core.files import write_json
from stages.core.tables import read_json
from stages.report.page import render
from stages.report.sources import ReportSources
from tests.report.conftest import OFFLINE

VOID = {"meta", "br", "hr", "img", "input", "link", "wbr"}
MODELS, RERANKED = ("popularity", "graph"), ("graph", "graph+scored")
"""What is drawn together: the models, and a base with its rerankings."""


class Tags(HTMLParser):
    """Keeps the open tags, every fault in closing them, and every attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]}")


def tags_of(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    parser.close()
    return parser


def script(page: str) -> str:
    """The one script, which is inside the file."""
    return page.partition('<script type="module">')[2].partition("</script>")[0]


def charts(page: str) -> list[ElementTree.Element]:
    pictures = [
        ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    ]
    return [picture for picture in pictures if picture.get("class", "").startswith("chart")]


def test_every_tag_is_closed_in_its_turn(page: str) -> None:
    tags = tags_of(page)
    assert (tags.faults, tags.open) == ([], [])


def test_nothing_is_fetched(page: str) -> None:
    tags = tags_of(page)
    assert "http://" not in page
    assert "https://" not in page
    assert "@import" not in page
    assert "url(" not in page
    assert [given for tag, given in tags.seen if tag == "link"] == [
        {"rel": "icon", "href": "data:,"}
    ]
    assert not [tag for tag, _ in tags.seen if tag in {"img", "iframe"}]
    assert [given for tag, given in tags.seen if tag == "script"] == [{"type": "module"}]
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|\bimport\b", script(page))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|\beval\(", script(page))
    assert all((given.get("href") or "#")[0] == "#" for tag, given in tags.seen if tag == "a")


def test_every_link_of_the_contents_leads_somewhere(page: str) -> None:
    seen = tags_of(page).seen
    ids = [attributes["id"] for _, attributes in seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for tag, a in seen if tag == "a"} <= set(ids)


def test_item_titles_and_reasons_are_escaped(page: str) -> None:
    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;[31m") == 5
    assert not set(page) & set("\x1b\u202e\u2066")


def test_names_of_models_are_escaped_wherever_they_show(
    sources: ReportSources, plan: RunPlan
) -> None:
    name = "<b>x</b>"
    for file in sources.metrics.parent.rglob("*.json*"):
        text = file.read_text(encoding="utf-8").replace(OFFLINE, name)
        file.write_text(text, encoding="utf-8")
    page = render(sources, plan, 10)
    assert name not in page
    assert page.count(html.escape(name)) > 3


def test_two_renders_are_the_same_bytes(sources: ReportSources, plan: RunPlan, page: str) -> None:
    assert render(sources, plan, 10) == page


def test_no_path_of_the_machine_is_on_the_page(tmp_path: Path, page: str) -> None:
    assert str(tmp_path) not in page


def test_metric_charts_draw_the_models_then_each_base_with_its_rerankings_and_no_control(
    page: str,
) -> None:
    against_k = [chart for chart in charts(page) if "against k" in chart.get("aria-label", "")]
    for chart, names in zip(against_k, (MODELS, RERANKED), strict=True):
        lines = [path for path in chart.iter("path") if path.get("class", "").startswith("line")]
        assert len(lines) == len(names)
        assert all(name in chart.get("aria-label", "") for name in names)
        assert "oracle" not in chart.get("aria-label", "")


def test_only_a_model_with_epochs_has_learning_curves(page: str) -> None:
    learned = [chart for chart in charts(page) if "against epoch" in chart.get("aria-label", "")]
    assert len(learned) == 2
    assert "graph: epoch 10 chosen on valid, NDCG@10 0.300 (fold-1)" in page


@pytest.mark.parametrize("simulated", [True, False])
def test_the_banner_is_there_just_for_simulated_data(
    tmp_path: Path, run_of: Callable[..., ReportSources], plan: RunPlan, simulated: bool
) -> None:
    page = render(run_of(tmp_path, simulated=simulated), plan, 10)
    assert ("A demonstration, never evidence." in page) == simulated


def test_offline_output_is_labelled_wherever_it_shows(page: str) -> None:
    label = '<span class="tag offline">offline rules, not a language model</span>'
    header, _, rest = page.partition("</header>")
    results, _, after = rest.partition('<section id="reranking">')
    assert label in header
    figures = results.count('class="lengths"') + results.count("Holm-corrected p below")
    users = 2 * results.count('<details class="person"')
    assert results.count(label) == results.count('<tbody class="reranking">') + figures + users
    costs = after.count("What a better list costs")
    assert after.count(label) == 2 + costs


def test_a_missing_file_is_named_with_what_makes_it(sources: ReportSources, plan: RunPlan) -> None:
    (sources.metrics / "curves.csv").unlink()
    with pytest.raises(MissingError, match=r"curves\.csv is not there yet; run `e2ep run`"):
        render(sources, plan, 10)


def test_the_page_shows_how_an_import_was_understood(sources: ReportSources, plan: RunPlan) -> None:
    path = sources.artifacts / "prepare" / "card.json"
    file = {
        "file": "<r>.csv",
        "holds": "ratings",
        "form": "UTF-8, separated by semicolons",
        "columns": {"user": "who", "item": "recipe_id"},
        "unused": ["<id>"],
        "rows": 1200,
        "kept": 1100,
        "left_out": {"rated again": 100},
        "unknown": {},
    }
    understood = {"files": [file], "liked": 7, "unmatched": {"items without a rating": 3}}
    write_json(path, read_json(path) | {"understood": understood})
    shown = render(sources, plan, 10)
    assert tags_of(shown).faults == []
    facts = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", shown)
    assert ("item", "recipe_id") in facts
    assert ("not used", "&lt;id&gt;") in facts
    assert ("rows", "1,200, 1,100 kept") in facts
    assert ("left out", "100: rated again") in facts
    assert "items without a rating: 3" in shown


def test_a_set_that_was_not_imported_shows_no_files(page: str) -> None:
    assert "What was read" not in page
