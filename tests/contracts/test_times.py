"""Where the baseline of time belongs."""

import pytest

from stages.contracts.splits import NAMES
from stages.contracts.times import baseline_missing


@pytest.mark.parametrize("split", NAMES)
def test_a_split_by_time_and_no_other_misses_its_baseline(split: str) -> None:
    missing = baseline_missing(f"{split}/no-refit", ["ease", "popularity"], timestamps=True)
    named = missing.startswith(f"{split}: ") and "add recent to models" in missing
    assert named == (split in ("temporal", "global", "last"))
    assert named or not missing


@pytest.mark.parametrize(
    ("rankings", "timestamps"), [(["recent", "ease"], True), (["ease"], False)]
)
def test_nothing_is_missing_where_it_stands_or_cannot_be_had(
    rankings: list[str], timestamps: bool
) -> None:
    assert baseline_missing("last", rankings, timestamps) == ""
