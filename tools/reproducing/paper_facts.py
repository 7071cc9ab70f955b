"""What the released profiles and MovieLens 100K themselves show, into docs/paper_facts.json.

    python -m tools.reproducing.paper_facts MOVIELENS

MOVIELENS: a folder with u1.base and u1.test, and with the released item_profiles.csv and
user_profiles_u1.csv.
"""

from pathlib import Path
from typing import Annotated, TypedDict

import pandas as pd
import typer

from stages.core.errors import one_sentence
from stages.core.files import existing, write_json
from stages.embed.minilm import MADE_FOR, PLACES, MiniLm
from stages.embed.texts import longer_than
from tools.reproducing.cited import FACTS
from tools.reproducing.pairs import u1_ratings


class PaperFacts(TypedDict):
    """Shares.

    older: of u1.test, older than the same user's last rating in u1.base. cut_items, cut_users: of
    the released profiles, longer than so many word pieces.
    """

    older: float
    cut_items: dict[str, float]
    cut_users: dict[str, float]


@one_sentence
def main(
    movielens: Annotated[Path, typer.Argument(help="Folder of u1 and the released profiles.")],
) -> None:
    """Measure them."""
    write_json(FACTS, paper_facts(movielens))


def paper_facts(movielens: Path) -> PaperFacts:
    """The facts of a folder as the module says."""
    train, test = (u1_ratings(movielens / f"u1.{part}") for part in ("base", "test"))
    last = train.groupby("user")["seconds"].max()
    return {
        "older": round(float((test["seconds"] < test["user"].map(last)).mean()), 5),
        "cut_items": _cut(movielens / "item_profiles.csv"),
        "cut_users": _cut(movielens / "user_profiles_u1.csv"),
    }


def _cut(path: Path) -> dict[str, float]:
    encoder, texts = MiniLm(), pd.read_csv(existing(path))["profile"].tolist()
    return {
        str(window): round(longer_than(texts, encoder.length, window) / len(texts), 5)
        for window in (MADE_FOR, PLACES)
    }


if __name__ == "__main__":
    typer.run(main)
