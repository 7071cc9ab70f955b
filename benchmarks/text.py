r"""What does text add to a linear model, and how is it best brought in?

    e2ep run --dataset ml-100k --run text --set 'splits=[fold-1,temporal,cold-items-1]' \
        --set 'models=[cosine]' --set 'strategies=[none]' --set 'rerank.bases=[cosine]' \
        --set 'rerank.reasons.strategies=[none]'
    python benchmarks/text.py --run text

An arena is a split of a run. On it stands EASE of train alone, with the grades, the balance and the
turns of e2ep's linear part; test is not read. Facts (genres, year, people) and text (profiles) are
added as further rows FFᵀ, or as the weights C that they alone give, towards which those of the
ratings are drawn (stages/linear/alike.py), also with a C for each section of the profile.
Every way has some settings. What a user counts is NDCG@10 on valid with those that are best for the
four fifths of the users without them, so that a way with more settings has no better chances.
Intervals are of the paired difference, 1.96 standard errors over users. The result is added to that
of other runs.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from machine import machine, versions
from text_ways import AGAINST, SECTIONS, Setting, ways

from e2ep_cli.project.places import output, root
from e2ep_cli.runs.run import Run, named_run
from stages.contracts.rows import ItemProfile, Profile
from stages.contracts.scale import POSITIVE
from stages.core.cache import cache_folder
from stages.core.errors import InputError, one_sentence
from stages.core.files import write_json
from stages.core.log import progress
from stages.core.seeds import generator
from stages.core.tables import read_json, read_jsonl
from stages.embed.backend import load_encoder
from stages.embed.cache import vector_cache
from stages.embed.encode import encode_profiles
from stages.embed.params import EmbedParams
from stages.embed.texts import Pieces, sections
from stages.linear.alike import LowRank, alike
from stages.linear.inverse import DOUBLE
from stages.linear.kept import weighed
from stages.linear.regression import balanced, linear_weights
from stages.train.fitting.data import grade
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.sources import Sources, split_rows
from stages.train.fitting.validation import validation_ndcg
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.linear import directions, in_turn
from stages.train.models.e2ep.settings import Config

RESULT = Path(__file__).parent / "results" / "text.json"
PACKAGES = ("numpy", "scipy")
COMPONENTS = 256
PARTS = 5
"""Parts of the users, each judged with the settings that are best for the others."""


def measured(rows: SplitRows, text: Mapping[str, np.ndarray], config: Config) -> dict[str, Any]:
    """What each way brings on one arena; text: the vectors of each section, (items, 384)."""
    linear, data = config.linear, rows.data(rows.train)
    values = grade(data.rating, linear.grades)
    ratings = data.matrix(values)  # (users, items)
    fitted, turns = balanced(ratings, linear.balance), linear.turns * in_turn(data, values)
    assert data.item_text is not None
    features = {
        "facts": item_features(data, False, COMPONENTS),
        "text": data.item_text,
        "facts and text": item_features(data, True, COMPONENTS),
        **text,
    }
    known = {name: directions(vectors) for name, vectors in features.items()}
    correlations = {name: alike(vectors) for name, vectors in known.items()}
    judge = validation_ndcg(
        rows.seen(rows.valid[rows.valid["rating"] >= POSITIVE]),
        rows.seen(rows.train),
        rows.held_out(rows.valid),
    )

    def ndcg(setting: Setting) -> np.ndarray:
        drawn = [(mu, correlations[name]) for name, mu in setting.drawn if mu]
        weights = linear_weights(
            fitted,
            setting.l2,
            linear.growth,
            setting.weight**0.5 * known[setting.rows] if setting.rows else None,
            turns,
            drawn=LowRank(
                np.hstack([mu * each.left for mu, each in drawn]),
                np.hstack([each.right for _, each in drawn]),
            )
            if drawn
            else None,
        )
        return judge(lambda users: weighed(ratings[users], weights))

    tried: dict[str, dict[Setting, np.ndarray]] = {}
    for way, setting in progress(list(ways()), f"{rows.name}: settings"):
        tried.setdefault(way, {})[setting] = ndcg(setting)
    for settings in tried.values():
        settings |= tried["ratings"]
    judged = {way: without_own_choice(settings) for way, settings in tried.items()}
    return {
        "users": len(judged["ratings"]),
        "items": rows.n_items,
        "ways": {
            way: {
                "ndcg@10": round(float(ndcgs.mean()), 5),
                "over_ratings": paired(ndcgs, judged["ratings"]),
                "over": paired(ndcgs, judged[AGAINST.get(way, "ratings")]),
                "best": best(tried[way])._asdict(),
            }
            for way, ndcgs in judged.items()
        },
    }


def best(settings: Mapping[Setting, np.ndarray]) -> Setting:
    """The setting that is best for all users."""
    return max(settings, key=lambda setting: float(settings[setting].mean()))


def without_own_choice(settings: Mapping[Setting, np.ndarray]) -> np.ndarray:
    """NDCG (users,) with the setting that is best for the other parts of the users."""
    values = np.stack(list(settings.values()))  # (settings, users)
    part = generator(0, "text", "parts").permutation(values.shape[1]) % PARTS
    judged = np.empty(values.shape[1])
    for own in (part == number for number in range(PARTS)):
        judged[own] = values[values[:, ~own].mean(axis=1).argmax(), own]
    return judged


def paired(ndcgs: np.ndarray, than: np.ndarray) -> dict[str, float]:
    """The mean difference of (users,) and its interval."""
    gain = ndcgs - than
    interval = 1.96 * float(gain.std(ddof=1)) / len(gain) ** 0.5
    return {"difference": round(float(gain.mean()), 5), "interval": round(interval, 5)}


def section_vectors(run: Run) -> dict[str, np.ndarray]:
    """The vectors of each section of the items' profiles, from the cache where they are known."""
    profiles = list(
        read_jsonl(output(run.folder, "profile-items", dataset=run.dataset), ItemProfile)
    )
    params = EmbedParams(**run.params["embed"])
    encoder, vectors = load_encoder(params.model, params.backend, window=params.window), {}
    with vector_cache(cache_folder(run.project), encoder.weights) as cache:
        for name in SECTIONS:
            texts = [section_of(row.profile, name) for row in profiles]
            encoded = encode_profiles(texts, encoder, params.batch_size, False, cache)
            vectors[name] = encoded.vectors
    return vectors


def section_of(profile: Profile, name: str) -> Pieces:
    """The texts of one section."""
    none: dict[str, Any] = {"overview": "", "genres": (), "tags": (), "description": ""}
    others = {field: nothing for field, nothing in none.items() if field not in SECTIONS[name]}
    return sections(profile.model_copy(update=others), False)


@one_sentence
def main(
    run: Annotated[str, typer.Option(help="A run with embedded profiles.")] = "text",
    out: Annotated[Path, typer.Option(help="File for the result.")] = RESULT,
) -> None:
    """Measure every split of a run."""
    of = named_run(root(), run)
    prepared, movies, items = (
        output(of.folder, stage, dataset=of.dataset)
        for stage in ("prepare", "enrich", "embed-items")
    )
    sources = Sources(prepared, movies, items.parent)
    config = Config(**of.params["train"]["e2ep"])
    text = section_vectors(of)
    arenas: dict[str, Any] = {}
    for split in of.params["splits"]:
        rows = split_rows(sources, split, "unified")
        if rows.n_items > DOUBLE:
            raise InputError(
                f"{of.dataset} has {rows.n_items:,} items, and {len(list(ways()))} inverses of a "
                f"matrix of more than {DOUBLE:,} take too long; choose a smaller data set"
            )
        arenas[f"{of.dataset} {split}"] = measured(rows, text, config)
    before = read_json(out)["arenas"] if out.is_file() else {}
    result = {
        "machine": machine(),
        "versions": versions(PACKAGES),
        "arenas": before | arenas,
    }
    write_json(out, result)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    typer.run(main)
