"""What the page says of a split beside its rows."""

import pytest

from stages.contracts.card import DataCard, OnlyTested, PartCounts, SplitCard
from stages.contracts.words import FILMS, DomainWords
from stages.report.parts.card import split_notes
from tests.report.conftest import card

PART = PartCounts(rows=1200, users=30, movies=3, positives=2)


def notes(name: str, split: SplitCard, words: DomainWords = FILMS) -> list[str]:
    data = DataCard.model_validate(card((), simulated=True))
    return split_notes(data.model_copy(update={"splits": {name: split}}), words)


def test_a_split_whose_rows_say_all_has_no_note() -> None:
    plain = SplitCard(train=PART, valid=PART, test=PART, train_later_than_test=0.5)
    assert notes("fold-1", plain) == []


def test_global_has_its_date_and_what_only_the_test_knows() -> None:
    only = OnlyTested(users=1200, movies=7)
    split = SplitCard(train=PART, valid=PART, test=PART, moment="1998-03-20", only_tested=only)
    assert notes("global", split) == [
        "global: all ratings after 1998-03-20 are the test, for everybody; only the test knows "
        "1,200 of its users and 7 of its films."
    ]


def test_last_has_the_share_of_training_that_is_later() -> None:
    split = SplitCard(train=PART, valid=PART, test=PART, train_later_than_test=0.456)
    (note,) = notes("last", split)
    assert note.startswith("last: on average 45.6 % of the training ratings, other users’ all,")


def test_new_users_has_the_history_that_no_model_is_fitted_on() -> None:
    split = SplitCard(train=PART, valid=PART, test=PART, history=PART)
    assert notes("new-users-1", split) == [
        "new-users-1: no model is fitted on the 1,200 ratings that are the history of 30 held-out "
        "users."
    ]


def test_next_is_not_measured() -> None:
    assert notes("next", SplitCard(train=PART, valid=PART, test=PART)) == [
        "next: nothing is measured on it; the lists that people get are fitted on all its ratings, "
        "with settings chosen on the valid ones."
    ]


@pytest.mark.parametrize("name", ["global", "last", "new-users-1"])
def test_a_shop_without_ratings_has_its_own_words(name: str) -> None:
    shop = DomainWords(item="product", items="products", verb="buy", implicit=True)
    split = SplitCard(
        train=PART,
        valid=PART,
        test=PART,
        history=PART if name == "new-users-1" else None,
        train_later_than_test=0.5,
        moment="2024-05-31" if name == "global" else None,
        only_tested=OnlyTested(users=1, movies=2),
    )
    said = " ".join(notes(name, split, shop))
    assert "purchases" in said
    assert not any(word in said for word in ("rating", "film", "items"))
