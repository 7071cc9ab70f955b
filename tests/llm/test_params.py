"""The section llm: a separate model for questions about users, which must be local."""

from typing import Any

import pytest

from stages.core.addresses import is_local
from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.llm.params import LlmParams

HOME = "http://127.0.0.1:11434/v1"


def llm(users: Any, **others: Any) -> LlmParams:
    return check_section(
        "llm", {"provider": "openai", "model": "gpt-4o-mini", "users": users} | others, LlmParams
    )


def test_without_a_model_of_their_own_users_are_asked_about_like_films() -> None:
    params = llm(None)
    assert params.about_users is params


def test_a_rehearsal_asks_no_server_about_users_either() -> None:
    assert (
        llm(
            {"provider": "openai", "model": "gemma-3-4b"}, provider="rehearsal"
        ).about_users.provider
        == "rehearsal"
    )


@pytest.mark.parametrize("users", ["offline", "replay", {"provider": "offline"}])
def test_a_provider_without_a_server_keeps_users_here(users: Any) -> None:
    found = llm(users, base_url="https://api.example.org/v1").about_users
    assert found.provider == (users if isinstance(users, str) else "offline")
    assert found.base_url is None


def test_a_local_server_is_named_with_its_model_and_the_rest_stays() -> None:
    found = llm(
        {"provider": "openai", "model": "mine", "base_url": HOME}, max_tokens=77, concurrency=3
    ).about_users
    assert (found.provider, found.model, found.base_url) == ("openai", "mine", (HOME,))
    assert (found.max_tokens, found.concurrency, found.users) == (77, 3, None)


def test_a_preset_that_lives_here_needs_no_address() -> None:
    assert llm({"provider": "openai", "model": "gemma-3-4b"}).about_users.model == "gemma-3-4b"
    assert llm("openai", model="gemma-3-4b").about_users.model == "gemma-3-4b"


@pytest.mark.parametrize(
    ("users", "named"),
    [
        ("openai", "gpt-4o-mini"),
        ("gemini", "gemini-3.6-flash"),
        (
            {"provider": "openai", "base_url": "https://api.openai.com/v1"},
            "https://api.openai.com/v1",
        ),
        (
            {"provider": "openai", "model": "gemma-3-4b", "base_url": "https://8.8.8.8/v1"},
            "https://8.8.8.8/v1",
        ),
        ({"provider": "openai", "base_url": "http://134744072/v1"}, "http://134744072/v1"),
        (
            {"provider": "openai", "base_url": "http://127.0.0.1.example.org/v1"},
            "http://127.0.0.1.example.org/v1",
        ),
        (
            {"provider": "openai", "base_url": "http://localhost@8.8.8.8/v1"},
            "http://localhost@8.8.8.8/v1",
        ),
    ],
)
def test_a_model_elsewhere_is_refused_by_name(users: Any, named: str) -> None:
    provider = {"provider": users, "model": "gemini-3.6-flash"} if users == "gemini" else {}
    with pytest.raises(ParamError) as raised:
        llm(users, **{"base_url": HOME} | provider)
    assert f"llm.users keeps what is about users on this machine, but {named} is not local" in str(
        raised.value
    )


def test_a_typo_in_it_is_told() -> None:
    with pytest.raises(
        ParamError, match=r"llm\.users\.modle in params\.yaml is not a known parameter"
    ):
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


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ({"base_url": "http://[::1"}, "llm.base_url in params.yaml is 'http://[::1'"),
        ({"base_url": "http://127.0.0.1:999999/v1"}, "llm.base_url"),
        ({"base_url": "ftp://here/v1"}, "llm.base_url"),
        ({"base_url": "127.0.0.1:99/v1"}, "llm.base_url"),
        ({"base_url": "http://exa mple/v1"}, "llm.base_url"),
        (
            {"users": {"provider": "openai", "base_url": "http://[::1"}},
            "llm.users.base_url in params.yaml is 'http://[::1'",
        ),
        ({"max_tokens": 10**20}, "llm.max_tokens"),
        ({"timeout": float("inf")}, "llm.timeout"),
        ({"budgets": {"dollars": float("inf")}}, "llm.budgets.dollars"),
        ({"prices": {"m": {"input": float("inf"), "output": 1}}}, "llm.prices.m.input"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_name(setting: dict[str, Any], named: str) -> None:
    with pytest.raises(ParamError) as raised:
        check_section("llm", setting, LlmParams)
    assert str(raised.value).startswith(named)
    assert "\n" not in str(raised.value)


def test_recorded_answers_of_a_reranker_alone_judge_beside_the_rules() -> None:
    judge = {"model": "Qwen3-Reranker-0.6B", "base_url": HOME}
    params = check_section("llm", {"judge": judge, "replay": "answers.jsonl"}, LlmParams)
    asked = [model.provider for model in (params, params.about_users, params.judging)]
    assert asked == ["offline", "offline", "replay"]


def test_recorded_answers_hold_those_of_the_users_server_too() -> None:
    assert (
        llm({"provider": "openai", "model": "gemma-3-4b"}, provider="replay").about_users.provider
        == "replay"
    )
    assert llm("offline", provider="replay").about_users.provider == "offline"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            {"model": "gpt-4o-mini"},
            "llm.model=gpt-4o-mini is set, but llm.provider is offline, which asks no model; add "
            "--set llm.provider=openai, or drop it",
        ),
        (
            {"model": "gemini-3.6-flash", "base_url": HOME},
            f"llm.model=gemini-3.6-flash and llm.base_url={HOME} are set, but llm.provider is "
            "offline, which asks no model; add --set llm.provider=gemini, or drop them",
        ),
        ({"replay": "answers.jsonl"}, "add --set llm.provider=replay, or drop it"),
        ({"mode": "batch"}, "llm.mode=batch is set, but llm.provider is offline"),
        (
            {"users": {"provider": "offline", "model": "gemma-3-4b"}},
            "llm.users.model=gemma-3-4b is set, but llm.users.provider is offline, which asks no "
            "model; name openai there, or drop it",
        ),
        (
            {"users": {"provider": "replay", "base_url": HOME}},
            f"llm.users.base_url={HOME} is set, but llm.users.provider is replay",
        ),
    ],
)
def test_what_names_a_model_is_refused_where_none_is_asked(
    setting: dict[str, Any], said: str
) -> None:
    with pytest.raises(ParamError) as raised:
        check_section("llm", setting, LlmParams)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    "setting",
    [
        {"budgets": {"dollars": 5}, "prices": {"mine": {"input": 1, "output": 1}}},
        {"users": "openai", "model": "gemma-3-4b"},
        {"users": {"provider": "openai", "model": "gemma-3-4b"}},
        {"users": "replay", "replay": "answers.jsonl"},
        {"provider": "replay", "replay": "answers.jsonl", "model": "gpt-4o-mini"},
        {"provider": "rehearsal", "model": "gpt-4o-mini", "mode": "batch"},
    ],
)
def test_what_limits_or_is_lent_to_users_may_stay(setting: dict[str, Any]) -> None:
    assert check_section("llm", setting, LlmParams).provider == setting.get("provider", "offline")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            {"provider": "openai", "base_url": HOME},
            f"llm.base_url is {HOME}, but llm.model names no model; add --set llm.model=NAME with",
        ),
        (
            {"provider": "opnai"},
            "llm.provider in params.yaml is 'opnai': did you mean openai?",
        ),
        (
            {"provider": "claude"},
            "is 'claude': choose from offline, openai, gemini, replay",
        ),
        ({"users": {"provider": "rehersal"}}, "llm.users.provider in params.yaml is 'rehersal': "),
        (
            {"users": "openai"},
            "llm.users.provider is openai, but neither llm.users.model nor llm.model names a model",
        ),
        ({"provider": "openai", "model": "gemini-3.6-flash"}, "set llm.provider to gemini"),
    ],
)
def test_a_provider_that_asks_needs_a_model_that_it_has(setting: dict[str, Any], said: str) -> None:
    with pytest.raises(ParamError) as raised:
        check_section("llm", setting, LlmParams)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            {"budgets": {"tokens": 4000}},
            "llm.budgets.tokens is 4000, but one question may take 4,296, as llm.max_tokens is "
            "4,096; raise the first or lower the second",
        ),
        ({"budgets": {"dollars": 0.002}}, "is 0.002, but one question may take 0.0025"),
        (
            {"budgets": {"dollars": 0.001}, "mode": "batch"},
            "is 0.001, but one question may take 0.0012",
        ),
        ({"budgets": {"dollars": 5}, "model": "mine"}, "needs a price for mine; add it under"),
        (
            {
                "budgets": {"dollars": 5},
                "users": {"provider": "openai", "model": "home", "base_url": HOME},
            },
            "needs a price for home",
        ),
        ({"budgets": {"calls": 0}}, "llm.budgets.calls in params.yaml is 0"),
        ({"budgets": {"minutes": -1}}, "llm.budgets.minutes in params.yaml is -1"),
    ],
)
def test_a_budget_within_which_nothing_can_be_asked_is_refused(
    setting: dict[str, Any], said: str
) -> None:
    with pytest.raises(ParamError) as raised:
        llm(**{"users": None} | setting)
    assert said in str(raised.value)


def test_a_provider_has_a_model_of_its_own_where_none_is_named() -> None:
    for provider, model in (("openai", "gpt-6-luna"), ("gemini", "gemini-3.5-flash-lite")):
        assert LlmParams(provider=provider).needed_model == model  # type: ignore[arg-type]


def test_no_message_names_the_provider_that_only_an_estimate_uses() -> None:
    for setting in ({"provider": "rehearsals"}, {"users": "none"}, {"provider": ["openai"]}):
        with pytest.raises(ParamError) as raised:
            check_section("llm", setting, LlmParams)
        assert "rehearsal" not in str(raised.value).partition(": ")[2]


def test_a_budget_for_one_question_in_a_batch_is_enough() -> None:
    assert llm(None, budgets={"dollars": 0.002}, mode="batch").budgets.dollars == 0.002
