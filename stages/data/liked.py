"""Whether a person's ratings hold anything to recommend by: at least one that counts as liked."""

from stages.data.dataset import Dataset

_MANY = 0.25
"""From this share on, ratings at the scale's low end may be no ratings at all."""


def notes_on_liking(data: Dataset) -> tuple[str, ...]:
    """What to say of ratings of which none counts as liked, or many may be none at all."""
    values, low = data.ratings["rating"], data.scale[0]
    notes = []
    if not (values >= data.positive_at).any():
        notes.append(
            f"no rating is {data.positive_at:g} or more, from where one counts as liked, so no "
            f"model can be fitted; the highest is {values.max():g}: import again with --replace "
            "and --positive-at"
        )
    share = float((values == low).mean())
    if not data.implicit and low <= 0 and share >= _MANY:
        notes.append(
            f"{share:.0%} of the ratings are {low:g}, the lowest of the scale; if {low:g} means "
            f"that there is no rating, import again with --replace and --nothing rating={low:g}"
        )
    return tuple(notes)
