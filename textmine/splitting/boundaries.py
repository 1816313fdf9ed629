"""The learnt model of where statements begin and end: two linear models over named features."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from textmine.errors import TextmineError
from textmine.shipped import BOUNDARIES, SPLITTER, find_model
from textmine.splitting.features import gap_rows, segment_rows
from textmine.splitting.gaps import Kind, Tokens

SCHEMA = 1
# A lost statement costs more than a coded heading: a heading must be likelier than 2 to 1.
_HEADING = 0.7
_SMALLEST = 0.01  # weights nearer to zero are dropped from the file

Ranges = list[tuple[int, int]]


@dataclass(frozen=True)
class BoundaryModel:
    """Weights of the two questions: does a statement end here, and is this a heading?

    Attributes
    ----------
    cut, heading
        Feature → weight of a logistic model.
    provenance
        What the model was trained on, and its figures.
    """

    cut: Mapping[str, float]
    heading: Mapping[str, float]
    provenance: Mapping[str, Any]

    def split(self, doc: Doc) -> tuple[Ranges, Ranges]:
        """Divide a document.

        Returns
        -------
        statements, headings
            Token ranges (first, end), end exclusive, in order. A document with any content has at
            least one statement.
        """
        tokens = Tokens.of(doc)
        cuts = [False] * len(tokens.gaps)
        for at, features in gap_rows(tokens):
            cuts[at] = _score(self.cut, features) > 0
        ranges = tokens.segments(cuts)
        fillings = _fillings(tokens, cuts, ranges)
        scores = [
            _score(self.heading, features) for features in segment_rows(tokens, ranges, fillings)
        ]
        for at, (before, after) in enumerate(zip(fillings, fillings[1:], strict=False)):
            # A list item is no heading, be it one word, unless a colon follows.
            if before.endswith(("-", "1")) and ":" not in after:
                scores[at] = 0.0
        if ranges and min(scores) > _HEADING:
            scores[scores.index(min(scores))] = 0
        statements = [span for span, score in zip(ranges, scores, strict=True) if score <= _HEADING]
        headings = [span for span, score in zip(ranges, scores, strict=True) if score > _HEADING]
        return statements, headings

    def save(self, folder: Path) -> None:
        """Write `boundaries.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        data = {
            "schema": SCHEMA,
            "provenance": dict(self.provenance),
            "cut": _rounded(self.cut),
            "heading": _rounded(self.heading),
        }
        text = json.dumps(data, ensure_ascii=False, indent=0, sort_keys=True)
        (folder / BOUNDARIES).write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def load(name: str | Path = SPLITTER) -> "BoundaryModel":
        """Load a shipped boundary model by name, or one from a folder."""
        folder = find_model(str(name), BOUNDARIES)
        if folder is None:
            raise TextmineError(
                f"No boundary model '{name}': no folder of that name has {BOUNDARIES}."
            )
        try:
            data = json.loads((folder / BOUNDARIES).read_text(encoding="utf-8"))
        except ValueError as error:
            raise TextmineError(
                f"{folder / BOUNDARIES} is damaged ({error}); install it anew."
            ) from error
        if data.get("schema") != SCHEMA:
            raise TextmineError(
                f"{folder / BOUNDARIES}: schema {data.get('schema')!r}, but this version of "
                f"textmine reads schema {SCHEMA}."
            )
        return BoundaryModel(data["cut"], data["heading"], data["provenance"])


def train_boundaries(
    nlp: Language, answers: Iterable[Mapping[str, Any]], provenance: Mapping[str, Any]
) -> BoundaryModel:
    """Learn from answers divided by hand.

    Parameters
    ----------
    nlp
        A pipeline whose tokenizer will be used with the model.
    answers
        Objects with `text` and `statements`, each with `start` and `end`.
    provenance
        Kept with the model.
    """
    cut_rows: list[list[str]] = []
    cut_labels: list[bool] = []
    cut_answers: list[int] = []
    heading_rows: list[list[str]] = []
    heading_labels: list[bool] = []
    for number, answer in enumerate(answers):
        doc = nlp.make_doc(answer["text"])
        tokens = Tokens.of(doc)
        owner = _owners(doc, answer["statements"])
        cuts = [owner[gap.left] != owner[gap.right] for gap in tokens.gaps]
        for at, features in gap_rows(tokens):
            cut_rows.append(features)
            cut_labels.append(cuts[at])
            cut_answers.append(number)
        ranges = tokens.segments(cuts)
        heading_rows += segment_rows(tokens, ranges, _fillings(tokens, cuts, ranges))
        heading_labels += [owner[first] is None for first, _ in ranges]
    cut = _fit(cut_rows, cut_labels)
    cut["1"] -= _best_threshold(cut_rows, cut_labels, cut_answers)
    return BoundaryModel(
        cut,
        _fit(heading_rows, heading_labels),
        dict(provenance),
    )


def _fillings(tokens: Tokens, cuts: Sequence[bool], ranges: Ranges) -> list[str]:
    """What stands before each segment, and after the last: one more than there are segments."""
    if not ranges:
        return []
    rest = range(ranges[-1][1], len(tokens.texts))
    tail = "".join(tokens.texts[i] for i in rest if tokens.kinds[i] is Kind.COMMA)
    opening = tokens.kinds[: ranges[0][0]]
    head = " 1" if Kind.NUMBER in opening else " -" if Kind.BULLET in opening else ""
    inner = [gap.filling for gap, cut in zip(tokens.gaps, cuts, strict=True) if cut]
    return [f"^{head}", *inner, f"${tail}"]


def _owners(doc: Doc, statements: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Number the statement that each token lies in; None for those in none."""
    return [
        next(
            (
                number
                for number, s in enumerate(statements)
                if token.idx < s["end"] and token.idx + len(token) > s["start"]
            ),
            None,
        )
        for token in doc
    ]


def _fit(features: list[list[str]], labels: list[bool]) -> dict[str, float]:
    """Fit a logistic model."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(row, 1.0) for row in features])
    model = LogisticRegression(C=1.0, max_iter=3000, fit_intercept=False).fit(matrix, labels)
    return dict(zip(vectorizer.feature_names_, model.coef_[0].tolist(), strict=True))


def _best_threshold(features: list[list[str]], labels: list[bool], answers: list[int]) -> float:
    """Find the score from which cutting gives the best F1 on answers held out in turn."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import precision_recall_curve
    from sklearn.model_selection import GroupKFold, cross_val_predict

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(row, 1.0) for row in features])
    model = LogisticRegression(C=1.0, max_iter=3000, fit_intercept=False)
    scores = cross_val_predict(
        model, matrix, labels, groups=answers, cv=GroupKFold(5), method="decision_function"
    )
    precision, recall, thresholds = precision_recall_curve(labels, scores)
    f1 = 2 * precision * recall / (precision + recall + 1e-9)
    return float(thresholds[f1[:-1].argmax()])


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(w, 3) for name, w in weights.items() if abs(w) >= _SMALLEST}


def _score(weights: Mapping[str, float], features: Sequence[str]) -> float:
    return sum(map(weights.get, dict.fromkeys(features), repeat(0.0)))
