"""Vectors do not depend on how they were batched, and no section is cut."""

import numpy as np
import pytest

from stages.core.errors import InputError
from stages.embed.encode import encode_profiles
from stages.embed.encoder import Encoder

WORDS = [
    "heist",
    "storm",
    "sister",
    "harbour",
    "robot",
    "winter",
    "piano",
    "dragon",
    "letter",
    "island",
    "trial",
]
LONG = " ".join(WORDS * 40)
PIECES = [[" ".join(WORDS[n:]), " ".join(WORDS[: n + 1])][: 1 + n % 2] for n in range(9)] + [[LONG]]


@pytest.fixture(scope="module")
def vectors(encoder: Encoder) -> np.ndarray:
    return encode_profiles(PIECES, encoder, 4, whole=False).vectors


def test_vectors_have_length_one_and_the_models_width(vectors: np.ndarray) -> None:
    assert (vectors.shape, vectors.dtype) == ((10, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(10), abs=1e-6)


@pytest.mark.parametrize("batch_size", [1, 7, 32])
def test_batch_size_changes_nothing(encoder: Encoder, vectors: np.ndarray, batch_size: int) -> None:
    assert (
        np.abs(encode_profiles(PIECES, encoder, batch_size, whole=False).vectors - vectors).max()
        < 1e-6
    )


def test_row_order_and_repeated_rows_change_nothing(encoder: Encoder, vectors: np.ndarray) -> None:
    order = [3, 9, 0, 3, 7, 1, 1, 2]
    found = encode_profiles([PIECES[row] for row in order], encoder, 4, whole=False).vectors
    assert np.abs(found - vectors[order]).max() < 1e-6


def test_a_profile_is_the_mean_of_its_pieces(encoder: Encoder, vectors: np.ndarray) -> None:
    each = encode_profiles([[text] for text in PIECES[1]], encoder, 4, whole=False).vectors
    mean = each.mean(axis=0)
    assert vectors[1] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_words_beyond_the_window_count_in_sections_and_not_in_whole(encoder: Encoder) -> None:
    other = f"{LONG} {' '.join(['submarine captain whale'] * 40)}"
    in_sections = encode_profiles([[LONG], [other]], encoder, 4, whole=False).vectors
    in_whole = encode_profiles([[LONG], [other]], encoder, 4, whole=True).vectors
    assert in_sections[0] @ in_sections[1] < 0.99
    assert in_whole[0] == pytest.approx(in_whole[1], abs=1e-6)


def test_only_whole_cuts_and_counts_what_it_cut(encoder: Encoder) -> None:
    texts = [[LONG], ["short"], [LONG + " end"]]
    assert encode_profiles(texts, encoder, 4, whole=True).cut == 2
    assert encode_profiles(texts, encoder, 4, whole=False).cut == 0


@pytest.mark.ray
def test_a_cluster_makes_the_same_bytes(
    torch_encoder: Encoder, request: pytest.FixtureRequest
) -> None:
    here = encode_profiles(PIECES, torch_encoder, 4, whole=False, name=("bundled", "torch"))
    request.getfixturevalue("cluster")
    there = encode_profiles(PIECES, torch_encoder, 4, whole=False, name=("bundled", "torch"))
    assert here.vectors.tobytes() == there.vectors.tobytes()


def test_an_address_sends_batches_to_the_cluster_and_nowhere_else(
    torch_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a cluster at the address nothing is embedded here instead."""
    pytest.importorskip("ray", reason="the extra `cluster` is not installed").shutdown()
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    with pytest.raises(InputError, match="Ray"):
        encode_profiles(PIECES, torch_encoder, 4, whole=False, name=("bundled", "torch"))
