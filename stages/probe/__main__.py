"""`python -m stages.probe`: score explained items without the ratings that their reasons cite."""

from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.plan import load_reasons
from stages.contracts.probing import Probe
from stages.contracts.rows import MOVIES, USERS, Explanation
from stages.core.errors import one_sentence
from stages.core.leftovers import prune
from stages.core.log import logged
from stages.core.params import load_params, load_section, load_seed
from stages.core.seeds import generator
from stages.core.tables import read_arrow, read_jsonl, write_model
from stages.probe.deletion import Prober
from stages.probe.params import ProbeParams
from stages.train.fitting.model import Model
from stages.train.fitting.rescoring import ScoresFromRatings
from stages.train.fitting.restored import restored
from stages.train.fitting.sources import Sources, split_rows
from stages.train.params import CommonParams


@one_sentence
def main(
    model: Annotated[str, typer.Option(help="Name of the base model.")],
    split: Annotated[str, typer.Option(help="Name of the split.")],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The movies that enrich wrote.")],
    embedded: Annotated[Path, typer.Option(help="Folder that embed wrote.")],
    trained: Annotated[Path, typer.Option(help="Folder of the trained model.")],
    explained: Annotated[
        Path, typer.Option(help="Folder of the model's explanations, one per strategy.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
) -> None:
    """Probe the explanations of every strategy listed in rerank.reasons.strategies."""
    strategies = load_reasons().strategies
    prune(explained, [strategies])
    with logged(f"probe {model} {split}") as counts:
        fitted = restored(model, load_params(), trained)
        for strategy in strategies:
            probe = Probe(applies=False)
            if isinstance(fitted, ScoresFromRatings):
                rows = list(read_jsonl(explained / strategy / "explanations.jsonl", Explanation))
                prober = _prober(fitted, Sources(prepared, movies, embedded), split, strategy)
                probe = prober.probe(fitted, _sample(rows, split))
            write_model(out / f"{strategy}.json", probe)
            counts[f"items of {strategy}"] = (
                len(probe.items) if probe.applies else "not read from ratings"
            )


def _prober(model: Model, sources: Sources, split: str, strategy: str) -> Prober:
    refit = load_section("train.common", CommonParams).refit
    basis = split_rows(sources, split, model.form, refit).to_list(model)
    users, movies = (
        read_arrow(sources.prepared / f"{name}.parquet", schema)
        for name, schema in (("users", USERS), ("movies", MOVIES))
    )
    ids = (
        users.sort_by("user_row")["user_id"].to_pylist(),
        movies.sort_by("item_row")["item_id"].to_pylist(),
    )
    draw = generator(load_seed(), "probe", split, strategy)
    draws = load_section("probe", ProbeParams).draws
    return Prober(basis.known, *ids, draws, draw, basis.fitted)


def _sample(rows: list[Explanation], split: str) -> list[Explanation]:
    """Explanations of the users to probe, the same for all strategies."""
    order = generator(load_seed(), "probe", split).permutation(len(rows))
    return [rows[at] for at in sorted(order[: load_section("probe", ProbeParams).users])]


if __name__ == "__main__":
    typer.run(main)
