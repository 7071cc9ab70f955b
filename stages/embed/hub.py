"""Whether a model named in params.yaml is available, asked before the hub's client waits."""

import os
from pathlib import Path

from stages.core.errors import MissingError, ParamError

_PATIENCE = 10
"""Seconds after which a silent hub counts as unreachable."""
_REMEDY = "set it to bundled, to a folder, or to the name of a model on huggingface.co"


def require_model(name: str) -> None:
    """Refuse a model that is neither on this machine nor known to the hub.

    The hub is asked once. On its own, its client repeats each unanswered request for up to half a
    minute (huggingface_hub.file_download retries whatever is not in its cache).
    """
    from huggingface_hub import model_info
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    if Path(name).is_dir():
        return
    spellings = [name] if "/" in name else [f"sentence-transformers/{name}", name]
    for spelling in spellings:
        try:
            if not _is_cached(spelling):
                model_info(spelling, timeout=_PATIENCE)
            return
        except (HFValidationError, RepositoryNotFoundError):
            continue
        except Exception as error:  # of whichever HTTP library the client is built on
            reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
            raise MissingError(
                f"embed.model in params.yaml is {name!r}, which is not on this machine, and the "
                f"hub cannot be asked for it ({reason}); go online, or {_REMEDY}"
            ) from error
    raise ParamError(
        f"embed.model in params.yaml is {name!r}, which is no folder here and not known to the "
        f"hub; {_REMEDY}"
    )


def _is_cached(spelling: str) -> bool:
    """Whether sentence-transformers has loaded the model on this machine before."""
    from huggingface_hub import try_to_load_from_cache

    folder = os.getenv("SENTENCE_TRANSFORMERS_HOME")
    files = ("modules.json", "config.json")
    return any(isinstance(try_to_load_from_cache(spelling, file, folder), str) for file in files)
