"""An ablation's fits, spread over a cluster before its experiment finds them in DVC's cache."""

from pathlib import Path

from e2ep_cli.ablating.experiments import Seconds
from e2ep_cli.ablating.plan import Plan
from e2ep_cli.runs.ahead import fit_ahead, stages_behind
from e2ep_cli.runs.alone import working_alone
from e2ep_cli.runs.folder import make_folder
from e2ep_cli.runs.run import Run, remove_run
from stages.code.links import keep_links_empty


def fit_experiment_ahead(folder: Path, plan: Plan) -> Seconds:
    """Fit in the folder of a run, which is deleted then; seconds of those that were fitted here.

    Where a stage before the fits fails, the experiment does too.
    """
    fits = [name for name in plan.targets if name.startswith("train@")]
    run = Run(folder, plan.experiment, plan.changes)
    with working_alone(run):
        make_folder(run)
        keep_links_empty(run.folder)
        try:
            return fit_ahead(run.folder, run.params, stages_behind(run.folder, fits)).seconds
        finally:
            remove_run(folder, run.name)
