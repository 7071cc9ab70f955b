"""Requests made up from the server's own description: none is answered by a 500 or by a lie."""

import re
from typing import Any

import pytest

from tests.cli.serving.conftest import Answers
from tests.patience import patient

schemathesis = pytest.importorskip("schemathesis", reason="the extra `dev` is not installed")


def checked(server: Answers, positive: bool) -> None:
    """Ask each operation 25 times, and hold the answers against the description."""
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    schema = schemathesis.openapi.from_url(f"{server.address}/openapi.json")
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    mode = GenerationMode.POSITIVE if positive else GenerationMode.NEGATIVE
    for result in schema.get_all_operations():
        operation = result.ok()
        if not positive and not (operation.body or operation.query):
            continue  # whatever is asked, it is as described
        strategy = operation.as_strategy(generation_mode=mode)

        @given(case=strategy)
        @settings(
            max_examples=25,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        def ask(case: Any) -> None:
            answer = case.call(timeout=patient(20))
            case.validate_response(answer, checks=checks)
            assert "Traceback" not in answer.text
            assert not re.search(r"/(work|home|tmp|usr|root)/", answer.text)

        ask()


@pytest.mark.parametrize("positive", [True, False], ids=["as described", "otherwise"])
def test_what_is_asked_is_answered_as_described(server: Answers, positive: bool) -> None:
    checked(server, positive)
