"""`python -m stages.train`: fit a model on a split; write its candidates, curve and weights."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.plan import seen_by_text
from stages.contracts.rows import CANDIDATES
from stages.core.device import device_name
from stages.core.errors import one_sentence
from stages.core.files import write_text
from stages.core.log import logged
from stages.core.params import load_params, load_section, load_seed
from stages.core.tables import write_arrays, write_table
from stages.train.fitting.named import limit_threads, model_module, torch_device
from stages.train.fitting.selection import Fitted, select_and_refit
from stages.train.fitting.sources import Sources, split_rows
from stages.train.params import CommonParams
from stages.train.record import recorded_fit


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
    config = load_section(f"train.{model}", module.Config)
    common = load_section("train.common", CommonParams)
    params, seed = load_params(), load_seed()
    with logged(f"train {model} {split}") as counts:
        limit_threads(common.threads)
        device = torch_device(common.device)
        if common.device != "cpu":
            counts["device"] = device_name(device)
        unfitted = module.MODEL(config, seed)
        sources = Sources(prepared, movies, embedded)
        rows = replace(split_rows(sources, split, unfitted.form, common.refit), device=device)
        selects = not seen_by_text(unfitted.form, params)
        with recorded_fit(unfitted, config, model, params, rows, common.threads):
            fitted = select_and_refit(
                lambda: module.MODEL(config, seed), rows, common.candidates, selects
            )
        _write(out, fitted)
        counts["ratings"] = fitted.ratings
        if fitted.epochs:
            counts["epochs"] = fitted.epochs
        ndcg = f"{fitted.valid_ndcg:.4f}" if selects else "seen by the published profiles"
        counts["NDCG@10 on valid"] = ndcg


def _write(out: Path, fitted: Fitted) -> None:
    write_table(out / "candidates.parquet", fitted.candidates, CANDIDATES)
    write_table(out / "valid.parquet", fitted.valid_candidates, CANDIDATES)
    for name, parts in (("parts", fitted.parts), ("valid-parts", fitted.valid_parts)):
        if parts:
            write_arrays(out / f"{name}.safetensors", parts)
    write_arrays(out / "weights.safetensors", fitted.weights)
    write_text(
        out / "curve.csv",
        fitted.curve.to_csv(index=False, float_format="%.6f", lineterminator="\n"),
    )


if __name__ == "__main__":
    typer.run(main)
