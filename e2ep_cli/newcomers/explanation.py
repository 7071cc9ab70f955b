"""A newcomer's profile and reasons by the offline rules, made as the stages make a user's.

No model is asked, and nothing is written.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from e2ep_cli.newcomers.description import NEWCOMER_ID, SelfDescription
from e2ep_cli.newcomers.ranking import newcomer_candidates
from e2ep_cli.reading.choice import RankingChoice, user_ids
from e2ep_cli.reading.explained_list import ExplainedList
from stages.contracts.fusion import place_values
from stages.contracts.items import read_profiled
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
    makes = reasons_maker(choice)
    candidates = newcomer_candidates(choice, newcomer)
    return asyncio.run(makes.explained(newcomer, candidates[: k or makes.params.k]))


def reasons_maker(choice: RankingChoice) -> "ReasonsMaker":
    """What a choice's reasons are made with, read from its artifacts."""
    catalogue = read_profiled(choice.path("enrich"), choice.path("profile-items"))
    params = choice.section("rerank.reasons", ReasonsParams)
    together = _together(choice, len(catalogue.items))
    words = NewcomerWords.model_validate(choice.words.model_dump())
    return ReasonsMaker(
        Explainer(catalogue, params.claims, choice.base, choice.strategy, words, together),
        params,
        choice.section("profile", ProfileParams),
    )


class NewcomerWords(DomainWords):
    """A data set's words for somebody who has rated nothing in it, but names what they like."""

    @property
    def highly(self) -> str:
        return self.done if self.implicit else "like"


@dataclass(frozen=True)
class ReasonsMaker:
    """Describes newcomers and gives reasons for what is listed for them."""

    explainer: Explainer
    params: ReasonsParams
    made_as: ProfileParams

    async def explained(
        self, newcomer: SelfDescription, listed: Sequence[dict[str, Any]]
    ) -> tuple[ExplainedList, UserProfile]:
        """A list in the form of `reading.candidate_rows`, with reasons; and the profile."""
        profile = await self._profile(newcomer)
        rows = [entry["item_row"] for entry in listed]
        raw = await self._reasons(profile, rows)
        values = place_values(len(listed)).tolist()
        ranking = [
            RankedItem(entry["item_row"], entry["score"], entry["place"], value)
            for entry, value in zip(listed, values, strict=True)
        ]
        explained = self.explainer.explain(profile, ranking, raw, newcomer.liked)
        return ExplainedList(explained), profile

    async def _profile(self, newcomer: SelfDescription) -> UserProfile:
        params = self.made_as
        history = History(newcomer.liked[: params.liked], newcomer.disliked[: params.disliked])
        catalogue, words = self.explainer.catalogue, self.explainer.words
        (profile,) = await user_profiles(
            [NEWCOMER_ID], {0: history}, catalogue, {}, Offline(), params.batch, words=words
        )
        return profile

    async def _reasons(self, profile: UserProfile, rows: list[int]) -> RawReasons:
        catalogue, words = self.explainer.catalogue, self.explainer.words
        bench = Bench(Offline(), catalogue, [profile], seed=0, titles=0, words=words)
        reasoner = Reasoner(k=len(rows), claims=self.params.claims, weight=0.0)
        return await reasoner.ask(bench.judge(0, rows), profile, catalogue, place_values(len(rows)))


def _together(choice: RankingChoice, n_items: int) -> Together:
    """What the data set's users liked together in training."""
    path = choice.path("prepare") / "splits" / choice.split / "train.parquet"
    return together_in(path, len(user_ids(choice)), n_items)
