"""The numbers of README and docs are the ones in metrics/, experiments/ and benchmarks/."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from stages.contracts.times import BY_TIME
from stages.core.errors import InputError
from tools.blocks import Context, blocks_of, renewed
from tools.contents import commands
from tools.docs import CONTEXTS, pages

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
Block = Callable[[str, str], str]


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_is_committed(page: str) -> None:
    """All but what a command prints, which needs a run; tests/end_to_end has that."""
    text = Path(page).read_text(encoding="utf-8")
    shown = re.findall(r"```text\n\$ (.*)\n([^`]*)\n```\n\n<!-- end explain -->", text)
    printed = {command: lines.split("\n") for command, lines in shown}

    def explain(*words: str) -> dict[str, object]:
        command = " ".join(words)
        return {"command": command, "lines": printed[command]}

    assert renewed(text, CONTEXTS | {"explain": explain}) == text


def test_every_kind_of_block_is_used(root: Path) -> None:
    assert [str(page) for page in pages()] == PAGES
    kinds = {kind for page in pages() for kind, _ in blocks_of(page.read_text(encoding="utf-8"))}
    assert kinds == set(CONTEXTS)
    templates = (root / "tools" / "templates").glob("*.md.jinja")
    assert {path.name.partition(".")[0] for path in templates} == set(CONTEXTS)


@pytest.mark.parametrize("page", PAGES)
def test_every_mark_is_one_of_a_block(page: str) -> None:
    """A line break within a mark would hide its block."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert text.count("<!-- begin") == text.count("<!-- end") == len(blocks_of(text))


@pytest.mark.parametrize("page", PAGES)
def test_a_number_inside_a_sentence_does_not_begin_its_line(page: str) -> None:
    """Markdown ends a paragraph at a line that begins with a comment."""
    assert not re.search(r"^\s*<!-- begin number", (ROOT / page).read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md", "CHANGELOG.md"])
def test_a_link_leads_to_a_page_and_a_heading(page: str) -> None:
    text, missing = (ROOT / page).read_text(encoding="utf-8"), list[str]()
    for link in re.findall(r"\]\(([^):]+)\)", text):
        name, _, anchor = link.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(link)
    assert not missing


def anchors(page: Path) -> set[str]:
    """What GitHub makes of the headings of a page."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    listed = re.findall(r"\]\((\S+?)\)", index)
    assert {Path(page).name for page in PAGES} - set(listed) == {"README.md", "index.md"}


def test_a_block_is_written_between_its_marks_and_nothing_else_changes() -> None:
    text = "a\n<!-- begin number: x y -->\nold\n<!-- end number -->\nb <!-- begin number: z -->"
    text += "old<!-- end number -->."
    contexts: dict[str, Callable[..., Context]] = {
        "number": lambda *words: {"text": "+".join(words)}
    }
    assert renewed(text, contexts) == (
        "a\n<!-- begin number: x y -->\nx+y\n\n<!-- end number -->\n"
        "b <!-- begin number: z -->z<!-- end number -->."
    )


def test_a_block_of_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="begin metrcs: x --> is of no known kind"):
        renewed("<!-- begin metrcs: x -->\n<!-- end metrcs -->", CONTEXTS)


def test_a_command_that_fails_is_named_with_what_it_said() -> None:
    with pytest.raises(InputError, match=r"`python -c raise\(SystemExit\('no'\)\)` failed: no"):
        commands.printed("python", "-c", "raise(SystemExit('no'))")


def test_the_readme_has_tables_of_real_ratings() -> None:
    blocks = blocks_of((ROOT / "README.md").read_text(encoding="utf-8"))
    assert ("families", "ml-100k fold cold-users cold-items") in blocks
    assert ("families", "ml-100k/clocks global temporal last") in blocks


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("page", pages(), ids=str)
def test_the_baseline_of_time_stands_in_every_table_of_a_split_by_time(
    page: Path, block: Block
) -> None:
    for kind, words in blocks_of((ROOT / page).read_text(encoding="utf-8")):
        if kind in ("families", "groups") and set(words.split()) & set(BY_TIME):
            assert "| recent |" in block(kind, words)


@pytest.mark.usefixtures("root")
def test_a_strategy_stands_beside_the_base_and_a_random_and_a_perfect_order(block: Block) -> None:
    table = block("rerank", "sample fold-1 e2ep")
    assert "| scored | 18 |" in table
    assert "e2ep itself 0." in table
    assert "a random order of the same pool 0." in table
    assert "a perfect order of its first 30 0." in table


@pytest.mark.usefixtures("root")
def test_the_table_of_models_has_no_rerankings(block: Block) -> None:
    assert "| e2ep |" in block("metrics", "sample fold-1")
    assert "+" not in block("metrics", "sample fold-1")


@pytest.mark.usefixtures("root")
def test_sizes_grow_down_the_table_of_scale(block: Block) -> None:
    ratings = re.findall(r"^\| ([\d,]+) \|", block("scale", "scale"), re.MULTILINE)
    sizes = [int(number.replace(",", "")) for number in ratings]
    assert len(sizes) > 1
    assert sizes == sorted(sizes)


@pytest.mark.usefixtures("root")
def test_a_matrix_in_float64_that_does_not_fit_is_said_not_to(block: Block) -> None:
    rows = block("linear", "linear").splitlines()[2:]
    assert [row.split(" |")[0] for row in rows] == ["| 5,000", "| 10,000", "| 20,000", "| 40,000"]
    assert ["does not fit" in row for row in rows] == [False, False, False, True]


@pytest.mark.usefixtures("root")
def test_what_an_approximation_loses_stands_beside_the_whole_matrix(block: Block) -> None:
    whole, *others = block("nearest", "nearest").splitlines()[2:]
    assert whole.startswith("| the whole matrix: NDCG@10 | 0.")
    assert all(re.search(r"\| [+-]0\.\d{4} ± 0\.\d{4} \|", row) for row in others)


@pytest.mark.usefixtures("root")
def test_an_ablation_shows_what_it_sets_and_its_difference_with_the_interval(block: Block) -> None:
    table = block("ablations", "ml-100k fold-1")
    row = "| `e2ep-network` | `train.e2ep.linear.weight=0.0` | e2ep | 0.485 | -0.013 | -0.022 to"
    assert row in table
    assert table.endswith("456 users: unified 0.404, e2ep 0.497.")


@pytest.mark.usefixtures("root")
def test_at_least_is_never_rounded_up(block: Block) -> None:
    assert block("number", "embedding_cosine") == "0.9999"


@pytest.mark.usefixtures("root")
def test_an_estimate_is_given_by_its_least_and_its_most(block: Block) -> None:
    assert block("number", "estimate output") == "1.06 to 1.18"
