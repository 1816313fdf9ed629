"""Learning from coded statements, in two ways: heads alone, or the encoder along with them."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook
from textmine.coding.definitions import Taught, lessons
from textmine.coding.dimension import calibrated, fit_dimension, held_out
from textmine.coding.features import Lexicon
from textmine.coding.heads import Head, fit_head, rounded
from textmine.coding.learnt import Learnt
from textmine.coding.novelty import Novelty
from textmine.coding.targets import Labels, check_allowed, contexts_of
from textmine.coding.tuning import FEW, Target, tune
from textmine.coding.views import ContextView, WordsView
from textmine.embed.encoder import load_encoder
from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.errors import TextmineError

Rows = npt.NDArray[np.intp]

_FOLDS = 5
_ALTERNATIVE = 0.15  # weight of a second code that coders would accept, against 1 for the first
_WORDS = 0.7  # weight of a head on words alone, against 1 for the tuned encoder's own
_WORDS_OF_FEW = 0.2  # where statements are few: words then tell more by chance than by meaning
_WORDS_STRENGTH = 3.0


@dataclass(frozen=True)
class Coded:
    """Coded statements, checked and parted for learning.

    Attributes
    ----------
    codebook
        By which they were coded.
    table
        The statements.
    labels, contexts
        By dimension: its codes, and the value that decides which of them are allowed.
    folds
        Rows to learn from and rows held out, by group.
    """

    codebook: Codebook
    table: pd.DataFrame
    labels: dict[str, Labels]
    contexts: dict[str, npt.NDArray[np.object_]]
    folds: list[tuple[Rows, Rows]]

    @staticmethod
    def check(
        statements: pd.DataFrame, codebook: Codebook, groups: Sequence[object] | None = None
    ) -> "Coded":
        """Check a table against its codebook; statements of one group stay together.

        Groups are the answers unless others are given.
        """
        table = statements.reset_index(drop=True)
        labels, contexts = {}, {}
        for name, dimension in codebook.dimensions.items():
            labels[name] = Labels.read(table, name, dimension)
            contexts[name] = contexts_of(table, dimension, codebook)
            check_allowed(labels[name], contexts[name], dimension, name)
        if groups is None:
            groups = table["answer_id"].tolist() if "answer_id" in table else range(len(table))
        numbers = pd.factorize(pd.Series(list(groups)))[0]
        return Coded(codebook, table, labels, contexts, _folds(numbers))

    def novelty(self, lexicon: Lexicon, encoder: object) -> Novelty:
        """Learn what is usual from the first fold, by the lexicon of its rows to learn from."""
        first, held = (self.table["text"].iloc[rows].astype(str) for rows in self.folds[0])
        return Novelty.fit(first.tolist(), held.tolist(), lexicon, encoder)

    def provenance(self) -> dict[str, int]:
        """Sizes, for the model's card."""
        answers = (
            self.table["answer_id"].nunique() if "answer_id" in self.table else len(self.table)
        )
        return {"statements": len(self.table), "answers": int(answers)}


def _folds(groups: npt.NDArray[np.intp]) -> list[tuple[Rows, Rows]]:
    """Part the statements by group into folds, each held out once."""
    from sklearn.model_selection import GroupKFold

    if len(groups) == 0 or groups.max() + 1 < 2 * _FOLDS:
        raise TextmineError(
            f"Only {len(np.unique(groups))} coded answers; at least {2 * _FOLDS} are needed to "
            "learn and to check what was learnt."
        )
    return list(GroupKFold(_FOLDS).split(groups, groups=groups))


def fit_heads(coded: Coded, encoder: str, *, progress: bool = False) -> Learnt:
    """Fit linear heads on vectors and words of statements; calibrate them by cross-validation."""
    view, features = WordsView.learn(coded.table, load_encoder(encoder), progress=progress)
    dimensions = {}
    for name, labels in coded.labels.items():
        contexts = coded.contexts[name]
        several = lessons(coded.codebook, name, _distinct(contexts[labels.known]))
        texts = pd.DataFrame({"text": [lesson.text for lesson in several]}, dtype="string")
        taught = Taught.of(several, view.see(texts), labels.codes)
        dimensions[name] = fit_dimension(
            features, labels, contexts, coded.folds, taught, view.words
        )
    return Learnt(
        view=view,
        novelty=coded.novelty(Lexicon().fit(coded.table.iloc[coded.folds[0][0]]), view.encoder),
        dimensions=dimensions,
        provenance={**coded.provenance(), "held_out": f"{_FOLDS} folds of answers"},
    )


def _distinct(contexts: npt.NDArray[np.object_]) -> list[str]:
    """List the contexts that occur, in their order."""
    return list(dict.fromkeys(context for context in contexts if context is not None))


def fit_encoder(coded: Coded, encoder: str, *, progress: bool = False) -> Learnt:
    """Tune an encoder, with heads, on all statements; calibrate it on what another one says.

    The other one is tuned in the same way on four fifths and judged on the last fifth. Heads on
    words alone, fitted apart, are added to the encoder's: the two are wrong in different places.
    """
    base = load_encoder(encoder)
    if not isinstance(base, OnnxEncoder):
        raise TextmineError(f"Only an encoder of textmine's own can be tuned, not '{encoder}'.")
    first, second = coded.folds[0]
    judge, judges = _tuned(coded, first, base, progress=progress)
    judged = judge.see(coded.table, progress=progress)
    view, heads = _tuned(coded, np.arange(len(coded.table)), base, progress=progress)
    dimensions = {}
    for name, labels in coded.labels.items():
        held = held_out(judges[name], judged, labels, coded.contexts[name], second)
        dimensions[name] = calibrated(heads[name], held, labels)
    return Learnt(
        view=view,
        novelty=coded.novelty(judge.lexicon, base),
        dimensions=dimensions,
        provenance={**coded.provenance(), "held_out": f"1 of {_FOLDS} folds of answers"},
    )


def _tuned(
    coded: Coded, rows: Rows, base: OnnxEncoder, *, progress: bool
) -> tuple[ContextView, dict[str, dict[str, Head]]]:
    """Tune on some rows and on the codebook's lessons; give the view, and the heads.

    Heads come by dimension and context.
    """
    learnt = _with_lessons(coded, rows)
    columns = {name: _columns(part) for name, part in learnt.parts.items()}
    targets = [_target(learnt, name, columns[name]) for name in learnt.parts]
    home = Path(tempfile.mkdtemp(prefix="textmine-encoder-"))
    fitted = tune(base, learnt.table, targets, home / "encoder", progress=progress)
    lexicon = Lexicon().fit(coded.table.iloc[rows])
    words = lexicon.transform(learnt.table)
    share = _WORDS if len(rows) >= FEW else _WORDS_OF_FEW
    heads: dict[str, dict[str, Head]] = {}
    for (name, part), (weights, bias) in zip(learnt.parts.items(), fitted, strict=True):
        heads[name] = {}
        labels = part.labels
        for context in dict.fromkeys(context for context, _ in columns[name]):
            mine = [i for i, (where, _) in enumerate(columns[name]) if where == context]
            codes = [labels.codes[columns[name][i][1]] for i in mine]
            here = np.flatnonzero(labels.known & (part.contexts == context))
            lexical = fit_head(
                words[here],
                labels.matrix[here],
                labels.codes,
                multiple=labels.multiple,
                strength=_WORDS_STRENGTH,
            )
            heads[name][context] = _joined(
                Head(codes, weights[:, mine], bias[mine], labels.multiple), lexical, share
            )
    view = ContextView(OnnxEncoder(home / "encoder"), lexicon)
    weakref.finalize(view, shutil.rmtree, home, ignore_errors=True)
    return view, heads


@dataclass(frozen=True)
class _Part:
    """One dimension of what is learnt: its codes, and the context of each row."""

    labels: Labels
    contexts: npt.NDArray[np.object_]


@dataclass(frozen=True)
class _Lectures:
    """Coded statements and, below them, what the codebook says of its codes, a text a row."""

    table: pd.DataFrame
    parts: dict[str, _Part]
    weights: npt.NDArray[np.float32]  # 1 for a statement


def _with_lessons(coded: Coded, rows: Rows) -> _Lectures:
    """Take some rows, and add the lessons of every dimension under the contexts that occur."""
    known = {name: labels.known[rows] for name, labels in coded.labels.items()}
    several = {
        name: lessons(coded.codebook, name, _distinct(contexts[rows][known[name]]))
        for name, contexts in coded.contexts.items()
    }
    texts = [lesson.text for one in several.values() for lesson in one]
    own = coded.table.iloc[rows].reset_index(drop=True)
    table = pd.concat([own, pd.DataFrame({"text": texts}, dtype="string")], ignore_index=True)
    for place in ("start", "end"):
        if place in table:
            table[place] = table[place].fillna(0)
    parts = {}
    at = len(rows)
    for name, one in several.items():
        labels = coded.labels[name]
        matrix = np.zeros((len(table), len(labels.codes)), np.bool_)
        matrix[: len(rows)] = labels.matrix[rows]
        contexts = np.full(len(table), None, object)
        contexts[: len(rows)] = coded.contexts[name][rows]
        taught = np.zeros(len(table), np.bool_)
        taught[: len(rows)] = known[name]
        for i, lesson in enumerate(one, start=at):
            matrix[i, labels.codes.index(lesson.code)] = True
            contexts[i] = lesson.context
            taught[i] = True
        at += len(one)
        parts[name] = _Part(replace(labels, matrix=matrix, known=taught), contexts)
    weights = [lesson.weight for one in several.values() for lesson in one]
    return _Lectures(table, parts, np.array([1.0] * len(rows) + weights, np.float32))


def _joined(tuned: Head, lexical: Head | None, share: float) -> Head:
    """Add a share of a head on words to a head on vectors: one head on both."""
    if lexical is None or lexical.codes != tuned.codes:
        raise ValueError("two heads of one dimension and context have other codes")
    return Head(
        tuned.codes,
        rounded(np.vstack([tuned.weights, share * lexical.weights])),
        tuned.bias + share * lexical.bias,
        multiple=tuned.multiple,
    )


def _columns(part: _Part) -> list[tuple[str, int]]:
    """List the codes that occur, under each context: (context, place of code)."""
    labels, contexts = part.labels, part.contexts
    found = []
    for context in sorted({c for c in contexts[labels.known] if c is not None}):
        mine = labels.known & (contexts == context)
        found += [(context, i) for i in np.flatnonzero(labels.matrix[mine].any(axis=0)).tolist()]
    return found


def _target(learnt: _Lectures, name: str, columns: list[tuple[str, int]]) -> Target:
    """Put a dimension's codes as the encoder is to learn them."""
    labels, contexts = learnt.parts[name].labels, learnt.parts[name].contexts
    allowed = np.array([[c == context for context, _ in columns] for c in contexts], np.bool_)
    places = [place for _, place in columns]
    weights = (labels.matrix[:, places] & allowed).astype(np.float32)
    second = f"{name}_alt"
    if second in learnt.table and not labels.multiple:
        given = learnt.table[second].astype(object).fillna("").to_numpy()
        names = np.array([labels.codes[place] for place in places], object)
        also = (given[:, None] == names[None, :]) & allowed
        weights = weights + _ALTERNATIVE * also
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    known = labels.known & (weights.any(axis=1) | (labels.multiple & allowed.any(axis=1)))
    return Target(weights.astype(np.float32), allowed, known, labels.multiple, learnt.weights)
