"""Reading and writing every artifact: parquet, jsonl, json, safetensors. A file appears whole or not at all."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel

from stages.core.errors import MissingError

M = TypeVar("M", bound=BaseModel)


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary neighbour, then move it into place; nothing half written stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        write(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends."""
    write_whole(path, lambda partial: partial.write_text(text, encoding="utf-8", newline="\n"))


def existing(path: Path) -> Path:
    """`path`, or a MissingError that says which stage to run."""
    if not path.exists():
        raise MissingError(f"{path} is not there yet; run `e2ep run` (or `dvc repro`) to make it")
    return path


def write_table(path: Path, frame: Any, schema: pa.Schema) -> None:
    """Write a pandas frame as parquet with exactly the columns and types of `schema`."""
    table = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False).replace_schema_metadata()
    write_whole(path, lambda partial: pq.write_table(table, partial, compression="zstd"))


def read_arrow(path: Path, schema: pa.Schema, filters: Any = None) -> pa.Table:
    """Read the columns of `schema`, in its types, without pandas."""
    return pq.read_table(existing(path), columns=schema.names, filters=filters).cast(schema)


def read_table(path: Path, schema: pa.Schema) -> Any:
    """Read a pandas frame with the columns of `schema`."""
    return read_arrow(path, schema).to_pandas()


def write_jsonl(path: Path, rows: Iterable[BaseModel]) -> None:
    """Write one model a line."""
    write_text(path, "".join(row.model_dump_json() + "\n" for row in rows))


def read_jsonl(path: Path, model: type[M]) -> Iterator[M]:
    """Read one model a line."""
    with existing(path).open(encoding="utf-8") as lines:
        for line in lines:
            yield model.model_validate_json(line)


def write_model(path: Path, value: BaseModel) -> None:
    """Write one model as JSON that reads well."""
    write_text(path, value.model_dump_json(indent=1) + "\n")


def read_model(path: Path, model: type[M]) -> M:
    """Read one model."""
    return model.model_validate_json(existing(path).read_text(encoding="utf-8"))


def read_jsonl_where(path: Path, model: type[M], key: str, value: str) -> M | None:
    """The first line whose leading field `key` is `value`, without parsing the others."""
    start = f'{{"{key}":{json.dumps(value, ensure_ascii=False)}'
    with existing(path).open(encoding="utf-8") as lines:
        line = next((line for line in lines if line.startswith((start + ",", start + "}"))), None)
    return None if line is None else model.model_validate_json(line)


def write_json(path: Path, value: Any) -> None:
    """Write sorted JSON with an indent of one, made to be read and compared in Git."""
    write_text(path, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Read JSON."""
    return json.loads(existing(path).read_text(encoding="utf-8"))


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays as safetensors."""
    from safetensors.numpy import save

    content = save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    write_whole(path, lambda partial: partial.write_bytes(content))


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read named arrays from safetensors."""
    from safetensors.numpy import load

    return load(existing(path).read_bytes())
