"""Encoders by name or folder, and vectors for a column of texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.hashing import text_hash
from textmine.shipped import ENCODER, ENCODER_FILE, find_model
from textmine.store import Store

_PORTION = 512  # texts between two steps of the progress bar


class Encoder(Protocol):
    """Anything that turns texts into vectors, one text at a time and always alike."""

    @property
    def identity(self) -> str:
        """Names the encoder and its version; part of every cache key."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give vectors (len(texts), dimensions) in the order of the texts."""
        ...


def load_encoder(name: str | Path = ENCODER) -> Encoder:
    """Load an encoder: a shipped one by name, or any sentence-transformers model.

    Parameters
    ----------
    name
        `e5-small` (shipped: multilingual-e5-small, int8), `teman` (shipped: the same, tuned to tell
        themes apart), the folder of a textmine encoder, or the
        folder or name of a sentence-transformers model. Nothing is downloaded: a name must be in
        the local Hugging Face cache.
    """
    folder = find_model(str(name), ENCODER_FILE)
    if folder is not None:
        return OnnxEncoder(folder)
    from textmine.embed.sentence_encoder import SentenceEncoder

    return SentenceEncoder(str(name))


def embed(
    texts: Sequence[str], encoder: Encoder, *, progress: bool = False
) -> npt.NDArray[np.float32]:
    """Give the vectors of texts, each distinct text embedded once and remembered on disk.

    Returns
    -------
    array (len(texts), encoder.dimensions)
        Rounded to float16 precision, the same whether computed or remembered.
    """
    keys = {text: text_hash(text) for text in dict.fromkeys(texts)}
    with Store(f"vectors-{encoder.identity}") as store:
        known = store.get(list(keys.values()))
        # By length, so that texts of one length meet in a portion.
        missing = sorted((text for text, key in keys.items() if key not in known), key=len)
        with tqdm(
            total=len(missing), desc="embedding", unit="text", disable=None if progress else True
        ) as bar:
            for at in range(0, len(missing), _PORTION):
                portion = missing[at : at + _PORTION]
                rows = encoder.encode(portion).astype(np.float16)
                fresh = {keys[text]: row.tobytes() for text, row in zip(portion, rows, strict=True)}
                store.put(fresh.items())
                known |= fresh
                bar.update(len(portion))
    vectors = np.empty((len(texts), encoder.dimensions), np.float32)
    for i, text in enumerate(texts):
        vectors[i] = np.frombuffer(known[keys[text]], np.float16)
    return vectors
