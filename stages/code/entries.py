"""Every stage and variant, and the modules that it runs."""

from pathlib import Path

from stages.core.variants import ROOT, variants

MODELS, STRATEGIES = ("stages.train.models", "MODEL"), ("stages.rerank.strategies", "STRATEGY")
"""Packages of variants, and the name that the file of each assigns."""

BY_VARIANT = {
    "train": (("stages.train.__main__",), MODELS),
    "train-further": (("stages.train.__main__", "stages.train.further"), MODELS),
    "rerank": (("stages.rerank.__main__",), STRATEGIES),
    "probe": (("stages.probe.__main__",), MODELS),
}
"""Stages that import one variant per run, in addition to these modules."""


def entries() -> dict[str, tuple[str, ...]]:
    """Name of the file → modules: `train-e2ep` for a variant, `embed` for a stage without any."""
    modules: dict[str, tuple[str, ...]] = {
        name: (f"stages.{name}.__main__",) for name in stage_names()
    }
    for stage, (runs, kind) in BY_VARIANT.items():
        modules.pop(stage, None)
        modules |= {f"{stage}-{name}": (*runs, module) for name, module in variants(*kind).items()}
    return modules


def stage_names(root: Path = ROOT) -> list[str]:
    """The packages of stages/ that are run as `python -m`, without `code` itself."""
    return sorted(
        path.parent.name for path in root.glob("stages/*/__main__.py") if path.parent.name != "code"
    )
