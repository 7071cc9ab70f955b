"""`e2ep explain`, one strategy and two side by side, over a made-up run."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from e2ep_cli.commands.explain import explain_command
from stages.contracts.card import DataCard
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    JUDGED,
    USERS,
    Claim,
    Explained,
    Explanation,
    Judgement,
    Profile,
    UserProfile,
)
from stages.core.tables import write_jsonl, write_model, write_table
from tests.report.conftest import card

ROOT = Path(__file__).parents[3]
APP = typer.Typer()
APP.command()(explain_command)
SCORED = ("--strategy", "scored")
FILMS = {"a": "Dusk", "b": "Dawn", "c": "Noon"}
LISTS = {"scored": "ab", "prompt": "bc", "none": "a"}
POOL = {"c": 0.0, "b": 0.25, "a": 0.9}
"""The judge's values, in the graph's order."""


def explained(film: str, place: int) -> Explained:
    return Explained(
        item_id=film,
        title=FILMS[film],
        graph_score=1.5,
        graph_place=list(POOL).index(film),
        judge_value=POOL[film],
        place=place,
        claims=(Claim(attribute="night", kind="tag", cited=("c",)),) if film == "b" else (),
        dropped=2 if film == "b" else 0,
        reason=f"Because of {FILMS[film]}." if film != "c" else "",
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """User u1 has three explained lists of up to two films; user u2 has none."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    params = {
        "dataset": "tiny",
        "splits": ["fold-1"],
        "rerank": {
            "bases": ["graph"],
            "fusion_weight": 0.8,
            "reasons": {"strategies": list(LISTS)},
        },
    }
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    artifacts = tmp_path / "artifacts" / "tiny"
    for made in (
        "prepare/splits/fold-1",
        "train/fold-1/graph",
        *(f"rerank/fold-1/graph/{name}" for name in LISTS),
    ):
        (artifacts / made).mkdir(parents=True)
    facts = DataCard.model_validate(card(("fold-1",), simulated=True))
    write_model(artifacts / "prepare" / "card.json", facts)
    people = {
        "user_row": [0, 1],
        "user_id": ["u1", "u2"],
        "age": 30,
        "gender": None,
        "occupation": None,
    }
    write_table(artifacts / "prepare" / "users.parquet", pd.DataFrame(people), USERS)
    blank = dict.fromkeys(ENRICHED.names)
    rows = [
        blank | {"item_row": n, "item_id": i, "title": title, "year": 1990 + n, "genres": []}
        for n, (i, title) in enumerate(FILMS.items())
    ]
    write_table(artifacts / "enrich" / "movies.parquet", pd.DataFrame(rows), ENRICHED)
    taste = Profile(overview="Likes light.", genres=(), tags=(), description="", dislikes=())
    user = UserProfile(
        user_id="u1", profile=taste, integrated="", source="", liked=("c",), disliked=()
    )
    write_jsonl(artifacts / "profile" / "fold-1" / "users.jsonl", [user])
    for strategy, films in LISTS.items():
        items = tuple(explained(film, place) for place, film in enumerate(films))
        one = Explanation(
            user_id="u1", base="graph", strategy=strategy, source=f"{strategy} judge", items=items
        )
        write_jsonl(
            artifacts / "explain" / "fold-1" / "graph" / strategy / "explanations.jsonl", [one]
        )
    places = range(len(POOL))
    pool = {"user_row": 0, "item_row": [list(FILMS).index(film) for film in POOL], "place": places}
    scores = pd.DataFrame(pool | {"score": [3.0, 2.0, 1.5]})
    write_table(artifacts / "train/fold-1/graph/candidates.parquet", scores, CANDIDATES)
    for name in ("scored", "prompt"):
        judged = pd.DataFrame(pool | {"value": list(POOL.values())})
        write_table(artifacts / f"rerank/fold-1/graph/{name}/judged.parquet", judged, JUDGED)
        keep_judge(tmp_path, name, f"{name} judge")
    return tmp_path


def keep_judge(project: Path, strategy: str, model: str) -> None:
    """Write the question that this judge answered."""
    asked = Judgement(
        user_id="u1",
        shown=tuple(POOL),
        scores=tuple(POOL.values()),
        order=None,
        outcome="answered",
        model=model,
    )
    folder = project / "artifacts/tiny/rerank/fold-1/graph" / strategy
    write_jsonl(folder / "judgements.jsonl", [asked])


def measured(project: Path, weight: str, ndcg: float) -> None:
    """`scored` is this good on validation rows with this weight; the graph alone has .3."""
    moved = {"users": 1, "tau": 0.5, "unchanged": 0.0}
    fitted = {"weight": float(weight), "valid_ndcg@10": {"0.00": 0.3, weight: ndcg}}
    effect = {"fused": moved | {"weight": 0.8}, "alone": moved, "fitted": moved | fitted}
    metrics = project / "metrics/tiny/rerank.json"
    metrics.parent.mkdir(parents=True, exist_ok=True)
    metrics.write_text(json.dumps({"fold-1": {"graph": {"scored": effect}}}))


def without_none(project: Path) -> None:
    """A run that does not explain the strategy `none`."""
    params = yaml.safe_load((project / "params.yaml").read_text())
    params["rerank"]["reasons"]["strategies"].remove("none")
    (project / "params.yaml").write_text(yaml.safe_dump(params))
    shutil.rmtree(project / "artifacts/tiny/explain/fold-1/graph/none")


def typed(*words: str, columns: int = 120) -> Result:
    return untold(*words, "-k", "2", columns=columns)


def untold(*words: str, columns: int = 120) -> Result:
    """Without a -k."""
    return CliRunner().invoke(APP, [*words], env={"COLUMNS": str(columns)})


def shown(*words: str) -> dict[str, Any]:
    return json.loads(typed(*words, "--json").stdout)


@pytest.mark.usefixtures("project")
def test_claims_are_shown_with_their_evidence_and_what_was_dropped_where_they_are_wanted() -> None:
    line = "night ← Noon · 2 without evidence dropped"
    assert line in typed("--user", "u1", *SCORED, "--claims").stdout
    assert line not in typed("--user", "u1", *SCORED).stdout


@pytest.mark.usefixtures("project")
def test_the_judge_has_one_scale_in_the_terminal_and_in_json() -> None:
    assert "judge 25" in typed("--user", "u1", "--strategy", "scored").stdout
    for strategy in ("scored", "prompt"):
        items = shown("--user", "u1", "--strategy", strategy)["items"]
        assert [item["judge"] for item in items] == [100 * POOL[film] for film in LISTS[strategy]]
        assert not [item for item in items if "judge_value" in item]


@pytest.mark.usefixtures("project")
def test_json_says_that_no_judge_was_asked() -> None:
    said = untold("--user", "u1", "--strategy", "none", "--json").stdout
    assert json.loads(said)["items"][0]["judge"] is None
    assert json.loads(said)["judge_source"] is None


def test_a_judge_that_gives_no_reasons_is_named_beside_who_does(project: Path) -> None:
    assert "judge and reasons: scored judge\n" in typed("--user", "u1", *SCORED).stdout
    keep_judge(project, "scored", "a-reranker")
    both = "judge: a-reranker; reasons: scored judge"
    assert f"{both}\n" in typed("--user", "u1", *SCORED).stdout
    beside = typed("--user", "u1", *SCORED, "--against", "prompt", columns=80).stdout
    assert f"scored · {both}\n" in beside
    assert shown("--user", "u1", *SCORED)["judge_source"] == "a-reranker"


@pytest.mark.usefixtures("project")
class TestAgainst:
    """What `--against` prints."""

    def test_on_a_wide_terminal_the_lists_stand_side_by_side(self) -> None:
        said = typed("--user", "u1", *SCORED, "--against", "prompt")
        assert said.exit_code == 0
        assert any(
            "Dusk (1990)" in line and "Dawn (1991)" in line for line in said.stdout.splitlines()
        )
        assert any(
            "scored judge" in line and "prompt judge" in line for line in said.stdout.splitlines()
        )

    def test_on_a_narrow_terminal_one_stands_below_the_other(self) -> None:
        said = typed("--user", "u1", *SCORED, "--against", "prompt", columns=80).stdout
        assert not any(
            "Dusk (1990)" in line and "Dawn (1991)" in line for line in said.splitlines()
        )
        assert said.index("scored judge") < said.index("Dusk (1990)") < said.index("prompt judge")
        assert max(map(len, said.splitlines())) <= 80

    def test_the_user_stands_once_above_both(self) -> None:
        assert typed("--user", "u1", *SCORED, "--against", "prompt").stdout.count("User u1") == 1

    @pytest.mark.parametrize("columns", [80, 120])
    def test_each_film_says_where_the_other_list_has_it(self, columns: int) -> None:
        said = typed("--user", "u1", *SCORED, "--against", "prompt", columns=columns).stdout
        assert said.count("1 of the first 2 items are in both lists") == 1
        assert (
            said.count("not in the list of prompt") == said.count("not in the list of scored") == 1
        )
        assert said.count("prompt has it at 1") == said.count("scored has it at 2") == 1

    @pytest.mark.parametrize("columns", [80, 120])
    def test_reasons_are_shown_and_their_lack_too(self, columns: int) -> None:
        said = typed("--user", "u1", *SCORED, "--against", "prompt", columns=columns).stdout
        assert said.count("Because of Dawn.") == 2
        assert "No grounded reason" in said

    def test_strategy_names_the_first_list(self) -> None:
        lists = shown("--user", "u1", "--strategy", "prompt", "--against", "scored")["lists"]
        assert [one["strategy"] for one in lists] == ["prompt", "scored"]

    def test_json_has_the_user_once_and_both_lists(self) -> None:
        both = shown("--user", "u1", *SCORED, "--against", "prompt")
        assert (both["user_id"], both["liked"]) == (
            "u1",
            [{"movie_id": "c", "title": "Noon (1992)"}],
        )
        assert [[item["item_id"] for item in one["items"]] for one in both["lists"]] == [
            ["a", "b"],
            ["b", "c"],
        ]
        assert both["in_both"] == ["b"]
        alone = shown("--user", "u1", *SCORED)
        names = ("strategy", "judge_weight", "judge_source", "source", "items")
        assert both["lists"][0] == {name: alone[name] for name in names}

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (
                ["--user", "u1", *SCORED, "--against", "scored"],
                "error: --against scored is the strategy shown already; name",
            ),
            (
                ["--user", "u1", *SCORED, "--against", "pairwise"],
                "error: strategy 'pairwise' was not made for tiny; "
                "choose from none, prompt, scored",
            ),
            (["--user", "u2", "--against", "prompt"], "error: user u2 was not reranked"),
            (["--user", "x", "--against", "prompt"], "error: user 'x' is not in tiny"),
            (
                ["--against", "prompt"],
                "error: -k, --split, --strategy, --against, --claims and --json need --user ID",
            ),
        ],
    )
    def test_errors_are_one_sentence(self, words: list[str], sentence: str) -> None:
        said = typed(*words)
        assert said.exit_code == 1
        assert said.stderr.startswith(sentence)
        assert (said.stderr.count("\n"), said.stdout) == (1, "")


@pytest.mark.usefixtures("project")
def test_one_strategy_alone_says_who_and_why() -> None:
    said = typed("--user", "u1", *SCORED).stdout
    assert "Likes light." in said
    assert "graph reranked by scored" in said
    assert "Because of Dusk." in said
    assert "has it at" not in said


@pytest.mark.usefixtures("project")
def test_without_k_all_explained_films_are_shown() -> None:
    said = untold("--user", "u1", *SCORED).stdout
    assert "Dusk (1990)" in said
    assert "Dawn (1991)" in said


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("columns", [80, 120])
def test_lists_of_different_lengths_are_shown_to_their_ends(columns: int) -> None:
    said = untold("--user", "u1", *SCORED, "--against", "none", columns=columns)
    assert said.exit_code == 0
    assert "1 of the first 2 items are in both lists" in said.stdout
    assert (said.stdout.count("Dusk (1990)"), said.stdout.count("Dawn (1991)")) == (2, 1)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("words", [["--strategy", "none"], [*SCORED, "--against", "none"]])
def test_no_judge_is_shown_where_none_was_asked(words: list[str]) -> None:
    said = untold("--user", "u1", *words).stdout
    assert "no judge asked; reasons: none judge" in said
    assert said.count("· judge ") == (2 if "--against" in words else 0)


def test_a_split_that_was_run_for_its_metrics_alone_is_named(project: Path) -> None:
    (project / "artifacts/tiny/train/further/graph/fold-2").mkdir(parents=True)
    (project / "artifacts/tiny/prepare/splits/fold-2").mkdir(parents=True)
    said = typed("--user", "u1", "--split", "fold-2")
    assert said.exit_code == 1
    assert said.stderr.startswith("error: fold-2 was run for its metrics alone (further.splits)")
    assert said.stderr.endswith(
        "list it under splits: `e2ep run --dataset tiny --set splits=[fold-2]`\n"
    )


@pytest.mark.usefixtures("project")
class TestDefault:
    """What is shown where no strategy is named."""

    def test_it_is_the_graphs_own_order_where_nothing_was_measured(self) -> None:
        told = json.loads(untold("--user", "u1", "--json").stdout)
        assert (told["strategy"], told["judge_weight"]) == ("none", None)
        assert told["shown_because"] == "no strategy was measured on validation rows"
        said = untold("--user", "u1").stdout
        assert "order: the graph's own; no strategy was measured on validation rows" in said

    def test_a_strategy_that_is_no_better_on_validation_rows_is_not_shown(
        self, project: Path
    ) -> None:
        measured(project, "0.80", 0.3)
        assert json.loads(untold("--user", "u1", "--json").stdout)["strategy"] == "none"

    def test_a_better_one_is_shown_in_the_order_of_its_fitted_weight(self, project: Path) -> None:
        measured(project, "0.20", 0.31)
        told = shown("--user", "u1")
        assert (told["strategy"], told["judge_weight"]) == ("scored", 0.2)
        assert [(item["item_id"], item["place"]) for item in told["items"]] == [("c", 0), ("b", 1)]
        assert [item["fused_score"] for item in told["items"]] == [0.8, 0.45]
        assert [item["graph_score"] for item in told["items"]] == [3.0, 2.0]
        assert told["items"][1]["reason"] == "Because of Dawn."
        said = " ".join(typed("--user", "u1").stdout.split())
        assert "order: by score, 20 % judge + 80 % place in the graph's order; the best on" in said

    def test_an_item_that_no_list_explains_does_not_claim_that_it_has_no_grounds(
        self, project: Path
    ) -> None:
        measured(project, "0.20", 0.31)
        shutil.rmtree(project / "artifacts/tiny/explain/fold-1/graph/prompt")
        said = typed("--user", "u1").stdout
        assert "No reason was asked for" in said
        assert "No grounded reason" not in said

    def test_without_none_the_graphs_order_is_shown_with_the_reasons_of_the_first_strategy(
        self, project: Path
    ) -> None:
        without_none(project)
        told = shown("--user", "u1")
        assert (told["strategy"], told["judge_weight"]) == ("scored", None)
        assert told["judge_source"] is None
        assert [item["judge"] for item in told["items"]] == [None, None]
        assert not [item for item in told["items"] if "fused_score" in item]
        assert "the graph's own order" in told["shown_because"]
        scores = [item["graph_score"] for item in told["items"]]
        assert scores == sorted(scores, reverse=True)
        said = typed("--user", "u1").stdout
        assert "order: the graph's own; " in said
        assert "· tiny fold-1 · graph\n" in said
        assert "no judge counted; reasons: scored judge" in said
        assert "· judge " not in said
        assert " was " not in said

    def test_a_strategy_that_was_asked_for_is_shown_as_it_was_explained(
        self, project: Path
    ) -> None:
        measured(project, "0.20", 0.31)
        told = shown("--user", "u1", *SCORED)
        assert [item["item_id"] for item in told["items"]] == ["a", "b"]
        assert "shown_because" not in told


@pytest.mark.usefixtures("project")
def test_the_order_is_that_of_the_scores_shown_and_says_what_they_are_made_of() -> None:
    said = typed("--user", "u1", *SCORED).stdout
    assert "order: by score, 80 % judge + 20 % place in the graph's order" in said
    assert said.index("score 72.0 · judge 90") < said.index("score 30.0 · judge 25")


@pytest.mark.parametrize("asked", ["pairwise", "none"])
def test_an_unknown_strategy_is_refused_with_those_that_were_explained(
    project: Path, asked: str
) -> None:
    (project / "artifacts/tiny/rerank/fold-1/graph/batched").mkdir()
    without_none(project)
    said = typed("--user", "u1", "--strategy", asked)
    assert (said.exit_code, said.stdout) == (1, "")
    assert "scored" in said.stderr
    assert "prompt" in said.stderr
    assert "batched" not in said.stderr


def test_a_run_that_was_stopped_shows_no_other_list_than_when_it_is_complete(project: Path) -> None:
    shutil.rmtree(project / "artifacts/tiny/explain/fold-1/graph/none")
    said = typed("--user", "u1")
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr == (
        "error: run main has not explained strategy 'none' yet; `e2ep run` completes it\n"
    )
