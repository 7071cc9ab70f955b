"""Variants by the name that their files assign."""

from pathlib import Path

import pytest

from stages.core import variants as module
from stages.core.errors import InputError
from stages.core.variants import variants


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package of variants."""
    monkeypatch.setattr(module, "ROOT", tmp_path)
    folder = tmp_path / "stages" / "kinds"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.py").write_text("MODEL = 1\n")
    (folder / "deep" / "a.py").write_text("MODEL: int = 2\n")
    (folder / "helper.py").write_text("# MODEL = 3\nMODELS = 4\n")
    return folder


@pytest.mark.usefixtures("package")
def test_a_file_that_assigns_the_name_is_a_variant_wherever_it_lies() -> None:
    found = {"a": "stages.kinds.deep.a", "b": "stages.kinds.b"}
    assert variants("stages.kinds", "MODEL") == found
    assert list(variants("stages.kinds", "MODEL")) == ["a", "b"]


def test_two_files_of_one_name_are_refused(package: Path) -> None:
    (package / "deep" / "b.py").write_text("MODEL = 5\n")
    with pytest.raises(InputError, match="have the same name; rename one file"):
        variants("stages.kinds", "MODEL")
