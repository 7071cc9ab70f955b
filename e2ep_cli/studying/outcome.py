"""From answers and keys to what is known: who counts, what they prefer, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from e2ep_cli.studying.answers import PairAnswer
from e2ep_cli.studying.attention import fails_a_check
from e2ep_cli.studying.key import SheetAnswer, StudyKey, StudyShow
from e2ep_cli.studying.statistics import (
    NEVER_GIVEN,
    krippendorff_alpha,
    mean_interval,
    people_needed,
    resemblance,
)
from stages.core.errors import InputError

FIRST, SECOND, NEITHER = range(3)
_VALUES = np.array([1.0, 0.0, 0.5, np.nan])
"""Of the codes, the last that of no answer."""
_REVERSED = {"A": "B", "B": "A", "none": "none"}


@dataclass(frozen=True)
class PairCounts:
    """What was answered to a pair, by side."""

    sheet: str
    pair: int
    user_id: str
    first: int
    second: int
    neither: int


@dataclass(frozen=True)
class QuestionOutcome:
    """What people answered to a question.

    share: the mean over people of the share of their answers that is for the first side, no
    difference as half; low, high: its interval, None where people do not vary. on_left: the share
    of A among the answers A and B. alike: the intraclass correlation of one person's answers.
    alpha: Krippendorff's. needed: people who would find the stated difference.
    """

    name: str
    text: str
    people: int
    share: float
    low: float | None
    high: float | None
    first: int
    second: int
    neither: int
    unanswered: int
    on_left: float | None
    alike: float | None
    alpha: float | None
    needed: int | None
    pairs: tuple[PairCounts, ...]

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return self.first + self.second + self.neither

    @property
    def independent(self) -> int | None:
        """Answers of as many different people that would say as much: n / (1 + (m̄ − 1)·ρ)."""
        if self.alike is None:
            return None
        effect = 1 + (self.answers / self.people - 1) * self.alike
        return round(self.answers / effect)


@dataclass(frozen=True)
class StudyOutcome:
    """Who answered, who failed a check and is left out, and each question.

    sources: who wrote the reasons of either side, empty where it has none.
    """

    first: str
    second: str
    shows: str
    sources: tuple[str, str]
    people: int
    failed: tuple[str, ...]
    questions: tuple[QuestionOutcome, ...]


def matching_keys(keys: Sequence[StudyKey]) -> dict[str, StudyKey]:
    """The keys by sheet; an InputError if they are not of one comparison."""
    by_sheet = {key.sheet: key for key in keys}
    if len(by_sheet) < len(keys):
        raise InputError("two of the keys are of the same sheet; give each key once")
    comparisons = {(key.dataset, key.first, key.second, key.shows, key.sources) for key in keys}
    if len(comparisons) > 1:
        said = " and ".join(_comparison(*one) for one in sorted(comparisons))
        raise InputError(f"the keys are of different comparisons ({said}); read them one by one")
    return by_sheet


def _comparison(
    dataset: str, first: str, second: str, shows: StudyShow, sources: tuple[str, str]
) -> str:
    by = f", reasons by {' and '.join(filter(None, sources))}" if any(sources) else ""
    return f"{first} against {second} on {dataset}, {shows}{by}"


def study_outcome(
    keys: Mapping[str, StudyKey], answers: Sequence[PairAnswer], difference: float
) -> StudyOutcome:
    """What the answers say; difference: the one that `needed` people would find."""
    people = list(dict.fromkeys(answer.person for answer in answers))
    failed = [person for person in people if fails_a_check(keys, answers, person)]
    counted = [person for person in people if person not in failed]
    if not counted:
        raise InputError(
            f"none of {len(people)} people passed the attention checks, so there is nothing to "
            "count; see that the key is that of the sheet they answered"
        )
    key = next(iter(keys.values()))
    questions = [
        _question(name, text, keys, answers, counted, difference)
        for name, text in key.questions.items()
    ]
    if not any(questions):
        raise InputError("nobody who passed the attention checks answers anything else")
    return StudyOutcome(
        first=key.first,
        second=key.second,
        shows=key.shows,
        sources=key.sources,
        people=len(people),
        failed=tuple(failed),
        questions=tuple(each for each in questions if each is not None),
    )


def _question(
    name: str,
    text: str,
    keys: Mapping[str, StudyKey],
    answers: Sequence[PairAnswer],
    people: Sequence[str],
    difference: float,
) -> QuestionOutcome | None:
    """What people say to one question; None if they all left it open."""
    columns = [(key.sheet, pair) for key in keys.values() for pair in key.asked]
    column = {(sheet, pair.pair): place for place, (sheet, pair) in enumerate(columns)}
    row = {person: place for place, person in enumerate(people)}
    codes = np.full((len(people), len(columns)), NEVER_GIVEN)
    left = right = expected = 0
    for each in answers:
        place = column.get((each.sheet, each.pair))
        if each.question != name or place is None or each.person not in row:
            continue
        expected += 1
        if each.answer is not None:
            codes[row[each.person], place] = _code(each.answer, columns[place][1].left)
            left, right = left + (each.answer == "A"), right + (each.answer == "B")
    values = _VALUES[codes]
    answering = (codes != NEVER_GIVEN).any(axis=1)
    if not answering.any():
        return None
    means = np.nanmean(values[answering], axis=1)
    (low,), (high,) = mean_interval(means[:, None])
    first, second, neither = (int((codes == code).sum()) for code in (FIRST, SECOND, NEITHER))
    return QuestionOutcome(
        name=name,
        text=text,
        people=int(answering.sum()),
        share=float(means.mean()),
        low=None if np.isnan(low) else float(low),
        high=None if np.isnan(high) else float(high),
        first=first,
        second=second,
        neither=neither,
        unanswered=expected - first - second - neither,
        on_left=left / (left + right) if left + right else None,
        alike=resemblance(values),
        alpha=krippendorff_alpha(codes),
        needed=people_needed(means, difference),
        pairs=tuple(
            PairCounts(sheet, pair.pair, pair.user_id, *_counts(codes[:, place]))
            for place, (sheet, pair) in enumerate(columns)
        ),
    )


def _code(answer: SheetAnswer, left: str) -> int:
    """The side that is meant."""
    by_side = answer if left == "first" else _REVERSED[answer]
    return {"A": FIRST, "B": SECOND, "none": NEITHER}[by_side]


def _counts(codes: np.ndarray) -> tuple[int, int, int]:
    first, second, neither = (int((codes == code).sum()) for code in (FIRST, SECOND, NEITHER))
    return first, second, neither
