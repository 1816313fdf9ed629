"""What the heads see of a statement: its vector, its words, and the context it stands in."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

Vectors = npt.NDArray[np.float32]

_NEIGHBOURS = 0.5  # weight of the statements before and after, against 1 for the statement's own
_ANSWER = 0.7  # weight of the mean over the answer's statements
_SPREAD = 0.1  # standard deviation that vectors are brought to, beside unit-length tf-idf rows


_STEM = 5  # letters: Swedish words bend at their ends, and compounds begin with what they tell


def _stems(text: str) -> str:
    """Cut words to their beginnings."""
    return " ".join(word[:_STEM] for word in text.lower().split())


class Lexicon:
    """Tf-idf of the words (1-2) and stems (1-3) of statements, and of questions' words.

    Only vocabularies and weights are kept, no texts.
    """

    _PARTS: dict[str, dict[str, Any]] = {
        "words": {"ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True},
        "stems": {
            "preprocessor": _stems,
            "ngram_range": (1, 3),
            "min_df": 2,
            "sublinear_tf": True,
        },
        "question": {"min_df": 2},
    }

    def __init__(self) -> None:
        self.vocabularies: dict[str, list[str]] = {}
        self.idf: dict[str, npt.NDArray[np.float32]] = {}
        self._vectorizers: dict[str, Any] = {}

    def fit(self, statements: pd.DataFrame) -> "Lexicon":
        """Learn the vocabularies from `text` and `question`."""
        for part, settings in self._PARTS.items():
            vectorizer = _vectorizer(settings)
            try:
                vectorizer.fit(_source(statements, part))
            except ValueError:  # too few texts for any word to return
                self.vocabularies[part], self.idf[part] = [], np.empty(0, np.float32)
                continue
            self.vocabularies[part] = vectorizer.get_feature_names_out().tolist()
            self.idf[part] = vectorizer.idf_.astype(np.float32)
        return self

    def transform(self, statements: pd.DataFrame) -> sparse.csr_matrix:
        """Give one row a statement."""
        if not len(statements):  # scikit-learn refuses a table without rows
            width = sum(map(len, self.vocabularies.values()))
            return sparse.csr_matrix((0, width), dtype=np.float32)
        blocks = []
        for part, vocabulary in self.vocabularies.items():
            if not vocabulary:
                continue
            if part not in self._vectorizers:
                vectorizer = _vectorizer({**self._PARTS[part], "vocabulary": vocabulary})
                vectorizer.idf_ = self.idf[part].astype(np.float64)
                self._vectorizers[part] = vectorizer
            rows = self._vectorizers[part].transform(_source(statements, part))
            blocks.append(rows.astype(np.float32))
        if not blocks:
            return sparse.csr_matrix((len(statements), 0), dtype=np.float32)
        return sparse.hstack(blocks, format="csr", dtype=np.float32)


def _vectorizer(settings: dict[str, Any]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(**{"dtype": np.float32, **settings})


def _source(statements: pd.DataFrame, part: str) -> list[str]:
    """Texts that a part of the lexicon reads; '' where a statement has no question."""
    if part != "question":
        return statements["text"].astype(str).tolist()
    if "question" not in statements:
        return [""] * len(statements)
    return statements["question"].astype("string").fillna("").astype(str).tolist()


class Scaler:
    """Centres vectors (encoders' vectors lie in a narrow cone) and brings them to one spread."""

    def __init__(self, mean: Vectors, scale: float) -> None:
        self.mean, self.scale = mean, scale

    @staticmethod
    def fit(vectors: Vectors) -> "Scaler":
        """Learn centre and spread."""
        spread = max(1e-6, float(vectors.std(axis=0).mean()))
        return Scaler(vectors.mean(axis=0), _SPREAD / spread)

    def transform(self, vectors: Vectors) -> Vectors:
        """Give centred, scaled vectors."""
        scaled: Vectors = (vectors - self.mean) * np.float32(self.scale)
        return scaled


def context_vectors(statements: pd.DataFrame, vectors: Vectors) -> Vectors:
    """Vectors of a statement's surroundings: before it, after it, and its whole answer's mean.

    Statements of one `answer_id` belong together, in the order of `start`; without these columns
    each stands alone. Returns (statements, 3 * dimensions).
    """
    n, width = vectors.shape
    context = np.zeros((n, 3 * width), np.float32)
    before, after, mean = np.split(context, 3, axis=1)
    mean[:] = _ANSWER * vectors
    if "answer_id" not in statements:
        return context
    place = statements["start"] if "start" in statements else pd.Series(range(n))
    order = np.lexsort((place.to_numpy(), pd.factorize(statements["answer_id"])[0]))
    answer = pd.factorize(statements["answer_id"])[0][order]
    sorted_vectors = vectors[order]
    follows = np.flatnonzero(answer[1:] == answer[:-1])
    before[order[follows + 1]] = _NEIGHBOURS * sorted_vectors[follows]
    after[order[follows]] = _NEIGHBOURS * sorted_vectors[follows + 1]
    begins = np.flatnonzero(np.r_[True, answer[1:] != answer[:-1]])
    sums = np.add.reduceat(sorted_vectors, begins, axis=0) if n else sorted_vectors
    counts = np.diff(np.r_[begins, n])
    mean[order] = _ANSWER * np.repeat(sums / counts[:, None], counts, axis=0)
    return context


def assemble(statements: pd.DataFrame, vectors: Vectors, lexicon: Lexicon) -> sparse.csr_matrix:
    """Put a statement's vector, its context and its words side by side."""
    dense = np.hstack([vectors, context_vectors(statements, vectors)])
    return sparse.hstack(
        [sparse.csr_matrix(dense), lexicon.transform(statements)], format="csr", dtype=np.float32
    )
