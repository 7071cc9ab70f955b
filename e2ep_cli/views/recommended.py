"""What `e2ep recommend` prints and writes."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import typer

from e2ep_cli.newcomers.candidates import RankedCandidates
from e2ep_cli.project.reading import RankingChoice
from e2ep_cli.views.tables import WholeTable, number_column, show_table
from stages.contracts.items import Item
from stages.core.errors import InputError
from stages.core.files import write_text


def write_lists(
    ranked: RankedCandidates,
    lists: dict[int, list[dict[str, Any]]],
    catalogue: list[Item],
    out: Path,
) -> None:
    """Write the list of each user row as CSV that `e2ep score` reads."""
    if out.exists() and not out.is_file():
        raise InputError(f"--out {out} is not a file; give the name of a CSV file")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["user_id", "movie_id", "recommendation_rank"])
    for row, entries in lists.items():
        table.writerows(
            (ranked.ids[row], catalogue[entry["item_row"]].item_id, rank)
            for rank, entry in enumerate(entries, 1)
        )
    write_text(out.resolve(), text.getvalue())
    typer.echo(f"{out}: {sum(map(len, lists.values())):,} rows for {len(lists):,} users")


def print_list(
    ranked: RankedCandidates,
    choice: RankingChoice,
    entries: list[dict[str, Any]],
    catalogue: list[Item],
) -> None:
    """Print one list as JSON."""
    items = []
    for rank, entry in enumerate(entries, 1):
        item = catalogue[entry["item_row"]]
        items.append(
            {
                "rank": rank,
                "movie_id": item.item_id,
                "title": item.title,
                "year": item.year,
                "genres": list(item.genres),
                "graph_score": round(entry["score"], 5),
            }
        )
    (user,) = ranked.ids.values()
    shown = {
        "user_id": user,
        "dataset": choice.dataset,
        "split": choice.split,
        "model": choice.base,
        "strategy": choice.strategy,
        "items": items,
    }
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))


def show_list(
    ranked: RankedCandidates,
    choice: RankingChoice,
    entries: list[dict[str, Any]],
    catalogue: list[Item],
) -> None:
    """Print one list as a table."""
    if not entries:
        typer.echo(
            "No candidate matches these filters; each user has train.common.candidates candidates."
        )
        return
    title = f"For {ranked.who} · {choice.dataset} {choice.split} · {choice.base}"
    table = WholeTable(number_column("#"), "title", "genres", number_column("score"), title=title)
    for rank, entry in enumerate(entries, 1):
        item = catalogue[entry["item_row"]]
        score = f"{entry['score']:.2f}"
        table.add_row(str(rank), item.name, ", ".join(item.genres), score)
    show_table(table)
