"""The offline rule for reasons: claims by hand."""

from typing import Any

import pytest

from stages.rerank.reasons import reasons_rule


def film(label: str, genres: list[str], tags: list[str]) -> dict[str, Any]:
    return {"label": label, "title": label, "year": 1999, "genres": genres, "tags": tags}


HEAT = film("E01", ["Crime", "Drama"], ["heist", "1990s", "Ada Marsh"])
SEA = film("E02", ["Drama"], ["sea", "heist", "1950s"])
JOB = film("R01", ["Crime", "Comedy"], ["heist", "sea", "1990s", "Ada Marsh"])
TASTE = {"genres": ["Crime", "Drama"], "tags": ["heist", "sea", "1990s", "Ada Marsh"]}


def claims(
    evidence: list[dict[str, Any]], most: int = 9, **taste: list[str]
) -> list[tuple[str, list[str]]]:
    payload = {"user": TASTE | taste, "evidence": evidence, "films": [JOB], "claims": most}
    [reason] = reasons_rule(payload).reasons
    assert reason.label == "R01"
    return [(claim.attribute, claim.evidence) for claim in reason.claims]


def test_tags_that_few_share_come_first_then_genres_then_decades() -> None:
    assert claims([HEAT, SEA]) == [
        ("sea", ["E02"]),
        ("Ada Marsh", ["E01"]),
        ("heist", ["E01", "E02"]),
        ("Crime", ["E01"]),
        ("1990s", ["E01"]),
    ]


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_claims_than_asked_for(most: int) -> None:
    assert len(claims([HEAT, SEA], most)) == most


def test_what_the_user_does_not_like_is_no_claim() -> None:
    assert claims([HEAT, SEA], genres=[], tags=["Sea"]) == [("sea", ["E02"])]


def test_without_evidence_there_is_no_claim() -> None:
    assert claims([]) == []
