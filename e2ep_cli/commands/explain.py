"""`e2ep explain`: who the user or visitor is, the recommendations before and after reranking, and a reason for each."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from e2ep_cli.commands.run import Settings
from e2ep_cli.newcomers.options import Age, Disliked, Gender, Liked
from stages.core.errors import InputError, one_sentence

if TYPE_CHECKING:
    from e2ep_cli.project.reading import Chosen, Film
    from stages.contracts.rows import Explanation, UserProfile


@one_sentence
def explain(
    user: Annotated[
        str | None, typer.Option("--user", help="Id of the user; without one the stage runs.")
    ] = None,
    liked: Liked = None,
    disliked: Disliked = None,
    age: Age = None,
    gender: Gender = None,
    k: Annotated[
        int | None, typer.Option("-k", "--k", min=1, help="Length of the list, else all explained.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(help="Data set, else the one in params.yaml.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Split, else the first in params.yaml.")] = None,
    strategy: Annotated[
        str | None,
        typer.Option(help="Rerank strategy, else the first of rerank.reasons.strategies."),
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="Another strategy, shown side by side with the first.")
    ] = None,
    with_claims: Annotated[
        bool, typer.Option("--claims", help="Show the checked claims under each reason.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    settings: Settings = None,
) -> None:
    """Explain a user's recommendations, or those for somebody new; without either, run the stage explain."""
    from e2ep_cli.newcomers import described as visited
    from e2ep_cli.newcomers import options as visiting
    from e2ep_cli.newcomers import ranking as folding
    from e2ep_cli.project import reading
    from e2ep_cli.views.explained import explanation_of, profile_of

    is_visitor = visiting.is_asked(liked, disliked, age, gender)
    if user is None and not is_visitor:
        return _run_stage(
            bool(k or split or strategy or against or with_claims or as_json), dataset, settings
        )
    if is_visitor:
        _require_alone(user, strategy, against)
    chosen = reading.choose(
        dataset, split, *((folding.MODEL, "none") if is_visitor else (None, strategy))
    )
    catalogue = reading.films(chosen)
    by_id = {film.item_id: film for film in catalogue}
    if user is None:
        guest = visiting.guest_of(catalogue, liked, disliked, age, gender)
        explanation, profile = visited.told(chosen, guest, k)
    else:
        reading.user_row(chosen, user)
        explanation, profile = explanation_of(chosen, user, k), profile_of(chosen, user)
    if user is not None and against is not None:
        from e2ep_cli.views.against import other, show_both

        both = (explanation, explanation_of(other(chosen, against), user, k))
        return show_both(chosen, both, profile, by_id, k, as_json)
    if as_json:
        _print_json(chosen, explanation, profile, by_id, k)
    else:
        _show(chosen, explanation, profile, by_id, k, with_claims)


def _run_stage(is_narrowed: bool, dataset: str | None, settings: list[str] | None) -> None:
    from e2ep_cli.commands.run import run_stages

    if is_narrowed:
        raise InputError(
            "-k, --split, --strategy, --against, --claims and --json need --user ID or --liked TITLE; without them the "
            "stage explain is run"
        )
    run_stages(["explain"], dataset, settings or [])


def _require_alone(user: str | None, strategy: str | None, against: str | None) -> None:
    if user is not None or strategy or against:
        raise InputError(
            "--liked and --disliked are of somebody new, for whom nothing was judged; leave out --user, --strategy "
            "and --against"
        )


def _print_json(
    chosen: "Chosen",
    explanation: "Explanation",
    profile: "UserProfile",
    by_id: dict[str, "Film"],
    k: int | None,
) -> None:
    from e2ep_cli.views.explained import list_as_json, user_as_json

    shown = user_as_json(chosen, profile, by_id) | list_as_json(explanation, by_id, k)
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))


def _show(
    chosen: "Chosen",
    explanation: "Explanation",
    profile: "UserProfile",
    by_id: dict[str, "Film"],
    k: int | None,
    with_claims: bool,
) -> None:
    from rich.console import Console, Group
    from rich.padding import Padding

    from e2ep_cli.views.explained_user import claims, film_line, is_judged, reason, who

    console, judged = Console(highlight=False), is_judged(explanation)
    console.print(who(profile, by_id))
    head = f"[bold]Recommended[/] · {chosen.dataset} {chosen.split} · {explanation.base} reranked by {explanation.strategy}"
    asked = "judge and reasons" if judged else "no judge asked; reasons"
    console.print(f"\n{head}\n[dim]{asked}: {explanation.source}[/]\n")
    for item in explanation.items[:k]:
        console.print(film_line(item, by_id[item.item_id], judged))
        console.print(
            Padding(
                Group(reason(item), *(claims(item, by_id) if with_claims else [])), (0, 0, 1, 5)
            )
        )
