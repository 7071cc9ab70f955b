"""Our side of each finding, read from metrics; where metrics lack it, the reason."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from stages.contracts.rankings import Ranking
from stages.report.words import signed
from tools.reproducing.cited import cited
from tools.reproducing.ours import Ours

if TYPE_CHECKING:
    from e2ep_cli.ablating.rows import AblationRow


Measure = Callable[[Ours, str], str]
"""From our numbers and a split to what they say."""


def by_ablation(name: str) -> Measure:
    """A finding that only another run can show: its rows of NDCG@10, as `e2ep ablate` kept them."""

    def told(ours: Ours, split: str) -> str:
        rows = (row for row in ours.ablated(name) if (row.splits, row.metric) == (split, "ndcg@10"))
        return (
            "; ".join(map(_changed, rows))
            or f"not checked: `e2ep ablate {name}` has not been run on {split}"
        )

    return told


def _changed(row: "AblationRow") -> str:
    low, high = (signed(value or 0.0) for value in (row.low, row.high))
    return f"{row.ranking} {row.value:.3f}, {signed(row.difference or 0.0)} ({low} to {high}) to {row.against}"


def reranking_helps(ours: Ours, split: str) -> str:
    """Each base with its best and worst fused reranking and its random and perfect order."""
    ndcg, found = _ndcg(ours, split), []
    for base in dict.fromkeys(base for base, _, _ in ours.reranked(split)):
        fused = [value for name, value in ndcg.items() if _is_fused(name, base)]
        random, perfect = (
            ndcg.get(f"{base}+{control}", float("nan")) for control in ("shuffle", "oracle")
        )
        ends = f"{min(fused):.3f}–{max(fused):.3f}"
        found.append(
            f"{base} {ndcg[base]:.3f}; 80:20 {ends}; random {random:.3f}, perfect {perfect:.3f}"
        )
    return "; ".join(found) or "not checked: nothing has been reranked on this split"


def fitted_weights(ours: Ours, split: str) -> str:
    """The range of the judge's weight as fitted on valid."""
    entries = [entry for _, _, entry in ours.reranked(split) if "fitted" in entry]
    weights = [entry["fitted"]["weight"] for entry in entries]
    if not weights:
        return "not checked: run with `rerank.fit_weight=true`"
    return f"{min(weights):.2f}–{max(weights):.2f} over {len(weights)} rerankings, fitted on valid"


def stopped_on_valid(ours: Ours, split: str) -> str:
    """Our paper models under both protocols, less the released lists."""
    found = []
    for protocol in ("condensed", "full"):
        rows = ours.column(split, protocol)
        for row in cited("released lists", protocol):
            if row.ranking in ("gat", "unified") and row.ranking in rows:
                value = rows[row.ranking]["ndcg@10"]
                found.append(
                    f"{row.ranking}, {protocol}: {value:.3f} less {row.values['ndcg']:.3f} is {signed(value - row.values['ndcg'])}"
                )
    return "; ".join(found) or "not checked: neither gat nor unified has been run on this split"


def looking_ahead(ours: Ours, split: str) -> str:
    """Models on this split and on the temporal one."""
    here, later = (_models(ours, place, "full", "ndcg@10") for place in (split, "temporal"))
    pairs = "; ".join(
        f"{name} {here[name]:.3f} here, {later[name]:.3f} on temporal"
        for name in here
        if name in later
    )
    return pairs or "not checked: the split `temporal` has not been run"


def all_users_counted(ours: Ours, split: str) -> str:
    """Users behind the full protocol, by how many rankings count as many."""
    users = sorted({int(values["users"]) for values in ours.column(split, "full").values()})
    return (
        f"every ranking counts the same {users[0]} users"
        if len(users) == 1
        else f"rankings count {users} users"
    )


def beyond_accuracy(ours: Ours, split: str) -> str:
    """Coverage of the models, whose popularity is that of training."""
    values = [
        f"{name} {value:.3f}" for name, value in _models(ours, split, "full", "coverage@10").items()
    ]
    return f"counted over the catalogue, popularity over training rows; coverage@10: {', '.join(values)}"


def leaks(ours: Ours, split: str) -> str:
    """The leak rate of every explained ranking."""
    bases = ours.sources.number_file("explanations").get(split, {})
    rows = [row for strategies in bases.values() for row in strategies.values()]
    if not rows:
        return "not checked: nothing has been explained on this split"
    worst, citations = max(row["leak_rate"] for row in rows), sum(row["citations"] for row in rows)
    return f"{worst:.1%} of {citations:,} citations name a test film".replace("%", " %")


def unanswered(ours: Ours, split: str) -> str:
    """Questions that brought no usable answer."""
    counts: dict[str, int] = {}
    for _, _, entry in ours.reranked(split):
        for outcome, count in entry.get("questions", {}).items():
            counts[outcome] = counts.get(outcome, 0) + count
    failed = sum(count for outcome, count in counts.items() if outcome != "answered")
    return f"{failed:,} of {sum(counts.values()):,} questions; what gets no answer keeps the base's order"


def rewarded_precision(ours: Ours, split: str) -> str:
    """The model with the highest precision on condensed lists, and its place in the full protocol."""
    paper, full = (
        _models(ours, split, protocol, "precision@10") for protocol in ("condensed", "full")
    )
    best = max(paper, key=lambda name: paper[name])
    place = sorted(full, key=lambda name: -full[name]).index(best) + 1
    return f"{best} is first of {len(full)} models with {paper[best]:.3f}, and number {place} of them with {full[best]:.3f}"


def _ndcg(ours: Ours, split: str) -> dict[str, float]:
    return {name: values["ndcg@10"] for name, values in ours.column(split, "full").items()}


def _models(ours: Ours, split: str, protocol: str, key: str) -> dict[str, float]:
    rows = ours.column(split, protocol).items()
    return {name: values[key] for name, values in rows if not Ranking(name).steps and key in values}


def _is_fused(name: str, base: str) -> bool:
    ranking = Ranking(name)
    return ranking.base == base and ranking.kind == "reranking" and len(ranking.steps) == 1
