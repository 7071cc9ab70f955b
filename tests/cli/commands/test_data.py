"""`e2ep data` as a person sees it: one line on stderr and exit code 1, or a table."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from e2ep_cli.main import app
from stages.data.registry.entries import REGISTRY
from tests.data.registry.forms import FORMS

RATINGS = "user_id,item_id,rating\nu1,a,5\nu2,a,2\n"


@pytest.fixture
def own(tmp_path: Path) -> list[str]:
    (tmp_path / "r.csv").write_text(RATINGS)
    (tmp_path / "i.csv").write_text("item_id,title\na,Alpha\n")
    files = ["--ratings", str(tmp_path / "r.csv"), "--items", str(tmp_path / "i.csv")]
    return ["import", "mine", *files, "--root", str(tmp_path / "data")]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["data", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_list_without_any_data(tmp_path: Path) -> None:
    code, out, _ = run("list", "--root", str(tmp_path))
    assert code == 0
    assert all(name in out for name in ("sample", "ml-100k", "ml-1m", "ml-latest-small"))


def test_an_import_says_what_it_took(own: list[str]) -> None:
    code, out, _ = run(*own)
    assert (code, "imported · 2 ratings, 2 users and 1 items" in out) == (0, True)


def test_files_in_another_encoding(own: list[str], tmp_path: Path) -> None:
    (tmp_path / "i.csv").write_text("item_id,title\na,Café\n", encoding="cp1252")
    code, _, error = run(*own)
    assert (code, "the line reads 'a,Café': if that is right" in error) == (1, True)
    assert not (tmp_path / "data").exists()
    assert run(*own, "--encoding", "klingon")[2].startswith("error: --encoding klingon is no enc")
    assert run(*own, "--encoding", "cp1252")[0] == 0
    assert "Café" in (tmp_path / "data" / "mine" / "movies.csv").read_text(encoding="utf-8")


def test_a_guessed_threshold_is_said(own: list[str]) -> None:
    assert "note: a rating from 7.75 counts as positive" in run(*own, "--scale", "1-10")[1]


def test_ratings_of_which_none_counts_as_liked_are_pointed_out_on_their_own_scale(
    own: list[str],
) -> None:
    said = "note: no rating is 7.75 or more, from where one counts as liked, so no model can be"
    out = run(*own, "--scale", "1-10")[1]
    assert said in out
    assert "the highest is 5: import again with --replace and --positive-at" in out
    assert "no rating is" not in run(*own, "--replace", "--scale", "1-10", "--positive-at", "4")[1]


def test_missing_times_are_said(own: list[str]) -> None:
    assert "note: too many ratings have no time for the splits `temporal` and" in run(*own)[1]


def test_a_fault_is_one_line_and_leaves_nothing(own: list[str], tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(RATINGS + "u3,a,9\n")
    code, out, error = run(*own)
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert error.startswith("error: ")
    assert "r.csv, line 4: rating 9 is not on the scale 1-5" in error
    assert not (tmp_path / "data").exists()


def test_repeats_are_accepted_when_asked(own: list[str], tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(RATINGS + "u2,a,4\n")
    assert run(*own, "--duplicates", "last")[0] == 0


def test_faults_are_given_together_and_what_they_advise_helps(
    own: list[str], tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text(RATINGS + "u3,a,0\nu3,x,5\nu4,y,5\n,a,5\n")
    code, out, error = run(*own)
    assert (code, out, error.count("\n")) == (1, "", 6)
    assert error.startswith("error: 4 faults in ")
    advised = ["--nothing", "rating=0", "--unknown-items", "drop", "--skip-faults"]
    assert all(word in error for word in advised)
    code, out, _ = run(*own, *advised)
    assert (code, "imported · 2 ratings" in out) == (0, True)
    assert out.count("\n  left out ") == 3


def test_check_proves_an_import(own: list[str], tmp_path: Path) -> None:
    run(*own)
    code, out, _ = run("check", "mine", "--root", str(tmp_path / "data"))
    assert code == 0
    assert "4 ok" in out


def test_check_fails_with_one_line_when_a_file_changed(own: list[str], tmp_path: Path) -> None:
    run(*own)
    with (tmp_path / "data" / "mine" / "ratings.csv").open("a") as file:
        file.write("u9,a,1,\n")
    code, _, error = run("check", "--root", str(tmp_path / "data"))
    assert (code, error.count("\n")) == (1, 1)
    assert "ratings.csv is changed" in error


def test_check_of_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    code, _, error = run("check", "--root", str(tmp_path))
    assert (code, "dvc pull data.dvc" in error) == (1, True)


def test_add_of_an_unknown_set(tmp_path: Path) -> None:
    code, _, error = run("add", "ml-11m", "--root", str(tmp_path))
    assert (code, "'ml-11m' is not a published set that e2ep knows; `e2ep data list`" in error) == (
        1,
        True,
    )


@pytest.fixture
def anime(tmp_path: Path) -> list[str]:
    """How to add a set whose terms a person has to accept, from a file of their own."""
    (archive,) = FORMS["anime"].offered.values()
    (tmp_path / "anime.zip").write_bytes(archive)
    given = str(tmp_path / "anime.zip")
    return ["data", "add", "anime", "--from", given, "--root", str(tmp_path / "data")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("n\n", "error: the terms were not accepted, so nothing of anime was fetched"),
        ("\n", "error: the terms were not accepted, so nothing of anime was fetched"),
        ("", "error: nobody answered, so nothing of anime was fetched; if you accept its terms, "),
    ],
)
def test_terms_that_are_not_accepted_leave_nothing(
    anime: list[str], tmp_path: Path, answer: str, said: str
) -> None:
    done = CliRunner().invoke(app, anime, input=answer)
    assert (done.exit_code, said in done.stderr, done.stderr.count("\n")) == (1, True, 1)
    assert REGISTRY["anime"].terms in done.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("option", "answer"), [([], "y\n"), (["--accept-terms"], ""), (["--yes"], "")]
)
def test_a_set_whose_terms_are_accepted_is_added(
    anime: list[str], option: list[str], answer: str
) -> None:
    done = CliRunner().invoke(app, [*anime, *option], input=answer)
    assert (done.exit_code, "added · 2 ratings, 2 users and 2 anime" in done.stdout) == (0, True)
    again = CliRunner().invoke(app, anime)
    assert (again.exit_code, "was here already" in again.stdout) == (0, True)


def test_movielens_shows_its_terms_and_asks_nothing(tmp_path: Path) -> None:
    (archive,) = FORMS["ml-latest-small"].offered.values()
    (tmp_path / "set.zip").write_bytes(archive)
    place = ["--root", str(tmp_path / "data")]
    code, out, _ = run("add", "ml-latest-small", "--from", str(tmp_path / "set.zip"), *place)
    assert (code, f"terms: {REGISTRY['ml-latest-small'].terms}" in out) == (0, True)


def test_a_set_without_an_address_is_not_asked_about(tmp_path: Path) -> None:
    code, out, error = run("add", "yelp", "--root", str(tmp_path / "data"))
    assert (code, out) == (1, "")
    assert "download Yelp-JSON.zip" in error


def test_the_list_shows_every_set_in_eighty_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run(*own)
    code, out, _ = run("list", "--root", str(tmp_path / "data"))
    assert (code, max(map(len, out.splitlines()))) == (0, 80)
    assert all(f" {name} " in out for name in ("sample", "mine", *REGISTRY))
    headings = ["In data/", "Added by `e2ep data add NAME`"]
    assert [line for line in out.splitlines() if line in headings] == headings
    assert "Added by `e2ep data add NAME --from PATH`" in out
    assert "2 ratings, 2 users" in out


@pytest.fixture
def project(own: list[str], tmp_path: Path) -> Path:
    """With the data set `mine`, what a run made from it, and kept answers."""
    run(*own)
    for folder in ("runs/tried/artifacts/mine", "metrics/mine", ".cache"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".cache" / "replies.sqlite").touch()
    return tmp_path


def removed(project: Path, *arguments: str, answer: str = "") -> tuple[int, str, str]:
    words = ["data", "remove", *arguments, "--root", str(project / "data")]
    result = CliRunner().invoke(app, words, input=answer)
    return result.exit_code, result.stdout, result.stderr


def test_a_removed_set_is_gone_and_what_stays_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("E2EP_CACHE_DIR", raising=False)
    code, out, _ = removed(project, "mine", "--yes")
    assert (code, list((project / "data").iterdir())) == (0, [])
    assert out.splitlines() == [
        "data/mine: removed",
        "run tried stays; `e2ep run --remove tried` removes it",
        "what was made from it stays: metrics/mine",
        "answers paid for stay, for a run that needs them again; see `e2ep llm prune`",
    ]
    assert all((project / folder).is_dir() for folder in ("runs/tried", "metrics/mine", ".cache"))


@pytest.mark.parametrize(("answer", "stays"), [("y\n", False), ("n\n", True), ("\n", True)])
def test_a_removal_is_confirmed(project: Path, answer: str, stays: bool) -> None:
    code, out, _ = removed(project, "mine", answer=answer)
    assert (code, (project / "data/mine").is_dir()) == (0, stays)
    assert "remove data/mine (5 files, 0.0 MB)?" in out


def test_without_an_answer_nothing_is_removed(project: Path) -> None:
    code, _, error = removed(project, "mine")
    assert (code, (project / "data/mine").is_dir()) == (1, True)
    assert "nobody answered, so data/mine stays; add --yes to remove it" in error


def test_a_linked_set_loses_its_link_alone(project: Path) -> None:
    (project / "data" / "mine").rename(project / "elsewhere")
    (project / "data" / "mine").symlink_to(project / "elsewhere")
    assert removed(project, "mine", "--yes")[0] == 0
    assert not (project / "data" / "mine").exists()
    assert (project / "elsewhere" / "ratings.csv").is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sample", "the sample belongs to the project and stays"),
        ("mien", "there is no data/mien, so nothing was removed; did you mean mine?"),
        ("ml-1m", "there is no data/ml-1m, so nothing was removed; choose from mine, tracked"),
        ("..", "there is no data/.."),
        ("", "there is no data/"),
        ("tracked", "run `dvc remove data/tracked.dvc` first"),
    ],
)
def test_what_must_stay_or_is_not_there_is_refused(project: Path, name: str, said: str) -> None:
    for folder in ("sample", "tracked"):
        (project / "data" / folder).mkdir()
    (project / "data" / "tracked.dvc").touch()
    code, out, error = removed(project, name, "--yes")
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert said in error
    assert {path.name for path in (project / "data").iterdir()} == {
        "mine",
        "sample",
        "tracked",
        "tracked.dvc",
    }
