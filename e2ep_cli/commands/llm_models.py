"""`e2ep llm models`: the models known by name, and what is sent to each."""

import json
from typing import Annotated, Any

import typer

from e2ep_cli.options import JsonOption
from e2ep_cli.views.models import models_as_json, show_bodies, show_models
from stages.core.errors import one_sentence
from stages.llm.prices.presets import PRESETS
from stages.llm.servers.bodies import sent_body


@one_sentence
def llm_models_command(
    with_bodies: Annotated[
        bool,
        typer.Option("--bodies", help="Show the request to each, and what its family accepts."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the models known by name: prices, effort, last day, requests.

    Any other name that a server knows works too.
    """
    bodies: dict[str, dict[str, Any]] = {}
    if with_bodies:
        bodies = {name: sent_body(preset) for name, preset in PRESETS.items()}
    if as_json:
        print(json.dumps(models_as_json(bodies), ensure_ascii=False, indent=1))
    elif with_bodies:
        show_bodies(bodies)
    else:
        show_models()
