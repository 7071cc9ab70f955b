"""What `e2ep explain` reads and prints: a user's profile and explained list."""

from typing import Any

from rich.text import Text

from e2ep_cli.console import PlainConsole
from e2ep_cli.reading.choice import RankingChoice
from e2ep_cli.reading.explained_list import ExplainedList
from e2ep_cli.views.explained_item import claim_lines, item_block, reason_line, user_panel
from stages.contracts.items import Item
from stages.contracts.plan import UNJUDGED
from stages.contracts.rows import UserProfile
from stages.core.errors import MissingError


def profile_of(choice: RankingChoice, user: str) -> UserProfile:
    """The user's profile."""
    path = choice.path("profile-users")
    profile = choice.store.line(path, UserProfile, user)
    if profile is None:
        raise MissingError(f"user {user} has no profile in {path}; run `e2ep profile`")
    return profile


def user_as_json(
    choice: RankingChoice, profile: UserProfile, by_id: dict[str, Item]
) -> dict[str, Any]:
    """Who the user is, and which ranking is explained."""
    liked, disliked = (
        [{"movie_id": item, "title": by_id[item].name} for item in ids]
        for ids in (profile.liked, profile.disliked)
    )
    return {
        "user_id": profile.user_id,
        "dataset": choice.dataset,
        "split": choice.split,
        "model": choice.base,
        **({"shown_because": choice.why} if choice.why else {}),
        "profile": profile.profile.model_dump(mode="json"),
        "liked": liked,
        "disliked": disliked,
    }


def list_as_json(shown: ExplainedList, by_id: dict[str, Item], k: int | None) -> dict[str, Any]:
    """The first `k` items of one strategy, by default all, with their reasons.

    Judged items have their fused score, by which they are ordered, and the list the judge's share.
    """
    judged = shown.weight is not None
    items = [
        item.model_dump(mode="json", exclude={"judge_value"})
        | {"judge": item.judge_points if judged else None, "year": by_id[item.item_id].year}
        | ({} if score is None else {"fused_score": round(score, 5)})
        for item, score in shown.first(k)
    ]
    return {
        "strategy": shown.strategy,
        "judge_weight": shown.weight,
        "judge_source": shown.judge or None,
        "source": shown.source,
        "items": items,
    }


def show_explained(
    choice: RankingChoice,
    shown: ExplainedList,
    profile: UserProfile,
    by_id: dict[str, Item],
    k: int | None,
    with_claims: bool,
) -> None:
    """Print the user, then the first `k` items (by default all), each with its reason."""
    console = PlainConsole()
    console.print(user_panel(profile, by_id, choice.words))
    ranking = f"{choice.base} reranked by {choice.strategy}" if shown.scores else choice.base
    console.print(recommended(choice, ranking))
    order = f"order: {shown.order}{why_shown(choice)}"
    console.print(f"{said_by(shown)}\n{order}\n", style="dim")
    for item, score in shown.first(k):
        claims = claim_lines(item, by_id) if with_claims else []
        under = [reason_line(item, shown.unasked), *claims]
        judged = shown.weight is not None
        console.print(item_block(item, by_id[item.item_id], score, under, judged))


def recommended(choice: RankingChoice, what: str) -> Text:
    """The heading above the items."""
    place = f" · {choice.dataset} {choice.split} · {what}"
    return Text.assemble("\n", ("Recommended", "bold"), place)


def why_shown(choice: RankingChoice) -> str:
    """The rest of a sentence: why this ranking is shown, if nobody asked for it."""
    return f"; {choice.why}" if choice.why else ""


def said_by(shown: ExplainedList) -> str:
    """Who gave the values and the reasons."""
    if shown.is_by_one:
        return f"judge and reasons: {shown.source}"
    nobody = "no judge asked" if shown.strategy in UNJUDGED else "no judge counted"
    judge = nobody if shown.weight is None else f"judge: {shown.judge}"
    return f"{judge}; reasons: {shown.source}"
