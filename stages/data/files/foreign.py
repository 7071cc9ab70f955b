"""Files that are no table of text: each is called by its name, with what to do."""

import re
from pathlib import Path

from stages.core.errors import InputError

_FIRST_BYTES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV UTF-8"),
    (b"%PDF", "a PDF document; ask for the table as CSV"),
    (b"SQLite format 3\0", "an SQLite database; export the table: sqlite3 -header -csv FILE QUERY"),
    (b"\x93NUMPY", "a NumPy array; save it as CSV, a line per rating"),
    (b"\x89HDF", "an HDF5 file; save the table in it as CSV or Parquet"),
    (b"ARROW1", "an Arrow (Feather) file; save it as Parquet or CSV"),
    (b"FEA1", "a Feather file; save it as Parquet or CSV"),
    (b"ORC", "an ORC file; save it as Parquet or CSV"),
    (b"Obj\x01", "an Avro file; save it as Parquet or CSV"),
    (b"RDX", "R's data; write the table with write.csv"),
    (b"X\n\x00\x00", "R's data; write the table with write.csv"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it and give the file inside"),
    (b"Rar!", "a RAR archive; unpack it and give the file inside"),
    (b"\x89PNG", "a picture; give the table as CSV"),
    (b"\xff\xd8\xff", "a picture; give the table as CSV"),
    (b"{\\rtf", "a text document (RTF); save it as plain text in UTF-8"),
    (
        b"version https://git-lfs",
        "a pointer of Git LFS and not the file itself; fetch that: git lfs pull",
    ),
)
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml")
_TAR = slice(257, 262)


def refuse_foreign(path: Path, content: bytes | bytearray) -> None:
    """Refuse what is neither text nor Parquet, by name."""
    what = next((what for mark, what in _FIRST_BYTES if content.startswith(mark)), None)
    if _PICKLE.match(content):
        what = "a pickle, which may run any program when it is read; save the table in it as CSV"
    elif _PAGE.match(content):
        what = (
            "a web page and not data, perhaps one that asks you to log in; download the file "
            "itself in a browser"
        )
    elif _XML.match(content):
        what = "an XML file; save the table in it as CSV"
    elif content[_TAR] == b"ustar":
        what = "a tar archive; unpack it with tar -xf and give the file inside"
    if what is not None:
        raise InputError(f"{path} is {what}")
