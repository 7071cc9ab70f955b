"""`python -m stages.rerank`: have a base model's candidates judged in one way."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from stages.contracts.calls import Asked, combined
from stages.contracts.items import read_profiled
from stages.contracts.plan import COMPUTED_STRATEGIES, UNJUDGED, published_users, weight_of
from stages.contracts.rows import CANDIDATES, JUDGED, RATINGS, UserProfile
from stages.contracts.scale import POSITIVE
from stages.contracts.splits import NEXT, refits
from stages.contracts.words import read_words
from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.params import load_params, load_section, load_seed
from stages.core.seeds import generator
from stages.core.tables import read_jsonl, read_table, write_jsonl, write_model, write_table
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.rerank.computed import computed
from stages.rerank.known import KnownPaths
from stages.rerank.named import computed_named, strategy_named
from stages.rerank.params import RerankParams
from stages.rerank.pools import Bench, Judged, judged, liked_last, pools
from stages.rerank.reasoner import Reasoner
from stages.rerank.strategy import Strategy


@one_sentence
def main(
    strategy: Annotated[
        str, typer.Option(help="Name of the strategy: a file of stages/rerank/strategies/.")
    ],
    split: Annotated[str, typer.Option(help="Name of the split.")],
    prepared: Annotated[
        Path,
        typer.Option(
            help="Folder that prepare wrote; test rows only say whose lists are reranked."
        ),
    ],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    items: Annotated[Path, typer.Option(help="Movie profiles.")],
    users: Annotated[Path, typer.Option(help="User profiles of the split.")],
    embedded: Annotated[Path, typer.Option(help="Folder of the item vectors that embed wrote.")],
    trained: Annotated[Path, typer.Option(help="Folder of the base model.")],
    out: Annotated[Path, typer.Option(help="Folder for values and judgements.")],
) -> None:
    """Judge every pool and ask for reasons; with `fit_weight`, judge the validation pools too.

    A computed strategy asks no judge, and always gives the validation pools their values.
    """
    params, llm = load_section("rerank", RerankParams), load_section("llm", LlmParams)
    seed = load_seed()
    computes = strategy in COMPUTED_STRATEGIES
    asking = None if computes else strategy_named(strategy, params)
    with logged(f"rerank {strategy}") as counts:
        rows = prepared / "splits" / split
        profiles = list(read_jsonl(users, UserProfile))
        catalogue = read_profiled(movies, items)
        bench = partial(
            Bench,
            catalogue=catalogue,
            users=profiles,
            seed=seed,
            titles=params.titles,
            words=read_words(prepared),
            details=params.details,
            recent=liked_last(read_table(rows / "train.parquet", RATINGS), params.recent),
        )
        everybody = list(range(len(profiles)))
        asked_about = rows / ("valid.parquet" if split == NEXT else "test.parquet")
        whose = everybody if params.users == "all" else _liking(params, asked_about, seed)
        asked = params.reasons
        reasoner = (
            Reasoner(asked.k, asked.claims, weight_of(strategy, params.fusion_weight))
            if strategy in asked.strategies or split == NEXT
            else None
        )
        lists = [CandidateLists("judged", "judgements", "candidates", whose, reasoner)]
        if params.fit_weight or computes:
            on_valid = params.model_copy(update={"users": "test"}) if computes else params
            liking = _liking(on_valid, rows / "valid.parquet", seed)
            lists.append(CandidateLists("valid", "valid-judgements", "valid", liking))
        ways: list[Strategy]
        if asking:
            ways = [asking] * len(lists)
        else:
            everything = load_params()
            seen = published_users(everything)
            paths = KnownPaths(trained, rows, embedded, refits(everything), seen)
            way = computed_named(strategy, params)
            ways = list(computed(way, paths.read(way.pool, profiles, catalogue, seed)))
        done, calls, judge = asyncio.run(
            _judged(lists, ways, trained, bench, llm, strategy not in UNJUDGED)
        )
        for part, made in zip(lists, done, strict=True):
            part.write(out, made)
        write_model(out / "asked.json", calls)
        outcomes = [row.outcome for made in done for row in made.judgements]
        outcomes += [row.outcome for made in done for row in made.reasons]
        counts |= {
            "users": len(whose),
            "questions": len(outcomes),
            "not answered": sum(outcome != "answered" for outcome in outcomes),
        } | ({"judge": judge} if any(made.judgements for made in done) else {})


@dataclass(frozen=True)
class CandidateLists:
    """Lists to judge.

    The names of the files to write and of the base's table, the users' rows, who asks for reasons.
    """

    values: str
    judgements: str
    candidates: str
    users: list[int]
    reasoner: Reasoner | None = None

    def write(self, out: Path, made: Judged) -> None:
        """Write the results for the lists."""
        write_table(out / f"{self.values}.parquet", made.values, JUDGED)
        write_jsonl(out / f"{self.judgements}.jsonl", made.judgements)
        if self.reasoner:
            write_jsonl(out / "reasons.jsonl", made.reasons)


async def _judged(
    lists: list[CandidateLists],
    ways: list[Strategy],
    trained: Path,
    bench: Callable[..., Bench],
    llm: LlmParams,
    asks: bool,
) -> tuple[list[Judged], Asked, str]:
    """The result for each of the lists, by its own way; what was asked; and the judge's name.

    asks: whether the strategy asks a judge. Only models that are asked are connected.
    """
    explains = any(part.reasoner for part in lists)
    done, about_users = [], llm.about_users if explains else LlmParams()
    judging = llm.judging if asks else about_users
    async with AsyncExitStack() as closing:
        judge = await closing.enter_async_context(connected(judging))
        explainer = None
        if explains and judging != about_users:
            explainer = await closing.enter_async_context(connected(about_users))
        made = bench(judge, explainer=explainer)
        for part, way in zip(lists, ways, strict=True):
            candidates = read_table(trained / f"{part.candidates}.parquet", CANDIDATES)
            cases = list(pools(candidates, part.users, way.pool))
            label = f"rerank {part.values}"
            done.append(await judged(way, made, cases, judging.width, label, part.reasoner))
        asked = combined(*(model.asked() for model in (judge, explainer) if model))
        return done, asked, judge.model


def _liking(params: RerankParams, ratings: Path, seed: int) -> list[int]:
    """Users with a relevant item among `ratings`, or a random sample of them.

    No other list can tell how good a weight is.
    """
    rows = read_table(ratings, RATINGS)
    liking = np.unique(rows.loc[rows["rating"] >= POSITIVE, "user_row"])
    if isinstance(params.users, str):
        return liking.tolist()
    return sorted(generator(seed, "rerank", "users").permutation(liking)[: params.users].tolist())


if __name__ == "__main__":
    typer.run(main)
