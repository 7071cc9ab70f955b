"""The bundled weights without sentence-transformers give its vectors, whatever the batch."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from stages.core.errors import ParamError
from stages.embed.backend import load_encoder
from stages.embed.encode import encode_profiles
from stages.embed.encoder import Encoder
from stages.embed.library import LibraryEncoder
from stages.embed.minilm import MiniLm
from stages.embed.weights import load_model
from tests.elsewhere import ELSEWHERE, second_device

WORDS = ["heist", "storm", "sister", "harbour", "robot", "winter", "piano", "dragon", "letter"]
TEXTS = [
    *(
        " ".join(WORDS[(n * 7 + k) % len(WORDS)] for k in range(n))
        for n in (1, 2, 5, 5, 17, 40, 120, 400)
    ),
    "Amélie’s “naïve” café — 50 €, 映画",
    "",
]


@pytest.mark.parametrize("whole", [False, True])
def test_vectors_are_those_of_sentence_transformers(
    torch_encoder: Encoder, library_encoder: LibraryEncoder, whole: bool
) -> None:
    ours, theirs = (
        encode_profiles([[text] for text in TEXTS], each, 4, whole).vectors
        for each in (torch_encoder, library_encoder)
    )
    assert np.abs(ours - theirs).max() < 1e-6


def test_its_word_pieces_are_counted_as_there(
    torch_encoder: Encoder, library_encoder: LibraryEncoder
) -> None:
    assert torch_encoder.window == library_encoder.window
    assert [*map(torch_encoder.length, TEXTS)] == [*map(library_encoder.length, TEXTS)]


def test_a_window_is_read_as_sentence_transformers_reads_it() -> None:
    long = [[" ".join(WORDS * 45)]]
    ours, theirs = (
        load_encoder("bundled", "torch", window=512),
        LibraryEncoder(load_model("bundled", window=512)),
    )
    assert ours.window == theirs.window == 512
    read = [encode_profiles(long, each, 4, whole=True).vectors for each in (ours, theirs)]
    assert np.abs(read[0] - read[1]).max() < 1e-6
    made_for = encode_profiles(long, load_encoder("bundled", "torch"), 4, whole=True).vectors
    assert np.abs(read[0] - made_for).max() > 1e-3


def test_vectors_of_another_window_are_kept_apart() -> None:
    assert (
        load_encoder("bundled", "torch", window=512).weights
        != load_encoder("bundled", "torch").weights
    )


@pytest.mark.parametrize(
    "load",
    [
        lambda window: load_encoder("bundled", "torch", window=window),
        lambda window: load_model("bundled", window=window),
    ],
)
def test_a_window_has_no_more_pieces_than_the_model_has_places(
    load: Callable[[int], object],
) -> None:
    with pytest.raises(ParamError, match=r"embed\.window is 513, but the model has places for 512"):
        load(513)


@pytest.mark.parametrize("batch_size", [1, 3, 32])
def test_a_vector_is_the_same_bytes_in_every_batch(torch_encoder: Encoder, batch_size: int) -> None:
    texts = [[f"{word} {' '.join(WORDS[:n])}"] for word in WORDS for n in range(1, 9)]
    whole = encode_profiles(texts, torch_encoder, 16, whole=False).vectors
    part = encode_profiles(texts[::3], torch_encoder, batch_size, whole=False).vectors
    assert np.array_equal(part, whole[::3])


def test_sentence_transformers_is_not_imported() -> None:
    code = (
        "import sys; from stages.embed.backend import load_encoder; "
        "encoder = load_encoder('bundled', 'torch'); "
        "encoder.length('a film'); print('torch' in sys.modules); "
        "encoder.vectors(encoder.features(['a film'])); "
        "print('torch' in sys.modules, 'sentence_transformers' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\nTrue False\n"


def test_vectors_made_on_another_device_are_the_same(torch_encoder: Encoder) -> None:
    pieces = torch_encoder.features(["Two sisters open a bakery.", "A storm is coming to town."])
    here = torch_encoder.vectors(pieces[:1])
    with second_device() as beside:
        there = MiniLm(ELSEWHERE).vectors(pieces[:1])
    assert "aten::addmm" not in beside.here
    np.testing.assert_allclose(there, here, atol=1e-6)


def test_vectors_of_another_device_are_kept_apart_from_the_cpus() -> None:
    """Their last digits differ."""
    assert MiniLm("cuda").weights == f"{MiniLm().weights} cuda"
