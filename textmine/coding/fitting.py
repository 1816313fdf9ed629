"""Learning from coded statements, in two ways: heads alone, or the encoder along with them."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
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
from textmine.coding.tuning import Target, tune
from textmine.coding.views import ContextView, WordsView
from textmine.embed.encoder import load_encoder
from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.errors import TextmineError

Rows = npt.NDArray[np.intp]

_FOLDS = 5
_ALTERNATIVE = 0.15  # weight of a second code that coders would accept, against 1 for the first
_WORDS = 0.7  # weight of a head on words alone, against 1 for the tuned encoder's own
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

    def novelty(self, lexicon: Lexicon) -> Novelty:
        """Learn what is usual from the statements of the first fold that were held out."""
        return Novelty.fit(lexicon, self.table["text"].iloc[self.folds[0][1]].astype(str).tolist())

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
        seen = list(dict.fromkeys(c for c in contexts[labels.known] if c is not None))
        several = lessons(coded.codebook, name, seen)
        texts = pd.DataFrame({"text": [lesson.text for lesson in several]}, dtype="string")
        taught = Taught.of(several, view.see(texts), labels.codes)
        dimensions[name] = fit_dimension(
            features, labels, contexts, coded.folds, taught, view.words
        )
    return Learnt(
        view=view,
        novelty=coded.novelty(Lexicon().fit(coded.table.iloc[coded.folds[0][0]])),
        dimensions=dimensions,
        provenance={**coded.provenance(), "held_out": f"{_FOLDS} folds of answers"},
    )


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
        novelty=coded.novelty(judge.lexicon),
        dimensions=dimensions,
        provenance={**coded.provenance(), "held_out": f"1 of {_FOLDS} folds of answers"},
    )


def _tuned(
    coded: Coded, rows: Rows, base: OnnxEncoder, *, progress: bool
) -> tuple[ContextView, dict[str, dict[str, Head]]]:
    """Tune on some rows; give the view, and the heads by dimension and context."""
    columns = {name: _columns(coded, name, rows) for name in coded.labels}
    targets = [_target(coded, name, rows, columns[name]) for name in coded.labels]
    home = Path(tempfile.mkdtemp(prefix="textmine-encoder-"))
    table = coded.table.iloc[rows].reset_index(drop=True)
    fitted = tune(base, table, targets, home / "encoder", progress=progress)
    lexicon = Lexicon().fit(table)
    words = lexicon.transform(table)
    heads: dict[str, dict[str, Head]] = {}
    for (name, labels), (weights, bias) in zip(coded.labels.items(), fitted, strict=True):
        heads[name] = {}
        known, contexts = labels.known[rows], coded.contexts[name][rows]
        for context in dict.fromkeys(context for context, _ in columns[name]):
            mine = [i for i, (where, _) in enumerate(columns[name]) if where == context]
            codes = [labels.codes[columns[name][i][1]] for i in mine]
            here = np.flatnonzero(known & (contexts == context))
            lexical = fit_head(
                words[here],
                labels.matrix[rows[here]],
                labels.codes,
                multiple=labels.multiple,
                strength=_WORDS_STRENGTH,
            )
            heads[name][context] = _joined(
                Head(codes, weights[:, mine], bias[mine], labels.multiple), lexical
            )
    view = ContextView(OnnxEncoder(home / "encoder"), lexicon)
    weakref.finalize(view, shutil.rmtree, home, ignore_errors=True)
    return view, heads


def _joined(tuned: Head, lexical: Head | None) -> Head:
    """Add a head on words to a head on vectors: one head on both."""
    if lexical is None or lexical.codes != tuned.codes:
        raise ValueError("two heads of one dimension and context have other codes")
    return Head(
        tuned.codes,
        rounded(np.vstack([tuned.weights, _WORDS * lexical.weights])),
        tuned.bias + _WORDS * lexical.bias,
        multiple=tuned.multiple,
    )


def _columns(coded: Coded, name: str, rows: Rows) -> list[tuple[str, int]]:
    """List the codes of a dimension that occur, under each context: (context, place of code)."""
    labels, contexts = coded.labels[name], coded.contexts[name]
    found = []
    for context in sorted({c for c in contexts[rows][labels.known[rows]] if c is not None}):
        mine = rows[contexts[rows] == context]
        found += [(context, i) for i in np.flatnonzero(labels.matrix[mine].any(axis=0)).tolist()]
    return found


def _target(coded: Coded, name: str, rows: Rows, columns: list[tuple[str, int]]) -> Target:
    """Put a dimension's codes as the encoder is to learn them."""
    labels, contexts = coded.labels[name], coded.contexts[name][rows]
    allowed = np.array([[c == context for context, _ in columns] for c in contexts], np.bool_)
    places = [place for _, place in columns]
    weights = (labels.matrix[rows][:, places] & allowed).astype(np.float32)
    second = f"{name}_alt"
    if second in coded.table and not labels.multiple:
        given = coded.table[second].to_numpy()[rows]
        names = np.array([labels.codes[place] for place in places], object)
        also = (given[:, None] == names[None, :]) & allowed
        weights = weights + _ALTERNATIVE * also
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    known = labels.known[rows] & (weights.any(axis=1) | (labels.multiple & allowed.any(axis=1)))
    return Target(weights.astype(np.float32), allowed, known, labels.multiple)
