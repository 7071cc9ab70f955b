"""`e2ep memorised` against a local server that knows a share of the lines by heart."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from e2ep_cli.main import app
from stages.core.files import write_text
from stages.data.read import read_dataset
from stages.memorised.lines import all_lines
from tests.llm.server import Act, Asked, Server, chat
from tests.memorised.reciting import half_known, reciting, write_movielens

ROOT = Path(__file__).parents[3]
ML_100K = Path(__file__).parents[4] / "shared" / "data" / "ml-100k"
HALF = partial(reciting, half_known())
ALL = ("--items", "all", "--users", "all", "--interactions", "all")
ITEMS = ("--items", "all", "--users", "0", "--interactions", "0")
NINE = ("--items", "9", *ITEMS[2:])
OWN = {
    "dataset.json": '{"name": "shop", "scale": [1, 5], "positive_at": 4}',
    "movies.csv": "movie_id,title,year,genres\n" + "".join(f"i{n},Thing {n},,\n" for n in range(6)),
    "ratings.csv": "user_id,movie_id,rating,timestamp\nu,i1,3,1\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a small data set in MovieLens's form, and one that was imported."""
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    write_movielens(tmp_path / "data" / "tiny")
    for name, text in OWN.items():
        write_text(tmp_path / "data" / "shop" / name, text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("E2EP_COMMAND", "")  # the command sets it, and so it is put back
    for name in ("OPENAI_API_KEY", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def typed(*words: str, server: Server | None = None) -> Result:
    model = ("provider=openai", "model=m", f"base_url={server.url}/v1") if server else ()
    options = [word for setting in model for word in ("--set", f"llm.{setting}")]
    return CliRunner().invoke(app, ["memorised", *words, *options], env={"COLUMNS": "80"})


def kept(project: Path, dataset: str = "tiny") -> dict[str, Any]:
    file = project / "metrics" / dataset / "memorised.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def test_the_share_is_what_the_server_knows(project: Path, serve: Callable[..., Server]) -> None:
    server = serve(HALF)
    done = typed("--dataset", "tiny", *ALL, server=server)
    assert done.exit_code == 0, done.output
    shares = kept(project)["served-1"]
    counts = {kind: (row["known"], row["asked"], row["close"]) for kind, row in shares.items()}
    assert counts == {
        "items": (20, 40, 0.5),
        "users": (5, 20, 0.25),
        "interactions": (10, 20, 0.75),
    }
    assert (shares["items"]["low"], shares["items"]["high"]) == (0.352, 0.648)
    assert len(server.asked) == 80


@pytest.mark.usefixtures("project")
def test_the_table_fits_into_80_columns_and_says_where_it_is_kept(
    serve: Callable[..., Server],
) -> None:
    done = typed("--dataset", "tiny", *ALL, server=serve(HALF))
    lines = done.stdout.splitlines()
    [items] = [line for line in lines if "items " in line and "│" in line]
    assert [cell.strip() for cell in items.strip("│").split("│")] == [
        *("items", "40", "50.0 %", "35.2 to 64.8", "50.0 %", "0.0 %")
    ]
    assert max(len(line) for line in lines if "│" in line) <= 80
    assert "metrics/tiny/memorised.json" in done.stdout


def test_guessing_shows_in_the_shuffled_share(project: Path, serve: Callable[..., Server]) -> None:
    """A server that always says the same title is right once in 40, on shuffled lines as well."""
    typed("--dataset", "tiny", *ITEMS, server=serve(lambda _: chat('{"rest": "Film 33 (1933)"}')))
    row = kept(project)["served-1"]["items"]
    assert (row["share"], row["shuffled"]) == (0.025, 0.025)


def test_nothing_is_sent_twice(project: Path, serve: Callable[..., Server]) -> None:
    server = serve(HALF)
    typed("--dataset", "tiny", "--items", "5", *ITEMS[2:], server=server)
    typed("--dataset", "tiny", *NINE, server=server)
    assert len(server.asked) == 9
    assert kept(project)["served-1"]["items"]["asked"] == 9


def test_another_kind_and_another_model_stay(project: Path, serve: Callable[..., Server]) -> None:
    file = project / "metrics" / "tiny" / "memorised.json"
    server = serve(HALF)
    typed("--dataset", "tiny", *ALL, server=server)
    rows = kept(project)
    write_text(file, json.dumps(rows | {"other": {"items": rows["served-1"]["items"]}}))
    typed("--dataset", "tiny", *NINE, server=server)
    after = kept(project)
    assert after["other"] == {"items": rows["served-1"]["items"]}
    assert after["served-1"]["users"] == rows["served-1"]["users"]
    assert after["served-1"]["items"]["asked"] == 9


@pytest.mark.usefixtures("project")
def test_what_it_cost_is_in_the_ledger(serve: Callable[..., Server]) -> None:
    typed("--dataset", "tiny", *ALL, server=serve(HALF))
    done = CliRunner().invoke(app, ["cost", "--spent", "--json"])
    calls = {row["task"]: row["calls"] for row in json.loads(done.stdout)["spent"]}
    assert calls == {
        "memorised-interaction": 20,
        "memorised-item": 40,
        "memorised-user": 20,
    }


def test_offline_rules_have_read_nothing(project: Path) -> None:
    done = typed("--dataset", "tiny")
    assert done.exit_code == 1
    assert "rules have read no data set" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (project / "metrics").exists()


def test_an_imported_set_is_refused_before_anything_is_sent(
    project: Path, serve: Callable[..., Server]
) -> None:
    server = serve(HALF)
    done = typed("--dataset", "shop", server=server)
    assert (done.exit_code, server.asked) == (1, [])
    assert "--own-data" in done.stderr
    assert not (project / "metrics").exists()


def test_own_data_may_be_sent_if_it_is_said(project: Path, serve: Callable[..., Server]) -> None:
    server = serve(HALF)
    done = typed("--dataset", "shop", "--own-data", server=server)
    assert done.exit_code == 0, done.output
    assert kept(project, "shop")["served-1"]["items"]["known"] == 0


@pytest.mark.usefixtures("project")
def test_what_is_about_users_goes_to_their_model_alone(serve: Callable[..., Server]) -> None:
    out, home = serve(HALF), serve(HALF)
    users = f"llm.users={{provider: openai, model: h, base_url: {home.url}/v1}}"
    done = typed("--dataset", "tiny", *ALL, "--set", users, server=out)
    assert done.exit_code == 0, done.output
    files = [
        {json.loads(row.body["messages"][-1]["content"])["file"] for row in server.asked}
        for server in (out, home)
    ]
    assert files == [{"u.item"}, {"u.item", "u.user", "u.data"}]


def test_users_that_stay_with_offline_rules_are_not_asked_about(
    project: Path, serve: Callable[..., Server]
) -> None:
    server = serve(HALF)
    done = typed("--dataset", "tiny", *ALL, "--set", "llm.users=offline", server=server)
    assert "users and interactions were not asked about" in done.stdout
    assert list(kept(project)["served-1"]) == ["items"]


def test_a_model_that_never_answers_usably_is_not_measured(
    project: Path, serve: Callable[..., Server]
) -> None:
    done = typed("--dataset", "tiny", "--items", "4", server=serve(lambda _: chat("I cannot.")))
    assert done.exit_code == 1
    assert (
        "memorised-item: none of the 4 such questions had a usable answer (4 invalid)"
        in done.stderr
    )
    assert not (project / "metrics").exists()


def test_an_unusable_answer_counts_as_not_known_and_is_said(
    project: Path, serve: Callable[..., Server]
) -> None:
    def half_mute(asked: Asked) -> Act:
        line = json.loads(asked.body["messages"][-1]["content"])["line"]
        return HALF(asked) if int(line.strip("|")) <= 23 else chat("", "content_filter")

    done = typed("--dataset", "tiny", *ITEMS, server=serve(half_mute))
    row = kept(project)["served-1"]["items"]
    assert (row["known"], row["asked"], row["unanswered"]) == (20, 40, 20)
    assert "20 of 40 questions brought no usable answer" in " ".join(done.stdout.split())


@pytest.mark.parametrize("count", ["-1", "many", "1.5"])
@pytest.mark.usefixtures("project")
def test_a_count_is_a_whole_number_or_all(count: str) -> None:
    done = typed("--dataset", "tiny", "--items", count)
    assert done.exit_code == 1
    assert f"--items is {count!r}; give a whole number, or `all`" in done.stderr


def test_json_is_what_was_measured(project: Path, serve: Callable[..., Server]) -> None:
    done = typed("--dataset", "tiny", *ALL, "--json", server=serve(HALF))
    shown = json.loads(done.stdout)
    assert shown == {"dataset": "tiny", "models": kept(project)}


@pytest.mark.skipif(not ML_100K.is_dir(), reason="MovieLens 100K is not here")
def test_on_movielens_100k_the_share_is_what_the_server_knows(
    project: Path, serve: Callable[..., Server]
) -> None:
    """The server knows the first half of u.item: the share of the sample with such ids."""
    (project / "data" / "ml-100k").symlink_to(ML_100K)
    lines = all_lines(ML_100K, read_dataset(ML_100K), seed=7)["items"]
    known = {("u.item", row.start): row.rest for row in lines.lines[:841]}
    done = typed("--dataset", "ml-100k", *ITEMS, server=serve(partial(reciting, known)))
    assert done.exit_code == 0, done.output
    row = kept(project, "ml-100k")["served-1"]["items"]
    titles = {row.rest for row in lines.examples}
    asked = [row for row in lines.lines[3:] if row.rest not in titles]
    first = {row.start for row in lines.lines[:841]}
    assert row["asked"] == len(asked)
    assert row["known"] == sum(row.start in first for row in asked)
