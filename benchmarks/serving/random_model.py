"""A tiny language model of random weights, in the two forms that servers load.

    python benchmarks/serving/random_model.py TEXTS.json FOLDER

Run by benchmarks/servers.py in an environment of its own (gguf, tokenizers, safetensors). The
vocabulary is learned from the questions and answers of TEXTS.json. Written are `chat/` (a Hugging
Face folder) and `chat.gguf` with the same weights, and `rerank/` and `rerank.gguf`, a model that
scores a document for a query. One direction of the hidden state is constant and carries how
frequent a token is among the answers, so that strings and lists end; every other weight is noise.
Answers mean nothing.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

WIDTH, HEADS, LAYERS, INNER, CONTEXT = 64, 2, 2, 128, 32_768
VOCABULARY = 2048
CONSTANT, SPREAD = 4.0, 0.5
"""Of an embedding: its first entry, and the deviation of every other one."""
END, START, STOP = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
RARE, STOPS = -16.0, 0.02
"""The log frequency of a token that is never meant, and how frequent the end of an answer is."""
CLOSING = 4.0
"""How much more often a list or an object is closed than in the texts: nested ones must end."""
DIGITS, NEVER = 0.2, 0.001
"""How much more rarely a number goes on, and has an exponent or a sign: a score is 0 to 100."""
SEED = 7
CHAT = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
RERANK = (
    "<|im_start|>user\n<Query>: {query}\n<Document>: {document}<|im_end|>\n<|im_start|>assistant\n"
)
LABELS = ("yes", "no")
Weights = dict[str, np.ndarray]


def main() -> None:
    """Write all four."""
    texts, folder = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Path(sys.argv[2])
    tokenizer = trained([*texts["questions"], *texts["answers"]])
    frequency, draw = log_frequencies(tokenizer, texts["answers"]), np.random.default_rng(SEED)
    for name, arch in (("chat", "llama"), ("rerank", "qwen3")):
        weights = drawn(arch, frequency, draw)
        (folder / name).mkdir(parents=True, exist_ok=True)
        write_folder(folder / name, arch, weights, tokenizer)
        write_gguf(folder / f"{name}.gguf", arch, weights, tokenizer)


def trained(texts: list[str]) -> Tokenizer:
    """A byte-level vocabulary, like GPT-2's, of these texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[END, START, STOP],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def log_frequencies(tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """The log of each token's frequency in the texts, shape (vocabulary,)."""
    ids = Counter(token for text in texts for token in tokenizer.encode(text).ids)
    counts = np.array([ids[token] + 0.5 for token in range(tokenizer.get_vocab_size())])
    for word, token in tokenizer.get_vocab().items():
        if closes(word):
            counts[token] *= CLOSING
        if (number := word.strip("Ġ")).isdigit():
            counts[token] *= DIGITS if len(number) < 3 else NEVER
        if number in ("E", "e", "-"):
            counts[token] *= NEVER
    logs = np.log(counts / counts.sum())
    logs[[tokenizer.token_to_id(END), tokenizer.token_to_id(START)]] = RARE
    logs[tokenizer.token_to_id(STOP)] = np.log(STOPS)
    return logs


def closes(word: str) -> bool:
    """Whether a token ends a list or an object and begins none."""
    return not {"]", "}"}.isdisjoint(word) and {"[", "{"}.isdisjoint(word)


def drawn(arch: str, frequency: np.ndarray, draw: np.random.Generator) -> Weights:
    """Random weights under the names of Hugging Face; the residual's first entry stays constant."""

    def noise(rows: int, columns: int, deviation: float) -> np.ndarray:
        return draw.normal(0, deviation, (rows, columns)).astype(np.float32)

    def kept(matrix: np.ndarray) -> np.ndarray:
        matrix[0] = 0  # adds nothing to the constant entry
        return matrix

    embedding = noise(len(frequency), WIDTH, SPREAD)
    embedding[:, 0] = CONSTANT
    output = noise(len(frequency), WIDTH, 0.15)
    # the last norm makes the constant about CONSTANT / sqrt(mean square) = 5.7
    square = (CONSTANT**2 + (WIDTH - 1) * SPREAD**2) / WIDTH
    output[:, 0] = frequency * np.sqrt(square) / CONSTANT
    weights = {"model.embed_tokens.weight": embedding, "model.norm.weight": ones(WIDTH)}
    for layer in range(LAYERS):
        at = f"model.layers.{layer}."
        weights |= {f"{at}self_attn.{name}_proj.weight": noise(WIDTH, WIDTH, 0.1) for name in "qkv"}
        weights |= {
            f"{at}self_attn.o_proj.weight": kept(noise(WIDTH, WIDTH, 0.05)),
            f"{at}mlp.gate_proj.weight": noise(INNER, WIDTH, 0.1),
            f"{at}mlp.up_proj.weight": noise(INNER, WIDTH, 0.1),
            f"{at}mlp.down_proj.weight": kept(noise(WIDTH, INNER, 0.05)),
            f"{at}input_layernorm.weight": ones(WIDTH),
            f"{at}post_attention_layernorm.weight": ones(WIDTH),
        }
        if arch == "qwen3":
            weights |= {f"{at}self_attn.{n}_norm.weight": ones(WIDTH // HEADS) for n in "qk"}
    if arch == "qwen3":
        return weights | {"score.weight": noise(len(LABELS), WIDTH, 0.2)}
    return weights | {"lm_head.weight": output}


def ones(size: int) -> np.ndarray:
    """The scale of a norm."""
    return np.ones(size, np.float32)


def write_folder(folder: Path, arch: str, weights: Weights, tokenizer: Tokenizer) -> None:
    """The folder as transformers loads it: configuration, weights, tokenizer, chat template."""
    stop = tokenizer.token_to_id(STOP)
    config = {
        "model_type": arch,
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "head_dim": WIDTH // HEADS,
        "max_position_embeddings": CONTEXT,
        "vocab_size": tokenizer.get_vocab_size(),
        "rms_norm_eps": 1e-5,
        "rope_theta": 10_000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "eos_token_id": stop,
        "pad_token_id": stop,
        "bos_token_id": tokenizer.token_to_id(END),
        "torch_dtype": "float32",
    }
    if arch == "qwen3":  # one score: yes less no
        config |= {"architectures": ["Qwen3ForSequenceClassification"], "num_labels": 1}
        difference = weights["score.weight"][:1] - weights["score.weight"][1:]
        weights = weights | {"score.weight": np.ascontiguousarray(difference)}
    else:
        config |= {"architectures": ["LlamaForCausalLM"]}
    files = {
        "config.json": config,
        "generation_config.json": {"eos_token_id": stop, "pad_token_id": stop, "do_sample": True},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": STOP,
            "pad_token": STOP,
            "model_max_length": CONTEXT,
            "chat_template": CHAT,
            "clean_up_tokenization_spaces": False,
        },
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def write_gguf(path: Path, arch: str, weights: Weights, tokenizer: Tokenizer) -> None:
    """The same model as llama.cpp loads it."""
    writer = gguf.GGUFWriter(path, arch)
    writer.add_name(f"random {path.stem}")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_key_length(WIDTH // HEADS)
    writer.add_value_length(WIDTH // HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(tokenizer.get_vocab_size())
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    add_vocabulary(writer, tokenizer)
    if arch == "qwen3":
        writer.add_pooling_type(gguf.PoolingType.RANK)
        writer.add_classifier_output_labels(list(LABELS))
        writer.add_chat_template([{"name": "rerank", "template": RERANK}])
    else:
        writer.add_chat_template(CHAT)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[arch.upper()], LAYERS)
    for name, tensor in weights.items():
        if arch == "llama" and name.endswith(("q_proj.weight", "k_proj.weight")):
            tensor = interleaved(tensor)
        if name == "score.weight":
            writer.add_tensor("cls.output.weight", tensor)
        else:
            writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_vocabulary(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    """Tokens, kinds and merges."""
    tokens = [tokenizer.id_to_token(token) for token in range(tokenizer.get_vocab_size())]
    special = {END, START, STOP}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(
        [gguf.TokenType.CONTROL if t in special else gguf.TokenType.NORMAL for t in tokens]
    )
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    writer.add_token_merges([" ".join(pair) for pair in merges])
    writer.add_bos_token_id(tokenizer.token_to_id(END))
    writer.add_eos_token_id(tokenizer.token_to_id(STOP))
    writer.add_pad_token_id(tokenizer.token_to_id(STOP))
    writer.add_add_bos_token(False)


def interleaved(matrix: np.ndarray) -> np.ndarray:
    """Rows of a query or key projection in the order in which llama.cpp rotates them."""
    parts = matrix.reshape(HEADS, 2, WIDTH // HEADS // 2, WIDTH)
    return np.ascontiguousarray(parts.swapaxes(1, 2).reshape(WIDTH, WIDTH))


if __name__ == "__main__":
    main()
