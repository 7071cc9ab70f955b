"""What is wrong with a claim, the first thing first."""

import pytest

from stages.contracts.grounding import Fault, grounds_of
from stages.contracts.reasons import RawClaim
from stages.contracts.rows import Profile, UserProfile

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
