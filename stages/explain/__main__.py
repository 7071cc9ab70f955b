"""`python -m stages.explain`: explain the reranked lists of one base model and strategy."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from stages.contracts.plan import load_fusion_weight, load_reasons
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import CANDIDATES, ENRICHED, JUDGED, ItemProfile, UserProfile
from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.tables import read_jsonl, read_table, write_jsonl
from stages.explain.lists import explained_lists
from stages.explain.reasons import Explainer, Films


@one_sentence
def main(
    base: Annotated[str, typer.Option(help="Name of the base model.")],
    strategy: Annotated[str, typer.Option(help="Name of the rerank strategy.")],
    candidates: Annotated[Path, typer.Option(help="Candidates of the base model.")],
    judged: Annotated[Path, typer.Option(help="The strategy's values.")],
    reasons: Annotated[Path, typer.Option(help="The claims that rerank was answered.")],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    items: Annotated[Path, typer.Option(help="Movie profiles.")],
    users: Annotated[Path, typer.Option(help="User profiles of the split.")],
    out: Annotated[Path, typer.Option(help="File for the explanations.")],
) -> None:
    """Explain every judged user's top k with the claims that hold."""
    params = load_reasons()
    with logged(f"explain {strategy}") as counts:
        explainer = Explainer(_films(movies, items), params.claims, base, strategy)
        people = list(read_jsonl(users, UserProfile))
        raw = {one.user_id: one for one in read_jsonl(reasons, RawReasons)}
        tables = read_table(candidates, CANDIDATES), read_table(judged, JUDGED)
        lists = explained_lists(*tables, params.k, load_fusion_weight())
        rows = [
            explainer.explain(people[row], places, raw[people[row].user_id])
            for row, places in lists
        ]
        write_jsonl(out, rows)
        told = [item.reason for row in rows for item in row.items]
        counts |= {"users": len(rows), "films": len(told), "without a reason": told.count("")}


def _films(movies: Path, items: Path) -> Films:
    table = read_table(movies, ENRICHED)
    return Films(
        titles=table["title"].tolist(),
        people=[_people(row) for row in zip(table["directors"], table["cast"], strict=True)],
        profiles=list(read_jsonl(items, ItemProfile)),
    )


def _people(row: tuple[pd.Series, pd.Series]) -> frozenset[str]:
    return frozenset(name.casefold() for names in row for name in names)


if __name__ == "__main__":
    typer.run(main)
