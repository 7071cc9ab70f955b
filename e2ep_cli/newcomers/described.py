"""A visitor's profile and reasons by the offline rules, made as the stages make a user's; nothing is asked or written."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from e2ep_cli.newcomers.options import USER_ID

if TYPE_CHECKING:
    from e2ep_cli.newcomers.options import Guest
    from e2ep_cli.project.reading import Chosen
    from stages.contracts.reasons import RawReasons
    from stages.contracts.rows import Explanation, ItemProfile, UserProfile
    from stages.profile.params import ProfileParams


def told(chosen: "Chosen", guest: "Guest", k: int | None) -> tuple["Explanation", "UserProfile"]:
    """The visitor's first `k` films, else as many as the stage explains, with reasons, and his profile."""
    from e2ep_cli.newcomers.ranking import candidate_rows
    from stages.contracts.fusion import place_values
    from stages.contracts.plan import ReasonsParams
    from stages.explain.lists import Place
    from stages.explain.reasons import Explainer, Films
    from stages.profile.params import ProfileParams

    params, known = chosen.section("rerank.reasons", ReasonsParams), _known(chosen)
    first = candidate_rows(chosen, guest)[: k or params.k]
    profile = asyncio.run(_profile(guest, known, chosen.section("profile", ProfileParams)))
    raw = asyncio.run(_reasons(profile, known, [one["item_row"] for one in first], params.claims))
    values = place_values(len(first)).tolist()
    places = [
        Place(one["item_row"], one["score"], one["place"], value)
        for one, value in zip(first, values, strict=True)
    ]
    explainer = Explainer(
        Films(known.titles, known.people, known.profiles),
        params.claims,
        chosen.base,
        chosen.strategy,
    )
    return explainer.explain(profile, places, raw), profile


@dataclass(frozen=True)
class Known:
    """What the stages know of all films, by item row."""

    titles: list[str]
    years: list[int | None]
    people: list[frozenset[str]]
    profiles: list["ItemProfile"]


def _known(chosen: "Chosen") -> Known:
    from stages.contracts.rows import ENRICHED, ItemProfile
    from stages.core.tables import read_arrow, read_jsonl

    table = read_arrow(chosen.path("enrich"), ENRICHED)
    titles, years, directors, cast = (
        table[name].to_pylist() for name in ("title", "year", "directors", "cast")
    )
    people = [
        frozenset(name.casefold() for name in (*by, *with_))
        for by, with_ in zip(directors, cast, strict=True)
    ]
    return Known(titles, years, people, list(read_jsonl(chosen.path("profile-items"), ItemProfile)))


async def _profile(guest: "Guest", known: Known, params: "ProfileParams") -> "UserProfile":
    from stages.llm.providers.offline import Offline
    from stages.profile.history import History
    from stages.profile.users import Films, user_profiles

    history = History(guest.liked[: params.liked], guest.disliked[: params.disliked])
    films = Films(known.titles, known.profiles)
    (profile,) = await user_profiles([USER_ID], {0: history}, films, {}, Offline(), params.batch)
    return profile


async def _reasons(
    profile: "UserProfile", known: Known, rows: list[int], claims: int
) -> "RawReasons":
    from stages.contracts.fusion import place_values
    from stages.llm.providers.offline import Offline
    from stages.rerank.films import Films
    from stages.rerank.pools import Bench
    from stages.rerank.reasoner import Reasoner

    bench = Bench(
        Offline(), Films(known.titles, known.years, known.profiles), [profile], seed=0, titles=0
    )
    reasoner = Reasoner(k=len(rows), claims=claims, weight=0.0)
    return await reasoner.ask(bench.judge(0, rows), profile, bench.films, place_values(len(rows)))
