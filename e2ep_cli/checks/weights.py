"""The embedding weights."""

from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.embed.weights import SHA256, bundled_folder, verified

_WHAT = "embedding weights"


def check(params: dict[str, Any]) -> list[Diagnosis]:
    """The bundled weights' hash, or the name of the model that is used instead."""
    model = (params.get("embed") or {}).get("model", "bundled")
    if model != "bundled":
        return [
            Diagnosis(
                "note",
                _WHAT,
                f"embed.model is {model}, which is not verified and may need the network",
            )
        ]
    verified(bundled_folder())
    return [Diagnosis("fine", _WHAT, f"all-MiniLM-L6-v2, sha256 {SHA256[:12]}… as published")]
