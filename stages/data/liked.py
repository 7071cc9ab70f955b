"""Whether a person's ratings hold anything to recommend by: at least one that counts as liked."""

from stages.data.dataset import Dataset


def notes_on_liking(data: Dataset) -> tuple[str, ...]:
    """What to say of ratings of which none counts as liked; nothing of others."""
    values = data.ratings["rating"]
    if (values >= data.positive_at).any():
        return ()
    return (
        f"no rating is {data.positive_at:g} or more, from where one counts as liked, so no model "
        f"can be fitted; the highest is {values.max():g}: import again with --replace and "
        "--positive-at",
    )
