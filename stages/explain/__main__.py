"""`python -m stages.explain`: explain the reranked lists of one base model and strategy."""

import asyncio
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.params import load_params, load_section
from stages.core.schema import CANDIDATES, ENRICHED, JUDGED, Explanation, ItemProfile, UserProfile
from stages.core.tables import read_jsonl, read_table, write_jsonl
from stages.explain.lists import Place, explained_lists
from stages.explain.params import ExplainParams
from stages.explain.reasons import Explainer, Films
from stages.llm.concurrently import in_order
from stages.llm.params import LlmParams
from stages.llm.providers import connected


@one_sentence
def main(
    base: Annotated[str, typer.Option(help="Name of the base model.")],
    strategy: Annotated[str, typer.Option(help="Name of the rerank strategy.")],
    candidates: Annotated[Path, typer.Option(help="Candidates of the base model.")],
    judged: Annotated[Path, typer.Option(help="The strategy's values.")],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    items: Annotated[Path, typer.Option(help="Movie profiles.")],
    users: Annotated[Path, typer.Option(help="User profiles of the split.")],
    out: Annotated[Path, typer.Option(help="File for the explanations.")],
) -> None:
    """Explain every judged user's top k."""
    params, llm = load_section("explain", ExplainParams), load_section("llm", LlmParams)
    weight = float(load_params()["evaluate"]["fusion_weight"])
    with logged(f"explain {strategy}") as counts:
        films = _films(movies, items)
        people = list(read_jsonl(users, UserProfile))
        lists = list(explained_lists(read_table(candidates, CANDIDATES), read_table(judged, JUDGED), params.k, weight))

        async def explain_all() -> list[Explanation]:
            async with connected(llm) as model:
                explainer = Explainer(model, films, params, base, strategy)

                async def one(case: tuple[int, list[Place]]) -> Explanation:
                    return await explainer.explain(people[case[0]], case[1])

                return await in_order(one, lists, llm.width, "explanations")

        rows = asyncio.run(explain_all())
        write_jsonl(out, rows)
        reasons = [item.reason for row in rows for item in row.items]
        counts |= {"users": len(rows), "films": len(reasons), "without a reason": reasons.count("")}


def _films(movies: Path, items: Path) -> Films:
    table, profiles = read_table(movies, ENRICHED), list(read_jsonl(items, ItemProfile))
    return Films(
        titles=table["title"].tolist(),
        people=[_people(row) for row in zip(table["directors"], table["cast"], strict=True)],
        profiles=profiles,
        row_of={profile.item_id: row for row, profile in enumerate(profiles)},
    )


def _people(row: tuple[pd.Series, pd.Series]) -> frozenset[str]:
    return frozenset(name.casefold() for names in row for name in names)


if __name__ == "__main__":
    typer.run(main)
