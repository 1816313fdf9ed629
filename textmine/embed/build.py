"""Making encoder folders: measure, quantise, write; and float32 models from them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from textmine.embed.graph import NORMS, PRODUCTS, Array, Weights, build_graph, read_weights
from textmine.embed.onnx_encoder import SCHEMA, OnnxEncoder

_HF_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


def write_encoder(
    folder: Path,
    weights: Weights,
    *,
    settings: Mapping[str, Any],
    sample: Sequence[Sequence[int]],
) -> None:
    """Quantise an encoder and write its folder.

    Parameters
    ----------
    folder
        Where to; holds the encoder's `tokenizer.json` and `embeddings.safetensors` already, unless
        the settings name a `base` that has them.
    weights
        Float weights as `build_graph` takes them.
    settings
        `layers`, `heads`, `dimensions`, `prefix`, `max_tokens`, and provenance (`source`).
    sample
        Token sequences on which the ranges of activations are measured; a few hundred of the kind
        to come.
    """
    text = json.dumps({"schema": SCHEMA, **settings}, indent=2, ensure_ascii=False)
    (folder / "encoder.json").write_text(text + "\n", encoding="utf-8")
    size = {"n_layers": settings["layers"], "n_heads": settings["heads"]}
    probe = build_graph(weights, None, **size)
    onnx.save(probe, folder / "encoder.onnx")
    ranges = _measure(OnnxEncoder(folder), probe, sample)
    onnx.save(build_graph(weights, ranges, **size), folder / "encoder.onnx")


def _measure(
    encoder: OnnxEncoder, probe: onnx.ModelProto, sample: Sequence[Sequence[int]]
) -> dict[str, Array]:
    """Find the largest absolute value of each product's input channels on sample sequences."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        probe.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    taps = {entry.key: entry.value for entry in probe.metadata_props}
    ranges: dict[str, Array] = {}
    for ids in sample:
        outputs = session.run(
            list(taps.values()), {"embeddings": encoder.token_embeddings(np.array([ids]))}
        )
        for name, values in zip(taps, outputs, strict=True):
            highest = np.abs(values[0]).max(axis=0)
            ranges[name] = np.maximum(ranges.get(name, np.zeros_like(highest)), highest)
    return ranges


def float_model(folder: Path, layers: int | None = None) -> Any:
    """Make a float32 `transformers.BertModel` of an encoder folder, or of its first layers.

    Its word embeddings are those of the folder's pruned vocabulary.
    """
    import torch
    from transformers import BertConfig, BertModel

    encoder = OnnxEncoder(folder)
    weights = read_weights(folder / "encoder.onnx")
    tables = encoder.tables
    n_layers = layers or encoder.settings["layers"]
    config = BertConfig(
        vocab_size=len(tables["words"]),
        hidden_size=encoder.dimensions,
        num_hidden_layers=n_layers,
        num_attention_heads=encoder.settings["heads"],
        intermediate_size=weights["0.fi.w"].shape[1],
        max_position_embeddings=len(tables["positions"]),
        layer_norm_eps=1e-12,
        pad_token_id=1,
    )
    state: dict[str, Array] = {
        "embeddings.word_embeddings.weight": tables["words"] * tables["scales"][:, None],
        # The folder's positions hold the token-type row already.
        "embeddings.position_embeddings.weight": tables["positions"],
        "embeddings.token_type_embeddings.weight": np.zeros((2, encoder.dimensions), np.float32),
        "embeddings.LayerNorm.weight": weights["embedding.w"],
        "embeddings.LayerNorm.bias": weights["embedding.b"],
    }
    for i in range(n_layers):
        for product, parts in PRODUCTS.items():
            for j, part in enumerate(parts):
                name = f"encoder.layer.{i}.{_HF_NAMES[part]}"
                columns = np.split(weights[f"{i}.{product}.w"], len(parts), axis=1)[j]
                state[f"{name}.weight"] = columns.T
                state[f"{name}.bias"] = np.split(weights[f"{i}.{product}.b"], len(parts))[j]
        for norm in NORMS:
            name = f"encoder.layer.{i}.{_HF_NAMES[norm]}"
            state[f"{name}.weight"] = weights[f"{i}.{norm}.w"]
            state[f"{name}.bias"] = weights[f"{i}.{norm}.b"]
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(
        {name: torch.tensor(np.ascontiguousarray(value)) for name, value in state.items()}
    )
    model.train(False)
    return model


def weights_of(model: Any) -> dict[str, Array]:
    """Take the weights of a `float_model`, but for its embedding tables, as `build_graph` does."""
    state = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    weights = {
        "embedding.w": state["embeddings.LayerNorm.weight"],
        "embedding.b": state["embeddings.LayerNorm.bias"],
    }
    for i in range(model.config.num_hidden_layers):
        layer = f"encoder.layer.{i}"
        for product, parts in PRODUCTS.items():
            names = [f"{layer}.{_HF_NAMES[part]}" for part in parts]
            weights[f"{i}.{product}.w"] = np.hstack([state[f"{n}.weight"].T for n in names])
            weights[f"{i}.{product}.b"] = np.hstack([state[f"{n}.bias"] for n in names])
        for norm in NORMS:
            name = f"{layer}.{_HF_NAMES[norm]}"
            weights[f"{i}.{norm}.w"] = state[f"{name}.weight"]
            weights[f"{i}.{norm}.b"] = state[f"{name}.bias"]
    return weights


def sentence_transformer(folder: Path) -> Any:
    """Make a float32 `SentenceTransformer` of an encoder folder: the same model, slower.

    The prefix of the folder's settings (such as 'query: ') is its default prompt.
    """
    import tempfile

    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    encoder = OnnxEncoder(folder)
    with tempfile.TemporaryDirectory() as scratch:
        float_model(folder).save_pretrained(scratch)
        tokenizer: Any = PreTrainedTokenizerFast
        tokenizer(
            tokenizer_file=str(encoder.words_folder / "tokenizer.json"),
            bos_token="<s>",
            eos_token="</s>",
            cls_token="<s>",
            sep_token="</s>",
            pad_token="<pad>",
            unk_token="<unk>",
            model_max_length=encoder.settings["max_tokens"],
        ).save_pretrained(scratch)
        transformer = Transformer(scratch, max_seq_length=encoder.settings["max_tokens"])
    prefix = encoder.settings["prefix"]
    return SentenceTransformer(
        modules=[transformer, Pooling(encoder.dimensions), Normalize()],
        prompts={"query": prefix} if prefix else None,
        default_prompt_name="query" if prefix else None,
        device="cpu",
    )


def quantise_rows(table: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], Array]:
    """Store an embedding table as int8 with one scale a row."""
    scales = np.maximum(np.abs(table).max(axis=1), 1e-12) / 127
    return np.rint(table / scales[:, None]).astype(np.int8), scales.astype(np.float32)
