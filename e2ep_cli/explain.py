"""`e2ep explain`: who the user is, the ten recommendations before and after reranking, and a reason for each."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from e2ep_cli.pipeline import Settings
from stages.core.errors import InputError, MissingError, one_sentence

if TYPE_CHECKING:
    from rich.console import Console

    from e2ep_cli.reading import Chosen, Film
    from stages.core.schema import Explained, Explanation, UserProfile


@one_sentence
def explain(
    user: Annotated[str | None, typer.Option("--user", help="Id of the user; without one the stage runs.")] = None,
    k: Annotated[int | None, typer.Option("-k", "--k", min=1, help="Length of the list, else all explained.")] = None,
    dataset: Annotated[str | None, typer.Option(help="Data set, else the one in params.yaml.")] = None,
    split: Annotated[str | None, typer.Option(help="Split, else the first in params.yaml.")] = None,
    strategy: Annotated[str | None, typer.Option(help="Rerank strategy, else the first of explain.strategies.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    settings: Settings = None,
) -> None:
    """Explain a user's recommendations; without --user, run the stage explain."""
    if user is None:
        if k or split or strategy or as_json:
            raise InputError(
                "-k, --split, --strategy and --json need --user ID; without a user the stage explain is run"
            )
        from e2ep_cli.pipeline import run_stages

        return run_stages(["explain"], dataset, settings or [])
    from e2ep_cli import reading

    chosen = reading.choose(dataset, split, None, strategy)
    reading.user_row(chosen, user)
    explanation, profile = _explanation(chosen, user, k), _profile(chosen, user)
    by_id = {film.item_id: film for film in reading.films(chosen)}
    if as_json:
        typer.echo(json.dumps(_as_json(chosen, explanation, profile, by_id), ensure_ascii=False, indent=1))
    else:
        _show(chosen, explanation, profile, by_id)


def _explanation(chosen: "Chosen", user: str, k: int | None) -> "Explanation":
    from stages.core.schema import Explanation
    from stages.core.tables import read_jsonl_where

    path = chosen.path("explain")
    if not path.exists():
        raise MissingError(
            f"no explanations for {chosen.dataset} {chosen.split} with strategy {chosen.strategy!r}; list it in "
            f"explain.strategies and splits of params.yaml and run `e2ep run --dataset {chosen.dataset}`"
        )
    found = read_jsonl_where(path, Explanation, "user_id", user)
    if found is None:
        raise InputError(f"user {user} was not reranked; set rerank.users to all and run `e2ep run`")
    if k and k > len(found.items):
        raise InputError(f"-k {k} is more than the {len(found.items)} films explained; see explain.k in params.yaml")
    return found.model_copy(update={"items": found.items[:k]})


def _profile(chosen: "Chosen", user: str) -> "UserProfile":
    from stages.core.schema import UserProfile
    from stages.core.tables import read_jsonl_where

    found = read_jsonl_where(chosen.path("profile-users"), UserProfile, "user_id", user)
    if found is None:
        raise MissingError(f"user {user} has no profile in {chosen.path('profile-users')}; run `e2ep profile`")
    return found


def _as_json(
    chosen: "Chosen", explanation: "Explanation", profile: "UserProfile", by_id: dict[str, "Film"]
) -> dict[str, Any]:
    def named(ids: tuple[str, ...]) -> list[dict[str, str]]:
        return [{"movie_id": item, "title": by_id[item].name} for item in ids]

    return {
        "user_id": explanation.user_id,
        "dataset": chosen.dataset,
        "split": chosen.split,
        "model": explanation.base,
        "strategy": explanation.strategy,
        "source": explanation.source,
        "profile": profile.profile.model_dump(mode="json"),
        "liked": named(profile.liked),
        "disliked": named(profile.disliked),
        "items": [item.model_dump(mode="json") | {"year": by_id[item.item_id].year} for item in explanation.items],
    }


def _show(chosen: "Chosen", explanation: "Explanation", profile: "UserProfile", by_id: dict[str, "Film"]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_who(explanation, profile, by_id))
    head = f"[bold]Recommended[/] · {chosen.dataset} {chosen.split} · {explanation.base} reranked by {explanation.strategy}"
    judged = "no judge asked; reasons" if explanation.strategy == "none" else "judge and reasons"
    console.print(f"\n{head}\n[dim]{judged}: {explanation.source}[/]\n")
    for item in explanation.items:
        _show_item(console, item, by_id[item.item_id], judged=explanation.strategy != "none")


def _who(explanation: "Explanation", profile: "UserProfile", by_id: dict[str, "Film"]) -> Any:
    from rich.panel import Panel
    from rich.text import Text

    lines = Text(profile.profile.overview)
    for label, style, ids in (("Liked", "green", profile.liked), ("Disliked", "red", profile.disliked)):
        lines.append(f"\n\n{label}: ", style=f"bold {style}")
        lines.append(" · ".join(by_id[item].name for item in ids) or "nothing in the training ratings")
    return Panel(lines, title=f"User {explanation.user_id}", title_align="left", padding=(1, 2))


def _show_item(console: "Console", item: "Explained", film: "Film", judged: bool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    rose = item.graph_place - item.place
    move = Text(
        f"▲{rose}" if rose > 0 else f"▼{-rose}" if rose < 0 else "=",
        style="green" if rose > 0 else "red" if rose < 0 else "dim",
    )
    line = Text(f"{item.place + 1:>3}  ")
    line.append(film.name, style="bold")
    line.append(f"  was {item.graph_place + 1} ", style="dim")
    line.append_text(move)
    judge = f" · judge {100 * item.judge_value:.0f}" if judged else ""
    line.append(f"  graph {item.graph_score:.2f}{judge}", style="dim")
    console.print(line)
    console.print(Padding(item.reason or "No grounded reason: the graph alone places it here.", (0, 0, 1, 5)))
