"""What `e2ep explain` prints, in parts: the user, a film's line, its reason."""

from typing import TYPE_CHECKING, Any

from e2ep_cli.newcomers.options import USER_ID

if TYPE_CHECKING:
    from rich.text import Text

    from e2ep_cli.project.reading import Film
    from stages.contracts.rows import Explained, Explanation, UserProfile


def who(profile: "UserProfile", by_id: dict[str, "Film"]) -> Any:
    """The user's profile and history in a frame."""
    from rich.panel import Panel
    from rich.text import Text

    is_visitor = profile.user_id == USER_ID
    none = "no film" if is_visitor else "nothing in the training ratings"
    lines = Text(profile.profile.overview)
    for label, style, ids in (
        ("Liked", "green", profile.liked),
        ("Disliked", "red", profile.disliked),
    ):
        lines.append(f"\n\n{label}: ", style=f"bold {style}")
        lines.append(" · ".join(by_id[item].name for item in ids) or none)
    return Panel(
        lines,
        title=Text("A visitor" if is_visitor else f"User {profile.user_id}"),
        title_align="left",
        padding=(1, 2),
    )


def is_judged(explanation: "Explanation") -> bool:
    """Whether a judge was asked; the strategy `none` asks nobody, and its values say nothing."""
    return explanation.strategy != "none"


def film_line(item: "Explained", film: "Film", judged: bool) -> "Text":
    """Place and film, where the graph had put it, and its scores."""
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
    return line


def claims(item: "Explained", by_id: dict[str, "Film"]) -> "list[Text]":
    """A line with each claim and the films that are its evidence, and how many claims did not hold; none without any."""
    from rich.text import Text

    parts = [
        f"{one.attribute} ← {', '.join(by_id[film].title for film in one.cited)}"
        for one in item.claims
    ]
    dropped = [f"{item.dropped} without ground dropped"] if item.dropped else []
    return [Text(" · ".join([*parts, *dropped]), style="dim")] if parts or dropped else []


def reason(item: "Explained") -> "Text":
    """The reason in words, or that there is none; titles may hold brackets, which are not markup."""
    from rich.text import Text

    return Text(item.reason or "No grounded reason: the graph alone places it here.")
