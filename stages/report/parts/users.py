"""Explained users: a profile, the items behind it, and what was recommended, with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from stages.contracts.metrics.rerankings import RerankingEffect
from stages.contracts.plan import RunPlan, COMPUTED_STRATEGIES, weight_of
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
    """The users shown, the ranking that was explained, why that one, and who wrote the reasons.

    reranked: whether it is not the base's own; judged: whether a judge was asked for it.
    """

    split: str
    ranking: str
    why: str
    reranked: bool
    judged: bool
    source: str
    users: tuple[ExplainedUser, ...]


def explained_users(sources: ReportSources, plan: RunPlan, count: int) -> ExplainedUsers | None:
    """The first `count` users by row with an explained list of the first base.

    It is the list that validation rows prefer. None if the run plan explains nothing but lists that
    are worse there than the base's, or no user is to be shown.
    """
    if not (plan.bases and plan.explained and count):
        return None
    split, base = plan.splits[0], plan.bases[0]
    strategy, why = preferred(sources.rerankings().get(split, {}).get(base, {}), plan)
    if not strategy:
        return None
    reranked = strategy != "none"
    rows = sources.user_rows()
    lists = list(sources.explanations(split, base, strategy))
    lists = sorted(lists, key=lambda row: rows[row.user_id])[:count]
    shown = {row.user_id for row in lists}
    profiles = {
        profile.user_id: profile for profile in sources.profiles(split) if profile.user_id in shown
    }
    titles = sources.titles()
    users = tuple(_explained_user(row, profiles.get(row.user_id), titles) for row in lists)
    ranking, source = f"{base}+{strategy}" if reranked else base, lists[0].source if lists else ""
    judged = reranked and strategy not in COMPUTED_STRATEGIES
    return ExplainedUsers(split, ranking, why, reranked, judged, source, users)


def preferred(effects: Mapping[str, RerankingEffect], plan: RunPlan) -> tuple[str, str]:
    """The explained strategy whose list is shown, `none` for the base's own, and why.

    It is the best on validation rows as it was explained, if it is better there than the base. One
    that was not compared there is shown only if the base's own list is not explained. Without any,
    the name is empty.
    """
    compared, unknown = {}, []
    for name in plan.explained:
        weight = f"{weight_of(name, plan.fusion_weight):.2f}"
        fit = effects[name].fitted if name in effects else None
        if fit and weight in fit.valid_ndcg:
            compared[name] = fit.valid_ndcg[weight], fit.valid_ndcg["0.00"]
        elif name != "none":
            unknown.append(name)
    best = max(compared, key=lambda name: compared[name][0], default="")
    if best and compared[best][0] > compared[best][1]:
        own, base = compared[best]
        return best, f"the best on validation rows: NDCG@10 {own:.3f}, {base:.3f} for the base"
    if "none" in plan.explained:
        return "none", "no reranking explained here is known to be better on validation rows"
    if unknown:
        return unknown[0], "it was not compared with the base on validation rows"
    return "", ""


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
