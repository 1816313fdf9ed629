"""The learnt model of where statements begin and end: two linear models over named features."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from textmine.errors import TextmineError
from textmine.shipped import find_model
from textmine.split.features import rows, segment_features
from textmine.split.gaps import Gap, Kind, find_gaps, segments, token_kinds

DEFAULT_MODEL = "utsagor"
SCHEMA = 1
_FILE = "boundaries.json"
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
        kinds = token_kinds(doc)
        gaps = find_gaps(doc, kinds)
        cuts = [False] * len(gaps)
        for at, features in rows(doc, gaps):
            cuts[at] = _probability(self.cut, features) > 0.5
        ranges = segments(doc, kinds, gaps, cuts)
        scores = [
            _probability(self.heading, features)
            for features in _described(doc, kinds, gaps, cuts, ranges)
        ]
        if ranges and min(scores) > 0.5:
            scores[scores.index(min(scores))] = 0.0
        statements = [span for span, score in zip(ranges, scores, strict=True) if score <= 0.5]
        headings = [span for span, score in zip(ranges, scores, strict=True) if score > 0.5]
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
        (folder / _FILE).write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def load(name: str | Path = DEFAULT_MODEL) -> "BoundaryModel":
        """Load a shipped boundary model by name, or one from a folder."""
        folder = find_model(str(name), _FILE)
        if folder is None:
            raise TextmineError(f"No boundary model '{name}': no folder of that name has {_FILE}.")
        try:
            data = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        except ValueError as error:
            raise TextmineError(f"{folder / _FILE} is damaged ({error}); install it anew.") from error
        if data.get("schema") != SCHEMA:
            raise TextmineError(
                f"{folder / _FILE}: schema {data.get('schema')!r}, but this version of textmine "
                f"reads schema {SCHEMA}."
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
    heading_rows: list[list[str]] = []
    heading_labels: list[bool] = []
    for answer in answers:
        doc = nlp.make_doc(answer["text"])
        kinds = token_kinds(doc)
        gaps = find_gaps(doc, kinds)
        owner = _owners(doc, answer["statements"])
        cuts = [owner[gap.left] != owner[gap.right] for gap in gaps]
        for at, features in rows(doc, gaps):
            cut_rows.append(features)
            cut_labels.append(cuts[at])
        ranges = segments(doc, kinds, gaps, cuts)
        heading_rows += _described(doc, kinds, gaps, cuts, ranges)
        heading_labels += [owner[first] is None for first, _ in ranges]
    return BoundaryModel(
        _fit(cut_rows, cut_labels), _fit(heading_rows, heading_labels), dict(provenance)
    )


def _described(
    doc: Doc, kinds: Sequence[Kind], gaps: Sequence[Gap], cuts: Sequence[bool], ranges: Ranges
) -> list[list[str]]:
    """Features of each segment between the chosen gaps."""
    if not ranges:
        return []
    tail = "".join(doc[i].text for i in range(ranges[-1][1], len(doc)) if kinds[i] is Kind.COMMA)
    head = "-" if any(kind is Kind.BULLET for kind in kinds[: ranges[0][0]]) else ""
    inner = [gap.filling for gap, cut in zip(gaps, cuts, strict=True) if cut]
    fillings = [f"^{head}", *inner, f"${tail}"]
    return [segment_features(doc, ranges, fillings, at) for at in range(len(ranges))]


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
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(row, 1.0) for row in features])
    model = LogisticRegression(C=1.0, max_iter=3000, fit_intercept=False).fit(matrix, labels)
    return dict(zip(vectorizer.feature_names_, model.coef_[0].tolist(), strict=True))


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(w, 3) for name, w in weights.items() if abs(w) >= _SMALLEST}


def _probability(weights: Mapping[str, float], features: Sequence[str]) -> float:
    score = sum(weights.get(name, 0.0) for name in dict.fromkeys(features))
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, score))))
