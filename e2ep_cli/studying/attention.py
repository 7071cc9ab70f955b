"""Who reads what they answer: an attention check has one right answer."""

from collections.abc import Mapping, Sequence

from e2ep_cli.studying.answers import PairAnswer
from e2ep_cli.studying.key import StudyKey


def fails_a_check(keys: Mapping[str, StudyKey], answers: Sequence[PairAnswer], person: str) -> bool:
    """Whether a person answers a check of a sheet that they have wrongly, or not at all."""
    own = {
        (each.sheet, each.pair, each.question): each.answer
        for each in answers
        if each.person == person
    }
    return any(
        own.get((sheet, pair.pair, question)) != pair.right
        for sheet in {sheet for sheet, _, _ in own}
        for pair in keys[sheet].pairs
        if pair.check
        for question in keys[sheet].questions
    )
