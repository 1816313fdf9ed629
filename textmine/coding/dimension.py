"""One dimension of a coder: its heads under each context, and the evidence for its calibration."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from textmine.coding.budget import Evidence
from textmine.coding.definitions import Taught
from textmine.coding.heads import Floats, Head, fit_head, fit_sharpness, fit_shift, rounded
from textmine.coding.targets import Labels

Rows = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class _Way:
    """How much words count beside vectors, and the inverse strength of the L2 penalty."""

    words: float
    strength: float


_FREELY, _CAREFULLY = _Way(1.0, 0.5), _Way(0.25, 0.1)
_FEW = 1000  # statements; of fewer, held-out rows decide which way is better


@dataclass(frozen=True)
class Answer:
    """What a dimension says of each statement; `coded` is False where it has nothing to say."""

    code: Objects
    prob: Floats
    second: Objects
    second_prob: Floats
    coded: npt.NDArray[np.bool_]


@dataclass
class DimensionModel:
    """What was learnt of one dimension: a head for each context, and held-out evidence."""

    heads: dict[str, Head]
    evidence: Evidence

    def predict(
        self, features: sparse.csr_matrix, contexts: Objects, here: npt.NDArray[np.bool_]
    ) -> Answer:
        """Code the rows where the dimension applies (`here`) and its context has a head."""
        n = features.shape[0]
        answer = Answer(
            np.full(n, None, object),
            np.full(n, np.nan),
            np.full(n, None, object),
            np.full(n, np.nan),
            np.zeros(n, np.bool_),
        )
        for context, head in self.heads.items():
            rows = np.flatnonzero(here & (contexts == context))
            if not len(rows):
                continue
            answer.coded[rows] = True
            probabilities = head.probabilities(features[rows])
            if head.multiple:
                _fill_several(answer, rows, head, probabilities)
            else:
                _fill_one(answer, rows, head, probabilities)
        return answer


def _fill_one(answer: Answer, rows: Rows, head: Head, probabilities: Floats) -> None:
    """Give the likeliest code and the runner-up."""
    # Ties go to the codebook's order, on every machine.
    order = np.argsort(-probabilities.round(9), axis=1, kind="stable")
    codes = np.array(head.codes, object)
    at = np.arange(len(rows))
    answer.code[rows] = codes[order[:, 0]]
    answer.prob[rows] = probabilities[at, order[:, 0]]
    if len(codes) > 1:
        answer.second[rows] = codes[order[:, 1]]
        answer.second_prob[rows] = probabilities[at, order[:, 1]]


def _fill_several(answer: Answer, rows: Rows, head: Head, probabilities: Floats) -> None:
    """Give every code likelier than not; the runner-up is the likeliest of the others."""
    chosen = probabilities > 0.5
    sure = np.where(chosen, probabilities, 1 - probabilities)
    answer.prob[rows] = sure.prod(axis=1)
    others = np.where(chosen, -1.0, probabilities)
    nearest = others.argmax(axis=1)
    for i, row in enumerate(rows):
        answer.code[row] = [code for code, yes in zip(head.codes, chosen[i], strict=True) if yes]
        if others[i, nearest[i]] >= 0:
            answer.second[row] = head.codes[nearest[i]]
            answer.second_prob[row] = probabilities[i, nearest[i]]


@dataclass(frozen=True)
class Held:
    """Held-out rows of one context, scored by a head that did not learn from them."""

    judge: Head
    rows: Rows
    scores: Floats


def fit_dimension(
    features: sparse.csr_matrix,
    labels: Labels,
    contexts: Objects,
    folds: list[tuple[Rows, Rows]],
    taught: Taught,
    words: slice,
) -> DimensionModel:
    """Fit the heads of a dimension on all rows and calibrate them on held-out ones.

    What the codebook says of its codes (`taught`) counts along with the rows, in every fold. Of few
    rows the words (the feature columns `words`) may tell more by chance than by meaning: they then
    count for less, if that makes held-out rows likelier.

    Each fold's heads learn from its first rows and are judged on its second; a code that a fold
    has not seen counts as wrong there, as it would in use.
    """
    tried: list[tuple[float, DimensionModel]] = []
    for way in (_FREELY, _CAREFULLY) if labels.known.sum() < _FEW else (_FREELY,):
        weights = np.ones(features.shape[1], np.float32)
        weights[words] = way.words
        learner = _Learner(features, labels, taught, weights, way.strength)
        heads, held = learner.fit_all(contexts, folds)
        model = calibrated(heads, held, labels)
        surprise = sum(_surprise(one, labels) for several in held.values() for one in several)
        tried.append((surprise, model))
    return min(tried, key=lambda one: one[0])[1]


@dataclass(frozen=True)
class _Learner:
    """Fits heads on rows and lessons whose columns are weighted; the heads take them unweighted."""

    features: sparse.csr_matrix
    labels: Labels
    taught: Taught
    weights: npt.NDArray[np.float32]
    strength: float

    def fit_all(
        self, contexts: Objects, folds: list[tuple[Rows, Rows]]
    ) -> tuple[dict[str, Head], dict[str, list[Held]]]:
        """Fit a head for each context, and score the held-out rows of every fold."""
        known = self.labels.known
        heads: dict[str, Head] = {}
        held: dict[str, list[Held]] = {}
        for context in sorted({c for c in contexts[known] if c is not None}):
            mine = known & (contexts == context)
            head = self.fit(np.flatnonzero(mine), context)
            if head is None:
                continue
            heads[context], held[context] = head, []
            for first, second in folds:
                judge = self.fit(first[mine[first]], context)
                rows = second[mine[second]]
                if judge is not None and len(rows):
                    scores = judge.scores(self.features[rows])
                    held[context].append(Held(judge, rows, scores))
        return heads, held

    def fit(self, rows: Rows, context: str) -> Head | None:
        """Fit a head on some rows and the lessons of a context."""
        taught = self.taught.under(context)
        head = fit_head(
            sparse.vstack([self.features[rows], taught.features])
            @ sparse.diags_array(self.weights),
            np.vstack([self.labels.matrix[rows], taught.labels]),
            self.labels.codes,
            multiple=self.labels.multiple,
            strength=self.strength,
            weights=np.r_[np.ones(len(rows)), taught.weights],
        )
        if head is None:
            return None
        return replace(head, weights=rounded(head.weights * self.weights[:, None]))


def _surprise(one: Held, labels: Labels) -> float:
    """Negative log-likelihood of held-out codes, calibrated; of codes that a judge lacks, none."""
    place = [labels.codes.index(code) for code in one.judge.codes]
    truth = labels.matrix[one.rows][:, place]
    probabilities = one.judge.calibrated(one.scores).clip(1e-12, 1 - 1e-12)
    if labels.multiple:
        return -float(np.log(np.where(truth, probabilities, 1 - probabilities)).sum())
    return -float(np.log(probabilities[truth]).sum())


def held_out(
    judges: dict[str, Head],
    features: sparse.csr_matrix,
    labels: Labels,
    contexts: Objects,
    rows: Rows,
) -> dict[str, list[Held]]:
    """Score rows that heads did not learn from, by context."""
    held: dict[str, list[Held]] = {}
    for context, judge in judges.items():
        mine = rows[labels.known[rows] & (contexts[rows] == context)]
        held[context] = [Held(judge, mine, judge.scores(features[mine]))] if len(mine) else []
    return held


def calibrated(
    heads: dict[str, Head], held: dict[str, list[Held]], labels: Labels
) -> DimensionModel:
    """Calibrate heads on what their judges said of rows that the judges had not seen."""
    _calibrate(heads, held, labels)
    everything = [one for several in held.values() for one in several]
    judged = [_judge(one, labels) for one in everything]
    empty = (np.empty(0), np.empty(0, np.bool_))
    probability, right = (np.concatenate(column) for column in zip(empty, *judged, strict=True))
    # Rounded as in a model file, so that a saved coder has the same thresholds.
    rounded = probability.astype(np.float32).astype(np.float64)
    return DimensionModel(heads, Evidence(rounded, right))


def _calibrate(heads: dict[str, Head], held: dict[str, list[Held]], labels: Labels) -> None:
    """Bring probabilities to the frequencies among held-out rows, alike in all contexts."""
    if labels.multiple:
        for context, head in heads.items():
            same = [one for one in held.get(context, []) if one.judge.codes == head.codes]
            if not same:
                continue
            columns = [labels.codes.index(code) for code in head.codes]
            truth = np.concatenate([labels.matrix[one.rows][:, columns] for one in same])
            sharpness, shift = fit_shift(np.concatenate([one.scores for one in same]), truth)
            for target in (head, *(one.judge for one in held.get(context, []))):
                target.sharpness = sharpness
                target.shift = shift if target.codes == head.codes else np.zeros(0)
        return
    scores, truths = [], []
    for one in (one for several in held.values() for one in several):
        place = np.array([labels.codes.index(code) for code in one.judge.codes])
        truth = labels.matrix[one.rows][:, place]
        seen = truth.any(axis=1)
        scores.append(one.scores[seen])
        truths.append(truth[seen].argmax(axis=1))
    sharpness = fit_sharpness(scores, truths)
    for context, head in heads.items():
        for target in (head, *(one.judge for one in held.get(context, []))):
            target.sharpness = sharpness


def _judge(one: Held, labels: Labels) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Probability given to what was predicted, and whether it was right."""
    probabilities = one.judge.calibrated(one.scores)
    place = np.array([labels.codes.index(code) for code in one.judge.codes])
    truth = labels.matrix[one.rows]
    if labels.multiple:
        chosen = np.zeros_like(truth)
        chosen[:, place] = probabilities > 0.5
        sure = np.where(probabilities > 0.5, probabilities, 1 - probabilities).prod(axis=1)
        return sure, (chosen == truth).all(axis=1)
    best = probabilities.argmax(axis=1)
    right = truth[np.arange(len(truth)), place[best]]
    return probabilities.max(axis=1), right
