"""The section llm: a model of its own for what is about users, on this machine or none."""

from typing import Any

import pytest

from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.llm.keys import is_local
from stages.llm.params import LlmParams

HOME = "http://127.0.0.1:11434/v1"


def llm(users: Any, **others: Any) -> LlmParams:
    return check_section("llm", {"provider": "openai", "users": users} | others, LlmParams)


def test_without_a_model_of_their_own_users_are_asked_about_like_films() -> None:
    params = llm(None)
    assert params.about_users is params


def test_a_rehearsal_asks_no_server_about_users_either() -> None:
    assert llm({"provider": "openai", "model": "gemma-3-4b"}, provider="rehearsal").about_users.provider == "rehearsal"


@pytest.mark.parametrize("users", ["offline", "replay", {"provider": "offline"}])
def test_a_provider_without_a_server_keeps_users_here(users: Any) -> None:
    found = llm(users, base_url="https://api.example.org/v1").about_users
    assert found.provider == (users if isinstance(users, str) else "offline")
    assert found.base_url is None


def test_a_local_server_is_named_with_its_model_and_the_rest_stays() -> None:
    found = llm({"provider": "openai", "model": "mine", "base_url": HOME}, max_tokens=77, concurrency=3).about_users
    assert (found.provider, found.model, found.base_url) == ("openai", "mine", HOME)
    assert (found.max_tokens, found.concurrency, found.users) == (77, 3, None)


def test_a_preset_that_lives_here_needs_no_address() -> None:
    assert llm({"provider": "openai", "model": "gemma-3-4b"}).about_users.model == "gemma-3-4b"
    assert llm("openai", model="gemma-3-4b").about_users.model == "gemma-3-4b"


@pytest.mark.parametrize(
    ("users", "named"),
    [
        ("openai", "gpt-4o-mini"),
        ("gemini", "gemini-2.5-flash"),
        ({"provider": "openai", "base_url": "https://api.openai.com/v1"}, "https://api.openai.com/v1"),
        ({"provider": "openai", "model": "gemma-3-4b", "base_url": "https://8.8.8.8/v1"}, "https://8.8.8.8/v1"),
        ({"provider": "openai", "base_url": "api.openai.com/v1"}, "api.openai.com/v1"),
        ({"provider": "openai", "base_url": "http://127.0.0.1.example.org/v1"}, "http://127.0.0.1.example.org/v1"),
        ({"provider": "openai", "base_url": "http://localhost@8.8.8.8/v1"}, "http://localhost@8.8.8.8/v1"),
    ],
)
def test_a_model_elsewhere_is_refused_by_name(users: Any, named: str) -> None:
    model = "gemini-2.5-flash" if users == "gemini" else "gpt-4o-mini"
    with pytest.raises(ParamError) as raised:
        llm(users, model=model, base_url=HOME)
    assert f"llm.users keeps what is about users on this machine, but {named} is not local" in str(raised.value)


def test_a_typo_in_it_is_told() -> None:
    with pytest.raises(ParamError, match=r"llm\.users\.modle in params\.yaml is not a known parameter"):
        llm({"provider": "offline", "modle": "x"})


@pytest.mark.parametrize(
    ("url", "local"),
    [
        (HOME, True),
        ("http://gpu:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.1.4/v1", True),
        ("https://api.openai.com/v1", False),
        ("gpu:8000", False),
        ("", False),
    ],
)
def test_an_address_without_a_host_is_not_local(url: str, local: bool) -> None:
    assert is_local(url) == local
