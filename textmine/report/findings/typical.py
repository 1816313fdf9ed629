"""Statements that stand for many others: typical, unlike one another, sure, and fit to be read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from textmine.report.findings.alike import groups_alike
from textmine.report.findings.model import Quote
from textmine.report.findings.pseudonym import names_in, pseudonymise
from textmine.report.findings.said import Said
from textmine.report.findings.stems import stems
from textmine.report.findings.wording import QUOTE_LENGTH, has_mask, printed, shortened

_FEW, _POOR = 3, 0.45  # beyond so many quotes, none that is less fit than this
_SHORT = 6  # words; a line of fewer seldom says enough alone
# Somebody or something that only the sentence before names.
_POINTS_BACK = re.compile(
    r"(?:han|hon|hans|hennes|den|det|de|dom|deras|dessa|denna|detta|dit|där)\b", re.IGNORECASE
)
_NOISE = re.compile(r"[\d/&=+<>|%#:;()\[\]]|\b[A-ZÅÄÖ]{3,}\b")


class Typical:
    """Chooses among the statements of a survey's area.

    Parameters
    ----------
    said
        All statements of the area: they tell which words are common.
    """

    def __init__(self, said: Sequence[Said]) -> None:
        self._place = {one.id: at for at, one in enumerate(said)}
        self._vectors = _vectors([one.text for one in said])
        names = names_in({one.respondent for one in said if one.respondent})
        self._fitness = [_fitness(one, names) for one in said]

    def choose(self, members: Sequence[Said], most: int, *, longest: int = 30) -> tuple[Quote, ...]:
        """Pick up to `most` statements that cover the others best, of different respondents.

        Statements with masked personal data are never picked.

        Parameters
        ----------
        members
            Some of the area's statements.
        longest
            Words beyond which a statement is less fit.
        """
        members = sorted((one for one in members if one.text.strip()), key=self._at)
        places = [self._at(one) for one in members]
        length = np.array([len(one.text.split()) for one in members])
        fit = np.array([self._fitness[at] for at in places], np.float64)
        fit *= np.minimum(1.0, longest / np.maximum(1, length)) ** 2
        if not fit.any():
            return ()
        rows = self._vectors[places]
        likeness = (rows @ rows.T).toarray()
        covered = np.zeros(len(members))
        same = _numbers_of_groups([printed(one.text) for one in members])
        chosen: list[int] = []
        while len(chosen) < most:
            gain = np.maximum(likeness - covered, 0.0).sum(axis=1) * fit
            for at in chosen:
                gain[[i for i, one in enumerate(members)
                      if one.who == members[at].who or same[i] == same[at]]] = 0.0  # fmt: skip
            # To seven digits, so that the sum's order does not decide between equals.
            best = int(np.argmax(np.round(gain, 7)))
            if gain[best] <= 0 or (len(chosen) >= _FEW and fit[best] < _POOR):
                break
            chosen.append(best)
            covered = np.maximum(covered, likeness[best])
        return tuple(_quote(members[at]) for at in chosen)

    def _at(self, one: Said) -> int:
        return self._place[one.id]


def quotes_by_cell(
    cells: Mapping[tuple[str, str], Sequence[Said]], typical: Typical, most: int = 5
) -> dict[tuple[str, str], tuple[Quote, ...]]:
    """Choose quotes for each cell that has any fit to be shown."""
    chosen = {key: typical.choose(members, most) for key, members in cells.items()}
    return {key: quotes for key, quotes in chosen.items() if quotes}


def _fitness(one: Said, names: re.Pattern[str]) -> float:
    """How fit a statement is to be quoted, up to 1; 0 if it must not be.

    Parameters
    ----------
    names
        Finds respondents' names; its own will be replaced.
    """
    if has_mask(one.text) or "personuppgift" in one.flags:
        return 0.0
    line = printed(one.text)
    n = max(1, len(line.split()))
    fit = one.certainty if one.source == "machine" else 1.0
    fit *= 0.2 if one.open else 1.0
    fit *= 1.0 if n >= _SHORT else 0.15 + 0.1 * n
    if line.startswith("…"):
        fit *= 0.3
    elif _POINTS_BACK.match(line):
        fit *= 0.6
    fit *= max(0.2, 1 - 2 * len(_NOISE.findall(line)) / n)
    if names.search(pseudonymise(one.text, one.respondent, one.actor)):
        fit *= 0.1
    return fit


def _quote(one: Said) -> Quote:
    line = printed(pseudonymise(one.text, one.respondent, one.actor))
    return Quote(one.id, shortened(line, QUOTE_LENGTH), one.actor)


def _numbers_of_groups(texts: Sequence[str]) -> list[int]:
    out = [0] * len(texts)
    for number, group in enumerate(groups_alike(texts)):
        for at in group:
            out[at] = number
    return out


def _vectors(texts: Sequence[str]) -> Any:
    """A sparse row of unit length for each text: its stems, rare ones heavier."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        return TfidfVectorizer(analyzer=stems, sublinear_tf=True).fit_transform(texts)
    except ValueError:  # no words at all
        return csr_matrix((len(texts), 1))
