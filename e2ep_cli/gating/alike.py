"""Whether two runs may be compared, by the records of what made them."""

from collections.abc import Mapping

from stages.contracts.metrics.record import RunRecord

_LISTS = {
    "train": lambda record: (record.models, record.further.models),
    "rerank": lambda record: (record.bases, record.strategies, record.explained),
    "compare": lambda record: (record.compared,),
}
"""Lists that are part of a section's hash; if they differ, the hash says nothing more, and what was
added or removed is listed instead."""


def record_differences(before: RunRecord, after: RunRecord) -> list[str]:
    """How two records differ, in a few words each; empty if the runs are alike."""
    differences = []
    if files := _unequal(before.data or {}, after.data or {}):
        differences.append(f"data ({', '.join(files)})")
    if before.seed != after.seed:
        differences.append(f"seed ({before.seed} and {after.seed})")
    hashed = [name for name in _unequal(before.params, after.params) if _alike(name, before, after)]
    if hashed:
        differences.append(f"parameters ({', '.join(hashed)})")
    if before.answered_by != after.answered_by:
        differences.append("the models that answered")
    was, now = ((*record.splits, *record.further.splits) for record in (before, after))
    if not set(was) & set(now):
        differences.append(f"splits ({', '.join(was)} and {', '.join(now)})")
    return differences


def _alike(section: str, before: RunRecord, after: RunRecord) -> bool:
    """Whether both runs have the same names in the lists that are part of the section's hash."""
    if section not in _LISTS:
        return True
    was, now = (_LISTS[section](record) for record in (before, after))
    return [set(names) for names in was] == [set(names) for names in now]


def _unequal(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
