"""A newcomer's profile and reasons by the offline rules, made as the stages make a user's.

Nothing is asked or written.
"""

import asyncio
from dataclasses import dataclass

from e2ep_cli.newcomers.description import NEWCOMER_ID, SelfDescription
from e2ep_cli.newcomers.ranking import newcomer_candidates
from e2ep_cli.project.reading import RankingChoice
from stages.contracts.fusion import place_values
from stages.contracts.plan import ReasonsParams
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import ENRICHED, Explanation, ItemProfile, UserProfile
from stages.core.tables import read_arrow, read_jsonl
from stages.explain import reasons
from stages.explain.lists import Place
from stages.llm.providers.offline import Offline
from stages.profile import users
from stages.profile.history import History
from stages.profile.params import ProfileParams
from stages.rerank import films
from stages.rerank.pools import Bench
from stages.rerank.reasoner import Reasoner


def explain_for_newcomer(
    choice: RankingChoice, newcomer: SelfDescription, k: int | None
) -> tuple[Explanation, UserProfile]:
    """Their first `k` items, else as many as the stage explains, with reasons; their profile."""
    params, catalogue = choice.section("rerank.reasons", ReasonsParams), _described_items(choice)
    first = newcomer_candidates(choice, newcomer)[: k or params.k]
    profile = asyncio.run(_profile(newcomer, catalogue, choice.section("profile", ProfileParams)))
    rows = [entry["item_row"] for entry in first]
    raw = asyncio.run(_reasons(profile, catalogue, rows, params.claims))
    values = place_values(len(first)).tolist()
    places = [
        Place(entry["item_row"], entry["score"], entry["place"], value)
        for entry, value in zip(first, values, strict=True)
    ]
    known = reasons.Films(catalogue.titles, catalogue.people, catalogue.profiles)
    explainer = reasons.Explainer(known, params.claims, choice.base, choice.strategy)
    return explainer.explain(profile, places, raw), profile


@dataclass(frozen=True)
class DescribedItems:
    """What the stages know of all items, by item row."""

    titles: list[str]
    years: list[int | None]
    people: list[frozenset[str]]
    profiles: list[ItemProfile]


def _described_items(choice: RankingChoice) -> DescribedItems:
    table = read_arrow(choice.path("enrich"), ENRICHED)
    titles, years, directors, cast = (
        table[name].to_pylist() for name in ("title", "year", "directors", "cast")
    )
    people = [
        frozenset(name.casefold() for name in (*by, *with_))
        for by, with_ in zip(directors, cast, strict=True)
    ]
    profiles = list(read_jsonl(choice.path("profile-items"), ItemProfile))
    return DescribedItems(titles, years, people, profiles)


async def _profile(
    newcomer: SelfDescription, catalogue: DescribedItems, params: ProfileParams
) -> UserProfile:
    history = History(newcomer.liked[: params.liked], newcomer.disliked[: params.disliked])
    known = users.Films(catalogue.titles, catalogue.profiles)
    (profile,) = await users.user_profiles(
        [NEWCOMER_ID], {0: history}, known, {}, Offline(), params.batch
    )
    return profile


async def _reasons(
    profile: UserProfile, catalogue: DescribedItems, rows: list[int], claims: int
) -> RawReasons:
    known = films.Films(catalogue.titles, catalogue.years, catalogue.profiles)
    bench = Bench(Offline(), known, [profile], seed=0, titles=0)
    reasoner = Reasoner(k=len(rows), claims=claims, weight=0.0)
    return await reasoner.ask(bench.judge(0, rows), profile, bench.films, place_values(len(rows)))
