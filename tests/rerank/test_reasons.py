"""The offline rule for reasons: claims by hand."""

import json
from typing import Any

import pytest

from stages.llm.answers.schema import strict_schema
from stages.llm.answers.structured import parse
from stages.llm.chat import Reply
from stages.rerank.reasons import reasons_rule, reasons_task


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


def test_a_person_is_claimed_who_is_in_no_profile_but_in_the_data_of_both_films() -> None:
    """As rare as a tag and after it; one who is a tag as well is claimed once."""
    job = film("R01", ["Crime"], ["Ada Marsh", "sea"]) | {"people": ["Bo Lund", "Ada Marsh", "Cy"]}
    heat = HEAT | {"people": ["BO LUND", "ada marsh"]}
    payload = {"user": {"genres": [], "tags": []}, "evidence": [heat], "films": [job], "claims": 9}
    [reason] = reasons_rule(payload).reasons
    assert [(claim.attribute, claim.evidence) for claim in reason.claims] == [
        ("Ada Marsh", ["E01"]),
        ("Bo Lund", ["E01"]),
    ]


TASK = reasons_task(TASTE, [HEAT, SEA], [JOB, film("R02", [], [])], 3)


def answered(*reasons: Any) -> Any:
    """The claims of an answer, or its fault."""
    value, fault = parse(Reply(text=json.dumps({"reasons": reasons}), model="m"), TASK)
    if value is None:
        return fault
    return {one.label: [(c.attribute, c.evidence) for c in one.claims] for one in value.reasons}


def reason(label: str, *claims: tuple[str, list[str]]) -> dict[str, Any]:
    made = [{"attribute": attribute, "evidence": evidence} for attribute, evidence in claims]
    return {"label": label, "claims": made}


def test_labels_of_reasons_are_read_in_any_spelling_and_foreign_evidence_stays() -> None:
    said = reason("r1", ("sea", ["[E02]", "e 1", "R02", "E77", "Vault"]))
    assert answered(said, reason("R99")) == {
        "R01": [("sea", ["E02", "E01", "R02", "E77", "Vault"])]
    }


def test_reasons_for_none_of_the_films_are_no_answer() -> None:
    fault = "reasons is for none of the films R01 … R02; each is due"
    assert answered() == answered(reason("Mud", ("sea", ["E01"]))) == fault
    assert answered(reason("R02")) == {"R02": []}
    alone = reasons_task(TASTE, [], [JOB], 3)
    assert parse(Reply(text='{"reasons": []}', model="m"), alone)[1] == ""


def test_what_no_attribute_and_no_list_can_be_is_cut() -> None:
    long = "sea " * 1000
    said = answered(reason("R01", *[(long, [f"E{n:02d}" for n in range(500)])] * 500))
    [*claims] = said["R01"]
    assert (len(claims), len(claims[0][0]), len(claims[0][1])) == (20, 100, 20)


def test_codes_in_an_attribute_are_gone() -> None:
    said = answered(reason("R01", ("\x1b]8;;https://evil.test\x1b\\\u202esea", ["E01\x9b"])))
    assert said == {"R01": [(" ]8;;https://evil.test \\sea", ["E01"])]}


def test_the_schema_has_the_labels_of_both_kinds_and_the_numbers_asked_for() -> None:
    schema = strict_schema(TASK.answer)
    assert schema["properties"]["reasons"] == {
        "type": "array",
        "items": {"$ref": "#/$defs/Reason"},
        "minItems": 2,
        "maxItems": 2,
    }
    parts = schema["$defs"]
    assert parts["Reason"]["properties"]["label"]["enum"] == ["R01", "R02"]
    assert parts["Reason"]["properties"]["claims"]["maxItems"] == 3
    cited = parts["Claimed"]["properties"]["evidence"]["items"]
    assert cited == {"type": "string", "enum": ["E01", "E02"]}
    alone = strict_schema(reasons_task(TASTE, [], [JOB], 3).answer)
    assert alone["$defs"]["Claimed"]["properties"]["evidence"]["items"] == {"type": "string"}
