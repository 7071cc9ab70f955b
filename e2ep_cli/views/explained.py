"""What `e2ep explain` reads and prints: a user's profile and explained list."""

from typing import Any

from rich.console import Console

from e2ep_cli.project.reading import RankingChoice
from e2ep_cli.views.explained_item import claim_lines, item_block, reason_line, user_panel
from stages.contracts.items import Item
from stages.contracts.rows import Explanation, UserProfile
from stages.core.errors import InputError, MissingError
from stages.core.tables import read_jsonl_where


def explanation_of(choice: RankingChoice, user: str, k: int | None) -> Explanation:
    """The user's list under the chosen strategy; an InputError if it is shorter than `k`."""
    path = choice.path("explain")
    if not path.exists():
        raise MissingError(
            f"no explanations for {choice.dataset} {choice.split} with strategy "
            f"{choice.strategy!r}; list it in rerank.reasons.strategies and splits of params.yaml "
            f"and run `e2ep run --dataset {choice.dataset}`"
        )
    explanation = read_jsonl_where(path, Explanation, "user_id", user)
    if explanation is None:
        raise InputError(
            f"user {user} was not reranked; set rerank.users to all and run `e2ep run`"
        )
    if k and k > len(explanation.items):
        raise InputError(
            f"-k {k} is more than the {len(explanation.items)} items explained; "
            "see rerank.reasons.k in params.yaml"
        )
    return explanation


def profile_of(choice: RankingChoice, user: str) -> UserProfile:
    """The user's profile."""
    path = choice.path("profile-users")
    profile = read_jsonl_where(path, UserProfile, "user_id", user)
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
        "profile": profile.profile.model_dump(mode="json"),
        "liked": liked,
        "disliked": disliked,
    }


def list_as_json(explanation: Explanation, by_id: dict[str, Item], k: int | None) -> dict[str, Any]:
    """The first `k` items of one strategy, by default all, with their reasons."""
    judged = is_judged(explanation)
    items = [
        item.model_dump(mode="json", exclude={"judge_value"})
        | {"judge": item.judge_points if judged else None, "year": by_id[item.item_id].year}
        for item in explanation.items[:k]
    ]
    return {"strategy": explanation.strategy, "source": explanation.source, "items": items}


def show_explained(
    choice: RankingChoice,
    explanation: Explanation,
    profile: UserProfile,
    by_id: dict[str, Item],
    k: int | None,
    with_claims: bool,
) -> None:
    """Print the user, then the first `k` items (by default all), each with its reason."""
    console, judged = Console(highlight=False), is_judged(explanation)
    console.print(user_panel(profile, by_id))
    by = f"{explanation.base} reranked by {explanation.strategy}" if judged else explanation.base
    console.print(f"\n[bold]Recommended[/] · {choice.dataset} {choice.split} · {by}")
    console.print(f"[dim]{said_by(explanation)}[/]\n")
    for item in explanation.items[:k]:
        claims = claim_lines(item, by_id) if with_claims else []
        under = [reason_line(item), *claims]
        console.print(item_block(item, by_id[item.item_id], judged, under))


def is_judged(explanation: Explanation) -> bool:
    """Whether a judge was asked; the strategy `none` asks nobody, so its values mean nothing."""
    return explanation.strategy != "none"


def said_by(explanation: Explanation) -> str:
    """Who gave the values and the reasons."""
    asked = "judge and reasons" if is_judged(explanation) else "no judge asked; reasons"
    return f"{asked}: {explanation.source}"
