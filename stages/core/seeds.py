"""Every random draw takes a generator derived from the one seed and a name."""

import hashlib

import numpy as np


def derived_seed(seed: int, *names: object) -> int:
    """A 63-bit seed from `seed` and the names, the same on every machine and Python version."""
    text = "/".join([str(seed), *map(str, names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(seed: int, *names: object) -> np.random.Generator:
    """A NumPy generator for one named use, such as ``generator(7, "folds")``."""
    return np.random.default_rng(derived_seed(seed, *names))
