"""Every stage and variant, and the modules that it runs."""

from pathlib import Path

from stages.core.variants import ROOT, variants

BY_VARIANT = {
    "train": ("stages.train.models", "MODEL"),
    "rerank": ("stages.rerank.strategies", "STRATEGY"),
    "probe": ("stages.train.models", "MODEL"),
}
"""Stages whose runs import one file each of a package: the package, and the name that a variant assigns."""

MORE = {"train": ("stages.train.further",)}
"""Modules that are run beside a stage's own."""


def entries() -> dict[str, tuple[str, ...]]:
    """Name of the file → modules: `train-e2ep` for a variant, `embed` for a stage without any."""
    found: dict[str, tuple[str, ...]] = {}
    for stage in stage_names():
        runs = (f"stages.{stage}.__main__", *MORE.get(stage, ()))
        if stage in BY_VARIANT:
            found |= {
                f"{stage}-{name}": (*runs, module)
                for name, module in variants(*BY_VARIANT[stage]).items()
            }
        else:
            found[stage] = runs
    return found


def stage_names(root: Path = ROOT) -> list[str]:
    """The packages of stages/ that are run as `python -m`, without `code` itself."""
    return sorted(
        path.parent.name for path in root.glob("stages/*/__main__.py") if path.parent.name != "code"
    )
