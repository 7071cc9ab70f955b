"""`python -m stages.compare pairs|judge`: the pairs to compare, and a judge's verdict on one."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from stages.compare.judging import Case, JudgedLists, judge_lists
from stages.compare.params import CompareParams
from stages.compare.question import compared_items
from stages.compare.tally import tally
from stages.contracts.calls import Asked
from stages.contracts.items import read_items
from stages.contracts.rows import Explanation, UserProfile
from stages.contracts.shown import shown_user
from stages.contracts.words import read_words
from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.log import logged
from stages.core.params import load_section, load_seed
from stages.core.seeds import generator
from stages.core.tables import read_jsonl, write_jsonl, write_model
from stages.llm.concurrently import in_order
from stages.llm.params import LlmParams
from stages.llm.providers import connected

Lists = dict[str, Explanation]
"""User id → explained list."""


app = typer.Typer()


@app.command()
@one_sentence
def pairs(out: Annotated[Path, typer.Option(help="File for the pairs that are compared.")]) -> None:
    """Write the pairs of params.yaml, so that evaluate's folder exists if nothing is compared."""
    write_json(out, load_section("compare", CompareParams).pairs)


@app.command()
@one_sentence
def judge(
    pair: Annotated[str, typer.Option(help="Two explained strategies with a hyphen between.")],
    explained: Annotated[
        Path, typer.Option(help="Folder of the base's explanations, by strategy.")
    ],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    users: Annotated[Path, typer.Option(help="User profiles of the split.")],
    out: Annotated[Path, typer.Option(help="Folder for the verdicts and their tally.")],
) -> None:
    """Show the judge two lists for each of a sample of users, in both orders, and count."""
    params, llm = load_section("compare", CompareParams), load_section("llm", LlmParams).about_users
    with logged(f"compare {pair}") as counts:
        first, second = (
            {
                row.user_id: row
                for row in read_jsonl(explained / strategy / "explanations.jsonl", Explanation)
            }
            for strategy in pair.split("-")
        )
        titles = {item.item_id: item.title for item in read_items(movies)}
        words = read_words(prepared)
        people = {
            user.user_id: shown_user(user.profile, [titles[item] for item in user.liked], words)
            for user in read_jsonl(users, UserProfile)
        }
        whose = drawn(first, second, params.users, load_seed())
        cases = [
            Case(
                user, people[user], compared_items(first[user]), compared_items(second[user]), words
            )
            for user in whose
        ]
        rows, calls, name = asyncio.run(_judged(cases, llm))
        total = tally(rows)
        write_jsonl(out / "verdicts.jsonl", rows)
        write_model(out / "tally.json", total)
        write_model(out / "asked.json", calls)
        counts |= total.model_dump(include={"users", "wins", "ties", "losses", "unanswered"})
        counts["judge"] = name


async def _judged(cases: list[Case], llm: LlmParams) -> tuple[list[JudgedLists], Asked, str]:
    """Each case judged, what was asked, and the judge's name."""
    async with connected(llm) as model:
        rows = await in_order(
            lambda case: judge_lists(model, case), cases, llm.width, "compare", model
        )
        return rows, model.asked(), model.model


def drawn(first: Lists, second: Lists, count: int, seed: int) -> list[str]:
    """At most `count` users who have both lists and a reason in one, the same for every pair."""
    draw = generator(seed, "compare").permutation(sorted(first.keys() & second.keys())).tolist()
    return [
        user
        for user in draw
        if any(item.reason for item in (*first[user].items, *second[user].items))
    ][:count]


if __name__ == "__main__":
    app()
