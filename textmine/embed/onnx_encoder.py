"""The fast encoder: int8 on the processor, through onnxruntime, from a folder and nothing else."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from textmine.errors import TextmineError
from textmine.hashing import folder_hash, text_hash
from textmine.shipped import find_model

SCHEMA = 1
SETTINGS, GRAPH = "encoder.json", "encoder.onnx"
WORDS = ("embeddings.safetensors", "tokenizer.json")
Span = tuple[int, int]  # tokens from, to (exclusive)
_BATCH_TOKENS = 320  # keeps a batch within the processor's cache


class OnnxEncoder:
    """Sentence vectors from an encoder folder.

    Texts of the same number of tokens go together, without padding, and every product is in
    integers with fixed scales: a vector depends on its own text alone.

    Parameters
    ----------
    folder
        Holds `encoder.json` and `encoder.onnx`, and `embeddings.safetensors` and `tokenizer.json`
        unless `encoder.json` names another encoder as its `base`, whose words it shares.

    Attributes
    ----------
    identity : str
        Hash of the folder's files; part of every cache key.
    dimensions : int
        Length of a vector.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._require(self.folder, (SETTINGS, GRAPH))
        self.settings = json.loads((self.folder / SETTINGS).read_text(encoding="utf-8"))
        if self.settings.get("schema") != SCHEMA:
            raise TextmineError(
                f"{self.folder}/encoder.json: schema {self.settings.get('schema')!r}, but this "
                f"version of textmine reads schema {SCHEMA}; use the version that made it."
            )
        self.dimensions: int = self.settings["dimensions"]
        base = self.settings.get("base")
        found = find_model(base, SETTINGS) if base else self.folder
        if found is None:
            raise TextmineError(f"{self.folder} needs the encoder '{base}', which is not here.")
        self.words_folder = found  # that holds the tokenizer and the word embeddings
        self._require(found, WORDS)

    @staticmethod
    def _require(folder: Path, names: Sequence[str]) -> None:
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            raise TextmineError(f"{folder} is no encoder: it lacks {', '.join(missing)}.")

    @cached_property
    def identity(self) -> str:
        """Hash of the files that vectors depend on."""
        own = folder_hash(self.folder, (SETTINGS, GRAPH))
        return text_hash(own, folder_hash(self.words_folder, WORDS))

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.words_folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def tables(self) -> dict[str, npt.NDArray[Any]]:
        """Word codes (int8), their scales, and positions."""
        from safetensors.numpy import load_file

        tables: dict[str, npt.NDArray[Any]] = load_file(self.words_folder / WORDS[0])
        return tables

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        # The graph is built as it is to run; more would only fuse what is quicker apart.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        return onnxruntime.InferenceSession(
            str(self.folder / GRAPH), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give the unit vectors of texts, (len(texts), dimensions), in their order."""
        ids = self.token_ids(texts)
        vectors = np.empty((len(ids), self.dimensions), np.float32)
        for i, pooled in enumerate(self.pool(ids, [[(0, len(tokens))] for tokens in ids])):
            vectors[i] = pooled[0] / np.linalg.norm(pooled[0])
        return vectors

    def pool(
        self, ids: Sequence[Sequence[int]], spans: Sequence[Sequence[Span]]
    ) -> list[npt.NDArray[np.float32]]:
        """Mean states of spans of token sequences: for each sequence, (spans, dimensions)."""
        out: list[npt.NDArray[np.float32]] = [np.empty(0, np.float32)] * len(ids)
        by_length: dict[int, list[int]] = {}
        for i, tokens in enumerate(ids):
            by_length.setdefault(len(tokens), []).append(i)
        batches = []
        for length, members in sorted(by_length.items()):
            size = max(1, _BATCH_TOKENS // length)
            batches += [members[at : at + size] for at in range(0, len(members), size)]

        def run(batch: list[int]) -> None:
            rows = self.token_embeddings(np.array([ids[i] for i in batch]))
            # Pooled here: onnxruntime sums in another order when the batch has another size.
            states = self._session.run(["states"], {"embeddings": rows})[0]
            for i, row in zip(batch, states, strict=True):
                out[i] = np.stack([row[start:end].mean(axis=0) for start, end in spans[i]])

        # A batch a core is a fifth quicker than all cores on one batch.
        with ThreadPoolExecutor(_cores()) as workers:
            list(workers.map(run, batches))
        return out

    def pieces(self, text: str) -> tuple[list[int], list[Span]]:
        """Number all pieces of a text, without end marks or limit; give their offsets in it."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets

    def token_ids(self, texts: Sequence[str], prefix: str | None = None) -> list[list[int]]:
        """Number the pieces of each text, prefix (the settings' own) and end marks included."""
        prefix = self.settings["prefix"] if prefix is None else prefix
        most = self.settings["max_tokens"]
        encodings = self._tokenizer.encode_batch([prefix + text for text in texts])
        return [e.ids if len(e.ids) <= most else [*e.ids[: most - 1], e.ids[-1]] for e in encodings]

    def token_embeddings(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Sum word and position embeddings: (batch, tokens) → (batch, tokens, dimensions)."""
        tables = self.tables
        words = tables["words"][ids] * tables["scales"][ids][..., None]
        summed: npt.NDArray[np.float32] = words + tables["positions"][: ids.shape[1]]
        return summed


def _cores() -> int:
    """Cores that this process may use: `OMP_NUM_THREADS` if set, as clusters do, else all."""
    if (chosen := os.environ.get("OMP_NUM_THREADS", "")).isdecimal():
        return max(1, int(chosen))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
