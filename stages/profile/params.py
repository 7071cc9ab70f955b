"""The section `profile:` of params.yaml."""

from typing import Literal

from pydantic import Field

from stages.core.params import Section

ProfileOrigin = Literal["llm", "published"]


class ProfileParams(Section):
    """Where profiles come from, and what a user's is made from."""

    items: ProfileOrigin = "llm"
    """`llm` asks the chat model; `published` takes a CSV file with movie_id and profile."""

    users: ProfileOrigin = "llm"
    """As for items; published ones are refused except on ml-100k's fold-1, which they come from."""

    items_file: str = "item_profiles.csv"
    """Published movie profiles: a file in data/<dataset>/."""

    users_file: str = "user_profiles_u1.csv"
    """Published user profiles: a file in data/<dataset>/."""

    liked: int = Field(10, ge=1)
    """How many of a user's liked films the profile is made from."""

    disliked: int = Field(10, ge=0)
    """How many of a user's disliked films the profile is made from."""

    batch: int = Field(5, ge=1)
    """Films per turn."""
