"""`e2ep recommend`: a user's or a visitor's list, filtered, or everybody's lists as a file."""

import csv
import io
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from e2ep_cli.newcomers.options import Age, Disliked, Gender, Liked
from stages.core.errors import InputError, one_sentence

if TYPE_CHECKING:
    from e2ep_cli.newcomers.candidates import Ranked
    from e2ep_cli.project.reading import Chosen, Film


@one_sentence
def recommend(
    user: Annotated[str | None, typer.Option("--user", help="Id of the user.")] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Lists of all users, into --out.")
    ] = False,
    liked: Liked = None,
    disliked: Disliked = None,
    age: Age = None,
    gender: Gender = None,
    out: Annotated[
        Path | None,
        typer.Option(help="CSV file of the lists, in the form that `e2ep score` reads."),
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", min=1, max=100, help="Length of a list.")] = 10,
    genre: Annotated[
        list[str] | None, typer.Option(help="Only films of this genre; repeatable: any of them.")
    ] = None,
    year: Annotated[
        str | None, typer.Option(metavar="YEAR|FROM-TO", help="Only films of these years.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(help="Data set, else the one in params.yaml.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Split, else the first in params.yaml.")] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Model, else the first of rerank.bases; for somebody new e2ep."),
    ] = None,
    strategy: Annotated[
        str, typer.Option(help="Rerank strategy; none is the model's own order.")
    ] = "none",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the best unseen films for a user, or for somebody new who names films."""
    from e2ep_cli.newcomers import candidates as ranked
    from e2ep_cli.newcomers import options as visiting
    from e2ep_cli.newcomers import ranking as folding
    from e2ep_cli.project import reading

    is_visitor = visiting.is_asked(liked, disliked, age, gender)
    _require_one(user, is_visitor, everybody, out)
    if is_visitor and strategy != "none":
        raise InputError("--strategy needs --user ID: nobody has judged films for somebody new")
    chosen = reading.choose(
        dataset, split, model or (folding.MODEL if is_visitor else None), strategy
    )
    catalogue = reading.films(chosen)
    wanted = _wanted(genre or [], year, catalogue)
    if is_visitor:
        best = ranked.for_visitor(
            chosen, catalogue, visiting.guest_of(catalogue, liked, disliked, age, gender)
        )
    else:
        best = ranked.for_users(chosen, user)
    lists = _lists(best.rows, wanted, k)
    if out is not None:
        return _write(best, lists, catalogue, out)
    show = _print_json if as_json else _show
    show(best, chosen, next(iter(lists.values()), []), catalogue)


def _require_one(user: str | None, is_visitor: bool, everybody: bool, out: Path | None) -> None:
    asked = [user is not None, is_visitor, everybody].count(True)
    if asked != 1 or (everybody and out is None) or (user is not None and out is not None):
        raise InputError(
            "give one of --user ID, --liked TITLE for somebody new, or --all with --out FILE.csv"
        )


def _lists(rows: list[dict[str, Any]], wanted: set[int], k: int) -> dict[int, list[dict[str, Any]]]:
    """By user row, the first k wanted candidates."""
    return {
        user: [one for one in group if one["item_row"] in wanted][:k]
        for user, group in itertools.groupby(rows, key=lambda one: one["user_row"])
    }


def _wanted(genres: list[str], years: str | None, catalogue: list["Film"]) -> set[int]:
    known = {genre.casefold(): genre for film in catalogue for genre in film.genres}
    foreign = [genre for genre in genres if genre.casefold() not in known]
    if foreign:
        raise InputError(
            f"no film has the genre {foreign[0]!r}; there are {', '.join(sorted(known.values()))}"
        )
    low, high = _span(years)
    asked = {genre.casefold() for genre in genres}
    return {
        row
        for row, film in enumerate(catalogue)
        if (not asked or asked & {genre.casefold() for genre in film.genres})
        and (years is None or (film.year is not None and low <= film.year <= high))
    }


def _span(years: str | None) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", years or "0000-9999")
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise InputError(
            f"--year {years!r} is neither a year nor a span; write --year 1995 or --year 1990-1999"
        )
    return int(found[1]), int(found[2] or found[1])


def _write(
    ranked: "Ranked", lists: dict[int, list[dict[str, Any]]], catalogue: list["Film"], out: Path
) -> None:
    from stages.core.tables import write_text

    if out.exists() and not out.is_file():
        raise InputError(f"--out {out} is not a file; give the name of a CSV file")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["user_id", "movie_id", "recommendation_rank"])
    for row, items in lists.items():
        table.writerows(
            (ranked.ids[row], catalogue[one["item_row"]].item_id, rank)
            for rank, one in enumerate(items, 1)
        )
    write_text(out.resolve(), text.getvalue())
    typer.echo(f"{out}: {sum(map(len, lists.values())):,} rows for {len(lists):,} users")


def _print_json(
    ranked: "Ranked", chosen: "Chosen", items: list[dict[str, Any]], catalogue: list["Film"]
) -> None:
    listed = [
        {"rank": rank, **_film(catalogue[one["item_row"]]), "graph_score": round(one["score"], 5)}
        for rank, one in enumerate(items, 1)
    ]
    (user,) = ranked.ids.values()
    shown = {"user_id": user, "dataset": chosen.dataset, "split": chosen.split, "model": chosen.base,
             "strategy": chosen.strategy, "items": listed}  # fmt: skip
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))


def _film(film: "Film") -> dict[str, Any]:
    return {
        "movie_id": film.item_id,
        "title": film.title,
        "year": film.year,
        "genres": list(film.genres),
    }


def _show(
    ranked: "Ranked", chosen: "Chosen", items: list[dict[str, Any]], catalogue: list["Film"]
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(f"For {ranked.who} · {chosen.dataset} {chosen.split} · {chosen.base}"),
        title_justify="left",
    )
    for name in ("#", "film", "genres", "score"):
        table.add_column(name, justify="left" if name in ("film", "genres") else "right")
    for rank, one in enumerate(items, 1):
        film = catalogue[one["item_row"]]
        table.add_row(
            str(rank), Text(film.name), Text(", ".join(film.genres)), f"{one['score']:.2f}"
        )
    Console().print(table)
    if not items:
        typer.echo(
            "No candidate passes these filters; of a user's films the first of train.common.candidates are kept."
        )
