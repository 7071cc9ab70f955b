"""`e2ep doctor`."""

from stages.core.errors import one_sentence


@one_sentence
def doctor() -> None:
    """Check the installation."""
