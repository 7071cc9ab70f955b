"""What could not be checked with the metrics at hand."""

from stages.contracts.rankings import Ranking
from tools.blocks import Context
from tools.reproducing.cited import TABLE_1, cited
from tools.reproducing.ours import Ours, served

FOLDS = {f"fold-{number}" for number in range(1, 6)}
BESIDE = ("as-released", "as-written")
"""The published runs of the paper's models as its code trains them, and as its text says."""


def missing(dataset: str, split: str) -> Context:
    """The paper's systems, bases, judges and folds that our numbers lack."""
    ours = Ours(dataset)
    models = ours.sources.summary().models
    names = served(ours.column(split, "full"))
    beside = {name: Ours(f"{dataset}/{name}").column("fold", "full") for name in BESIDE}
    bases = sorted({base for base, _, _ in ours.reranked(split)})
    answered = ours.sources.record().answered_by
    is_offline = all(model.startswith("offline rules") for model in answered)
    return {
        "split": split,
        "systems": [row for row in cited(TABLE_1) if not row.ours(names)],
        "bases": [] if "unified" in bases else bases,
        "judges": answered if is_offline else (),
        "some_folds": [
            name
            for name in served(models)
            if Ranking(name).kind == "model" and not set(models[name]) >= FOLDS
        ],
        "beside": [name.replace("-", " ") for name in BESIDE if beside[name]],
    }
