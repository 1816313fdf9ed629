"""Hand codes that a model contradicts with confidence, and what that says of the codebook.

All is worked out from hand codes beside probabilities, which must come from a model that did not
learn from these very codes: one that would not repeat its teachers' mistakes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook
from textmine.coding.heads import Floats
from textmine.coding.targets import Labels, contexts_of

Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
Rows = npt.NDArray[np.intp]

_EXAMPLES = 3
_FOUND = 0.5  # mean probability where people gave a code; below, the model has no say on it
_OFTEN, _SHARE = 3, 0.05  # times, and share of a pair's statements, from which codes are mixed up
_HARDLY = 0.01  # share of the statements that may have a code, below which it is hardly used
_ENOUGH = 5  # statements from which a code's border can be judged
_CLEAR, _MARGIN = 0.7, 0.3  # precision and recall, and mean margin, of a code with a clear border


@dataclass(frozen=True)
class Check:
    """What is worth a second look, a table each, the worst first.

    Attributes
    ----------
    contradictions
        `row` (index of the statement), `dimension`, `given`, `suggested` (lists in a multi-label
        dimension), `prob` of what is suggested, `given_prob`.
    confusions
        `dimension`, `one`, `other`, `n`, `share` (of the statements with either), `examples`
        (indices of statements).
    rare
        `dimension`, `code`, `n`, `of` (statements that might have it).
    unclear
        `dimension`, `code`, `n`, `precision`, `recall`, `margin` (probability of the code above
        the next, where people gave it), `share` (on how many of the code's statements people and
        model differ), `examples`.
    """

    contradictions: pd.DataFrame
    confusions: pd.DataFrame
    rare: pd.DataFrame
    unclear: pd.DataFrame


def check_codes(
    statements: pd.DataFrame, probabilities: Mapping[str, pd.DataFrame], codebook: Codebook
) -> Check:
    """Hold hand codes against probabilities.

    Parameters
    ----------
    statements
        With a column a dimension, and the columns that the codebook depends on.
    probabilities
        By dimension, as `Coder.probabilities` gives them for the same rows.
    codebook
        Says what is allowed where.
    """
    machine = {name: likeliest(table, codebook, name) for name, table in probabilities.items()}
    return Check(
        contradictions(statements, probabilities, codebook),
        confusions(statements, machine, codebook),
        rare(statements, codebook),
        unclear(statements, probabilities, codebook),
    )


def contradictions(
    statements: pd.DataFrame, probabilities: Mapping[str, pd.DataFrame], codebook: Codebook
) -> pd.DataFrame:
    """List hand codes that are contradicted with confidence, the surest first.

    Confident learning (Northcutt, Jiang & Chuang, 2021): a statement is confidently of a code if
    its probability is at least what it is on average where people gave that code; a hand code is
    contradicted where the statement is confidently of another. That is worked out for each context
    by itself, among its own codes; in a multi-label dimension for each code, given or not.
    """
    found: list[tuple[float, dict[str, object]]] = []
    for name, table in probabilities.items():
        dimension = codebook.dimensions[name]
        labels = Labels.read(statements, name, dimension)
        wrong = _flips if labels.multiple else _others
        for rows in _by_context(labels, contexts_of(statements, dimension, codebook)):
            for row, given, suggested, prob, given_prob in wrong(labels, table.to_numpy(), rows):
                line = {"row": statements.index[row], "dimension": name, "given": given}
                line |= {"suggested": suggested, "prob": prob, "given_prob": given_prob}
                found.append((given_prob - prob, line))
    columns = ["row", "dimension", "given", "suggested", "prob", "given_prob"]
    found.sort(key=lambda one: one[0])
    return pd.DataFrame([line for _, line in found], columns=columns)


_Wrong = Iterator[tuple[int, object, object, float, float]]


def _others(labels: Labels, table: Floats, rows: Rows) -> _Wrong:
    """Go through rows that are confidently of another code than theirs."""
    place = np.flatnonzero(~np.isnan(table[rows]).all(axis=0))
    if not len(place):
        return
    given = labels.matrix[rows][:, place]
    sure = _confident(np.nan_to_num(table[np.ix_(rows, place)]), given)
    for at in np.flatnonzero((sure >= 0).any(axis=1)):
        best = int(place[sure[at].argmax()])
        hand = int(labels.matrix[rows[at]].argmax())
        if best != hand:
            row = int(rows[at])
            prob, given_prob = (float(np.nan_to_num(table[row, code])) for code in (best, hand))
            yield row, labels.codes[hand], labels.codes[best], prob, given_prob


def _flips(labels: Labels, table: Floats, rows: Rows) -> _Wrong:
    """Go through rows that confidently have a code that they lack, or lack one that they have."""
    suggested = labels.matrix[rows].copy()
    doubt = np.ones(len(rows))
    for code in np.flatnonzero(~np.isnan(table[rows]).all(axis=0)):
        yes, has = np.nan_to_num(table[rows, code]), labels.matrix[rows, code]
        if has.any() and yes[has].mean() < _FOUND:
            continue
        both = np.column_stack([1 - yes, yes])
        given = np.column_stack([~has, has])
        sure = _confident(both, given)
        other = (sure >= 0).any(axis=1) & (sure.argmax(axis=1) != has)
        suggested[other, code] ^= True
        doubt[other] = np.minimum(doubt[other], both[other].max(axis=1))
    for at in np.flatnonzero((suggested != labels.matrix[rows]).any(axis=1)):
        row = int(rows[at])
        names = [
            [labels.codes[code] for code in np.flatnonzero(codes)]
            for codes in (labels.matrix[row], suggested[at])
        ]
        yield row, names[0], names[1], float(doubt[at]), 1 - float(doubt[at])


def _confident(table: Floats, given: Bools) -> Floats:
    """Keep the probabilities that reach their code's own confidence; -1 for the others."""
    counts = given.sum(axis=0)
    own = np.where(given, table, 0.0).sum(axis=0) / np.maximum(counts, 1)
    return np.where((table >= own) & (counts > 0), table, -1.0)


def confusions(
    statements: pd.DataFrame, others: Mapping[str, pd.Series], codebook: Codebook
) -> pd.DataFrame:
    """List pairs of codes of which one coding has the one where another has the other.

    Parameters
    ----------
    statements
        The one coding.
    others
        The other, by dimension: a model's likeliest codes, or a second person's, in the same rows.
    codebook
        Its dimensions.
    """
    found = []
    for name, other in others.items():
        dimension = codebook.dimensions[name]
        one = Labels.read(statements, name, dimension)
        two = Labels.read(pd.DataFrame({name: other.to_numpy(object)}), name, dimension)
        both = one.known & two.known
        pairs: dict[tuple[int, int], list[int]] = {}
        for row in np.flatnonzero(both & (one.matrix != two.matrix).any(axis=1)):
            mine = np.flatnonzero(one.matrix[row] & ~two.matrix[row]).tolist()
            theirs = np.flatnonzero(two.matrix[row] & ~one.matrix[row]).tolist()
            for a in mine:
                for b in theirs:
                    pairs.setdefault((min(a, b), max(a, b)), []).append(int(row))
        used = one.matrix | two.matrix
        contexts = contexts_of(statements, dimension, codebook)
        for (a, b), rows in pairs.items():
            # Where only one of them exists, they cannot be mixed up.
            here = both & np.isin(contexts.astype(str), sorted(set(contexts[rows].astype(str))))
            share = len(rows) / int((here & (used[:, a] | used[:, b])).sum())
            if len(rows) >= _OFTEN and share >= _SHARE:
                line = {"dimension": name, "one": one.codes[a], "other": one.codes[b]}
                examples = statements.index[rows[:_EXAMPLES]].tolist()
                found.append({**line, "n": len(rows), "share": share, "examples": examples})
    columns = ["dimension", "one", "other", "n", "share", "examples"]
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def rare(statements: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """List codes that are hardly used where they may be."""
    found = []
    for name, dimension in codebook.dimensions.items():
        labels = Labels.read(statements, name, dimension)
        contexts = contexts_of(statements, dimension, codebook)
        n_in = Counter(contexts[labels.known].tolist())
        for at, code in enumerate(labels.codes):
            of = sum(n for context, n in n_in.items() if code in dimension.allowed(context))
            n = int(labels.matrix[:, at].sum())
            if n <= _HARDLY * of and of:
                found.append({"dimension": name, "code": code, "n": n, "of": of})
    table = pd.DataFrame(found, columns=["dimension", "code", "n", "of"])
    return table.sort_values("n", kind="stable", ignore_index=True)


def unclear(
    statements: pd.DataFrame, probabilities: Mapping[str, pd.DataFrame], codebook: Codebook
) -> pd.DataFrame:
    """List codes whose statements cannot well be told from those of others."""
    found = []
    for name, table in probabilities.items():
        dimension = codebook.dimensions[name]
        hand = Labels.read(statements, name, dimension)
        said = pd.DataFrame({name: likeliest(table, codebook, name).to_numpy(object)})
        machine = Labels.read(said, name, dimension)
        both = hand.known & machine.known
        for at, code in enumerate(hand.codes):
            mine, theirs = hand.matrix[:, at] & both, machine.matrix[:, at] & both
            if mine.sum() < _ENOUGH:
                continue
            hits = int((mine & theirs).sum())
            line: dict[str, Any] = {"dimension": name, "code": code, "n": int(mine.sum())}
            line["precision"] = hits / int(theirs.sum()) if theirs.any() else 0.0
            line["recall"] = hits / int(mine.sum())
            line["margin"] = _margin(table.to_numpy()[mine], at, multiple=dimension.multiple)
            line["share"] = 1 - hits / int((mine | theirs).sum())
            apart = np.flatnonzero(mine ^ theirs)[:_EXAMPLES]
            line["examples"] = statements.index[apart].tolist()
            if min(line["precision"], line["recall"]) < _CLEAR or line["margin"] < _MARGIN:
                found.append(line)
    columns = ["dimension", "code", "n", "precision", "recall", "margin", "share", "examples"]
    out = pd.DataFrame(found, columns=columns)
    return out.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _margin(table: Floats, at: int, *, multiple: bool) -> float:
    """How far a code's probability lies above the next, on average."""
    filled = np.nan_to_num(table)
    own = filled[:, at]
    others = 1 - own if multiple else np.delete(filled, at, axis=1).max(axis=1, initial=0.0)
    return float((own - others).mean())


def likeliest(table: pd.DataFrame, codebook: Codebook, name: str) -> pd.Series:
    """Give the code that is likeliest (in a multi-label dimension: all likelier than not)."""
    values = table.to_numpy()
    codes = np.array(table.columns, object)
    known = ~np.isnan(values).all(axis=1)
    filled = np.nan_to_num(values)
    found: list[object]
    if codebook.dimensions[name].multiple:
        found = [codes[row > 0.5].tolist() for row in filled]
    else:
        found = codes[filled.argmax(axis=1)].tolist()
    kept = [code if here else None for code, here in zip(found, known, strict=True)]
    return pd.Series(kept, index=table.index, dtype=object)


def _by_context(labels: Labels, contexts: Objects) -> Iterator[Rows]:
    """Part the coded rows by context."""
    for context in sorted({c for c in contexts[labels.known] if c is not None}):
        yield np.flatnonzero(labels.known & (contexts == context))
