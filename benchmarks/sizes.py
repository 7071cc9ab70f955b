"""Sizes of the graphs that attention is measured on: MovieLens's."""

from typing import NamedTuple


class Size(NamedTuple):
    """Of a graph, and whether PyG's layers are measured on it."""

    users: int
    items: int
    ratings: int
    peers: bool


SIZES = {
    "100k": Size(943, 1_682, 80_000, True),
    "1m": Size(6_040, 3_706, 800_000, True),
    "10m": Size(69_878, 10_677, 8_000_000, False),
    "25m": Size(162_541, 59_047, 20_000_000, False),
}
