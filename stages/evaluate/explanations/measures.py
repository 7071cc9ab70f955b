"""explanations.json: what can be checked in every strategy's explanations."""

from collections import defaultdict
from collections.abc import Sequence

from stages.contracts.grounding import words_of_items
from stages.contracts.metrics.explanations import ExplanationMeasures, Explanations
from stages.contracts.plan import RunPlan
from stages.contracts.together import liked_together
from stages.evaluate.artifacts import Artifacts, People
from stages.evaluate.explanations.claims import ClaimChecker
from stages.evaluate.explanations.deletion import deletion_measures
from stages.evaluate.explanations.features import feature_measures
from stages.evaluate.explanations.shown import HoldsTogether, shown_measures
from stages.evaluate.explanations.titles import Titles
from stages.evaluate.protocols.truth import Rows
from stages.evaluate.statistics.resampling import Resampling


def explanation_measures(
    read: Artifacts, people: People, plan: RunPlan, resampling: Resampling
) -> Explanations:
    """Split → base → strategy → its measures."""
    words = read.words()
    profiles, people_of = list(read.item_profiles()), read.people_of_items()
    items, titles = words_of_items(profiles, people_of), Titles(read.titles())
    attributes = frozenset[str]().union(*words_of_items(profiles).values())

    def measured(
        checker: ClaimChecker, holds: HoldsTogether, split: str, base: str, name: str
    ) -> ExplanationMeasures:
        rows = list(read.explanations(split, base, name))
        raw = list(read.reasons(split, base, name))
        reasons = [item.reason for row in rows for item in row.items]
        probe = read.probe(split, base, name)
        parts = (
            shown_measures(rows, titles, holds),
            feature_measures(checker.features(raw), attributes, reasons),
            checker.counts(raw).measures(words),
            deletion_measures(probe, resampling, f"{split} {base} {name}"),
        )
        values = {
            key: value for part in parts for key, value in part if key in part.model_fields_set
        }
        pairs = [pair for pair in plan.compared if pair.startswith(f"{name}-")]
        if pairs:
            values["compared"] = {
                pair.partition("-")[2]: read.tally(split, base, pair) for pair in pairs
            }
        return ExplanationMeasures(**values)

    explanations: Explanations = {split: {base: {} for base in plan.bases} for split in plan.splits}
    if not plan.bases or not plan.explained:
        return explanations
    for split in plan.splits:
        users = {user.user_id: user for user in read.user_profiles(split)}
        train, test = (_by_user(read.ratings(split, part), people) for part in ("train", "test"))
        checker = ClaimChecker(items, people_of, users, train, test)
        holds = _holds_together(read.ratings(split, "train"), people)
        explanations[split] = {
            base: {name: measured(checker, holds, split, base, name) for name in plan.explained}
            for base in plan.bases
        }
    return explanations


def _holds_together(train: Rows, people: People) -> HoldsTogether:
    users, items = (
        {name: row for row, name in enumerate(ids)} for ids in (people.user_ids, people.item_ids)
    )
    shape = {"n_users": len(users), "n_items": len(items)}
    together = liked_together(train.users, train.items, train.ratings, **shape)

    def holds(user: str, item: str, cited: Sequence[str]) -> bool:
        rows = [items[name] for name in cited]
        return together.holds(items[item], rows, together.history(users[user]))

    return holds


def _by_user(rows: Rows, people: People) -> dict[str, dict[str, float]]:
    """User id → item id → rating."""
    rated: dict[str, dict[str, float]] = defaultdict(dict)
    columns = (column.tolist() for column in (rows.users, rows.items, rows.ratings))
    for user, item, rating in zip(*columns, strict=True):
        rated[people.user_ids[user]][people.item_ids[item]] = rating
    return rated
