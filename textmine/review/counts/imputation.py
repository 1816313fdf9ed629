"""True codes of statements that nobody decided, drawn many times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from textmine.codebook import Codebook, Dimension
from textmine.coding.targets import codes_in, contexts_of
from textmine.errors import TextmineError, did_you_mean
from textmine.review.counts.error_model import (
    Axis,
    ErrorModel,
    Flags,
    Floats,
    Places,
    Said,
    design_of,
)
from textmine.tables import dimension_columns

Codes = dict[str, npt.NDArray[np.generic]]  # by dimension, as `Axis` has them

_MACHINE = "machine"  # the source of what nobody has decided
_SAME = (["passage", "start", "end"], ["statement_id"])  # what tells statements apart


@dataclass(frozen=True)
class Imputation:
    """Reviewed statements as numbers, and what draws the codes of those left open.

    Attributes
    ----------
    codebook
        By which they are coded.
    axes, codes, said
        By dimension: its codes and contexts, the codes in force, and what the machine said.
    open, flagged
        Statements that nobody decided, and those that the machine left for review.
    teaching
        Decided statements that tell of the machine's errors: those of the quality sample, and the
        flagged. What people looked up by other ways may have been looked up for its errors.
    audited
        Whether there is a quality sample.
    same
        Numbers that statements share which are one to the coder; in an order of their own.
    """

    codebook: Codebook
    axes: dict[str, Axis]
    codes: Codes
    said: dict[str, Said]
    open: Flags
    flagged: Flags
    teaching: Flags
    audited: bool
    same: Places

    @staticmethod
    def read(statements: pd.DataFrame, codebook: Codebook, names: Sequence[str]) -> "Imputation":
        """Read a table of reviewed statements, for some dimensions and what they depend on.

        Raises
        ------
        TextmineError
            If a column is missing or holds a code that the codebook does not have.
        """
        needed = _with_conditions(codebook, names)
        _require(statements, needed)
        opened = (statements["source"] == _MACHINE).to_numpy(np.bool_)
        flagged, audited = (statements[c].to_numpy(np.bool_) for c in ("flagged", "audited"))
        axes, codes, said = {}, {}, {}
        judged = np.zeros(len(statements), np.bool_)
        for name in needed:
            dimension = codebook.dimensions[name]
            contexts = ["" if c is None else c for c in _contexts(dimension, codebook)]
            axes[name] = _axis(dimension, contexts)
            where = contexts_of(statements, dimension, codebook)
            place = {context: i for i, context in enumerate(contexts)}
            context = np.array([place.get(c, len(contexts)) for c in where], np.intp)
            codes[name] = _places(statements[name], name, dimension)
            said[name] = _said(statements, name, dimension, codes[name], context, flagged, opened)
            judged |= statements[f"{name}_machine"].notna().to_numpy()
        same = next((keys for keys in _SAME if set(keys) <= set(statements)), None)
        numbers = (
            statements.groupby(same, sort=True, dropna=False).ngroup().to_numpy()
            if same
            else np.arange(len(statements))
        ).astype(np.intp)
        # Where people drew new borders the machine said nothing to be judged.
        teaching = ~opened & judged & (audited | flagged)
        measured = bool((teaching & audited).any())
        return Imputation(codebook, axes, codes, said, opened, flagged, teaching, measured, numbers)

    def draw(self, left: Flags, draws: int, seed: int) -> Iterator[Codes]:
        """Draw the codes of the statements `left`; all others keep theirs.

        Where none are left the codes in force come once.
        """
        if not left.any():
            yield self.codes
            return
        rng = np.random.default_rng(seed)
        rows = np.flatnonzero(left)
        # Alike statements are drawn once, the first of them for all.
        _, first, back = np.unique(self.same[rows], return_index=True, return_inverse=True)
        said = {name: one.only(rows[first]) for name, one in self.said.items()}
        designs = {name: design_of(axis, said[name]) for name, axis in self.axes.items()}
        models = {name: self._learn(name) for name in self.axes}
        for _ in range(draws):
            drawn: Codes = {}
            for name, model in models.items():
                here = self._applies(name, drawn, len(first))
                drawn[name] = model.sample(rng).draw(said[name], designs[name], here, rng)
            whole = {name: codes.copy() for name, codes in self.codes.items()}
            for name, codes in drawn.items():
                whole[name][rows] = codes[back]
            yield whole

    def _learn(self, name: str) -> ErrorModel:
        """Learn the machine's errors in a dimension, from each statement once."""
        rows = np.flatnonzero(self.teaching)
        rows = rows[np.unique(self.same[rows], return_index=True)[1]]
        axis, codes, said = self.axes[name], self.codes[name], self.said[name]
        return ErrorModel.fit(axis, said.only(rows), codes[rows], self._common(name))

    def _common(self, name: str) -> Floats:
        """How common each code is under each context: as decided, or likely by the machine."""
        axis, codes, said = self.axes[name], self.codes[name], self.said[name]
        n = axis.n_codes
        common = np.zeros((len(axis.allowed), n + 1))
        if axis.multiple:
            np.add.at(common[:, :n], said.context, codes.astype(np.float64))
            return common[:, :n]
        weight = np.where(self.open, np.nan_to_num(said.prob), 1.0)
        np.add.at(common, (said.context, codes.astype(np.intp)), weight)
        np.add.at(common, (said.context, said.second), np.nan_to_num(said.second_prob))
        return common[:, :n]

    def _applies(self, name: str, drawn: Codes, n: int) -> Flags:
        """Tell where a dimension applies by the drawn codes of those that it depends on."""
        here = np.ones(n, np.bool_)
        for other, allowed in self.codebook.dimensions[name].when.items():
            codes = list(self.codebook.dimensions[other].codes)
            open_to = np.array([*(code in allowed for code in codes), False])
            here &= open_to[drawn[other].astype(np.intp)]
        return here


def _with_conditions(codebook: Codebook, names: Sequence[str]) -> list[str]:
    """Add the dimensions that some depend on; in the codebook's order, which is theirs."""
    needed = set(names)
    for name in reversed(codebook.dimensions):
        if name in needed:
            needed |= set(codebook.dimensions[name].when)
    return [name for name in codebook.dimensions if name in needed]


def _require(statements: pd.DataFrame, names: Sequence[str]) -> None:
    wanted = ["source", "flagged", "audited"]
    for name in names:
        wanted += [*dimension_columns(name), f"{name}_machine", f"{name}_machine_prob"]
    for column in wanted:
        if column not in statements:
            raise TextmineError(
                f"The table of reviewed statements has no column '{column}'; "
                f"{did_you_mean(column, statements.columns)}."
            )


def _contexts(dimension: Dimension, codebook: Codebook) -> list[str]:
    return list(codebook.columns[dimension.by]) if dimension.by else [""]


def _axis(dimension: Dimension, contexts: Sequence[str]) -> Axis:
    """Say which codes exist under each context, and under an unknown one."""
    allowed = [set(dimension.allowed(context)) for context in contexts]
    allowed.append(set(dimension.allowed(None)))
    table = [[code in some for code in dimension.codes] for some in allowed]
    return Axis(np.array(table, np.bool_), dimension.multiple)


def _said(
    statements: pd.DataFrame,
    name: str,
    dimension: Dimension,
    codes: npt.NDArray[np.generic],
    context: Places,
    flagged: Flags,
    opened: Flags,
) -> Said:
    """Put together what the machine says of open statements and had said of decided ones."""
    _, prob, second, second_prob = dimension_columns(name)
    had = _places(statements[f"{name}_machine"], f"{name}_machine", dimension)
    single = dimension.model_copy(update={"multiple": False})
    now = np.asarray(statements[prob].to_numpy(np.float64, na_value=np.nan))
    then = np.asarray(statements[f"{name}_machine_prob"].to_numpy(np.float64, na_value=np.nan))
    return Said(
        code=np.where(opened[:, None] if dimension.multiple else opened, codes, had),
        prob=np.where(opened, now, then),
        second=_places(statements[second], second, single).astype(np.intp),
        second_prob=np.asarray(statements[second_prob].to_numpy(np.float64, na_value=0.0)),
        context=context,
        flagged=flagged,
    )


def _places(column: pd.Series, name: str, dimension: Dimension) -> npt.NDArray[np.generic]:
    """Turn codes into places, or into a matrix where a statement may have several."""
    codes = list(dimension.codes)
    place = {code: i for i, code in enumerate(codes)}
    matrix = np.zeros((len(column), len(codes)), np.bool_)
    places = np.full(len(column), len(codes), np.intp)
    for row, value in enumerate(column.tolist()):
        for code in codes_in(value, multiple=dimension.multiple):
            if code not in place:
                raise TextmineError(
                    f"Row {row + 1}: '{code}' is no code of {name}; {did_you_mean(code, codes)}."
                )
            matrix[row, place[code]] = True
            places[row] = place[code]
    return matrix if dimension.multiple else places
