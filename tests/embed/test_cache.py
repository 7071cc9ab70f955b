"""A text that was embedded before is not embedded again, and gets the same bytes."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from stages.embed.cache import VectorCache, vector_cache
from stages.embed.encode import encode_profiles
from stages.embed.encoder import Encoder
from stages.embed.library import LibraryEncoder

PROFILES = [["a heist", "a storm at sea"], ["a storm at sea"], ["a piano in winter"]]


@pytest.fixture
def cache(tmp_path: Path, torch_encoder: Encoder) -> Iterator[VectorCache]:
    assert torch_encoder.weights
    with closing(VectorCache(tmp_path / "vectors.sqlite", torch_encoder.weights)) as opened:
        yield opened


def test_a_second_run_takes_every_vector_from_the_cache(
    cache: VectorCache, torch_encoder: Encoder
) -> None:
    first, second = (encode_profiles(PROFILES, torch_encoder, 4, False, cache) for _ in range(2))
    assert (first.known, second.known) == (0, 4)
    assert np.array_equal(first.vectors, second.vectors)
    assert np.array_equal(first.vectors, encode_profiles(PROFILES, torch_encoder, 4, False).vectors)


def test_half_of_the_texts_known_changes_no_byte(
    cache: VectorCache, torch_encoder: Encoder
) -> None:
    encode_profiles(PROFILES[:1], torch_encoder, 4, False, cache)
    rest = encode_profiles(PROFILES, torch_encoder, 4, False, cache)
    assert rest.known == 3
    assert np.array_equal(rest.vectors, encode_profiles(PROFILES, torch_encoder, 4, False).vectors)


def test_another_encoder_sees_none_of_them(tmp_path: Path) -> None:
    unit = np.eye(2, dtype=np.float32)
    for encoder in ("weights a", "weights b"):
        with closing(VectorCache(tmp_path / "vectors.sqlite", encoder)) as opened:
            assert opened.look_up(["a storm"]) == {}
            opened.keep(["a storm"], unit[:1])
            assert np.array_equal(opened.look_up(["a storm", "a heist"])["a storm"], unit[0])


def test_a_model_of_unknown_weights_keeps_none(
    tmp_path: Path, library_encoder: LibraryEncoder
) -> None:
    with vector_cache(tmp_path, library_encoder.weights) as none:
        assert none is None
    assert [*tmp_path.iterdir()] == []
