"""Parameters in words."""

from typing import Any

import pytest

from stages.contracts.metrics.record import RunRecord
from stages.report.parts.parameters import parameter_rows


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "not set"),
        (True, "yes"),
        (False, "no"),
        (0.00119, "0.00119"),
        ([], "none"),
        ([1, 5], "1, 5"),
        ({5: 1.0, 4: 0.5}, "5: 1, 4: 0.5"),
    ],
)
def test_a_value_reads_as_a_person_writes_it(value: Any, said: str) -> None:
    record = RunRecord(params={"embed": "0"})
    assert parameter_rows(record, {"embed": {"batch_size": value}}) == [
        ("embed", [("batch size", said)])
    ]


def test_only_what_made_the_numbers_is_listed() -> None:
    record = RunRecord(params={"train": "0"}, models=("ease",))
    settings = {"train": {"ease": {"l2": 3}, "bpr": {"l2": 1}}, "llm": {"model": "x"}}
    assert parameter_rows(record, settings) == [("train", [("ease, l2", "3")])]
