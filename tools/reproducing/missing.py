"""What could not be checked with the metrics at hand, and why."""

from collections.abc import Iterator

from tools.reproducing.cited import Cited, cited
from tools.reproducing.ours import Ours, answering, served

FOLDS = tuple(f"fold-{number}" for number in range(1, 6))
OFFLINE = "offline rules"


def missing_list(argument: str) -> str:
    """A bullet for each gap in "DATASET SPLIT"."""
    dataset, split = argument.split()
    gaps = [
        *_systems(Ours(dataset), split),
        *_bases(Ours(dataset), split),
        *_judge(Ours(dataset)),
        *_folds(dataset),
    ]
    return "".join(f"- {gap}\n" for gap in gaps) + "\n"


def _systems(ours: Ours, split: str) -> Iterator[str]:
    names = served(ours.column(split, "full"))
    absent = [row for row in cited("Table 1") if not answering(row.ranking, names)]
    if absent:
        yield f"{', '.join(map(_named, absent))}: not run on {split} yet."


def _bases(ours: Ours, split: str) -> Iterator[str]:
    bases = {base for base, _, _ in ours.reranked(split)}
    if bases and "unified" not in bases:
        yield (
            f"The paper reranks its unified model; ours rerank {', '.join(sorted(bases))}: "
            "`rerank.bases=[unified]` has not been run."
        )


def _judge(ours: Ours) -> Iterator[str]:
    answered = ours.sources.number_file("record")["answered_by"]
    if all(model.startswith(OFFLINE) for model in answered):
        yield (
            "The paper's judges (gpt-4o-mini, gpt-4.1-mini, o4-mini, Gemma-3 4B): no key was at hand. All our profiles "
            f"and rerankings are by {', '.join(answered)}, so they say nothing about a language model."
        )


def _folds(dataset: str) -> Iterator[str]:
    models = Ours(dataset).sources.number_file("summary")["models"]
    part = [
        name for name in served(models) if "+" not in name and not set(FOLDS) <= set(models[name])
    ]
    if part:
        yield f"Five folds, which the paper speaks of and its code does not run: open for {', '.join(part)}."


def _named(row: Cited) -> str:
    return f"{row.method} (`{row.ranking}`)"
