"""Run stages through DVC, with parameters that apply to one run only."""

from typing import Any

from e2ep_cli.project.checking import check_changed, check_params
from e2ep_cli.project.llm_ready import require_llm_ready
from e2ep_cli.project.overrides import overridden, parsed_settings, settled
from e2ep_cli.project.places import planned_stages, root
from e2ep_cli.project.repro import reproduce
from stages.core.errors import ParamError
from stages.core.params import load_params
from stages.data.read import require_folder


def run_stages(
    stages: list[str], dataset: str | None, settings: list[str], force: bool = False
) -> dict[str, Any]:
    """Reproduce these stages, or all if none is named; returns the parameters of this run.

    A run that fails ends the program with DVC's exit code.
    """
    folder, changes = root(), parsed_settings(settings)
    if dataset:
        changes |= {"dataset": dataset}
    with overridden(folder, changes):
        params = load_params(folder / "params.yaml")
        check_params(params)
        check_changed(params, settled(folder))
        require_folder(folder / "data" / str(params["dataset"]))
        if "compare" in stages and not params["compare"]["pairs"]:
            raise ParamError(
                "compare.pairs in params.yaml is empty, so there is nothing to compare; list a "
                "pair of explained strategies there, or for this run only: "
                "--set 'compare.pairs=[scored-none]'"
            )
        names = planned_stages(params)
        # The word before the axes: `profile-users@sample-fold-1` belongs to `profile`.
        targets = [name for name in names if name.partition("@")[0].partition("-")[0] in stages]
        require_llm_ready(folder, params, targets, force)
        code = reproduce(folder, targets, len(names), force)
    if code:
        raise SystemExit(code if code > 0 else 1)
    return params
