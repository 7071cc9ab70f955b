"""What a server answers that knows the offline rules, to any question of the pipeline."""

from collections.abc import Callable
from typing import Any

from stages.llm.answers.spoken import json_in
from stages.profile.movie import movie_rule
from stages.profile.user import user_rule
from stages.rerank.questions import order_rule, pick_rule, score_rule
from stages.rerank.reasons import reasons_rule
from tests.llm.server import Asked


def _profile(payload: dict[str, Any]) -> Any:
    return user_rule(payload) if "films" in payload else movie_rule(payload)


RULES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "Profile": _profile,
    "Order": order_rule,
    "Scores": score_rule,
    "Pick": pick_rule,
    "Reasons": reasons_rule,
}


def answer(asked: Asked) -> str:
    """The rule's answer to one Chat Completions request as JSON; a repair is answered alike."""
    rule = RULES[asked.body["response_format"]["json_schema"]["name"]]
    questions = [data_of(one["content"]) for one in asked.body["messages"] if one["role"] == "user"]
    payload = next(data for data in reversed(questions) if "fault" not in data)
    return str(rule(payload).model_dump_json())


def data_of(content: str) -> dict[str, Any]:
    """The JSON data of a user message, behind a request where there is one."""
    return dict(json_in(content).objects[0])
