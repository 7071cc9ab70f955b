"""`python -m stages.embed items|users`: write one matrix for each text form."""

from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.plan import reads_users
from stages.contracts.rows import ItemProfile, UserProfile
from stages.core.cache import cache_folder
from stages.core.device import chosen_device, device_name
from stages.core.errors import one_sentence
from stages.core.files import write_text
from stages.core.log import logged
from stages.core.params import load_params, load_section
from stages.core.tables import read_jsonl, write_arrays
from stages.embed.params import EmbedParams

app = typer.Typer(no_args_is_help=True)
Profiles = Annotated[Path, typer.Option(help="The profiles (jsonl), in the order of the rows.")]
Out = Annotated[Path, typer.Option(help="Folder for FORM.safetensors and ids.txt.")]


@app.command()
@one_sentence
def items(profiles: Profiles, out: Out) -> None:
    """Embed movie profiles."""
    rows = list(read_jsonl(profiles, ItemProfile))
    _embed("embed items", rows, [row.item_id for row in rows], out)


@app.command()
@one_sentence
def users(
    profiles: Profiles,
    out: Out,
    readers: Annotated[
        str,
        typer.Option(help="Key of params.yaml with the models that may read them; else ids alone."),
    ],
) -> None:
    """Embed user profiles, if a model reads them."""
    rows = list(read_jsonl(profiles, UserProfile))
    ids = [row.user_id for row in rows]
    if not reads_users(load_params(), readers):
        with logged("embed users") as counts:
            _write_ids(out, ids)
            counts["profiles"] = f"none of {len(rows):,}, as no model reads them"
        return
    _embed("embed users", rows, ids, out)


def _embed(
    name: str, rows: list[ItemProfile] | list[UserProfile], ids: list[str], out: Path
) -> None:
    from stages.embed.backend import load_encoder
    from stages.embed.cache import vector_cache
    from stages.embed.encode import encode_profiles
    from stages.embed.texts import profile_texts

    params = load_section("embed", EmbedParams)
    with logged(name) as counts:
        device = chosen_device(params.device, "embed.device", sparse=False)
        encoder = load_encoder(params.model, params.backend, device, params.window)
        counts["backend"] = encoder.backend
        if params.device != "cpu":
            counts["device"] = device_name(device)
        with vector_cache(cache_folder(), encoder.weights) as cache:
            for form in params.forms:
                pieces = [profile_texts(row, form, params) for row in rows]
                whole, named = params.pooling == "whole", (params.model, params.backend)
                encoded = encode_profiles(pieces, encoder, params.batch_size, whole, cache, named)
                write_arrays(out / f"{form}.safetensors", {"vectors": encoded.vectors})
                counts |= {
                    f"{form} profiles": len(rows),
                    "texts": sum(map(len, pieces)),
                    "embedded before": encoded.known,
                    "cut by the model's window": encoded.cut,
                }
        _write_ids(out, ids)


def _write_ids(out: Path, ids: list[str]) -> None:
    write_text(out / "ids.txt", "".join(f"{outside}\n" for outside in ids))


if __name__ == "__main__":
    app()
