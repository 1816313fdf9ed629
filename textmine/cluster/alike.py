"""Notes that say the same: identical and near-identical texts, which share one group."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]

_NEAR = 92  # rapidfuzz ratio (0-100) from which two texts say the same
_CLOSE = 0.6  # cosine of character tri- to pentagrams, below which the ratio is not looked at
_SHORT = 12  # letters; of shorter texts only identical ones are one
_PORTION = 2048  # texts compared with all before them at a time


def distinct(texts: Sequence[str]) -> Rows:
    """Number texts so that those which say the same share a number.

    Texts are the same if they differ in case, blanks and punctuation only, and nearly the same if
    most of their character sequences are: a note that was copied with a slip or a word more.

    Returns
    -------
    array (len(texts),)
        Numbers from 0 in order of first appearance.
    """
    keys = [_key(text) for text in texts]
    first = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    number = np.array([first[key] for key in keys], np.intp)
    leader = _leaders(list(first))
    leaders = {unit: at for at, unit in enumerate(dict.fromkeys(leader[number].tolist()))}
    return np.array([leaders[unit] for unit in leader[number].tolist()], np.intp)


def _key(text: str) -> str:
    """Fold a text to its letters and digits."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded)) or folded.strip()


def _leaders(keys: Sequence[str]) -> Rows:
    """Give for each text the first one that is nearly the same, itself if there is none."""
    from rapidfuzz import fuzz
    from sklearn.feature_extraction.text import TfidfVectorizer

    leader = np.arange(len(keys), dtype=np.intp)
    long = np.array([i for i, key in enumerate(keys) if len(key) >= _SHORT], np.intp)
    if len(long) < 2:
        return leader
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), use_idf=False, dtype=np.float32)
    rows = grams.fit_transform([keys[i] for i in long])
    for at in range(0, len(long), _PORTION):
        near = (rows[at : at + _PORTION] @ rows[: at + _PORTION].T).tocoo()
        close = (near.data >= _CLOSE) & (near.col < near.row + at)
        # A text follows a leader only, so that small differences do not add up along a chain.
        for row, column in sorted(zip(near.row[close] + at, near.col[close], strict=True)):
            mine, other = long[row], long[column]
            if leader[mine] != mine or leader[other] != other:
                continue
            if fuzz.ratio(keys[mine], keys[other]) >= _NEAR:
                leader[mine] = other
    return leader
