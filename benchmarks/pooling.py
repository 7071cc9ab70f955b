"""How should a profile longer than the model's window be embedded: cut, or by section?

    python benchmarks/pooling.py [--dataset ml-100k] [--profiles item_profiles.csv]

Three ways on the same movie profiles: `whole` (cut at 256 word pieces), `sections` (Overview,
Attributes, Description) and `sections+dislikes`. Each is judged by a ranking from text alone:
items by cosine to the mean vector of the user's liked training films, NDCG@10 on the validation
rows of fold-1, never on test. Needs the data set in data/ and `e2ep prepare --dataset NAME`.
Writes benchmarks/results/pooling.json.
"""

import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from e2ep_cli.runs.run import find_run
from stages.contracts.rows import RATINGS, TRAINING, ItemProfile
from stages.contracts.scale import POSITIVE
from stages.core.errors import one_sentence
from stages.core.files import write_json
from stages.core.tables import read_jsonl, read_table
from stages.embed.backend import load_encoder
from stages.embed.encode import encode_profiles
from stages.embed.encoder import Encoder
from stages.embed.params import EmbedParams
from stages.embed.texts import profile_texts
from stages.profile.published import read_published
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.validation import validation_ndcg

WAYS = {
    "whole": EmbedParams(pooling="whole", dislikes=True),
    "sections": EmbedParams(pooling="sections"),
    "sections+dislikes": EmbedParams(pooling="sections", dislikes=True),
}


@one_sentence
def main(
    dataset: Annotated[str, typer.Option(help="Data set in data/.")] = "ml-100k",
    profiles: Annotated[
        str, typer.Option(help="Published movie profiles in the data set's folder.")
    ] = "item_profiles.csv",
    split: str = "fold-1",
) -> None:
    """Measure the three ways."""
    artifacts = find_run(Path(), dataset, None, {}).folder / "artifacts" / dataset
    published = read_published(Path("data") / dataset / profiles, "movie_id")
    rows = [
        row.model_copy(update={"profile": published.get(row.item_id, row.profile)})
        for row in read_jsonl(artifacts / "profile" / "items.jsonl", ItemProfile)
    ]
    folder = artifacts / "prepare" / "splits" / split
    train = read_table(folder / "train.parquet", TRAINING)
    valid = read_table(folder / "valid.parquet", RATINGS)
    n_users = read_table(artifacts / "prepare" / "ratings.parquet", RATINGS)["user_row"].max() + 1
    data = SplitRows(split, train, valid, int(n_users), len(rows), None, None)
    encoder = load_encoder("bundled", "torch")
    results = {name: measured(rows, data, encoder, params) for name, params in WAYS.items()}
    write_json(
        Path("benchmarks/results/pooling.json"),
        {"dataset": dataset, "split": split, "profiles": profiles, **results},
    )
    for name, result in results.items():
        print(f"{name}: {result}")


def measured(
    rows: list[ItemProfile], data: SplitRows, encoder: Encoder, params: EmbedParams
) -> dict[str, float]:
    """Texts, how many were cut, seconds, and the ranking quality of text alone on valid."""
    pieces = [profile_texts(row, "unified", params) for row in rows]
    start = time.perf_counter()
    encoded = encode_profiles(pieces, encoder, params.batch_size, params.pooling == "whole")
    vectors, cut = encoded.vectors, encoded.cut
    seconds = time.perf_counter() - start
    liked = data.seen(data.train[data.train["rating"] >= POSITIVE])
    wanted = data.seen(data.valid[data.valid["rating"] >= POSITIVE])
    validate = validation_ndcg(wanted, data.seen(data.train), np.ones(data.n_items, dtype=bool))
    ndcg = validate(lambda users: np.asarray(liked[users] @ vectors) @ vectors.T).mean()
    return {
        "texts": sum(map(len, pieces)),
        "cut": cut,
        "seconds": round(seconds, 1),
        "valid_ndcg@10": round(float(ndcg), 5),
    }


if __name__ == "__main__":
    typer.run(main)
