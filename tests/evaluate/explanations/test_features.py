"""FMR, FCR, DIV and USR, worked by hand."""

from stages.evaluate.explanations.features import Features, feature_measures

WORDS = frozenset({"heist", "sea", "love", "farce"})
SHARED = frozenset({"heist"})
MADE = [
    Features(frozenset(words), SHARED)
    for words in (("heist", "sea"), ("sea", "war"), ("heist", "sea"), ())
]


def test_fmr_is_the_share_of_films_with_a_claim_on_what_both_profiles_have() -> None:
    assert feature_measures(MADE, WORDS, []).fmr == 0.5


def test_fcr_is_the_share_of_the_films_attributes_that_any_claim_names() -> None:
    assert feature_measures(MADE, WORDS, []).fcr == 0.5


def test_div_is_the_mean_overlap_of_two_explanations() -> None:
    # Overlaps 1, 2 and 1 among the first three, none with the fourth; six pairs.
    assert feature_measures(MADE, WORDS, []).div == round(4 / 6, 5)


def test_usr_is_the_share_of_distinct_texts_among_those_there_are() -> None:
    assert feature_measures(MADE, WORDS, ["a", "a", "b", "c", " "]).usr == 0.75


def test_nothing_made_gives_null() -> None:
    assert set(dict(feature_measures([], frozenset(), [])).values()) == {None}
