"""Raw claims against what is known: worked by hand."""

from stages.contracts.reasons import RawClaim, RawItem, RawReasons
from stages.contracts.rows import Profile, UserProfile
from stages.evaluate.explanations.claims import ClaimChecker

WORDS, ANN = frozenset({"heist"}), frozenset({"ann"})
TASTE = Profile(overview="", genres=(), tags=("heist",), description="", dislikes=())
USER = UserProfile(
    user_id="u", profile=TASTE, integrated="", source="", liked=("1", "2"), disliked=("3",)
)
CHECKER = ClaimChecker(
    items={"1": WORDS | ANN, "2": WORDS, "3": WORDS, "4": WORDS, "9": WORDS | ANN},
    people={"1": ANN, "9": ANN},
    users={"u": USER},
    training={"u": {"1": 5.0, "2": 2.0, "3": 1.0}},
    test={"u": {"4": 5.0}},
)


def raw(*claims: RawClaim, outcome: str = "answered") -> RawReasons:
    return RawReasons(
        user_id="u", outcome=outcome, model="m", items=(RawItem(item_id="9", claims=claims),)
    )


def claim(*cited: str, attribute: str = "heist", foreign: tuple[str, ...] = ()) -> RawClaim:
    return RawClaim(attribute=attribute, cited=cited, foreign=foreign)


def test_grounding_is_a_share_of_all_claims_made_and_the_others_are_told_by_fault() -> None:
    values = CHECKER.counts(
        [raw(claim("1"), claim("1", attribute="sea"), claim(), claim("4"))]
    ).measures()
    assert (values.raw_claims, values.grounded_share) == (4, 0.25)
    assert values.faults == {
        "film lacks it": 1,
        "user lacks it": 0,
        "no evidence": 1,
        "foreign evidence": 1,
        "evidence lacks it": 0,
    }


def test_a_person_counts_as_grounded_and_as_shared_though_no_profile_names_them() -> None:
    said = [raw(claim("1", attribute="Ann"), claim("2", attribute="Ann"))]
    values = CHECKER.counts(said).measures()
    assert (values.grounded_share, values.faults["evidence lacks it"]) == (0.5, 1)
    [features] = CHECKER.features(said)
    assert (features.claimed, features.shared) == (ANN, WORDS | ANN)


def test_a_citation_is_valid_where_the_user_rated_the_film_in_training() -> None:
    values = CHECKER.counts([raw(claim("1", "9", foreign=("E77",)), claim("1"))]).measures()
    assert (values.citations, values.citation_validity) == (4, 0.5)


def test_a_disliked_film_cited_as_liked_lowers_polarity_also_where_the_profile_calls_it_liked() -> (
    None
):
    assert CHECKER.counts([raw(claim("1", "2", "3", "4"))]).measures().polarity == 0.5


def test_a_test_film_as_evidence_is_a_leak() -> None:
    assert CHECKER.counts([raw(claim("1", "4"))]).measures().leak_rate == 0.5


def test_users_without_an_answer_are_counted() -> None:
    values = CHECKER.counts([raw(outcome="refused"), raw(claim("1"))]).measures()
    assert (values.unanswered, values.raw_claims) == (1, 1)


def test_shares_of_no_claim_are_null() -> None:
    values = CHECKER.counts([raw()]).measures()
    assert {
        getattr(values, name)
        for name in ("grounded_share", "citation_validity", "polarity", "leak_rate")
    } == {None}


def test_features_are_what_is_claimed_and_what_both_profiles_have() -> None:
    (one,) = CHECKER.features([raw(claim("1", attribute="Sea"), claim("1", attribute="Heist"))])
    assert (one.claimed, one.shared) == ({"sea", "heist"}, WORDS | ANN)
