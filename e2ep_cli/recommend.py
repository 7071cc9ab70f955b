"""`e2ep recommend`: a user's list, filtered, or everybody's lists as a file."""

import csv
import io
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stages.core.errors import InputError, one_sentence

if TYPE_CHECKING:
    from e2ep_cli.reading import Chosen, Film


@one_sentence
def recommend(
    user: Annotated[str | None, typer.Option("--user", help="Id of the user.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Lists of all users, into --out.")] = False,
    out: Annotated[Path | None, typer.Option(help="CSV file for --all, in the form that `e2ep score` reads.")] = None,
    k: Annotated[int, typer.Option("-k", "--k", min=1, max=100, help="Length of a list.")] = 10,
    genre: Annotated[list[str] | None, typer.Option(help="Only films of this genre; repeatable: any of them.")] = None,
    year: Annotated[str | None, typer.Option(metavar="YEAR|FROM-TO", help="Only films of these years.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Data set, else the one in params.yaml.")] = None,
    split: Annotated[str | None, typer.Option(help="Split, else the first in params.yaml.")] = None,
    model: Annotated[str | None, typer.Option(help="Model, else the first of rerank.bases.")] = None,
    strategy: Annotated[str, typer.Option(help="Rerank strategy; none is the model's own order.")] = "none",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the best unseen films for a user."""
    from e2ep_cli import reading

    if everybody == (user is not None) or everybody != (out is not None):
        raise InputError("give either --user ID, or --all with --out FILE.csv")
    chosen = reading.choose(dataset, split, model, strategy)
    row = None if user is None else reading.user_row(chosen, user)
    catalogue = reading.films(chosen)
    lists = _lists(chosen, row, catalogue, _wanted(genre or [], year, catalogue), k)
    if out is not None:
        _write(chosen, lists, catalogue, out)
    elif as_json:
        typer.echo(json.dumps(_as_json(user, chosen, lists.get(row or 0, []), catalogue), ensure_ascii=False, indent=1))
    else:
        _show(user, chosen, lists.get(row or 0, []), catalogue)


def _lists(
    chosen: "Chosen", row: int | None, catalogue: list["Film"], wanted: set[int], k: int
) -> dict[int, list[dict[str, Any]]]:
    """By user row, the first k wanted candidates in fused order."""
    from e2ep_cli import reading

    values = {} if chosen.strategy == "none" else reading.judged_values(chosen, row)
    rows = reading.candidate_rows(chosen, row)
    return {
        user: [one for one in _fused(list(group), values, chosen.weight) if one["item_row"] in wanted][:k]
        for user, group in itertools.groupby(rows, key=lambda one: one["user_row"])
    }


def _fused(rows: list[dict[str, Any]], values: dict[tuple[int, int], float], weight: float) -> list[dict[str, Any]]:
    """The judged pool in fused order, then the rest in the base order."""
    import numpy as np

    from stages.core.fusion import fused_order

    pool = [one for one in rows if (one["user_row"], one["item_row"]) in values]
    if not pool:
        return rows
    judge = np.array([values[one["user_row"], one["item_row"]] for one in pool], dtype=np.float64)
    return [pool[place] for place in fused_order(judge, weight)] + rows[len(pool) :]


def _wanted(genres: list[str], years: str | None, catalogue: list["Film"]) -> set[int]:
    known = {genre.casefold(): genre for film in catalogue for genre in film.genres}
    foreign = [genre for genre in genres if genre.casefold() not in known]
    if foreign:
        raise InputError(f"no film has the genre {foreign[0]!r}; there are {', '.join(sorted(known.values()))}")
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
        raise InputError(f"--year {years!r} is neither a year nor a span; write --year 1995 or --year 1990-1999")
    return int(found[1]), int(found[2] or found[1])


def _write(chosen: "Chosen", lists: dict[int, list[dict[str, Any]]], catalogue: list["Film"], out: Path) -> None:
    from stages.core.schema import USERS
    from stages.core.tables import read_arrow, write_text

    ids = read_arrow(chosen.path("prepare") / "users.parquet", USERS)["user_id"].to_pylist()
    if out.exists() and not out.is_file():
        raise InputError(f"--out {out} is not a file; give the name of a CSV file")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["user_id", "movie_id", "recommendation_rank"])
    for row, items in lists.items():
        table.writerows((ids[row], catalogue[one["item_row"]].item_id, rank) for rank, one in enumerate(items, 1))
    write_text(out.resolve(), text.getvalue())
    typer.echo(f"{out}: {sum(map(len, lists.values())):,} rows for {len(lists):,} users")


def _as_json(
    user: str | None, chosen: "Chosen", items: list[dict[str, Any]], catalogue: list["Film"]
) -> dict[str, Any]:
    listed = [
        {"rank": rank, **_film(catalogue[one["item_row"]]), "graph_score": round(one["score"], 5)}
        for rank, one in enumerate(items, 1)
    ]
    return {"user_id": user, "dataset": chosen.dataset, "split": chosen.split, "model": chosen.base,
            "strategy": chosen.strategy, "items": listed}  # fmt: skip


def _film(film: "Film") -> dict[str, Any]:
    return {"movie_id": film.item_id, "title": film.title, "year": film.year, "genres": list(film.genres)}


def _show(user: str | None, chosen: "Chosen", items: list[dict[str, Any]], catalogue: list["Film"]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(f"For user {user} · {chosen.dataset} {chosen.split} · {chosen.base}"), title_justify="left"
    )
    for name in ("#", "film", "genres", "score"):
        table.add_column(name, justify="left" if name in ("film", "genres") else "right")
    for rank, one in enumerate(items, 1):
        film = catalogue[one["item_row"]]
        table.add_row(str(rank), Text(film.name), Text(", ".join(film.genres)), f"{one['score']:.2f}")
    Console().print(table)
    if not items:
        typer.echo("No candidate passes these filters; the model lists 100 candidates a user.")
