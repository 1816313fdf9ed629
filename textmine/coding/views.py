"""What the heads see of statements: two ways to look at them.

`WordsView` reads each statement by itself with an encoder as it is, and adds its words and its
neighbours; it needs no tuning. `ContextView` reads statements in their answers with an encoder
that was tuned for the codes, and adds their words.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from textmine.coding.features import Lexicon, Scaler, Vectors, assemble
from textmine.embed.encoder import Encoder, embed
from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.embed.passages import embed_in_context


@dataclass(frozen=True)
class WordsView:
    """A statement's own vector, its surroundings' vectors, and its words."""

    encoder: Encoder
    scaler: Scaler
    lexicon: Lexicon

    @staticmethod
    def learn(
        statements: pd.DataFrame, encoder: Encoder, *, progress: bool = False
    ) -> tuple["WordsView", sparse.csr_matrix]:
        """Learn the vocabulary and the spread of vectors; see the same statements."""
        vectors = embed(statements["text"].astype(str).tolist(), encoder, progress=progress)
        view = WordsView(encoder, Scaler.fit(vectors), Lexicon().fit(statements))
        return view, view._see(statements, vectors)

    @property
    def words(self) -> slice:
        """The columns of words in what `see` gives."""
        # Its own vector comes first, and three of its surroundings.
        return slice(4 * self.encoder.dimensions, None)

    def see(self, statements: pd.DataFrame, *, progress: bool = False) -> sparse.csr_matrix:
        """Look at statements that have a `text`."""
        texts = statements["text"].astype(str).tolist()
        return self._see(statements, embed(texts, self.encoder, progress=progress))

    def _see(self, statements: pd.DataFrame, vectors: Vectors) -> sparse.csr_matrix:
        scaled = self.scaler.transform(vectors)
        return assemble(statements, scaled, self.lexicon)


@dataclass(frozen=True)
class ContextView:
    """A statement's vector within its answer, by an encoder tuned for it, and its words."""

    encoder: OnnxEncoder
    lexicon: Lexicon

    def see(self, statements: pd.DataFrame, *, progress: bool = False) -> sparse.csr_matrix:
        """Look at statements that have a `text`, and their answers where there are any."""
        vectors = embed_in_context(statements, self.encoder, progress=progress)
        # Sparse products are summed row by row: no row depends on what stands beside it.
        parts = [sparse.csr_matrix(vectors), self.lexicon.transform(statements)]
        return sparse.hstack(parts, format="csr", dtype=np.float32)


View = WordsView | ContextView
