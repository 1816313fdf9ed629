"""Any sentence-transformers model as an encoder; slower, for those who bring their own."""

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from textmine.errors import TextmineError
from textmine.hashing import folder_hash, text_hash


class SentenceEncoder:
    """Sentence vectors from a sentence-transformers model on this machine.

    Parameters
    ----------
    name
        A folder, or a name that the local Hugging Face cache knows.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        # No answer leaves this machine, and nothing is fetched.
        os.environ["HF_HUB_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self.name, local_files_only=True, device="cpu")
        except (OSError, ValueError) as error:
            raise TextmineError(
                f"No encoder '{self.name}': neither a shipped one, nor a folder with a "
                "sentence-transformers model, nor a model in the local cache. "
                "Nothing is downloaded."
            ) from error

    @cached_property
    def identity(self) -> str:
        """Hash of the model's folder, or its name."""
        folder = Path(self.name)
        if folder.is_dir():
            names = sorted(
                str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
            )
            return folder_hash(folder, names)
        return text_hash("sentence-transformers", self.name)

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.get_sentence_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Give unit vectors (len(texts), dimensions) in the order of the texts."""
        vectors: npt.NDArray[np.float32] = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return vectors
