"""Files that are mapped into memory, so that all workers share one copy of their pages."""

import json
import mmap
import re
from collections.abc import Iterable, KeysView
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel

from stages.core.errors import DamagedError
from stages.core.files import existing

M = TypeVar("M", bound=BaseModel)
_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "|u1"}
"""safetensors' names of the number types that our models keep."""
_USER = re.compile(rb'\{"user_id":("(?:[^"\\]|\\.)*")')


class MappedArrays:
    """The arrays of a safetensors file, as views of the mapped file.

    The format is a length of 8 bytes, so much JSON that says where each array begins and ends, and
    the arrays. A file that is replaced while it is mapped stays readable as it was.
    """

    def __init__(self, path: Path) -> None:
        try:
            content = np.memmap(existing(path), dtype=np.uint8, mode="r")
            start = 8 + int(content[:8].view("<u8")[0])
            header = json.loads(content[8:start].tobytes())
            self._arrays = {
                name: _view(content[start:], entry)
                for name, entry in header.items()
                if name != "__metadata__"
            }
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise DamagedError(f"{path} is damaged; run `e2ep run` to make it again") from error

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._arrays.keys()

    def get_tensor(self, name: str) -> np.ndarray:
        """A whole array."""
        return self._arrays[name]

    def get_slice(self, name: str) -> "MappedRows":
        """An array of which rows are read."""
        return MappedRows(self._arrays[name])


class MappedRows:
    """An array as `safetensors.safe_open` gives slices of it."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array

    def get_shape(self) -> list[int]:
        """Its shape."""
        return list(self._array.shape)

    def __getitem__(self, rows: slice) -> np.ndarray:
        return self._array[rows]


def _view(content: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    first, last = entry["data_offsets"]
    # An own type, since a view of a memmap is slower with each operation.
    part = np.asarray(content[first:last]).view(np.ndarray)
    return part.view(_TYPES[entry["dtype"]]).reshape(entry["shape"])


class MappedLines:
    """A file with a line of JSON per user, found by id."""

    def __init__(self, path: Path) -> None:
        with existing(path).open("rb") as file:
            empty = not file.read(1)
            self._content: bytes | mmap.mmap = (
                b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            )
        self._path = path
        self._lines = dict(self._found())

    def line(self, model: type[M], user_id: str) -> M | None:
        """The user's line."""
        span = self._lines.get(user_id)
        if span is None:
            return None
        try:
            return model.model_validate_json(self._content[slice(*span)])
        except ValueError as error:
            raise DamagedError(
                f"{self._path} is damaged; run `e2ep run` to make it again"
            ) from error

    def _found(self) -> Iterable[tuple[str, tuple[int, int]]]:
        """Ids and where their lines begin and end, the first of an id last, so that it counts."""
        spans, start, size = [], 0, len(self._content)
        while start < size:
            end = self._content.find(b"\n", start)
            end = size if end < 0 else end
            spans.append((start, end))
            start = end + 1
        for first, last in reversed(spans):
            if first < last:
                yield self._id(first, last), (first, last)

    def _id(self, first: int, last: int) -> str:
        leading = _USER.match(self._content, first, last)
        try:
            if leading:
                return str(json.loads(leading[1]))
            return str(json.loads(self._content[first:last])["user_id"])
        except (ValueError, KeyError, TypeError) as error:
            message = f"{self._path} is damaged; run `e2ep run` to make it again"
            raise DamagedError(message) from error
