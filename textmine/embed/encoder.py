"""Encoders by name or folder, and vectors for a column of texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from textmine.embed.cache import VectorCache
from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.shipped import find_model

DEFAULT_ENCODER = "e5-small"
_PORTION = 512  # texts between two steps of the progress bar


class Encoder(Protocol):
    """Anything that turns texts into vectors, one text at a time and always alike."""

    identity: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give vectors (len(texts), dimensions) in the order of the texts."""
        ...


def load_encoder(name: str | Path = DEFAULT_ENCODER) -> Encoder:
    """Load an encoder: a shipped one by name, or any sentence-transformers model.

    Parameters
    ----------
    name
        `e5-small` (shipped: multilingual-e5-small, int8), the folder of a textmine encoder, or the
        folder or name of a sentence-transformers model. Nothing is downloaded: a name must be in
        the local Hugging Face cache.
    """
    folder = find_model(str(name), "encoder.json")
    if folder is not None:
        return OnnxEncoder(folder)
    from textmine.embed.sentence_encoder import SentenceEncoder

    return SentenceEncoder(str(name))


def embed(texts: Sequence[str], encoder: Encoder, *, progress: bool = False) -> npt.NDArray[np.float32]:
    """Give the vectors of texts, each distinct text embedded once and remembered on disk.

    Returns
    -------
    array (len(texts), encoder.dimensions)
        Rounded to float16 precision, the same whether computed or remembered.
    """
    distinct = list(dict.fromkeys(texts))
    cache = VectorCache(encoder.identity, encoder.dimensions)
    known = cache.get(distinct)
    # By length, so that texts of one length meet in a portion.
    missing = sorted((text for text in distinct if text not in known), key=len)
    bar = tqdm(
        total=len(missing), desc="embedding", unit="text", disable=None if progress else True
    )
    with bar:
        for at in range(0, len(missing), _PORTION):
            portion = missing[at : at + _PORTION]
            rounded = encoder.encode(portion).astype(np.float16).astype(np.float32)
            fresh = dict(zip(portion, rounded, strict=True))
            cache.put(fresh.items())
            known.update(fresh)
            bar.update(len(portion))
    cache.close()
    vectors = np.empty((len(texts), encoder.dimensions), np.float32)
    for i, text in enumerate(texts):
        vectors[i] = known[text]
    return vectors
