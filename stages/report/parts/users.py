"""Explained users: a profile, the items behind it, and what was recommended, with reasons."""

from dataclasses import dataclass

from stages.contracts.metrics.preferred import default_strategy
from stages.contracts.plan import COMPUTED_STRATEGIES, RunPlan, weight_of
from stages.contracts.rows import Explained, Explanation, UserProfile
from stages.report.sources import ReportSources

_FIRST = "42"
"""The user whom the README explains stands first, where there is one."""


@dataclass(frozen=True)
class ExplainedUser:
    """One user and their explained list; titles are as untrusted as the items' data."""

    user_id: str
    overview: str
    source: str
    liked: tuple[str, ...]
    disliked: tuple[str, ...]
    items: tuple[Explained, ...]


@dataclass(frozen=True)
class ExplainedUsers:
    """The users shown, the ranking that was explained, why that one, and who wrote the reasons.

    reranked: whether it is not the base's own; judged: whether a judge was asked for it.
    of: how many users have an explained list. facts: item id → year and genres.
    """

    split: str
    ranking: str
    why: str
    reranked: bool
    judged: bool
    source: str
    users: tuple[ExplainedUser, ...]
    of: int
    facts: dict[str, str]


def explained_users(sources: ReportSources, plan: RunPlan, count: int) -> ExplainedUsers | None:
    """`count` users with an explained list of the first base: user 42, then the others by row.

    It is the base's own, unless another is better on validation rows as it was explained. None if
    the base's own should be shown and was not explained, or no user is to be shown.
    """
    if not (plan.bases and plan.explained and count):
        return None
    split, base = plan.splits[0], plan.bases[0]
    effects = sources.rerankings().get(split, {}).get(base, {})
    made_at = {name: weight_of(name, plan.fusion_weight) for name in plan.explained}
    default = default_strategy(effects, plan.explained, made_at)
    strategy, reranked = default.name, default.name != "none"
    if reranked and not default.weight:
        return None
    rows = sources.user_rows()
    lists = list(sources.explanations(split, base, strategy))
    of = len(lists)
    lists = sorted(lists, key=lambda row: (row.user_id != _FIRST, rows[row.user_id]))[:count]
    shown = {row.user_id for row in lists}
    profiles = {
        profile.user_id: profile for profile in sources.profiles(split) if profile.user_id in shown
    }
    titles = sources.titles()
    users = tuple(_explained_user(row, profiles.get(row.user_id), titles) for row in lists)
    ranking, source = f"{base}+{strategy}" if reranked else base, lists[0].source if lists else ""
    judged = reranked and strategy not in COMPUTED_STRATEGIES
    return ExplainedUsers(
        split, ranking, default.why, reranked, judged, source, users, of, sources.facts()
    )


def _explained_user(
    row: Explanation, profile: UserProfile | None, titles: dict[str, str]
) -> ExplainedUser:
    liked, disliked = (profile.liked, profile.disliked) if profile else ((), ())
    return ExplainedUser(
        row.user_id,
        profile.profile.overview if profile else "",
        profile.source if profile else "",
        tuple(titles.get(item, item) for item in liked),
        tuple(titles.get(item, item) for item in disliked),
        tuple(sorted(row.items, key=lambda item: item.place)),
    )
