"""`python -m stages.rerank`: have a base model's candidates judged in one way."""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from stages.core.errors import ParamError, one_sentence
from stages.core.log import logged, progress
from stages.core.params import check_section, load_section, load_seed
from stages.core.schema import CANDIDATES, ENRICHED, JUDGED, POSITIVE, RATINGS, ItemProfile, Judgement, UserProfile
from stages.core.seeds import generator
from stages.core.tables import read_jsonl, read_table, write_jsonl, write_table
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.rerank.films import Films
from stages.rerank.params import RerankParams
from stages.rerank.pools import Bench, judged, pools
from stages.rerank.strategy import Strategy


@one_sentence
def main(
    strategy: Annotated[str, typer.Option(help="Name of the strategy: a file of stages/rerank/strategies/.")],
    candidates: Annotated[Path, typer.Option(help="Candidates of the base model.")],
    test: Annotated[Path, typer.Option(help="Test rows of the split, which only say whose lists are judged.")],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    items: Annotated[Path, typer.Option(help="Movie profiles.")],
    users: Annotated[Path, typer.Option(help="User profiles of the split.")],
    out: Annotated[Path, typer.Option(help="Folder for values and judgements.")],
) -> None:
    """Judge every user's pool."""
    params, llm = load_section("rerank", RerankParams), load_section("llm", LlmParams)
    seed = load_seed()
    way = strategy_named(strategy, params)
    with logged(f"rerank {strategy}") as counts:
        lists, profiles = read_table(candidates, CANDIDATES), list(read_jsonl(users, UserProfile))
        films = _films(movies, items)
        cases = list(pools(lists, _users(params, test, len(profiles), seed), way.pool))

        async def judge_all() -> tuple[pd.DataFrame, list[Judgement], str]:
            async with connected(llm) as model:
                bench = Bench(model, films, profiles, seed, params.titles)
                return *await judged(way, bench, progress(cases, f"rerank {strategy}")), model.model

        values, judgements, judge = asyncio.run(judge_all())
        write_table(out / "judged.parquet", values, JUDGED)
        write_jsonl(out / "judgements.jsonl", judgements)
        counts |= {"users": len(cases), "questions": len(judgements)}
        counts |= {"not answered": sum(one.outcome != "answered" for one in judgements), "judge": judge}


def strategy_named(name: str, params: RerankParams) -> Strategy:
    """The strategy with its own section of params.yaml, or a ParamError that lists the ones there are."""
    known = sorted(path.stem for path in (Path(__file__).parent / "strategies").glob("[!_]*.py"))
    if name not in known:
        raise ParamError(
            f"strategies in params.yaml names {name!r}, which is not a file of stages/rerank/strategies/; "
            f"there are {', '.join(known)}"
        )
    module = import_module(f"stages.rerank.strategies.{name}")
    config = check_section(f"rerank.strategies.{name}", params.strategies.get(name, {}), module.Config)
    strategy: Strategy = module.STRATEGY(config)
    return strategy


def _films(movies: Path, items: Path) -> Films:
    table = read_table(movies, ENRICHED)
    years = [None if np.isnan(year) else int(year) for year in table["year"].astype(float)]
    return Films(table["title"].tolist(), years, list(read_jsonl(items, ItemProfile)))


def _users(params: RerankParams, test: Path, n_users: int, seed: int) -> list[int]:
    if params.users == "all":
        return list(range(n_users))
    rows = read_table(test, RATINGS)
    tested = np.unique(rows.loc[rows["rating"] >= POSITIVE, "user_row"])
    if params.users == "test":
        return tested.tolist()
    return sorted(generator(seed, "rerank", "users").permutation(tested)[: params.users].tolist())


if __name__ == "__main__":
    typer.run(main)
