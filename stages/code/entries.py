"""Every stage and variant, and the modules that it runs."""

from pathlib import Path

from stages.core.variants import ROOT, variants

BY_VARIANT = {
    "train": ("stages.train.models", "MODEL"),
    "rerank": ("stages.rerank.strategies", "STRATEGY"),
    "probe": ("stages.train.models", "MODEL"),
}
"""Stages of which each run imports one file of a package, by the name that such a file assigns."""

MORE = {"train": ("stages.train.further",)}
"""Modules that are run beside a stage's `__main__`."""


def entries() -> dict[str, tuple[str, ...]]:
    """Name of the file → modules: `train-e2ep` for a variant, `embed` for a stage without any."""
    modules: dict[str, tuple[str, ...]] = {}
    for stage in stage_names():
        runs = (f"stages.{stage}.__main__", *MORE.get(stage, ()))
        if stage in BY_VARIANT:
            modules |= {
                f"{stage}-{name}": (*runs, variant)
                for name, variant in variants(*BY_VARIANT[stage]).items()
            }
        else:
            modules[stage] = runs
    return modules


def stage_names(root: Path = ROOT) -> list[str]:
    """The packages of stages/ that are run as `python -m`, without `code` itself."""
    return sorted(
        path.parent.name for path in root.glob("stages/*/__main__.py") if path.parent.name != "code"
    )
