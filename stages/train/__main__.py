"""`python -m stages.train`: fit one model on one split and write its candidates, curve and weights."""

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from stages.core.errors import MissingError, ParamError, one_sentence
from stages.core.log import logged
from stages.core.params import load_params, load_section, load_seed
from stages.core.schema import CANDIDATES, ENRICHED, MOVIES, RATINGS, USERS
from stages.core.tables import read_arrays, read_table, write_arrays, write_table, write_text
from stages.train.facts import facts_of
from stages.train.params import CommonParams
from stages.train.selection import Fitted, SplitRows, select_and_refit
from stages.train.traits import traits_of

TABLES = (("users", USERS), ("movies", MOVIES))


@one_sentence
def main(
    model: Annotated[str, typer.Option(help="Name of the model: a file of stages/train/models/.")],
    split: Annotated[str, typer.Option(help="Name of the split.")],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The movies that enrich wrote.")],
    embedded: Annotated[Path, typer.Option(help="Folder that embed wrote.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
) -> None:
    """Fit, choose on valid, refit, and list the top candidates."""
    module = model_module(model)
    config, common = load_section(f"train.{model}", module.Config), load_section("train.common", CommonParams)
    seed = load_seed()
    with logged(f"train {model} {split}") as counts:
        limit_threads(common.threads)
        form = module.MODEL(config, seed).form
        rows = split_rows(Sources(prepared, movies, embedded), split, form)
        selects = not seen_by_text(form, load_params())
        fitted = select_and_refit(lambda: module.MODEL(config, seed), rows, common.candidates, selects)
        _write(out, fitted)
        counts |= {"ratings": len(rows.train) + len(rows.valid), **_epochs(fitted)}
        counts |= {"NDCG@10 on valid": f"{fitted.valid_ndcg:.4f}" if selects else "seen by the published profiles"}


def _epochs(fitted: Fitted) -> dict[str, int]:
    return {"epochs": fitted.epochs} if fitted.epochs else {}


def model_module(name: str) -> Any:
    """The module of a model, or a ParamError that lists the ones there are."""
    known = sorted(path.stem for path in (Path(__file__).parent / "models").glob("[!_]*.py"))
    if name not in known:
        raise ParamError(
            f"models in params.yaml names {name!r}, which is not a file of stages/train/models/; there are {', '.join(known)}"
        )
    return import_module(f"stages.train.models.{name}")


def limit_threads(threads: int) -> None:
    """Hold torch, where a model has loaded it, to so many threads."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(threads)


def seen_by_text(form: str | None, params: dict[str, Any]) -> bool:
    """Whether the text that a model reads was made from validation rows too, so that they cannot choose anything."""
    return form is not None and (params.get("profile") or {}).get("users") == "published"


@dataclass(frozen=True)
class Sources:
    """The folder that prepare wrote, the file of enrich, and the folder of embed."""

    prepared: Path
    movies: Path
    embedded: Path


def split_rows(sources: Sources, split: str, form: str | None) -> SplitRows:
    """What earlier stages wrote for a split, its test rows left closed."""
    folder = sources.prepared / "splits" / split
    train, valid = (read_table(folder / f"{part}.parquet", RATINGS) for part in ("train", "valid"))
    users, movies = (read_table(sources.prepared / f"{name}.parquet", kind) for name, kind in TABLES)
    user_text, item_text = (_vectors(sources.embedded / part, form) for part in (split, "items"))
    facts = facts_of(movies, read_table(sources.movies, ENRICHED))
    sizes = len(users), len(movies)
    return SplitRows(split, train, valid, *sizes, user_text, item_text, facts, traits_of(users))


def _vectors(folder: Path, form: str | None) -> np.ndarray | None:
    if form is None:
        return None
    file = folder / f"{form}.safetensors"
    if not file.exists():
        raise MissingError(f"{file} is not there; add {form} to embed.forms in params.yaml and run `dvc repro`")
    return read_arrays(file)["vectors"]


def _write(out: Path, fitted: Fitted) -> None:
    write_table(out / "candidates.parquet", fitted.candidates, CANDIDATES)
    write_table(out / "valid.parquet", fitted.valid_candidates, CANDIDATES)
    write_arrays(out / "weights.safetensors", fitted.weights)
    write_text(out / "curve.csv", fitted.curve.to_csv(index=False, float_format="%.6f", lineterminator="\n"))


if __name__ == "__main__":
    typer.run(main)
