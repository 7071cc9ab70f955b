"""params.yaml: what is wrong is named, with what would be right."""

from pathlib import Path
from typing import Literal

import pytest
from pydantic import NonNegativeInt, ValidationError

from stages.core.errors import InputError, MissingError, ParamError
from stages.core.params import Section, load_params, load_section


class Inner(Section):
    """A section with two parameters."""

    layers: int = 2
    depth: float = 0.5


class Choice(Section):
    """A parameter of two kinds."""

    users: Literal["test", "all"] | NonNegativeInt = "all"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "params.yaml"


def test_a_dotted_name_goes_down(file: Path) -> None:
    file.write_text("train:\n  e2ep:\n    layers: 3\n")
    assert load_section("train.e2ep", Inner, file) == Inner(layers=3)


@pytest.mark.parametrize("text", ["other: 1\n", "train:\n", "train: {}\n"])
def test_a_section_that_is_absent_or_empty_has_its_defaults(file: Path, text: str) -> None:
    file.write_text(text)
    assert load_section("train.e2ep", Inner, file) == Inner()


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("layer", "did you mean layers?"), ("x", "train.e2ep has: layers, depth")],
)
def test_an_unknown_name_is_answered_with_the_one_meant_or_all(
    file: Path, typed: str, hint: str
) -> None:
    file.write_text(f"train:\n  e2ep:\n    {typed}: 3\n")
    with pytest.raises(ParamError) as failure:
        load_section("train.e2ep", Inner, file)
    assert str(failure.value) == (
        f"train.e2ep.{typed} in params.yaml is not a known parameter; {hint}"
    )


def test_a_typo_that_is_no_identifier_is_named_too(file: Path) -> None:
    file.write_text("train:\n  e2ep:\n    layers-2: 3\n")
    with pytest.raises(
        ParamError, match=r"^train\.e2ep\.layers-2 in params\.yaml is not a known parameter"
    ):
        load_section("train.e2ep", Inner, file)


def test_a_value_that_fits_no_choice_is_named_without_the_choices_types(file: Path) -> None:
    file.write_text("rerank:\n  users: few\n")
    with pytest.raises(ParamError, match=r"^rerank\.users in params\.yaml is 'few': "):
        load_section("rerank", Choice, file)


def test_a_wrong_type_is_named_with_its_value(file: Path) -> None:
    file.write_text("train:\n  e2ep:\n    layers: many\n")
    with pytest.raises(
        ParamError,
        match=r"^train\.e2ep\.layers in params\.yaml is 'many': input should be a valid int",
    ):
        load_section("train.e2ep", Inner, file)


def test_a_value_where_a_section_belongs_is_refused(file: Path) -> None:
    file.write_text("train: 5\n")
    with pytest.raises(ParamError, match=r"^train in params\.yaml is 5: "):
        load_section("train", Inner, file)


@pytest.mark.parametrize(
    ("text", "said"), [("a: [1\n", "is not valid YAML"), ("- 1\n", "not list"), ("", "not None")]
)
def test_a_file_that_holds_no_sections_is_refused_in_one_line(
    file: Path, text: str, said: str
) -> None:
    file.write_text(text)
    with pytest.raises(ParamError, match=said) as failure:
        load_params(file)
    assert "\n" not in str(failure.value)


def test_without_the_file_one_is_sent_to_the_projects_folder(file: Path) -> None:
    with pytest.raises(MissingError, match="run the command in the project's folder"):
        load_params(file)


def test_a_section_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Inner().layers = 5  # type: ignore[misc]  # the refusal is what is tested


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_refused_with_its_line(file: Path, encoding: str) -> None:
    file.write_bytes("# \xe9\ndataset: sample\n".encode(encoding))
    with pytest.raises(
        InputError, match=r"params\.yaml, line 1: byte \d is not UTF-8; convert the file to UTF-8"
    ):
        load_params(file)
