"""Parts of what `e2ep explain` prints: the user, an item's line, its reason and claims."""

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from e2ep_cli.newcomers.description import NEWCOMER_ID
from stages.contracts.items import Item
from stages.contracts.rows import Explained, UserProfile
from stages.contracts.words import DomainWords


def user_panel(profile: UserProfile, by_id: dict[str, Item], words: DomainWords) -> Panel:
    """The user's profile and history in a frame; without ratings nothing is disliked."""
    is_newcomer = profile.user_id == NEWCOMER_ID
    nothing = "nothing" if is_newcomer else f"nothing in the training {words.rows}"
    lines = Text(profile.profile.overview)
    for label, style, ids in (
        (words.liked.capitalize(), "green", profile.liked),
        ("Disliked", "red", profile.disliked),
    ):
        if words.implicit and not ids and label == "Disliked":
            continue
        lines.append(f"\n\n{label}: ", style=f"bold {style}")
        lines.append(" · ".join(by_id[item].name for item in ids) or nothing)
    title = Text("A newcomer" if is_newcomer else f"User {profile.user_id}")
    return Panel(lines, title=title, title_align="left", padding=(1, 2))


def item_block(
    item: Explained, shown: Item, score: float | None, under: list[Text], judged: bool = True
) -> Table:
    """Place and item, and, if it was reranked, its place in the graph's order and its score.

    score: the fused one, None where nothing was reranked. under: lines below, in the same column.
    judged: whether a judge gave it a value; else the score only says the place.
    """
    line = Text(shown.name, style="bold")
    if score is not None:
        rose = item.graph_place - item.place
        move = f"▲{rose}" if rose > 0 else f"▼{-rose}" if rose < 0 else "="
        style = "green" if rose > 0 else "red" if rose < 0 else "dim"
        line.append(f"  was {item.graph_place + 1} ", style="not bold dim")
        line.append(move, style=f"not bold {style}")
    values = ""
    if score is not None and judged:
        values = f"score {100 * score:.1f} · judge {item.judge_points:.0f} · "
    line.append(f"  {values}graph {item.graph_score:.2f}", style="not bold dim")
    block = Table.grid(padding=(0, 2, 0, 0))
    block.add_column(width=3, justify="right")
    block.add_column()
    block.add_row(str(item.place + 1), Group(line, *under, Text()))
    return block


def claim_lines(item: Explained, by_id: dict[str, Item]) -> list[Text]:
    """All claims and their evidence in one line, and the number dropped; no line without claims."""
    parts = [
        f"{claim.attribute} ← {', '.join(by_id[cited].title for cited in claim.cited)}"
        for claim in item.claims
    ]
    if item.dropped:
        parts.append(f"{item.dropped} without evidence dropped")
    return [Text(" · ".join(parts), style="dim")] if parts else []


def reason_line(item: Explained, unasked: frozenset[str] = frozenset()) -> Text:
    """The reason in words, or that there is none; brackets in titles are not taken as markup.

    unasked: items for which no reason was asked, by id.
    """
    if item.item_id in unasked:
        return Text("No reason was asked for: it is in none of the lists that were explained.")
    return Text(item.reason or "No grounded reason: the graph alone places it here.")
