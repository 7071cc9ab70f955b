"""Our side of each finding about the paper's code and lists, in words.

tools/templates/checks.md.jinja has the findings. If metrics/ lacks our side, the reason is given
instead.
"""

from collections import Counter

from stages.core.tables import read_json
from stages.report.words import signed
from tools.blocks import Context
from tools.contents.rankings import only_models
from tools.reproducing.cited import FACTS, RELEASED, cited
from tools.reproducing.claims import ClaimFigure
from tools.reproducing.differences import measured_of
from tools.reproducing.ours import Ours, rerankings_of

ABLATED = "unified* - unified"
"""How paper_seeds.json calls the difference that an ablation makes."""
CLOCKS = "clocks"
"""The published run with the splits by time."""


def checks(dataset: str, split: str) -> Context:
    """What we measured, and what the paper's lists give, by the name that the template has for it.

    facts: see tools/reproducing/paper_facts.py. condensed: the released lists' values by method,
    full: their NDCG@10.
    """
    ours = Ours(dataset)
    return {
        "facts": read_json(FACTS),
        "condensed": {row.method: row.values for row in cited(RELEASED, "condensed", "all")},
        "full": {row.method: row.values["ndcg"] for row in cited(RELEASED, "full", "all")},
        "reranking": reranking_helps(ours, split),
        "fitted": fitted_weights(ours, split),
        "stopping": stopped_on_valid(ours, split),
        "ahead": looking_ahead(ours, split),
        "published": by_ablation(ours, split, "published"),
        "precision": rewarded_precision(ours, split),
        "users": all_users_counted(ours, split),
        "coverage": catalogue_coverage(ours, split),
        "leaks": leaks(ours, split),
        "truncated": by_seeds(ours, "truncated") or by_ablation(ours, split, "truncated"),
        "failed": unanswered(ours, split),
    }


def by_ablation(ours: Ours, split: str, name: str) -> str:
    """What only another run can show: its NDCG@10, as `e2ep ablate` kept it."""
    kept = [row for row in ours.ablated(name) if (row.splits, row.metric) == (split, "ndcg@10")]
    sentences = []
    for row in kept:
        difference, low, high = (signed(x or 0.0) for x in (row.difference, row.low, row.high))
        sentences.append(
            f"{row.ranking} {row.value:.3f}, {difference} ({low} to {high}) to {row.against}"
        )
    not_run = f"not checked: `e2ep ablate {name}` has not been run on {split}"
    return "; ".join(sentences) or not_run


def by_seeds(ours: Ours, name: str) -> str | None:
    """The difference that an ablation makes on several seeds, if benchmarks/paper_seeds.py has it.

    It is that of the unified model.
    """
    measured = measured_of(ClaimFigure(name=name, seeds=f"{ours.dataset} {name}", pair=ABLATED))
    return measured and f"unified, {measured}"


def reranking_helps(ours: Ours, split: str) -> str:
    """Each base with its best and worst fused reranking and its random and perfect order."""
    ndcg, sentences = ours.metric(split, "full", "ndcg@10"), []
    for base in dict.fromkeys(base for base, _, _ in ours.reranked(split)):
        fused = [ndcg[name] for name in rerankings_of(base, ndcg)]
        random, perfect = (
            ndcg.get(f"{base}+{control}", float("nan")) for control in ("shuffle", "oracle")
        )
        ends = f"{min(fused):.3f}–{max(fused):.3f}"
        sentences.append(
            f"{base} {ndcg[base]:.3f}; 80:20 {ends}; random {random:.3f}, perfect {perfect:.3f}"
        )
    return "; ".join(sentences) or "not checked: nothing has been reranked on this split"


def fitted_weights(ours: Ours, split: str) -> str:
    """The range of the judge's weight as fitted on valid."""
    weights = [effect.fitted.weight for _, _, effect in ours.reranked(split) if effect.fitted]
    if not weights:
        return "not checked: run with `rerank.fit_weight=true`"
    return f"{min(weights):.2f}–{max(weights):.2f} over {len(weights)} rerankings, fitted on valid"


def stopped_on_valid(ours: Ours, split: str) -> str:
    """Our versions of the paper's models under both protocols, less the released lists."""
    sentences = []
    for protocol in ("condensed", "full"):
        ndcg = ours.metric(split, protocol, "ndcg@10")
        for row in cited(RELEASED, protocol, "all"):
            if row.ranking in ("gat", "unified") and row.ranking in ndcg:
                value, theirs = ndcg[row.ranking], row.values["ndcg"]
                sentences.append(
                    f"{row.ranking}, {protocol}: {value:.3f} less {theirs:.3f} "
                    f"is {signed(value - theirs)}"
                )
    nothing = "not checked: neither gat nor unified has been run on this split"
    return "; ".join(sentences) or nothing


def looking_ahead(ours: Ours, split: str) -> str:
    """Models on this split and on the temporal one, which is published beside it."""
    here = ours.metric(split, "full", "ndcg@10")
    later = Ours(f"{ours.dataset}/{CLOCKS}").metric("temporal", "full", "ndcg@10")
    pairs = [
        f"{name} {here[name]:.3f} here, {later[name]:.3f} on temporal"
        for name in only_models(here)
        if name in later
    ]
    return "; ".join(pairs) or "not checked: the split `temporal` has not been run"


def all_users_counted(ours: Ours, split: str) -> str:
    """Users behind the full protocol, by how many rankings count as many."""
    users = sorted({int(values["users"]) for values in ours.column(split, "full").values()})
    if len(users) == 1:
        return f"every ranking counts the same {users[0]} users"
    return f"rankings count {users} users"


def catalogue_coverage(ours: Ours, split: str) -> str:
    """Coverage of the models, whose popularity is that of training."""
    values = ours.metric(split, "full", "coverage@10")
    each = ", ".join(f"{name} {values[name]:.3f}" for name in only_models(values))
    return f"counted over the catalogue, popularity over training rows; coverage@10: {each}"


def leaks(ours: Ours, split: str) -> str:
    """The highest leak rate of the explained rankings."""
    bases = ours.sources.explanation_measures().get(split, {})
    rows = [row for strategies in bases.values() for row in strategies.values()]
    if not rows:
        return "not checked: nothing has been explained on this split"
    worst, citations = max(row.leak_rate or 0.0 for row in rows), sum(row.citations for row in rows)
    return f"{worst:.1%} of {citations:,} citations name a test film".replace("%", " %")


def unanswered(ours: Ours, split: str) -> str:
    """Questions that brought no usable answer."""
    outcomes: Counter[str] = Counter()
    for _, _, effect in ours.reranked(split):
        outcomes.update(effect.questions)
    failed = outcomes.total() - outcomes["answered"]
    return (
        f"{failed:,} of {outcomes.total():,} questions; what gets no answer keeps the base's order"
    )


def rewarded_precision(ours: Ours, split: str) -> str:
    """The model with the highest precision on condensed lists, and its place under full."""
    condensed, full = (
        ours.metric(split, protocol, "precision@10") for protocol in ("condensed", "full")
    )
    models = only_models(full)
    best = max(only_models(condensed), key=lambda name: condensed[name])
    place = sorted(models, key=lambda name: -full[name]).index(best) + 1
    return (
        f"{best} is first of {len(models)} models with {condensed[best]:.3f}, "
        f"and number {place} of them with {full[best]:.3f}"
    )
