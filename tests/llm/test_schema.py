"""The schema that goes out: what strict servers demand, and nothing that they do not know."""

from pydantic import BaseModel, Field

from stages.llm.schema import strict_schema


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
    schema = strict_schema(Whole)
    assert schema["properties"]["score"] == {"type": "number"}
    assert schema["properties"]["parts"] == {"type": "array", "items": {"$ref": "#/$defs/Part"}}
    assert schema["$defs"]["Part"]["properties"]["type"] == {
        "anyOf": [{"type": "string"}, {"type": "null"}]
    }
