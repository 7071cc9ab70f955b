"""The data card that prepare writes: what a data set is, and what each split holds and leaks."""

from pathlib import Path

from stages.contracts.metrics.files import parsed_rows
from stages.contracts.rows import Row
from stages.contracts.understood import Understood
from stages.core.files import existing


class PartCounts(Row):
    """Rows of a split's train, valid or test, the users and movies in them, and the positives."""

    rows: int
    users: int
    movies: int
    positives: int


class OnlyTested(Row):
    """How many users and movies have ratings in test, and neither in train nor in valid."""

    users: int
    movies: int


class SplitCard(Row):
    """One split; the shares that look ahead are None if the times of the ratings are unknown.

    test_older_than_train: share of test rows older than the same user's last training rating.
    train_later_than_test: share of training rows later than a test row, mean over the test rows.
    history: in new-users, what is known of the held-out users; not in train.
    moment: in global, the date after which all is test. only_tested: in global, who and what is
    rated in test alone.
    """

    train: PartCounts
    valid: PartCounts
    test: PartCounts
    test_older_than_train: float | None = None
    train_later_than_test: float | None = None
    history: PartCounts | None = None
    moment: str | None = None
    only_tested: OnlyTested | None = None


class DataCard(Row):
    """A data set; `scale`, `positive_at`, `mean_rating` and `histogram` are on its own scale.

    understood: what an import understood of a person's files.
    """

    name: str
    kind: str
    description: str
    simulated: bool
    users: int
    movies: int
    ratings: int
    density: float
    positive_share: float
    mean_rating: float
    scale: tuple[float, float]
    positive_at: float
    implicit: bool
    histogram: dict[str, int]
    timestamps: bool
    checksums: dict[str, str]
    splits: dict[str, SplitCard]
    understood: Understood | None = None


def read_card(path: Path) -> DataCard:
    """The data card of a file."""
    return parsed_rows(existing(path).read_bytes(), DataCard, path)
