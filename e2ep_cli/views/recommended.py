"""What `e2ep recommend` prints and writes."""

import json
from pathlib import Path

import typer

from e2ep_cli.newcomers.candidates import RankedCandidates
from e2ep_cli.newcomers.description import NEWCOMER_ID
from e2ep_cli.newcomers.lists import FilteredList
from e2ep_cli.reading.choice import RankingChoice
from e2ep_cli.views.tables import WholeTable, number_column, show_table
from stages.contracts.items import Item
from stages.contracts.plan import UNJUDGED
from stages.contracts.words import DomainWords
from stages.core.errors import InputError
from stages.core.files import write_text
from stages.evaluate.score.written import lists_as


def write_lists(
    ranked: RankedCandidates,
    choice: RankingChoice,
    lists: dict[int, FilteredList],
    catalogue: list[Item],
    out: Path,
    form: str,
    k: int,
) -> None:
    """Write the list of each user row in a form that `e2ep score` reads."""
    if out.exists() and not out.is_file():
        raise InputError(f"--out {out} is not a file; give the name of a file")
    named = {
        ranked.ids[row]: [catalogue[entry["item_row"]].item_id for entry in made.entries]
        for row, made in lists.items()
    }
    system = choice.base if choice.strategy == "none" else f"{choice.base}+{choice.strategy}"
    write_text(out.resolve(), lists_as(form, named, system))
    rows = sum(len(made.entries) for made in lists.values())
    typer.echo(
        f"{out}: {rows:,} rows for {len(lists):,} users · {choice.dataset} {choice.split} · "
        f"{_ranking(choice)}"
    )
    if short := [made for made in lists.values() if len(made.entries) < k]:
        typer.echo(
            f"{'1 user has' if len(short) == 1 else f'{len(short):,} users have'} "
            f"fewer than {k} items: {short[0].matching} match, "
            f"less those that are {_bar(ranked, choice.words)}"
        )


def print_list(
    ranked: RankedCandidates,
    choice: RankingChoice,
    made: FilteredList,
    catalogue: list[Item],
    k: int,
) -> None:
    """Print one list as JSON, with how many items match and how many of them are known."""
    items = []
    for rank, entry in enumerate(made.entries, 1):
        item = catalogue[entry["item_row"]]
        items.append(
            {
                "rank": rank,
                "movie_id": item.item_id,
                "title": item.title,
                "year": item.year,
                "genres": list(item.genres),
                **({"creators": list(item.creators)} if item.creators else {}),
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
        "judge_weight": None if choice.strategy in UNJUDGED else choice.weight,
        **({"shown_because": choice.why} if choice.why else {}),
        "matching": made.matching,
        "left_out": made.barred,
        **(
            {"fewer_because": _why_short(ranked, made, choice.words)}
            if len(made.entries) < k
            else {}
        ),
        "items": items,
    }
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))


def show_list(
    ranked: RankedCandidates,
    choice: RankingChoice,
    made: FilteredList,
    catalogue: list[Item],
    k: int,
) -> None:
    """Print one list as a table, and why it is short if it is."""
    place = f"{choice.dataset} {choice.split}"
    words, by, kinds = (
        choice.words,
        *(any(getattr(item, name) for item in catalogue) for name in ("creators", "genres")),
    )
    table = WholeTable(
        number_column("#"),
        "title" if words.of_films else words.item,
        *([words.creator_word] if by else []),
        *(["genres"] if kinds else []),
        number_column("score" if choice.strategy == "none" else "graph"),
        title=f"For {ranked.who} · {place} · {_ranking(choice)}",
    )
    for rank, entry in enumerate(made.entries, 1):
        item = catalogue[entry["item_row"]]
        score = f"{entry['score']:.2f}"
        known = [
            ", ".join(part) for part, any_ in ((item.creators, by), (item.genres, kinds)) if any_
        ]
        table.add_row(str(rank), item.name, *known, score)
    if made.entries:
        show_table(table)
    if choice.why:
        typer.echo(f"{choice.base if choice.strategy == 'none' else choice.strategy}: {choice.why}")
    if len(made.entries) < k:
        typer.echo(f"{len(made.entries)} of {k} shown: {_why_short(ranked, made, choice.words)}")


def _ranking(choice: RankingChoice) -> str:
    """The model and, if its list is reranked, by what."""
    if choice.strategy == "none":
        return choice.base
    return f"{choice.base} reranked by {choice.how}"


def _why_short(ranked: RankedCandidates, made: FilteredList, words: DomainWords) -> str:
    """Why a list has no more items."""
    of = f", {made.barred} of them {_bar(ranked, words)}" if made.barred else ""
    return f"{made.matching or 'no'} items match{of}"


def _bar(ranked: RankedCandidates, words: DomainWords) -> str:
    """What keeps items that match from being listed."""
    if len(ranked.unranked):
        return f"not ranked on this split, as they have {words.rows}"
    return "named already" if NEWCOMER_ID in ranked.ids.values() else f"{words.done} already"
