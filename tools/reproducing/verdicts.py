"""The paper claim by claim: where it is built, what was measured, and what follows."""

import re
from pathlib import Path
from typing import Literal

from stages.core.errors import InputError
from stages.core.tables import read_json
from tools.blocks import Context
from tools.reproducing.claims import ClaimVerdict, Experiment, claims
from tools.reproducing.differences import ONE_SEED, SEEDS, Margin, block_words, measured_of

NOT_YET = "not measured yet"
_HOW_MADE = ("how", "machine", "versions")
"""What the file of seeds says of itself."""


def built(part: Literal["mechanisms", "settings"]) -> Context:
    """Each mechanism, or each setting, with its file and its test."""
    rows = claims().mechanisms if part == "mechanisms" else claims().settings
    return {"part": part, "rows": [(row, row.test.partition("::")) for row in rows]}


def verdicts(_part: str) -> Context:
    """Each experiment, its figures, and the verdict that the first one gives."""
    rows = []
    for claim in claims().experiments:
        figures = [(figure.name, measured_of(figure)) for figure in claim.figures]
        shown = [f"{name}: {number or NOT_YET}" for name, number in figures]
        verdict = checked_verdict(claim) or NOT_YET
        decides = (
            figures[0][1] if verdict in ("supported", "not supported", "contradicted") else None
        )
        seeds = f", {ONE_SEED}" if decides and ONE_SEED in decides.of else ""
        rows.append((claim.says, shown, f"{verdict}{seeds}"))
    return {"rows": rows}


def reviews(_part: str) -> Context:
    """The sentence about each claim on which there is a verdict."""
    return {"rows": [claim for claim in claims().experiments if checked_verdict(claim)]}


def paper_seeds(_part: str) -> Context:
    """What benchmarks/paper_seeds.py has made: means and differences, by settings and block."""
    known = {name: blocks for name, blocks in read_json(SEEDS).items() if name not in _HOW_MADE}
    rows = [
        (name, block_words(block), block["users"], block["models"], block["less"])
        for name, blocks in known.items()
        for block in blocks.values()
    ]
    return {"rows": rows}


def verdict_of(measured: Margin, up: bool) -> ClaimVerdict:
    """What an interval says of the claim that the difference is above 0, or below it."""
    if measured.low <= 0 <= measured.high:
        return "not supported"
    return "supported" if (measured.low > 0) == up else "contradicted"


def checked_verdict(claim: Experiment) -> ClaimVerdict | None:
    """The verdict, None before its first figure is measured; refused if that says another one."""
    if claim.verdict == "cannot be checked":
        return claim.verdict
    first = measured_of(claim.figures[0])
    if first is None:
        return None
    if (given := verdict_of(first, claim.up)) != claim.verdict:
        raise InputError(
            f"claims.yaml says that {claim.says!r} is {claim.verdict}, but its first figure, "
            f"{first}, says: {given}; change the verdict and the sentence"
        )
    return claim.verdict


def unknown_places() -> list[str]:
    """Files and tests that claims.yaml names and that are not there."""
    missing = []
    for row in (*claims().mechanisms, *claims().settings):
        file, _, test = row.test.partition("::")
        if not Path(row.where).is_file():
            missing.append(row.where)
        text = Path(file).read_text(encoding="utf-8") if Path(file).is_file() else ""
        if not re.search(rf"^def {re.escape(test)}\(", text, re.MULTILINE):
            missing.append(row.test)
    return missing
