"""Learning from decisions: a fitted coder's heads, moved by what people decided in a survey.

A coder that learnt from ten thousand statements is not to forget them for two hundred decisions.
Its encoder stays as it is, and its heads are the prior: they move only as far as the decisions pay
for, by logistic regression with a penalty on the difference (Chelba & Acero, 2006).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, sparse
from scipy.special import expit, logsumexp, softmax

from textmine.codebook import Codebook
from textmine.coding.budget import Evidence
from textmine.coding.definitions import Taught, lessons
from textmine.coding.dimension import DimensionModel
from textmine.coding.gains import paired_gain
from textmine.coding.heads import Floats, Head, fit_head, fit_shift, rounded
from textmine.coding.learnt import Learnt
from textmine.coding.moving import NEVER, PULL, Bools, Objects, Rows, Space, Span, surprises, there
from textmine.coding.targets import Labels, check_allowed, contexts_of
from textmine.errors import TextmineError

_FOLDS = 5
_SHARES = (0.0, 0.5, 1.0)  # of the difference, of which the best is taken
_RARE = 0.01  # highest first probability of a code that the model had never been shown
_STEADY, _UNSTEADY = 0.2, 1.0  # expected spread of log sharpness: of heads moved, of new ones


@dataclass(frozen=True)
class Decisions:
    """Statements that people decided, checked against the codebook, and what heads see of them.

    Attributes
    ----------
    features
        (statements, features).
    labels, contexts
        By dimension: its codes, and the value that decides which of them are allowed.
    groups
        (statements,); those of one number are never divided between learning and judging.
    """

    features: sparse.csr_matrix
    labels: dict[str, Labels]
    contexts: dict[str, Objects]
    groups: Rows

    @staticmethod
    def check(
        statements: pd.DataFrame, codebook: Codebook, features: sparse.csr_matrix
    ) -> "Decisions":
        """Check a table of coded statements; identical answers stay together."""
        if not len(statements):
            raise TextmineError("There are no decisions to learn from.")
        table = statements.reset_index(drop=True)
        labels, contexts = {}, {}
        for name, dimension in codebook.dimensions.items():
            labels[name] = Labels.read(table, name, dimension)
            contexts[name] = contexts_of(table, dimension, codebook)
            check_allowed(labels[name], contexts[name], dimension, name)
        return Decisions(features, labels, contexts, _groups(table))


def _groups(table: pd.DataFrame) -> Rows:
    """Number the answers: by their text, or their id, or each statement by itself."""
    keys = pd.Series([f"row {row}" for row in range(len(table))], dtype=object)
    for column in ("answer_id", "answer_text"):
        if column in table:
            given = table[column].astype(object)
            keys = given.where(given.notna(), keys)
    return pd.factorize(keys)[0].astype(np.intp)


def adapt(learnt: Learnt, codebook: Codebook, decisions: Decisions) -> Learnt:
    """Move a model's heads towards decisions, in a model of its own.

    The thresholds of the error budget come to rest on the old held-out statements and on the
    decisions, held out in turn. Decisions alone would not do: they are mostly the doubtful
    statements, and hardly anything would be left to tell how right the sure ones are, which the
    machine is to code alone. Old statements alone would not do: they say nothing of this survey.
    In both together doubtful statements are too many, which makes thresholds strict, not lenient.
    """
    n_words = sum(len(known) for known in learnt.view.lexicon.vocabularies.values())
    space = Space.of(decisions.features, n_words)
    dimensions, gains = {}, {}
    for name, model in learnt.dimensions.items():
        labels = decisions.labels[name]

        def teach(context: str, name: str = name, codes: list[str] = labels.codes) -> Taught:
            several = lessons(codebook, name, [context])
            texts = pd.DataFrame({"text": [lesson.text for lesson in several]}, dtype="string")
            return Taught.of(several, learnt.view.see(texts), codes)

        learner = _Learner(space, labels, decisions.contexts[name], decisions.groups, teach)
        dimensions[name], gain = learner.learn(model)
        if gain is not None:
            gains[name] = gain
    history = {
        "decisions": len(decisions.groups),
        "answers": int(decisions.groups.max()) + 1,
        "dimensions": gains,
    }
    provenance = {**learnt.provenance, "adapted": [*learnt.provenance.get("adapted", []), history]}
    return Learnt(learnt.view, learnt.novelty, dimensions, provenance)


@dataclass(frozen=True)
class _Learner:
    """What is needed to move the heads of one dimension, and to make those that it lacks."""

    space: Space
    labels: Labels
    contexts: Objects
    groups: Rows
    teach: Callable[[str], Taught]

    def learn(self, model: DimensionModel) -> tuple[DimensionModel, dict[str, Any] | None]:
        """Learn from all decisions; tell what that brings to decisions held out in turn."""
        known = self.labels.known & pd.notna(self.contexts)
        priors = {context: self._prior(head, context) for context, head in model.heads.items()}
        headed = np.array([context in priors for context in self.contexts], np.bool_)
        old, new = np.flatnonzero(known & headed), np.flatnonzero(known & ~headed)
        start = np.full(self.labels.matrix.shape, NEVER)
        for context, head in priors.items():
            self._score(start, head, old[self.contexts[old] == context])
        span = Span.of(self.space, self.contexts, old) if len(old) else None
        held, judged = self._held_out(span, start, known, new)
        heads = priors
        if span is not None:
            share = self._share(start, held, old[judged[old]])
            held[old] = start[old] + share * (held[old] - start[old])
            heads = self._moved(priors, span, share * self._find(span, start, known[old]))
        made = {c: self._make(c, rows) for c, rows in self._by_context(new)}
        fresh = {context: head for context, head in made.items() if head is not None}
        before = self._right(start)
        self._calibrate(heads, held, old[judged[old]], _STEADY)
        self._calibrate(fresh, held, new[judged[new]], _UNSTEADY)
        scored = judged & there(held).any(axis=1)
        after = self._right(held)
        evidence = self._evidence(model.evidence, held[scored], after[scored])
        gain = None
        if scored.any():
            gain = paired_gain(before[scored], after[scored], self.groups[scored])
        return DimensionModel({**heads, **fresh}, evidence), gain

    def _held_out(
        self, span: Span | None, start: Floats, known: Bools, new: Rows
    ) -> tuple[Floats, Bools]:
        """Score each decision by heads that learnt from the others; tell which could be scored."""
        held, judged = start.copy(), np.zeros(len(known), np.bool_)
        for learning, judging in self._folds(known):
            if span is not None:
                mine = judging[span.rows]
                found = self._find(span, start, learning[span.rows])
                held[span.rows[mine]] += span.places[mine] @ found
            for context, rows in self._by_context(new):
                head = self._make(context, rows[learning[rows]])
                if head is not None:
                    self._score(held, head, rows[judging[rows]])
            judged |= judging
        return held, judged

    def _prior(self, head: Head, context: str) -> Head:
        """Fold a head's calibration into its weights, and add the codes it was never shown."""
        here = self.labels.matrix[self.contexts == context]
        given = {self.labels.codes[i] for i in np.flatnonzero(here.any(axis=0))}
        codes = [code for code in self.labels.codes if code in given.union(head.codes)]
        shift = head.shift if len(head.shift) else np.zeros(len(head.codes))
        weights = np.zeros((len(head.weights), len(codes)), np.float32)
        bias = np.empty(len(codes))
        place = [codes.index(code) for code in head.codes]
        weights[:, place] = head.weights * np.float32(head.sharpness)
        bias[place] = head.bias * head.sharpness + shift
        if added := [i for i, code in enumerate(codes) if code not in head.codes]:
            rows = self.space.features[np.flatnonzero(self.contexts == context)]
            scores = rows @ weights[:, place].astype(np.float64) + bias[place]
            # Below what the other codes of any decision have together.
            least = 0.0 if head.multiple else float(logsumexp(scores, axis=1).min())
            bias[added] = least + np.log(_RARE)
        return Head(codes, rounded(weights), bias, head.multiple)

    def _place(self, head: Head) -> Rows:
        """Where a head's codes stand among the dimension's."""
        return np.array([self.labels.codes.index(code) for code in head.codes], np.intp)

    def _score(self, scores: Floats, head: Head, rows: Rows) -> None:
        """Fill in a head's scores of rows."""
        place = self._place(head)
        scores[np.ix_(rows, place)] = head.scores(self.space.features[rows])

    def _by_context(self, rows: Rows) -> Iterator[tuple[str, Rows]]:
        """Part rows by their context."""
        for context in sorted(set(self.contexts[rows])):
            yield context, rows[self.contexts[rows] == context]

    def _folds(self, known: Bools) -> Iterator[tuple[Bools, Bools]]:
        """Part the known decisions, whole answers together: to learn from, and to judge."""
        number = np.unique(self.groups[known], return_inverse=True)[1] % _FOLDS
        fold = np.full(len(known), -1)
        fold[known] = number
        for one in range(_FOLDS):
            judging = fold == one
            learning = known & ~judging
            if judging.any() and learning.any():
                yield learning, judging

    def _find(self, span: Span, start: Floats, learning: Bools) -> Floats:
        """Find the difference that some of the span's rows pay for."""
        truth = self.labels.matrix[span.rows]
        return span.find(start[span.rows], truth, learning, multiple=self.labels.multiple)

    def _moved(self, priors: dict[str, Head], span: Span, found: Floats) -> dict[str, Head]:
        """Add a difference to heads."""
        heads = {}
        for context, head in priors.items():
            place = self._place(head)
            weights, bias = span.weights(found, self.space, self.contexts, context)
            heads[context] = Head(
                head.codes,
                rounded(head.weights + weights[:, place]),
                head.bias + bias[place],
                head.multiple,
            )
        return heads

    def _make(self, context: str, rows: Rows) -> Head | None:
        """Make a head where there is none, from decisions and from what the codebook says."""
        if not len(rows):
            return None
        taught = self.teach(context)
        widths = np.sqrt(self.space.column_scales)
        head = fit_head(
            sparse.vstack([self.space.features[rows], taught.features])
            @ sparse.diags_array(widths),
            np.vstack([self.labels.matrix[rows], taught.labels]),
            self.labels.codes,
            multiple=self.labels.multiple,
            strength=1 / PULL,
            weights=np.r_[np.ones(len(rows)), taught.weights],
        )
        if head is None:
            return None
        return Head(head.codes, rounded(head.weights * widths[:, None]), head.bias, head.multiple)

    def _share(self, start: Floats, held: Floats, rows: Rows) -> float:
        """How far to go: the share of the difference that makes held-out decisions likeliest.

        Each share is judged at the sharpness that suits it best: heads that were right but too
        modest need no moving. None is taken if it makes fewer decisions right, or if it is within
        a standard error of what chance would give: where the model is as good as it can be, or
        decisions are few, they teach it little but their own accidents.
        """
        if not len(rows):
            return 0.0
        truth, multiple = self.labels.matrix[rows], self.labels.multiple
        losses, hits = [], []
        for share in _SHARES:
            scores = start.copy()
            scores[rows] += share * (held[rows] - start[rows])
            hits.append(self._right(scores)[rows].sum())
            sharpened = scores[rows] * _sharpness(scores[rows], truth, _STEADY, multiple=multiple)
            losses.append(surprises(sharpened, truth, multiple=multiple))
        best = int(np.argmin([loss.sum() for loss in losses]))
        won = losses[0] - losses[best]
        if hits[best] < hits[0] or won.sum() <= won.std() * np.sqrt(len(won)):
            return 0.0
        return _SHARES[best]

    def _calibrate(self, heads: dict[str, Head], held: Floats, rows: Rows, spread: float) -> None:
        """Bring heads, and held-out scores, to the frequencies among held-out decisions."""
        if self.labels.multiple:
            for context, here in self._by_context(rows):
                head = heads[context]
                place = np.ix_(here, self._place(head))
                head.sharpness, head.shift = fit_shift(held[place], self.labels.matrix[place])
                held[place] = held[place] * head.sharpness + head.shift
            return
        sharpness = _sharpness(held[rows], self.labels.matrix[rows], spread, multiple=False)
        held[rows] *= sharpness
        for head in heads.values():
            head.sharpness = sharpness

    def _right(self, scores: Floats) -> Bools:
        """Tell where scores give the very code, or codes, that people gave."""
        if self.labels.multiple:
            right = ((scores > 0) == self.labels.matrix).all(axis=1)
        else:
            right = self.labels.matrix[np.arange(len(scores)), scores.argmax(axis=1)]
        return np.asarray(right & there(scores).any(axis=1))

    def _evidence(self, earlier: Evidence, scores: Floats, right: Bools) -> Evidence:
        """Add held-out decisions to the evidence that there was."""
        if self.labels.multiple:
            probability = expit(np.where(there(scores), np.abs(scores), np.inf)).prod(axis=1)
        else:
            probability = softmax(scores, axis=1).max(axis=1, initial=0)
        # Rounded as in a model file, so that a saved coder has the same thresholds.
        probability = probability.astype(np.float32).astype(np.float64)
        return Evidence(
            np.concatenate([earlier.probability, probability]),
            np.concatenate([earlier.right, right]),
        )


def _sharpness(scores: Floats, truth: Bools, spread: float, *, multiple: bool) -> float:
    """Find the sharpness that makes codes likeliest, if it is usually near 1."""
    seen = np.full(len(scores), multiple) | (truth & there(scores)).any(axis=1)

    def surprise(log_sharpness: float) -> float:
        sharpened = scores[seen] * np.exp(log_sharpness)
        total = surprises(sharpened, truth[seen], multiple=multiple).sum()
        return float(total + (log_sharpness / spread) ** 2 / 2)

    found = optimize.minimize_scalar(
        surprise, bounds=(-3.0, 3.0), method="bounded", options={"xatol": 1e-3}
    )
    return float(np.exp(found.x))
