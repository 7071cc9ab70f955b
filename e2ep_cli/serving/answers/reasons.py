"""Lists with reasons from a held run: those of `e2ep explain`."""

from e2ep_cli.newcomers.parts import ScorePart
from e2ep_cli.reading.choice import RankingChoice, user_row
from e2ep_cli.reading.explained_list import ExplainedList, explanation_of
from e2ep_cli.serving.answers.lists import (
    described_newcomer,
    item_facts,
    listed_for,
    newcomer_score_parts,
    ranking_facts,
    short_item,
    stored_score_parts,
)
from e2ep_cli.serving.answers.shapes import (
    ExplainedAnswer,
    NewcomerAsked,
    Person,
    ReasonedItem,
    ShownClaim,
)
from e2ep_cli.serving.held.loaded import LoadedRun
from e2ep_cli.views.explained import profile_of
from stages.contracts.rows import Explained, UserProfile


def explained_for_user(
    loaded: LoadedRun, choice: RankingChoice, user: str, k: int | None
) -> ExplainedAnswer:
    """A user's explained list, as the run keeps it."""
    row = user_row(choice, user)
    explained = explanation_of(choice, user, k)
    listed = [loaded.row_of[item.item_id] for item, _ in explained.first(k)]
    parts = stored_score_parts(loaded, choice, row, listed)
    return _explained(loaded, choice, user, explained, profile_of(choice, user), k, parts)


async def explained_for_newcomer(loaded: LoadedRun, asked: NewcomerAsked) -> ExplainedAnswer:
    """A newcomer's list with reasons by the offline rules."""
    side, newcomer = loaded.newcomer_side(asked.model), described_newcomer(loaded, asked)
    entries = listed_for(loaded, side, newcomer, asked).entries
    explained, profile = await side.makes.explained(newcomer, entries)
    parts = newcomer_score_parts(side, newcomer, entries)
    return _explained(loaded, side.choice, None, explained, profile, None, parts)


def _explained(
    loaded: LoadedRun,
    choice: RankingChoice,
    user: str | None,
    explained: ExplainedList,
    profile: UserProfile,
    k: int | None,
    parts: dict[int, dict[ScorePart, float]],
) -> ExplainedAnswer:
    liked, disliked = (
        [short_item(loaded.by_id[item]) for item in ids]
        for ids in (profile.liked, profile.disliked)
    )
    return ExplainedAnswer(
        **ranking_facts(choice, user),
        source=explained.source,
        order=explained.order,
        person=Person(overview=profile.profile.overview, liked=liked, disliked=disliked),
        items=[
            _reasoned(loaded, item, score, explained, parts) for item, score in explained.first(k)
        ],
    )


def _reasoned(
    loaded: LoadedRun,
    shown: Explained,
    fused: float | None,
    explained: ExplainedList,
    parts: dict[int, dict[ScorePart, float]],
) -> ReasonedItem:
    row = loaded.row_of[shown.item_id]
    claims = [
        ShownClaim(
            attribute=claim.attribute,
            kind=claim.kind,
            cited=[short_item(loaded.by_id[item]) for item in claim.cited],
        )
        for claim in shown.claims
    ]
    return ReasonedItem(
        **item_facts(loaded, row, shown.place + 1, shown.graph_score, parts.get(row)),
        reason=shown.reason,
        claims=claims,
        model_rank=shown.graph_place + 1,
        fused_score=None if fused is None else round(fused, 5),
        judge=None if explained.weight is None else shown.judge_points,
    )
