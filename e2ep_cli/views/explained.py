"""What `e2ep explain` reads: a user's explained list and profile."""

from typing import TYPE_CHECKING, Any

from stages.core.errors import InputError, MissingError

if TYPE_CHECKING:
    from e2ep_cli.project.reading import Chosen, Film
    from stages.contracts.rows import Explained, Explanation, UserProfile


def explanation_of(chosen: "Chosen", user: str, k: int | None) -> "Explanation":
    """The user's list under the chosen strategy, at least `k` films long where a `k` is asked for."""
    from stages.contracts.rows import Explanation
    from stages.core.tables import read_jsonl_where

    path = chosen.path("explain")
    if not path.exists():
        raise MissingError(
            f"no explanations for {chosen.dataset} {chosen.split} with strategy {chosen.strategy!r}; list it in "
            f"rerank.reasons.strategies and splits of params.yaml and run `e2ep run --dataset {chosen.dataset}`"
        )
    found = read_jsonl_where(path, Explanation, "user_id", user)
    if found is None:
        raise InputError(
            f"user {user} was not reranked; set rerank.users to all and run `e2ep run`"
        )
    if k and k > len(found.items):
        raise InputError(
            f"-k {k} is more than the {len(found.items)} films explained; see rerank.reasons.k in params.yaml"
        )
    return found


def profile_of(chosen: "Chosen", user: str) -> "UserProfile":
    """The user's profile."""
    from stages.contracts.rows import UserProfile
    from stages.core.tables import read_jsonl_where

    found = read_jsonl_where(chosen.path("profile-users"), UserProfile, "user_id", user)
    if found is None:
        raise MissingError(
            f"user {user} has no profile in {chosen.path('profile-users')}; run `e2ep profile`"
        )
    return found


def user_as_json(
    chosen: "Chosen", profile: "UserProfile", by_id: dict[str, "Film"]
) -> dict[str, Any]:
    """Who the user is, and which ranking is explained."""

    def named(ids: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"movie_id": item, "title": by_id[item].name} for item in ids]

    return {
        "user_id": profile.user_id,
        "dataset": chosen.dataset,
        "split": chosen.split,
        "model": chosen.base,
        "profile": profile.profile.model_dump(mode="json"),
        "liked": named(profile.liked),
        "disliked": named(profile.disliked),
    }


def list_as_json(
    explanation: "Explanation", by_id: dict[str, "Film"], k: int | None
) -> dict[str, Any]:
    """The first `k` films of one strategy, else all, with their reasons."""

    def item(one: "Explained") -> dict[str, Any]:
        return one.model_dump(mode="json") | {"year": by_id[one.item_id].year}

    items = [item(one) for one in explanation.items[:k]]
    return {"strategy": explanation.strategy, "source": explanation.source, "items": items}
