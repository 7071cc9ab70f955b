"""OpenVINO beside torch."""

from importlib.util import find_spec

import numpy as np
import pytest

from stages.core.errors import ParamError
from stages.embed.backend import load_encoder
from stages.embed.encode import encode_profiles
from stages.embed.encoder import Encoder
from stages.embed.library import LibraryEncoder

pytestmark = pytest.mark.skipif(
    find_spec("openvino") is None, reason="the extra `fast` is not installed"
)
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
TEXTS = [
    " ".join(WORDS[(n * 7 + k) % 11] for k in range(n)) for n in (1, 2, 5, 5, 17, 40, 120, 400)
]


@pytest.fixture(scope="module")
def fast() -> Encoder:
    return load_encoder("bundled", "auto")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, library_encoder: LibraryEncoder) -> str:
    """The folder of a small random DistilBERT."""
    from transformers import DistilBertConfig, DistilBertModel

    folder = str(tmp_path_factory.mktemp("other"))
    tokenizer = library_encoder.model.tokenizer
    DistilBertModel(
        DistilBertConfig(vocab_size=len(tokenizer), dim=8, hidden_dim=8, n_heads=1, n_layers=1)
    ).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_auto_takes_it(fast: Encoder) -> None:
    assert fast.backend.startswith("openvino ")


@pytest.mark.parametrize("whole", [False, True])
def test_vectors_are_torchs_to_a_cosine_of_999(
    fast: Encoder, torch_encoder: Encoder, whole: bool
) -> None:
    ours, theirs = (
        encode_profiles([[text] for text in TEXTS], each, 4, whole).vectors
        for each in (fast, torch_encoder)
    )
    assert np.sum(ours * theirs, axis=1).min() >= 0.999


def test_a_batch_holds_texts_of_equally_many_word_pieces(fast: Encoder) -> None:
    batches = fast.batches(TEXTS, 2)
    assert sorted(text for batch in batches for text in batch) == sorted(TEXTS)
    assert max(map(len, batches)) == 2
    assert all(fast.features(batch)["attention_mask"].all() for batch in batches)


def test_another_kind_of_model_is_torchs(other: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_encoder(other, "auto").backend == "torch"
    assert f"{other} is no BERT model" in capsys.readouterr().err


def test_another_kind_of_model_is_refused_where_openvino_is_asked_for(other: str) -> None:
    with pytest.raises(
        ParamError, match=r"runs BERT models alone, not .*; set it to auto or torch$"
    ):
        load_encoder(other, "openvino")


@pytest.mark.usefixtures("fast")
def test_its_makers_hear_nothing() -> None:
    from openvino.tools.ovc import telemetry_utils

    assert telemetry_utils.tm.__name__ == "openvino.tools.ovc.telemetry_stub"
