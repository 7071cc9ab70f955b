"""A newcomer's profile and reasons by the offline rules, made as the stages make a user's.

No model is asked, and nothing is written.
"""

import asyncio

from e2ep_cli.newcomers.description import NEWCOMER_ID, SelfDescription
from e2ep_cli.newcomers.ranking import newcomer_candidates
from e2ep_cli.reading.choice import RankingChoice, user_ids
from e2ep_cli.reading.explained_list import ExplainedList
from stages.contracts.fusion import place_values
from stages.contracts.items import ProfiledItems, read_profiled
from stages.contracts.plan import ReasonsParams
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import UserProfile
from stages.contracts.together import Together, together_in
from stages.contracts.words import DomainWords
from stages.explain.lists import RankedItem
from stages.explain.reasons import Explainer
from stages.llm.providers.offline import Offline
from stages.profile.history import History
from stages.profile.params import ProfileParams
from stages.profile.users import user_profiles
from stages.rerank.pools import Bench
from stages.rerank.reasoner import Reasoner


def explain_for_newcomer(
    choice: RankingChoice, newcomer: SelfDescription, k: int | None
) -> tuple[ExplainedList, UserProfile]:
    """Their first `k` items, or as many as the stage explains, with reasons; and their profile."""
    params = choice.section("rerank.reasons", ReasonsParams)
    catalogue = read_profiled(choice.path("enrich"), choice.path("profile-items"))
    first = newcomer_candidates(choice, newcomer)[: k or params.k]
    made_as = choice.section("profile", ProfileParams)
    profile = asyncio.run(_profile(newcomer, catalogue, made_as, choice.words))
    rows = [entry["item_row"] for entry in first]
    raw = asyncio.run(_reasons(profile, catalogue, rows, params.claims, choice.words))
    values = place_values(len(first)).tolist()
    ranking = [
        RankedItem(entry["item_row"], entry["score"], entry["place"], value)
        for entry, value in zip(first, values, strict=True)
    ]
    together, words = _together(choice, len(catalogue.items)), choice.words
    explainer = Explainer(catalogue, params.claims, choice.base, choice.strategy, words, together)
    return ExplainedList(explainer.explain(profile, ranking, raw, newcomer.liked)), profile


def _together(choice: RankingChoice, n_items: int) -> Together:
    """What the data set's users liked together in training."""
    path = choice.path("prepare") / "splits" / choice.split / "train.parquet"
    return together_in(path, len(user_ids(choice)), n_items)


async def _profile(
    newcomer: SelfDescription, catalogue: ProfiledItems, params: ProfileParams, words: DomainWords
) -> UserProfile:
    history = History(newcomer.liked[: params.liked], newcomer.disliked[: params.disliked])
    (profile,) = await user_profiles(
        [NEWCOMER_ID], {0: history}, catalogue, {}, Offline(), params.batch, words=words
    )
    return profile


async def _reasons(
    profile: UserProfile,
    catalogue: ProfiledItems,
    rows: list[int],
    claims: int,
    words: DomainWords,
) -> RawReasons:
    bench = Bench(Offline(), catalogue, [profile], seed=0, titles=0, words=words)
    reasoner = Reasoner(k=len(rows), claims=claims, weight=0.0)
    return await reasoner.ask(bench.judge(0, rows), profile, catalogue, place_values(len(rows)))
