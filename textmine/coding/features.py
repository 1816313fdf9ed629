"""What the heads see of a statement: its vector, its words, and the context it stands in."""

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from textmine.personal.find import find_personal

Vectors = npt.NDArray[np.float32]

_NEIGHBOURS = 0.5  # weight of the statements before and after, against 1 for the statement's own
_ANSWER = 0.7  # weight of the mean over the answer's statements
_SPREAD = 0.1  # standard deviation that vectors are brought to, beside unit-length tf-idf rows


_WORD = re.compile(r"\w\w+")
_STEM = 5  # letters: Swedish words bend at their ends, and compounds begin with what they tell


def _stems(text: str) -> str:
    """Cut words to their beginnings."""
    return " ".join(word[:_STEM] for word in text.lower().split())


@dataclass(frozen=True)
class _Part:
    """One kind of words: up to how many together, how often at least, how they are cut, counted."""

    longest: int
    fewest: int
    cut: Callable[[str], str] = str.lower
    sublinear: bool = True

    def grams(self, text: str) -> Iterator[str]:
        """Go through a text's sequences of words."""
        words = _WORD.findall(self.cut(text))
        yield from words
        for n in range(2, self.longest + 1):
            yield from map(" ".join, zip(*(words[i:] for i in range(n)), strict=False))


class Lexicon:
    """Tf-idf of the words (1-2) and stems (1-3) of statements, and of questions' words.

    Only vocabularies and weights are kept, no texts, and no word of a person's name. The weights
    are scikit-learn's (sublinear counts, smoothed inverse document frequencies, rows of length 1 in
    each part), but to use them does not load scikit-learn, which takes a second.
    """

    _PARTS = {
        "words": _Part(longest=2, fewest=2),
        "stems": _Part(longest=3, fewest=2, cut=_stems),
        "question": _Part(longest=1, fewest=2, sublinear=False),
    }

    def __init__(self) -> None:
        self.vocabularies: dict[str, list[str]] = {}
        self.idf: dict[str, npt.NDArray[np.float32]] = {}
        self._places: dict[str, dict[str, int]] = {}

    def fit(self, statements: pd.DataFrame) -> "Lexicon":
        """Learn the vocabularies from `text` and `question`."""
        bare = functools.cache(_without_persons)
        for name, part in self._PARTS.items():
            texts = [bare(text) for text in _source(statements, name)]
            found = Counter(gram for text in texts for gram in set(part.grams(text)))
            known = sorted(gram for gram, n in found.items() if n >= part.fewest)
            counts = np.array([found[gram] for gram in known], np.float64)
            self.vocabularies[name] = known
            self.idf[name] = (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)
        return self

    def transform(self, statements: pd.DataFrame) -> sparse.csr_matrix:
        """Give one row a statement."""
        blocks = [self._weigh(name, _source(statements, name)) for name in self.vocabularies]
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    def stem_weights(self, text: str, letters: int) -> list[float]:
        """Inverse document frequency of each word's stem; of one never seen, the highest.

        Words of fewer letters are left out.
        """
        place = self._placed("stems").get
        weights = self.idf["stems"]
        unseen = float(weights.max(initial=0.0)) + math.log(3)  # 0 where the rarest kept has 2
        return [
            unseen if (at := place(word[:_STEM])) is None else float(weights[at])
            for word in _WORD.findall(text.lower())
            if len(word) >= letters and not word.isdigit()
        ]

    def known_words(self, text: str) -> str:
        """Leave out the words that are not in the vocabulary."""
        place = self._placed("words")
        return _WORD.sub(lambda word: word[0] if word[0].lower() in place else " ", text)

    def _placed(self, name: str) -> dict[str, int]:
        """Number the words of a part."""
        if name not in self._places:
            known = self.vocabularies[name]
            self._places[name] = dict(zip(known, range(len(known)), strict=True))
        return self._places[name]

    def _weigh(self, name: str, texts: Sequence[str]) -> sparse.csr_matrix:
        """Give the rows of one part."""
        place = self._placed(name).get
        part = self._PARTS[name]
        begins: list[int] = [0]
        columns: list[int] = []
        counts: list[int] = []
        for text in texts:
            found = Counter(at for at in map(place, part.grams(text)) if at is not None)
            columns += found.keys()
            counts += found.values()
            begins.append(len(columns))
        indices = np.array(columns, np.int32)
        often = np.array(counts, np.float32)
        weights = (1 + np.log(often) if part.sublinear else often) * self.idf[name][indices]
        rows = sparse.csr_matrix(
            (weights.astype(np.float32), indices, np.array(begins, np.int32)),
            shape=(len(texts), len(self.vocabularies[name])),
        )
        rows.sort_indices()
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows.data /= np.repeat(np.maximum(lengths, 1e-12), np.diff(rows.indptr)).astype(np.float32)
        return rows


def _without_persons(text: str) -> str:
    """Leave out personal data: no word of a name becomes part of a model."""
    for one in find_personal(text):
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


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
