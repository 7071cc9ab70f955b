"""What is wrong with a claim, the first thing first."""

import pytest

from stages.contracts.grounding import Fault, grounds_of, words_of_items
from stages.contracts.reasons import RawClaim
from stages.contracts.rows import ItemProfile, Profile, UserProfile

FILMS = {
    "job": frozenset({"heist", "sea", "crime"}),
    "heat": frozenset({"heist", "crime"}),
    "toy": frozenset({"heist", "toys"}),
}
TASTE = Profile(overview="", genres=("Crime",), tags=("Heist", "toys"), description="", dislikes=())
USER = UserProfile(
    user_id="u", profile=TASTE, integrated="", source="", liked=("heat",), disliked=("toy",)
)


@pytest.mark.parametrize(
    ("attribute", "cited", "foreign", "fault"),
    [
        ("Heist", ["heat"], [], None),
        ("toys", ["toy"], [], "film lacks it"),
        ("", ["heat"], [], "film lacks it"),
        ("sea", [], [], "user lacks it"),
        ("heist", [], [], "no evidence"),
        ("heist", [], ["E99"], "foreign evidence"),
        ("heist", ["heat"], ["E99"], "foreign evidence"),
        ("heist", ["toy"], [], "foreign evidence"),
        ("heist", ["job"], [], "foreign evidence"),
    ],
)
def test_the_first_fault_is_named(
    attribute: str, cited: list[str], foreign: list[str], fault: Fault | None
) -> None:
    claim = RawClaim(attribute=attribute, cited=tuple(cited), foreign=tuple(foreign))
    assert grounds_of(FILMS, USER).fault("job", claim) == fault


def test_evidence_without_the_attribute_is_a_fault() -> None:
    films = {**FILMS, "heat": frozenset({"crime"})}
    claim = RawClaim(attribute="heist", cited=("heat",))
    assert grounds_of(films, USER).fault("job", claim) == "evidence lacks it"


def test_a_person_of_whom_no_profile_speaks_is_grounded_by_the_data_of_the_films() -> None:
    people = {"job": frozenset({"ada marsh"}), "heat": frozenset({"ada marsh", "bo"})}
    profiles = [
        ItemProfile(item_id=item, profile=TASTE, integrated="", source="")
        for item in ("job", "heat", "toy")
    ]
    grounds = grounds_of(words_of_items(profiles, people), USER, people)

    def fault(name: str, *cited: str) -> Fault | None:
        return grounds.fault("job", RawClaim(attribute=name, cited=cited))

    assert fault("Ada Marsh", "heat") is None
    assert fault("Bo", "heat") == "film lacks it"
    assert fault("Ada Marsh") == "no evidence"
    assert fault("Ada Marsh", "toy") == "foreign evidence"
    unliked = grounds_of(words_of_items(profiles, people), USER, people | {"heat": frozenset()})
    assert unliked.fault("job", RawClaim(attribute="Ada Marsh", cited=("heat",))) == "user lacks it"
