"""No table splits a name, at 80 and 60 columns and piped, where rich assumes 80."""

import json
import math
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.text import Text

from e2ep_cli.ablating.entries import Ablation, Entry
from e2ep_cli.ablating.rows import AblationRow
from e2ep_cli.ablating.table import ablations_table, show
from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.gating.changes import Change
from e2ep_cli.newcomers.candidates import RankedCandidates
from e2ep_cli.newcomers.lists import FilteredList
from e2ep_cli.reading.choice import RankingChoice
from e2ep_cli.reading.explained_list import ExplainedList
from e2ep_cli.runs.run import Run
from e2ep_cli.views.against import show_both
from e2ep_cli.views.answers import show_answers
from e2ep_cli.views.costs import show_estimate, show_spent
from e2ep_cli.views.datasets import show_finding, show_listing
from e2ep_cli.views.diagnoses import show_diagnoses
from e2ep_cli.views.explained import show_explained
from e2ep_cli.views.headline import show_headline
from e2ep_cli.views.moves import show_moves
from e2ep_cli.views.recommended import show_list
from e2ep_cli.views.scores import show_scores
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.contracts.calls import Calls
from stages.contracts.card import DataCard
from stages.contracts.items import Item
from stages.contracts.rows import Claim, Explained, Explanation, Profile, UserProfile
from stages.core.tables import write_model
from stages.data.check import Finding
from stages.data.listing import ListedSet
from stages.evaluate.score.lists import ListScores
from stages.llm.prices.estimate import estimates
from stages.llm.store.inventory import AnswerCount
from tests.report.conftest import card

DATASET = "movietweetings-2014-snapshot-x"
RANKING = "e2ep+tournament+fitted"
CONTROL = "e2ep+oracle+top30"
SPLIT = "temporal/no-refit"
MODEL = "gemini-2.5-flash-lite-preview"
TASK = "profile-movie-repair"
KEY = f"summary.json/models/{RANKING}/{SPLIT}/full/ndcg@10"
SETTING = "train.unified.negatives.spare_disliked:"
PYTHON = "/home/somebody/projects/end-to-end/.venv/bin/python"
TITLE = "The Lord of the Rings: The Fellowship of the Ring"
WORD = "Donaudampfschiffahrtsgesellschaftskapitän"
RUN = Run(Path(), DATASET, {"dataset": DATASET, SETTING[:-1]: False})
CHOICE = RankingChoice(RUN, DATASET, "cold-users-1", "e2epfacts", "tournament", 0.8, {})
ITEM = Item("1", TITLE, 2001, ("Adventure", "[Sci-Fi]"))
ODD = Item("2", WORD, None, ())


def calls(task: str) -> Calls:
    return Calls(
        task=task,
        model=MODEL,
        calls=1_234_567,
        outcomes={"answered": 1_234_000},
        input_tokens=1_609_313_000,
        cached_tokens=1_609_313,
        output_tokens=606_151_000,
        dollars=1234.5,
        seconds=98765,
    )


def explanation(strategy: str) -> Explanation:
    claim = Claim(attribute="sea", kind="tag", cited=("1",))
    items = [
        Explained(
            item_id=item.item_id,
            title=item.title,
            graph_score=8.85,
            graph_place=place,
            judge_value=0.96,
            place=place,
            claims=(claim,),
            dropped=0,
            reason=f"It is like {TITLE}.",
        )
        for place, item in enumerate((ITEM, ODD))
    ]
    return Explanation(
        user_id="42", base=CHOICE.base, strategy=strategy, source=MODEL, items=tuple(items)
    )


PROFILE = UserProfile(
    user_id="42",
    profile=Profile(overview="Likes it.", genres=(), tags=(), description="", dislikes=()),
    integrated="",
    source=MODEL,
    liked=("1",),
    disliked=(),
)
BY_ID = {item.item_id: item for item in (ITEM, ODD)}


def headline(folder: Path) -> None:
    metrics = folder / "metrics" / DATASET
    metrics.mkdir(parents=True)
    values = {RANKING: 0.298, CONTROL: 0.675, "e2ep": 0.3}
    models = {name: {SPLIT: {"full": {"ndcg@10": value}}} for name, value in values.items()}
    summary = {"dataset": DATASET, "protocol": {}, "models": models}
    asked = {
        "calls": 1,
        "outcomes": {},
        "tokens": {"input": 1, "cached": 1, "output": 1},
        "dollars": None,
        "seconds": 1.0,
    }
    files: dict[str, Any] = {
        "summary": summary,
        "llm": {"rerank-tournament": {"rank": {MODEL: asked, "gpt-4.1-mini-2025-04-14": asked}}},
    }
    for name, content in files.items():
        (metrics / f"{name}.json").write_text(json.dumps(content))
    params = {"dataset": DATASET, "splits": [SPLIT], "evaluate": {"k": [10]}}
    facts = DataCard.model_validate(card((SPLIT,), simulated=True))
    write_model(folder / "artifacts" / DATASET / "prepare/card.json", facts)
    show_headline(folder, params)


def ablation_results() -> None:
    row = AblationRow(
        ablation="e2ep-without-later-history",
        ranking=RANKING,
        against=CONTROL,
        splits="cold-users-1+cold-users-2+cold-users-3+temporal",
        metric="ndcg@10",
        users=943,
        value=0.3,
        difference=-0.01,
        low=-0.02,
        high=0.001,
        seconds=1234.5,
        dollars=12.34,
        made="",
        experiment="",
    )
    show([row])


def listed(strategy: str) -> ExplainedList:
    made = explanation(strategy)
    return ExplainedList(made, 0.8, (0.96,) * len(made.items))


def estimated() -> None:
    step = f"rerank cold-users-1 e2epfacts {RANKING}"
    counted = {step: [calls(TASK)]}
    show_estimate(counted, estimates(counted, MODEL, {}))


NOBODY = np.array([], dtype=np.int64)
RANKED = RankedCandidates([], {0: "42"}, "user 42", (NOBODY, NOBODY), NOBODY)
ENTRIES = FilteredList([{"item_row": row, "score": 8.85} for row in (0, 1)], 2, 0)
VIEWS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "run": (headline, (DATASET, RANKING, CONTROL, SPLIT, MODEL, "0.298", "0.675")),
    "ablate": (
        lambda _: ablation_results(),
        ("e2ep-without-later-history", RANKING, CONTROL, "-0.0200 … +0.0010", "1,234.5"),
    ),
    "ablate --list": (
        lambda _: show_table(
            ablations_table(
                [
                    Ablation(
                        name="e2ep-without-later-history",
                        entry=Entry(
                            asks="Does it matter?",
                            set={SETTING[:-1]: False},
                            compare={"e2ep": "e2ep"},
                        ),
                    )
                ]
            )
        ),
        ("e2ep-without-later-history", SETTING),
    ),
    "cost": (
        lambda _: estimated(),
        (f"rerank cold-users-1 e2epfacts {RANKING}", TASK, MODEL, "1,609,313,000", "medium: 600"),
    ),
    "cost --spent": (lambda _: show_spent([calls(TASK)]), (TASK, MODEL, "1,609,313,000")),
    "llm prune": (
        lambda _: show_answers([AnswerCount(TASK, MODEL, 1_234_567, 0.0, 9e8)], 1e9),
        (TASK, MODEL, "1,234,567", "11574.1 days"),
    ),
    "data list": (
        lambda _: show_listing({"In data/": [ListedSet(DATASET, "Of [2014]", "9 ratings")]}),
        (DATASET, "9 ratings", "[2014]"),
    ),
    "data check": (
        lambda _: show_finding(Finding(DATASET, {"users": "9"}, {f"{DATASET}.csv": "new"}, None)),
        (DATASET, f"{DATASET}.csv"),
    ),
    "doctor": (
        lambda _: show_diagnoses(
            [
                Diagnosis("fine", "embedding weights", f"3.11.7, {PYTHON}"),
                Diagnosis("fault", "data", f"data/{DATASET} is not here", f"add {DATASET}"),
            ]
        ),
        ("embedding weights", PYTHON, f"data/{DATASET}", DATASET),
    ),
    "gate": (
        lambda _: show_moves(
            DATASET, [], [Change(KEY, "worse", 0.2983, 0.2871, 12.5), Change(KEY, "missing")]
        ),
        (KEY, "0.2983", "0.2871", "12.5", "missing"),
    ),
    "score": (
        lambda _: show_scores(
            [ListScores("", "full", 10, 9, {"popularity@10": 0.5}, {"popularity@10": 9}, 4, {}, ())]
        ),
        ("popularity@10", "0.5000"),
    ),
    "score of systems": (
        lambda _: show_scores(
            [
                ListScores(name, "full", 10, 9, {"ndcg@10": ndcg}, {"ndcg@10": 9}, 4, {}, ())
                for name, ndcg in ((MODEL, 0.25), ("popularity", 0.5))
            ]
        ),
        (MODEL, "popularity", "0.2500", "0.5000"),
    ),
    "recommend": (
        lambda _: show_list(RANKED, CHOICE, ENTRIES, [ITEM, ODD], 10),
        (WORD, DATASET, "Fellowship", "[Sci-Fi]", "8.85"),
    ),
    "explain": (
        lambda _: show_explained(CHOICE, listed("tournament"), PROFILE, BY_ID, None, True),
        (WORD, "Fellowship", "judge 96"),
    ),
    "explain --against": (
        lambda _: show_both(
            CHOICE, (listed("tournament"), listed("insertion")), PROFILE, BY_ID, None
        ),
        (WORD, "tournament", "insertion", MODEL),
    ),
}


@pytest.mark.parametrize("width", ["80", "60", None], ids=["80", "60", "piped"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_splits_a_name(
    view: str,
    width: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if width:
        monkeypatch.setenv("COLUMNS", width)
    print_it, whole = VIEWS[view]
    print_it(tmp_path)
    said = capsys.readouterr().out
    assert [name for name in whole if name not in said] == []
    assert "…" not in said.replace(" … ", "")


def table() -> WholeTable:
    made = WholeTable(name_column("name"), "what", number_column("n"), "to do", title=DATASET)
    made.add_row(RANKING, "some words [of it]", "9", "do it")
    return made


def printed(made: WholeTable, width: int) -> list[str]:
    console = Console(width=width, record=True)
    console.print(made, crop=False)
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_a_table_that_does_not_fit_is_a_block_per_row() -> None:
    assert printed(table(), 30) == [
        DATASET,
        RANKING,
        "  some words [of it]",
        "  n 9",
        "  to do do it",
        "",
    ]


def test_sentences_take_the_lines_that_names_and_numbers_leave_them() -> None:
    assert any(f"{RANKING} │ some" in line for line in printed(table(), 60))
    assert max(map(len, printed(table(), 60))) <= 60
    assert any(
        f"{RANKING} │ some words [of it] │ 9 │ do it" in line for line in printed(table(), 80)
    )


def test_a_name_longer_than_the_terminal_is_left_whole() -> None:
    assert RANKING in printed(table(), 10)


def test_a_section_and_a_bold_row_stay_in_a_narrow_table() -> None:
    made = WholeTable(name_column("name"), number_column("n"), box=SIMPLE_HEAD)
    made.add_row(Text(RANKING, "bold"))
    made.add_section()
    made.add_row("all", "9", style="bold")
    assert [line.split() for line in printed(made, 20)] == [[RANKING], [], ["all"], ["n", "9"], []]


def test_every_table_of_rows_is_a_whole_table() -> None:
    lists_of_items = {"against.py", "explained_item.py"}
    makers = {
        path.name
        for path in (Path(__file__).parents[3] / "e2ep_cli").rglob("*.py")
        if re.search(r"^from rich.table import .*\bTable\b", path.read_text(), re.MULTILINE)
    }
    assert makers == lists_of_items | {"tables.py"}


def test_a_number_without_a_limit_is_left_empty(capsys: pytest.CaptureFixture[str]) -> None:
    show_moves("x", [], [Change("a", "new", None, 1.0, math.inf)])
    assert "inf" not in capsys.readouterr().out


HOSTILE = ["x[/nope]", "[link=https://evil.test]x[/link]", "[red]x", "x\\[b]", "a :smile: b"]
CODES = "\x1b]8;;https://evil.test\x1b\\\x1b[31m\x9b2J\u202e"


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("view", VIEWS)
def test_a_name_that_looks_like_markup_is_printed_and_one_with_codes_is_not_obeyed(
    view: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Model, task, ranking, user, title, reason, split, strategy and run, all with such a name."""
    here, coded = sys.modules[__name__], f"{name}{CODES}"
    bad = replace(ITEM, title=coded), replace(ODD, title=coded, genres=(coded,))
    choice = replace(CHOICE, dataset=coded, split=coded, base=coded, strategy=name, why=name)
    named: dict[str, Any] = {
        "MODEL": coded,
        "TASK": coded,
        "KEY": coded,
        "WORD": coded,
        "TITLE": coded,
    }
    named |= {"ITEM": bad[0], "ODD": bad[1], "BY_ID": {item.item_id: item for item in bad}}
    profile = PROFILE.profile.model_copy(update={"overview": coded})
    named |= {"PROFILE": PROFILE.model_copy(update={"user_id": coded, "profile": profile})}
    named |= {"CHOICE": choice, "RANKED": replace(RANKED, who=coded)}
    if view != "run":
        named |= {"DATASET": coded, "RANKING": coded, "PYTHON": coded, "SETTING": coded}
    for key, value in named.items():
        monkeypatch.setattr(here, key, value)
    monkeypatch.setenv("COLUMNS", "400")
    VIEWS[view][0](tmp_path)
    said = capsys.readouterr().out
    assert name in said or view == "score"
    assert not set(said) & set(CODES[0] + "\x9b\u202e")


def test_every_console_is_a_plain_one() -> None:
    """What a command prints is never read as markup: styles are given as styles."""
    folder = Path(__file__).parents[3] / "e2ep_cli"
    sources = {path.name: path.read_text() for path in folder.rglob("*.py")}
    others = r"\bConsole\(|from_markup|rich\.markup|from rich import print"
    assert [name for name, text in sources.items() if re.search(others, text)] == []
