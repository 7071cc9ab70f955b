"""Lists of all users by a fitted model: in this process, or in blocks of users where they are many.

A chunk of users (`chunked`) is scored at once wherever it is scored, as a product of matrices may
round a row differently among fewer others. So a list has the same bytes in any block.
"""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import scipy.sparse as sp

from stages.core import mapped
from stages.core.log import progress
from stages.core.spread import by_number, slots, spread
from stages.train.fitting.basis import Basis
from stages.train.fitting.candidates import Columns, as_frame, best_rows, chunked, stacked
from stages.train.fitting.model import HasParts, Model

MANY = 32
"""Chunks from which lists are spread.

A chunk takes .25 s (`ials`) to 3 s (`e2ep` with the parts of its scores) of a processor, a worker
2–4 s to start.
"""
BLOCK = 8
"""Chunks that a worker is given at a time, at most."""
MEMORY = 2_000_000_000
"""Bytes of a process with a model that lists a chunk."""


@dataclass(frozen=True)
class Listing:
    """A fitted model and what is listed by it.

    seen: (users, items), non-zero where an item is never recommended. rankable: (items,) bool.
    most: candidates per user.
    """

    model: Model
    basis: Basis
    seen: sp.csr_matrix
    rankable: np.ndarray
    most: int

    def of(self, users: np.ndarray) -> "Listed":
        """The candidates of these user rows, and the parts of their scores if the model has any.

        There are none where users are placed, unknown to the fit.
        """
        score = self.basis.scores(self.model, self.model.score)
        rows = best_rows(users, score(users), self.seen, self.rankable, self.most)
        if self.basis.placed.any() or not isinstance(self.model, HasParts):
            return Listed(rows)
        at = np.searchsorted(users, rows["user_row"]), rows["item_row"]
        parts = self.model.parts(users).items()
        return Listed(rows, {name: part[at].astype(np.float32) for name, part in parts})


@dataclass(frozen=True)
class Listed:
    """Columns of CANDIDATES, and what their scores are made of, name → (rows,)."""

    rows: Columns
    parts: Columns = field(default_factory=dict)

    @property
    def candidates(self) -> pd.DataFrame:
        """Rows of schema CANDIDATES."""
        return as_frame(self.rows)


def listed(listing: Listing, threads: int = 1) -> Listed:
    """The lists of all users; threads: of each process, if they are spread."""
    chunks = chunked(np.arange(listing.seen.shape[0]), listing.seen.shape[1])
    if len(chunks) >= MANY and (at_once := slots(threads, MEMORY)) > 1:
        return listed_in_blocks(listing, chunks, block_size(len(chunks), at_once), threads)
    return _together((listing.of(users) for users in chunks), listing)


def block_size(n_chunks: int, at_once: int) -> int:
    """Chunks per block, so that each worker has several."""
    return max(min(n_chunks // (4 * at_once), BLOCK), 1)


def listed_in_blocks(
    listing: Listing, chunks: list[np.ndarray], size: int, threads: int = 1
) -> Listed:
    """The lists of these chunks of users, `size` of them at a time on another core or node."""
    listing.of(chunks[0][:1])  # What it sorts once for all need not be sorted by each worker.
    blocks = [chunks[at : at + size] for at in range(0, len(chunks), size)]
    work = spread(listed_block, blocks, threads, MEMORY, {"listing": listing})
    with closing(work), closing(progress(work, "lists: blocks", len(blocks))) as results:
        return _together(by_number(results), listing)


def listed_block(chunks: list[np.ndarray], listing: Listing) -> Listed:
    """The lists of a block."""
    return _stacked([listing.of(users) for users in chunks])


def _together(parts: Iterable[Listed], listing: Listing) -> Listed:
    """All lists, one after the other; mapped where they are many."""
    if listing.seen.shape[0] * listing.most < mapped.LARGE:
        return _stacked(list(parts))
    columns: list[mapped.MappedColumns] = []
    for part in parts:
        tables = part.rows, part.parts
        if not columns:
            types = ({name: one.dtype for name, one in table.items()} for table in tables)
            columns = [mapped.MappedColumns(each) for each in types]
        for column, table in zip(columns, tables, strict=True):
            column.append(table)
    return Listed(*(column.arrays() for column in columns))


def _stacked(parts: list[Listed]) -> Listed:
    return Listed(stacked([part.rows for part in parts]), stacked([part.parts for part in parts]))
