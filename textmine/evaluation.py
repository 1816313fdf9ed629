"""How well a coder does on answers that people have coded: the yardstick of everything."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook, Dimension
from textmine.coding.agreement import Codes, code_agreement, segmentation
from textmine.coding.calibration import calibration_error, reliability
from textmine.coding.coder import Coder
from textmine.coding.contradictions import Check, check_codes
from textmine.coding.targets import codes_in
from textmine.files import staged_folder
from textmine.personal.veil import shown_text
from textmine.report.check_workbook import CHECK, write_check
from textmine.report.reliability import draw_reliability
from textmine.splitting.splitter import split_text
from textmine.tables import REVIEW, dimension_columns

EVALUATION, RELIABILITY = "evaluation.json", "reliability.png"
SECOND_CODER = "coder2"  # `role_coder2`: what a second person coded
_STEPS = np.round(np.arange(0.05, 1.0001, 0.05), 2)  # shares coded automatically
_DECIMALS = 4


def evaluate(statements: pd.DataFrame, coder: Coder, *, progress: bool = False) -> dict[str, Any]:
    """Judge a coder by statements that people have coded.

    Parameters
    ----------
    statements
        As for `Coder.fit`, with the hand codes; `role_alt` and the like hold second codes that are
        accepted (leniently), `role_coder2` and the like what a second person coded.
    coder
        A fitted coder.

    Returns
    -------
    dict
        For each dimension `n`, `accuracy`, `accuracy_lenient`, `macro_f1`, `kappa`, `alpha`, each
        as [value, low, high] with a 95 % interval resampled by answer; `both`, the same accuracy
        where the coder gave a code too; `unreviewed`, the error among what the error budget
        leaves to the machine; `ece`, `reliability`, `production`, `codes`, and `coders` where
        there is a second one. `review_share` is what the budget leaves for people.
    """
    codebook = coder.require_codebook()
    hidden = [c for name in codebook.dimensions for c in (name, f"{name}_{SECOND_CODER}")]
    coded = coder.predict(statements.drop(columns=hidden, errors="ignore"), progress=progress)
    dimensions = {
        name: _judge(statements, coded, name, dimension, codebook)
        for name, dimension in codebook.dimensions.items()
        if name in statements
    }
    share = _round(coded[REVIEW].mean()) if len(coded) else 0.0
    return {"statements": len(statements), "dimensions": dimensions, "review_share": share}


def _judge(
    statements: pd.DataFrame,
    coded: pd.DataFrame,
    name: str,
    dimension: Dimension,
    codebook: Codebook,
) -> dict[str, Any]:
    """Compare the machine's codes with the hand's in one dimension."""
    hand = _codes(statements[name], dimension)
    machine = _codes(coded[name], dimension)
    known = np.array([bool(codes) or dimension.multiple for codes in hand], np.bool_)
    rows = np.flatnonzero(known)
    if not len(rows):
        return {"n": 0}
    groups = (statements["answer_id"] if "answer_id" in statements else statements.index).to_numpy()
    alternative = f"{name}_alt"
    also = _codes(statements[alternative], dimension) if alternative in statements else None
    one, two = _at(hand, rows), _at(machine, rows)
    figures = code_agreement(
        one, two, groups[rows].tolist(), accepted=_at(also, rows) if also else None
    )
    probability = coded[dimension_columns(name)[1]].to_numpy(np.float64)[rows]
    right = np.array([a == b for a, b in zip(one, two, strict=True)], np.bool_)
    given = ~np.isnan(probability)
    out: dict[str, Any] = {"n": len(rows)}
    out |= {key: figure.rounded() for key, figure in figures.items()}
    out["both"] = {"n": int(given.sum()), "accuracy": _round(right[given].mean())}
    out["ece"] = _round(calibration_error(probability[given], right[given]))
    out["reliability"] = reliability(probability[given], right[given])
    if dimension.by and dimension.by in statements:
        contexts = statements[dimension.by].map(lambda v: codebook.resolve(dimension.by or "", v))
        here = contexts.to_numpy(object)[rows]
        out["ece_by"] = {
            str(context): _round(calibration_error(probability[mine], right[mine]))
            for context in sorted({c for c in here if c is not None})
            if (mine := given & (here == context)).any()
        }
    alone = given & ~coded[REVIEW].to_numpy(np.bool_)[rows]
    out["unreviewed"] = {
        "n": int(alone.sum()),
        "wrong": _round(1 - right[alone].mean()) if alone.any() else None,
    }
    out["production"] = production_curve(np.nan_to_num(probability), right)
    out["codes"] = _by_code(one, two, list(dimension.codes))
    second = f"{name}_{SECOND_CODER}"
    if second in statements:
        out["coders"] = _second_coder(statements[second], one, two, rows, groups, dimension)
    return out


def _second_coder(
    column: pd.Series,
    one: Codes,
    machine: Codes,
    rows: npt.NDArray[np.intp],
    groups: npt.NDArray[Any],
    dimension: Dimension,
) -> dict[str, Any]:
    """Compare the two people, and the machine with them, on what both people coded."""
    two = _at(_codes(column, dimension), rows)
    both = [i for i, codes in enumerate(two) if codes or dimension.multiple]
    if not both:
        return {"n": 0}
    answers = [groups[rows[i]] for i in both]
    people = code_agreement([one[i] for i in both], [two[i] for i in both], answers)
    with_machine = code_agreement([one[i] for i in both], [machine[i] for i in both], answers)
    return {
        "n": len(both),
        "coder_coder": {key: figure.rounded() for key, figure in people.items()},
        "coder_machine": {key: figure.rounded() for key, figure in with_machine.items()},
        "within_human_range": bool(with_machine["kappa"].high >= people["kappa"].low),
    }


def production_curve(
    probability: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]
) -> list[dict[str, float]]:
    """Say how right the surest share of statements is, and from which probability it reaches."""
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(right[order])
    curve = []
    for share in _STEPS:
        n = max(1, round(share * len(order)))
        curve.append(
            {
                "share": float(share),
                "accuracy": _round(hits[n - 1] / n),
                "probability": _round(probability[order[n - 1]]),
            }
        )
    return curve


def _by_code(one: Codes, two: Codes, codes: Sequence[str]) -> dict[str, dict[str, float | None]]:
    """Precision and recall of each code."""
    out: dict[str, dict[str, float | None]] = {}
    for code in codes:
        mine = np.array([code in several for several in one], np.bool_)
        theirs = np.array([code in several for several in two], np.bool_)
        hits = int((mine & theirs).sum())
        out[code] = {
            "n": int(mine.sum()),
            "precision": _round(hits / theirs.sum()) if theirs.any() else None,
            "recall": _round(hits / mine.sum()) if mine.any() else None,
        }
    return out


def evaluate_splitting(statements: pd.DataFrame) -> dict[str, float] | None:
    """Compare the splitter with divisions by hand; None if the statements have no offsets."""
    if not {"answer_id", "answer_text", "start", "end"} <= set(statements):
        return None
    answers = [rows for _, rows in statements.groupby("answer_id", sort=False)]
    texts = [str(rows["answer_text"].iat[0]) for rows in answers]
    gold = [list(zip(rows["start"], rows["end"], strict=True)) for rows in answers]
    return segmentation(texts, gold, [split_text(text) for text in texts])


def check(statements: pd.DataFrame, coder: Coder) -> Check:
    """Find hand codes that a coder contradicts, and codes that are hard to tell apart.

    Parameters
    ----------
    statements
        Coded by people, and not among those that the coder learnt from.
    coder
        A fitted coder.
    """
    codebook = coder.require_codebook()
    features = coder.see(statements)
    probabilities = {
        name: coder.probabilities(statements, name, features=features)
        for name in codebook.dimensions
        if name in statements
    }
    return check_codes(statements, probabilities, codebook)


def write_evaluation(
    evaluation: dict[str, Any],
    out: Path,
    codebook: Codebook,
    *,
    check: tuple[pd.DataFrame, Check] | None = None,
) -> Path:
    """Write `evaluation.json` to a folder, and a picture of how far probabilities hold.

    With hand-coded statements and what `check` found in them also `kontroll.xlsx`, in Swedish.
    """
    with staged_folder(out) as stage:
        text = json.dumps(evaluation, indent=1, ensure_ascii=False)
        (stage / EVALUATION).write_text(text + "\n", encoding="utf-8")
        draw_reliability(evaluation["dimensions"], codebook, stage / RELIABILITY)
        if check is not None:
            statements, found = check
            shown = statements.assign(text=statements["text"].map(shown_text))
            write_check(stage / CHECK, shown, codebook, **vars(found))
    return out / EVALUATION


def _codes(column: pd.Series, dimension: Dimension) -> list[tuple[str, ...]]:
    """The codes in a column, in the codebook's order."""
    order = {code: i for i, code in enumerate(dimension.codes)}
    return [
        tuple(sorted(codes_in(value, multiple=dimension.multiple), key=lambda c: order.get(c, -1)))
        for value in column
    ]


def _at(codes: list[tuple[str, ...]], rows: npt.NDArray[np.intp]) -> list[tuple[str, ...]]:
    return [codes[row] for row in rows]


def _round(value: float) -> float:
    return round(float(value), _DECIMALS)
