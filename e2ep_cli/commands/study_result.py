"""`e2ep study result`: what people answered."""

import json
from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import EncodingOption, JsonOption
from e2ep_cli.studying.answers import read_answers
from e2ep_cli.studying.key import SHEET, key_beside, read_key
from e2ep_cli.studying.outcome import matching_keys, study_outcome
from e2ep_cli.studying.showing import outcome_as_json, show_outcome
from stages.core.errors import one_sentence
from stages.data.files.encoded import check_encoding


@one_sentence
def study_result_command(
    answers: Annotated[
        list[Path], typer.Argument(metavar="ANSWERS.csv…", help="Files that the sheets saved.")
    ],
    key: Annotated[
        list[Path] | None,
        typer.Option(
            help="Key of the sheet, by default study.key.json; repeatable, for answers to several."
        ),
    ] = None,
    difference: Annotated[
        float,
        typer.Option(
            min=0.01,
            max=1,
            help="Difference that is to be found, one side's share less the other's: "
            ".2 is 60 to 40.",
        ),
    ] = 0.2,
    encoding: EncodingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what people answered, how sure that is, and how many it takes.

    People who fail an attention check are left out and counted.
    """
    encoded = None if encoding is None else check_encoding(encoding)
    keys = matching_keys([read_key(path) for path in key or [key_beside(SHEET)]])
    outcome = study_outcome(keys, read_answers(answers, keys, encoded), difference)
    if as_json:
        typer.echo(json.dumps(outcome_as_json(outcome, difference), ensure_ascii=False, indent=1))
    else:
        show_outcome(outcome, difference)
