"""The schema that goes out: what strict servers demand, and nothing that they do not know."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from stages.compare.question import Verdict
from stages.contracts.rows import Profile
from stages.llm.answers.schema import list_field, strict_schema
from stages.rerank.answers import Order
from stages.rerank.reasons import Reasons


class Part(BaseModel):
    """A part."""

    title: str
    type: str | None = None


class Whole(BaseModel):
    """A whole."""

    parts: list[Part] = Field(min_length=1)
    score: float = Field(ge=0, le=100)


def test_every_object_is_closed_and_all_of_it_required() -> None:
    schema = strict_schema(Whole)
    assert (schema["required"], schema["additionalProperties"]) == (["parts", "score"], False)
    part = schema["$defs"]["Part"]
    assert (part["required"], part["additionalProperties"]) == (["title", "type"], False)


def test_limits_and_defaults_stay_at_home_and_fields_named_like_keywords_go() -> None:
    schema = strict_schema(Whole, lean=True)
    assert schema["properties"]["score"] == {"type": "number"}
    assert schema["properties"]["parts"] == {"type": "array", "items": {"$ref": "#/$defs/Part"}}
    assert schema["$defs"]["Part"]["properties"]["type"] == {
        "anyOf": [{"type": "string"}, {"type": "null"}]
    }


def test_sizes_and_enums_go_to_servers_that_take_them() -> None:
    class Sized(BaseModel):
        parts: list[Literal["a", "b"]] = Field(min_length=1, max_length=2)

    listed = {"type": "array", "items": {"enum": ["a", "b"], "type": "string"}}
    sized = listed | {"minItems": 1, "maxItems": 2}
    assert strict_schema(Sized)["properties"] == {"parts": sized}
    lean = strict_schema(Sized, lean=True)
    assert lean["properties"] == {"parts": {"type": "array", "items": {"type": "string"}}}


def test_the_only_list_of_an_answer_is_named() -> None:
    class Listed(BaseModel):
        parts: list[str]

    assert (list_field(Listed), list_field(Whole), list_field(Part)) == ("parts", None, None)


@pytest.mark.parametrize("lean", [False, True])
def test_no_docstring_or_title_of_ours_goes_out(lean: bool) -> None:
    def texts(node: Any) -> Iterator[str]:
        for key, part in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(part, (dict, list)):
                yield from texts(part)
            else:
                yield f"{key}: {part}"

    for answer in (Whole, Profile, Verdict, Reasons, Order):
        schema = strict_schema(answer, lean)
        sent = [text for text in texts(schema) if not text[0].isdigit()]
        assert {text.partition(":")[0] for text in sent} <= {
            "type",
            "$ref",
            "additionalProperties",
            "minItems",
            "maxItems",
        }
