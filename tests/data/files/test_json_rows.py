"""JSON: what a value becomes, and the line of a broken object."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet
from stages.data.sheets.sheet import Sheet

REVIEW = """{"rating": 5.0, "title": "Such a lovely scent", "text": "One\\ntwo", "images": [], \
"asin": "B00YQ6X8EO", "user_id": "AGKH", "timestamp": 1588687728923, "helpful_vote": 0, \
"verified_purchase": true}
{"rating": 4.0, "asin": "0006564224", "user_id": "AGKI", "price": null, "details": \
{"Brand": "Ünal", "parts": [1, 2.5, "x"]}, "timestamp": 1588687728924}
"""


def sheet_of(folder: Path, content: str) -> Sheet:
    path = folder / "rows.jsonl"
    path.write_text(content, encoding="utf-8")
    return read_own_sheet(path)


def test_amazons_reviews_as_published(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, REVIEW)
    assert sheet.form == "UTF-8, JSON"
    first, second = sheet.rows.to_dict("records")
    assert first | {"images": "[]", "price": "", "details": ""} == first
    assert (first["rating"], first["timestamp"]) == ("5.0", "1588687728923")
    assert (first["verified_purchase"], first["text"]) == ("true", "One\ntwo")
    assert (second["asin"], second["title"], second["price"]) == ("0006564224", "", "")
    assert second["details"] == '{"Brand": "Ünal", "parts": [1, 2.5, "x"]}'


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    rows = sheet_of(tmp_path, '{"id": 12345678901234567890, "x": NaN, "y": 0.1}\n').rows
    assert rows.to_dict("records") == [{"id": "12345678901234567890", "x": "", "y": "0.1"}]


def test_half_of_a_character_is_no_end(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, '{"id": "a", "x": "\\ud83d!"}\n').rows["x"].tolist() == ["?!"]


def test_a_key_that_comes_late_is_empty_before(tmp_path: Path) -> None:
    count = 50_001
    lines = "\n".join(['{"user": "u"}'] * count + ['{"user": "v", "late": 1}'])
    rows = sheet_of(tmp_path, lines).rows
    assert (len(rows), rows["late"][0], rows["late"][count]) == (count + 1, "", "1")


def test_rows_know_their_lines(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, '\n{"a": 1}\n\n{"a": 2}\n{\n"a": 3}\n')
    assert sheet.lines.tolist() == [2, 4, 5]
    assert sheet_of(tmp_path, '[\n{"a": 1}, {"a": 2},\n {"a": 3}\n]').lines.tolist() == [2, 2, 3]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"a": 1}\n{"a": 2\n{"a": 3}\n', r'line 2: {"a": 2 is broken JSON \(Expecting'),
        ('{"a": 1}\n{"a": "half of', r"line 2: .* is broken JSON \(Unterminated string"),
        ('[{"a": 1},\n{"a": 2},\n', "ends before the array that it begins with"),
        ('{"a": 1}\n[1, 2]\n', r"line 2: \[1, 2\] is no object; write one object per rating"),
        ("[[1, 2], [3, 4]]", r"line 1: \[1, 2\] is no object"),
        ("[]", "holds no object with values"),
        ("{}\n{}\n", "holds no object with values"),
        ('{"user": {"0": "u1"}, "item": {"0": "a"}}', "holds one object with everything in it"),
        ("{'a': 1}\n{'a': __import__('os')}\n", "line 2: .* is broken JSON"),
        ("[" + "[" * 100_000, "is broken JSON"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, content: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        sheet_of(tmp_path, content)


def test_a_header_that_looks_like_json_is_none(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "[user],[item]\nu1,a\n").columns == ["[user]", "[item]"]
    assert sheet_of(tmp_path, "{user},item\nu1,a\n").columns == ["{user}", "item"]


def test_a_million_keys_are_refused(tmp_path: Path) -> None:
    keys = ",".join(f'"k{n}":1' for n in range(20_000))
    with pytest.raises(InputError, match="has 20,000 columns and at most 10,000 are read"):
        sheet_of(tmp_path, f"{{{keys}}}")
