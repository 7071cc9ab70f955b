"""What a profile says of its origin."""

import asyncio
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from stages.llm.providers.offline import LABEL, Offline
from stages.profile.items import item_profiles

EMPTY_LISTS: dict[str, list[list[str]]] = {
    name: [[]] for name in ("genres", "keywords", "directors", "cast", "creators")
}
MOVIE = pd.DataFrame(
    {
        "item_id": ["7"],
        "title": ["Dusk"],
        "year": [1999],
        "overview": [""],
        "tagline": [""],
        **EMPTY_LISTS,
    }
)
EMPTY = '{"overview": "", "genres": [], "tags": [], "description": "", "dislikes": []}'
SAID = '{"overview": "A town.", "genres": [], "tags": [], "description": "", "dislikes": []}'


@pytest.mark.parametrize(
    ("said", "source"),
    [
        (SAID, "scripted, prompt movie-1"),
        ("no JSON", "offline rules after invalid"),
        (EMPTY, "offline rules after invalid"),
    ],
)
def test_a_models_profile_names_the_version_of_its_prompt(
    scripted: Callable[..., Any], said: str, source: str
) -> None:
    assert asyncio.run(item_profiles(MOVIE, {}, scripted(said)))[0].source == source


def test_offline_rules_read_no_prompt() -> None:
    assert asyncio.run(item_profiles(MOVIE, {}, Offline()))[0].source == LABEL
