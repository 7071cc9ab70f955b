"""Text from bytes: UTF-8, or UTF-16 and UTF-32 with their marks, or as the person says."""

import codecs
import re
from pathlib import Path

from stages.core.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""The first marks are no beginnings of later ones."""
_EAST = ("shift_jis", "gb18030", "euc-jp", "euc-kr", "big5")
_ESCAPES = ("idna", "punycode", "raw-unicode-escape", "unicode-escape")
"""Ways of Python to write characters, which are no encodings of a file."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_ENDS = re.compile(rb"\r\n?|\n")
_SHOWN = 40
_SAMPLE = 1 << 20


def check_encoding(name: str) -> str:
    """`name`, if Python can decode text by it."""
    try:
        "".encode(name)
        if codecs.lookup(name).name in _ESCAPES:
            raise LookupError(name)
    except (LookupError, ValueError) as error:
        raise InputError(
            f"--encoding {name} is no encoding of text; write one like latin-1, cp1252 or utf-16"
        ) from error
    return name


def text_from(
    path: Path, content: bytes | bytearray, encoding: str | None = None
) -> tuple[str, str]:
    """The text and the name of its encoding: `encoding` counts where the content is not UTF-8."""
    mark, name = next((pair for pair in _MARKS if content.startswith(pair[0])), (b"", "utf-8"))
    body = memoryview(content)[len(mark) :]
    try:
        text = str(body, name)
        if encoding is not None and not mark and text.isascii():
            text, name = str(body, encoding), encoding
    except UnicodeDecodeError as error:
        if encoding is None or mark:
            raise _fault(path, content, name, error) from error
        text, name = _as_said(path, body, encoding), encoding
    if "\0" in text:
        raise _nul_fault(path, text)
    if not text or text.isspace():
        raise InputError(f"{path} is empty; give a file with data")
    return text, name.upper()


def _as_said(path: Path, body: memoryview, encoding: str) -> str:
    try:
        return str(body, encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {_line(bytes(body), error.start)}: byte {error.start} is not "
            f"{encoding}; give another --encoding"
        ) from error


def _fault(
    path: Path, content: bytes | bytearray, name: str, error: UnicodeDecodeError
) -> InputError:
    place = error.start + len(content) - len(error.object)
    line = _line(content, place)
    if name != "utf-8":
        return InputError(
            f"{path}, line {line}: byte {place} is not {name.upper()}, which its mark promises; "
            "download or save it again"
        )
    likely = _likely(content)
    begin = max(content.rfind(b"\n", 0, place), content.rfind(b"\r", 0, place)) + 1
    shown = bytes(content[max(begin, place - _SHOWN) : place + _SHOWN])
    reads = _ENDS.split(shown)[0].decode(likely, "replace")
    return InputError(
        f"{path}, line {line}: byte {place} is not UTF-8; in {likely} the line reads {reads!r}: "
        f"if that is right, give --encoding {likely}, or convert the file: "
        f"iconv -f {likely} -t utf-8 {path.name}"
    )


def _likely(content: bytes | bytearray) -> str:
    """Letters of Western languages stand alone among others; those of other scripts side by side.

    Cyrillic letters are the upper half of the upper half. Only a sample of them is judged.
    """
    sample = bytes(content[:_SAMPLE])
    runs = _HIGH.findall(sample)
    high = b"".join(runs)
    if len(high) <= 1.5 * len(runs):
        return "cp1252"
    if sum(byte >= 0xC0 for byte in high) > 0.9 * len(high):
        return "cp1251"
    return next((name for name in _EAST if _can_read(sample, name)), "cp1252")


def _can_read(sample: bytes, encoding: str) -> bool:
    """Whether the sample is text in that encoding, but for a character that its end cuts."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _nul_fault(path: Path, text: str) -> InputError:
    line = text.count("\n", 0, text.index("\0")) + 1
    if text.count("\0", 0, 1000) * 3 > len(text[:1000]):
        name = "utf-16-le" if text[1:2] == "\0" else "utf-16-be"
        return InputError(
            f"{path} is UTF-16 without the mark that says so; give --encoding {name}, or convert "
            f"the file: iconv -f {name} -t utf-8 {path.name}"
        )
    return InputError(
        f"{path}, line {line}: a NUL character, which no text has; the file is damaged, or not a "
        "text"
    )


def _line(content: bytes | bytearray, place: int) -> int:
    return sum(1 for _ in _ENDS.finditer(content, 0, place)) + 1
