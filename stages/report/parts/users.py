"""Explained users: a profile, the items behind it, and what was recommended, with reasons."""

from dataclasses import dataclass

from stages.contracts.plan import RunPlan
from stages.contracts.rows import Explained, Explanation, UserProfile
from stages.report.sources import ReportSources


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
    """The users shown, the ranking that was explained, and who wrote the reasons.

    judged: whether a judge was asked for the ranking.
    """

    split: str
    ranking: str
    judged: bool
    source: str
    users: tuple[ExplainedUser, ...]


def explained_users(sources: ReportSources, plan: RunPlan, count: int) -> ExplainedUsers | None:
    """The first `count` users by row with an explained list of the first base.

    It is in the base's own order if that is explained, else by the first explained strategy. None
    if the run plan explains nothing, or no user is to be shown.
    """
    if not (plan.bases and plan.explained and count):
        return None
    split, base = plan.splits[0], plan.bases[0]
    judged = "none" not in plan.explained
    strategy = plan.explained[0] if judged else "none"
    rows = sources.user_rows()
    lists = list(sources.explanations(split, base, strategy))
    lists = sorted(lists, key=lambda row: rows[row.user_id])[:count]
    shown = {row.user_id for row in lists}
    profiles = {
        profile.user_id: profile for profile in sources.profiles(split) if profile.user_id in shown
    }
    titles = sources.titles()
    users = tuple(_explained_user(row, profiles.get(row.user_id), titles) for row in lists)
    ranking, source = f"{base}+{strategy}" if judged else base, lists[0].source if lists else ""
    return ExplainedUsers(split, ranking, judged, source, users)


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
