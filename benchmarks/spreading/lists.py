"""Candidates of many made-up users, listed in blocks of users."""

import hashlib
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp

from stages.core.parcels import pack
from stages.core.seeds import generator
from stages.core.threads import limit_threads
from stages.train.fitting.basis import Basis
from stages.train.fitting.candidates import chunked
from stages.train.fitting.data import TrainingData
from stages.train.listing import Listed, Listing, block_size, listed_block, listed_in_blocks
from stages.train.models.ials import Config, Ials

SEED, RATED, MOST = 7, 30, 100
"""Ratings of a user, and candidates."""
WORKERS = 2
"""For which the blocks are cut, also where there is one."""


@dataclass(frozen=True)
class MadeUpLists:
    """Lists by `ials` with random vectors, of so many users over so many items."""

    users: int
    items: int

    @cached_property
    def listing(self) -> Listing:
        """The model and what the users have rated."""
        draw = generator(SEED, "lists")
        user = np.repeat(np.arange(self.users, dtype=np.int32), RATED)
        item = draw.integers(0, self.items, len(user), dtype=np.int32)
        data = TrainingData(user, item, np.ones(len(user), np.float32), self.users, self.items)
        model, width = Ials(Config(), SEED), Config().channels
        sizes = {"users": self.users, "items": self.items}
        model.restore(
            {name: draw.standard_normal((n, width), np.float32) for name, n in sizes.items()}
        )
        ones = np.ones(len(user), dtype=np.int8)
        seen = sp.csr_matrix((ones, (user, item)), (self.users, self.items))
        nobody = np.zeros(self.users, dtype=bool)
        basis = Basis(data, data, nobody)
        return Listing(model, basis, seen, np.ones(self.items, dtype=bool), MOST)

    @property
    def chunks(self) -> list[np.ndarray]:
        """Users that are scored at once."""
        return chunked(np.arange(self.users), self.items)

    def in_this_process(self) -> dict[str, Any]:
        """Seconds and a hash of the lists without any worker, and bytes on the way to one."""
        limit_threads(1)  # as a worker's are, on which the last digits depend
        began = time.perf_counter()
        made = listed_block(self.chunks, self.listing)
        seconds = time.perf_counter() - began
        head, buffers = pack({"listing": self.listing})
        return {
            "users": self.users,
            "items": self.items,
            "seconds": seconds,
            "digest": _digest(made),
            "bytes_shared": len(head) + sum(buffer.nbytes for buffer in buffers),
            "bytes_back": sum(column.nbytes for column in made.rows.values()),
        }

    def spread_out(self) -> dict[str, Any]:
        """Seconds and a hash of the lists in blocks."""
        began = time.perf_counter()
        made = listed_in_blocks(self.listing, self.chunks, block_size(len(self.chunks), WORKERS))
        return {"seconds": time.perf_counter() - began, "digest": _digest(made)}


def _digest(made: Listed) -> str:
    hashed = hashlib.sha256()
    for name, column in sorted(made.rows.items()):
        hashed.update(name.encode() + column.tobytes())
    return hashed.hexdigest()
