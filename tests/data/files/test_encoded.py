"""Text in any encoding: the likely one is named, and what the refusal advises helps."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.files.encoded import check_encoding
from stages.data.files.own_sheet import read_own_sheet

TEXTS = {
    "cp1252": "item,title\na,Alder\nb,Café – “Süß”\n",
    "shift_jis": "item,title\na,Alder\nb,千と千尋の神隠し\n",
    "gb18030": "item,title\na,Alder\nb,我不是药神与霸王别姬\n",
    "cp1251": "item,title\na,Alder\nb,Солярис\n",
}


def refusal(path: Path, encoding: str | None = None) -> str:
    with pytest.raises(InputError) as refused:
        read_own_sheet(path, encoding=encoding)
    return str(refused.value)


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_likely_encoding_is_named_and_reads_the_file(tmp_path: Path, encoding: str) -> None:
    text = TEXTS[encoding]
    path = tmp_path / "items.csv"
    path.write_bytes(text.encode(encoding))
    message = refusal(path)
    assert re.search(r"items\.csv, line 3: byte \d+ is not UTF-8; ", message)
    assert text.splitlines()[2] in message
    advised = re.search(r"--encoding (\S+),", message)
    assert advised
    title = read_own_sheet(path, encoding=advised[1]).rows["title"][1]
    assert title == text.splitlines()[2][2:]


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not installed")
def test_the_command_that_is_advised_converts_the_file(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(TEXTS["cp1252"].encode("cp1252"))
    command = refusal(path).rpartition(": ")[2]
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode() == TEXTS["cp1252"]


@pytest.mark.parametrize("encoding", ["cp1252", "cp1251", "shift_jis", "utf-16-le", "utf-16"])
def test_an_encoding_can_be_given(tmp_path: Path, encoding: str) -> None:
    text = TEXTS.get(encoding, TEXTS["cp1251"])
    path = tmp_path / "items.csv"
    path.write_bytes(text.encode(encoding))
    sheet = read_own_sheet(path, encoding=encoding)
    assert sheet.rows["title"][1] == text.splitlines()[2][2:]


def test_utf_8_is_read_as_such_whatever_is_said_of_other_files(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes("item,title\na,Café\n".encode())
    assert read_own_sheet(path, encoding="latin-1").rows["title"][0] == "Café"


def test_an_encoding_that_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(b"item,title\na,Caf\xe9\n")
    assert "line 2: byte 16 is not ascii; give another" in refusal(path, encoding="ascii")


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "", "punycode", "unicode_escape"])
def test_a_word_that_is_no_encoding(name: str) -> None:
    with pytest.raises(InputError, match=f"--encoding {name} is no encoding of text"):
        check_encoding(name)


def test_half_a_utf_16_file(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes("item,title\na,Alder\n".encode("utf-16")[:-1])
    assert "line 2: byte 38 is not UTF-16-LE, which its mark promises" in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_called_that(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes("item,title\na,Alder\n".encode(encoding))
    message = refusal(path)
    assert f"is UTF-16 without the mark that says so; give --encoding {encoding}," in message
    assert read_own_sheet(path, encoding=encoding).rows["title"].tolist() == ["Alder"]


def test_a_nul_character_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(b"item,title\na,Alder\nb,Bi\0rch\n")
    assert "items.csv, line 3: a NUL character" in refusal(path)
