"""`python -m stages.profile items|users`: write movie profiles, or one split's user profiles."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.calls import Asked
from stages.contracts.items import read_profiled
from stages.contracts.rows import ENRICHED, RATINGS, USERS, ItemProfile, UserProfile
from stages.contracts.words import read_words
from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.params import load_section
from stages.core.tables import read_table, write_jsonl, write_model
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.profile.history import histories
from stages.profile.items import item_profiles
from stages.profile.params import ProfileParams
from stages.profile.published import read_published, refuse_leak
from stages.profile.users import user_profiles

app = typer.Typer(no_args_is_help=True)


@app.command()
@one_sentence
def items(
    data: Annotated[
        Path, typer.Option(help="Folder of the data set, where published profiles lie.")
    ],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    out: Annotated[Path, typer.Option(help="File for the movie profiles.")],
    asked: Annotated[Path, typer.Option(help="File for the calls of the chat model.")],
) -> None:
    """Write a profile for each movie."""
    params, llm = load_section("profile", ProfileParams), load_section("llm", LlmParams)
    with logged("profile items") as counts:
        published = (
            read_published(data / params.items_file, "movie_id")
            if params.items == "published"
            else {}
        )
        films, words = read_table(movies, ENRICHED), read_words(prepared)

        async def all_profiles() -> tuple[list[ItemProfile], Asked]:
            async with connected(llm) as model:
                done = await item_profiles(films, published, model, llm.width, words)
                return done, model.asked()

        rows, calls = asyncio.run(all_profiles())
        write_jsonl(out, rows)
        write_model(asked, calls)
        counts |= {words.items: len(rows), **_sources([row.source for row in rows])}


@app.command()
@one_sentence
def users(
    data: Annotated[
        Path, typer.Option(help="Folder of the data set, where published profiles lie.")
    ],
    split: Annotated[str, typer.Option(help="Name of the split.")],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    profiles: Annotated[Path, typer.Option(help="The movie profiles.")],
    out: Annotated[Path, typer.Option(help="File for the user profiles.")],
    asked: Annotated[Path, typer.Option(help="File for the calls of the chat model.")],
) -> None:
    """Write a profile for each user, from the split's training rows alone."""
    params, llm = load_section("profile", ProfileParams), load_section("llm", LlmParams).about_users
    with logged(f"profile users {split}") as counts:
        published = {}
        if params.users == "published":
            refuse_leak(data.name, split)
            published = read_published(data / params.users_file, "user_id")
        train = read_table(prepared / "splits" / split / "train.parquet", RATINGS)
        ids = read_table(prepared / "users.parquet", USERS)["user_id"].tolist()
        catalogue, words = read_profiled(movies, profiles), read_words(prepared)
        chosen, dropped = histories(train, params.liked, params.disliked), Counter[str]()

        async def all_profiles() -> tuple[list[UserProfile], Asked]:
            async with connected(llm) as model:
                done = await user_profiles(
                    ids,
                    chosen,
                    catalogue,
                    published,
                    model,
                    params.batch,
                    llm.width,
                    dropped,
                    words,
                )
                return done, model.asked()

        rows, calls = asyncio.run(all_profiles())
        write_jsonl(out, rows)
        write_model(asked, calls)
        counts |= {"users": len(rows), **_sources([row.source for row in rows])}
        counts |= {"foreign words dropped": dropped.total()} if dropped.total() else {}


def _sources(sources: list[str]) -> dict[str, object]:
    return {f"from {source}": sources.count(source) for source in dict.fromkeys(sources)}


if __name__ == "__main__":
    app()
