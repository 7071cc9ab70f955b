"""`python -m stages.rerank`: have a base model's candidates judged in one way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from stages.core.errors import ParamError, one_sentence
from stages.core.log import logged
from stages.core.params import check_section, load_section, load_seed
from stages.core.schema import CANDIDATES, ENRICHED, JUDGED, POSITIVE, RATINGS, ItemProfile, Judgement, UserProfile
from stages.core.seeds import generator
from stages.core.tables import read_jsonl, read_table, write_jsonl, write_table
from stages.llm.chat import ChatModel
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
    valid_candidates: Annotated[Path, typer.Option(help="Candidates of the base model fitted on train alone.")],
    valid: Annotated[Path, typer.Option(help="Validation rows of the split, which only say whose lists are judged.")],
) -> None:
    """Judge every user's pool, and with `fit_weight` the validation pools too."""
    params, llm = load_section("rerank", RerankParams), load_section("llm", LlmParams)
    seed = load_seed()
    way = strategy_named(strategy, params)
    with logged(f"rerank {strategy}") as counts:
        profiles = list(read_jsonl(users, UserProfile))
        bench = partial(Bench, films=_films(movies, items), users=profiles, seed=seed, titles=params.titles)
        parts = [Part("judged", "judgements", candidates, _users(params, test, len(profiles), seed))]
        if params.fit_weight:
            parts.append(Part("valid", "valid-judgements", valid_candidates, _liking(params, valid, seed)))
        done, judge = asyncio.run(_judged(parts, way, bench, llm))
        for part, (values, judgements) in zip(parts, done, strict=True):
            write_table(out / f"{part.values}.parquet", values, JUDGED)
            write_jsonl(out / f"{part.judgements}.jsonl", judgements)
        counts |= told(parts, [one for _, judgements in done for one in judgements]) | {"judge": judge}


@dataclass(frozen=True)
class Part:
    """Lists that are judged: the names of the files written, the candidates, and the rows of the users."""

    values: str
    judgements: str
    candidates: Path
    users: list[int]


async def _judged(
    parts: list[Part], way: Strategy, bench: Callable[[ChatModel], Bench], llm: LlmParams
) -> tuple[list[tuple[pd.DataFrame, list[Judgement]]], str]:
    """Each part's values and judgements, and the judge's name."""
    done = []
    async with connected(llm) as model:
        for part in parts:
            cases = list(pools(read_table(part.candidates, CANDIDATES), part.users, way.pool))
            done.append(await judged(way, bench(model), cases, llm.width, f"rerank {part.values}"))
    return done, model.model


def told(parts: list[Part], judgements: list[Judgement]) -> dict[str, object]:
    """What the line at the end counts."""
    counts = {"users": len(parts[0].users), "questions": len(judgements)}
    unanswered = sum(one.outcome != "answered" for one in judgements)
    return {**counts, "not answered": unanswered}


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
    return list(range(n_users)) if params.users == "all" else _liking(params, test, seed)


def _liking(params: RerankParams, ratings: Path, seed: int) -> list[int]:
    """Users with a relevant item among `ratings`, or a draw of them; nobody else's list says what a weight is worth."""
    rows = read_table(ratings, RATINGS)
    liking = np.unique(rows.loc[rows["rating"] >= POSITIVE, "user_row"])
    if isinstance(params.users, str):
        return liking.tolist()
    return sorted(generator(seed, "rerank", "users").permutation(liking)[: params.users].tolist())


if __name__ == "__main__":
    typer.run(main)
