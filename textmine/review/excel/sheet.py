"""What people changed in a coded workbook: read back, checked, and told apart from the rest."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from textmine.codebook import Codebook, Dimension, folded
from textmine.coding.targets import codes_in
from textmine.report.cells import cell_text, code_names
from textmine.report.choices import YES, choice_names
from textmine.report.names import (
    COMMENT_TITLE,
    DONE_TITLE,
    TITLES,
    code_titles,
    column_title,
    is_reviewed,
)
from textmine.report.workbook import ALL, LOG_PROPERTY, OPEN, RUN_PROPERTY
from textmine.review.events import Codes
from textmine.review.excel.grid import Grid, Refusals, read_grids, read_properties
from textmine.review.excel.written import NotACode, read_code, read_codes
from textmine.tables import COMMENT

_ID, _TEXT, _DONE, _COMMENT = "statement_id", "text", "(done)", "(comment)"
_NO = "Nej"


@dataclass(frozen=True)
class Edit:
    """What a person wrote about one statement.

    Attributes
    ----------
    sheet, row
        Where, as Excel counts.
    codes
        The codes that now stand there, of every dimension: a code or None, and a list (which may
        be empty) where several may stand together.
    done
        The row is marked *Klar*: the codes are right, changed or not.
    comment
        As it now stands there.
    """

    sheet: str
    row: int
    statement_id: str
    codes: Codes
    done: bool
    comment: str


@dataclass(frozen=True)
class Origin:
    """When a workbook was written, and of which run.

    Attributes
    ----------
    log_position
        How far the log of decisions had come; 0 where the file does not say, so that every
        decision counts as made since.
    run
        Key of the run, if the file says.
    """

    log_position: int
    run: str | None


@dataclass(frozen=True)
class Edits:
    """All edits of a workbook from top to bottom, those of *Granska* first."""

    edits: list[Edit]
    log_position: int
    run: str | None = None


@dataclass(frozen=True)
class _Written:
    """A statement as the workbook had it when it was written."""

    text: str
    comment: str
    codes: Codes
    contexts: Mapping[str, str | None]  # by dimension
    places: Mapping[str, str]  # what the context is called, by dimension


@dataclass(frozen=True)
class _Row:
    """A statement as a row now has it."""

    grid: Grid
    row: int
    codes: Codes
    done: bool
    comment: str
    decided: bool  # codes were changed or confirmed
    commented: bool


def read_origin(path: Path) -> Origin:
    """Read from a workbook when it was written, before its rows are read.

    Raises
    ------
    TextmineError
        If the file is no workbook that can be read.
    """
    properties = read_properties(path)
    position = properties.get(LOG_PROPERTY, "")
    try:
        at = int(float(position))  # LibreOffice writes numbers with decimals
    except ValueError:
        at = 0
    return Origin(max(0, at), properties.get(RUN_PROPERTY) or None)


def read_edits(path: Path, codebook: Codebook, statements: pd.DataFrame) -> Edits:
    """Find what people changed, confirmed or noted in the sheets *Granska* and *Utsagor*.

    Rows may be sorted, hidden or deleted, and columns added or moved.

    Parameters
    ----------
    path
        The edited `coding.xlsx`.
    codebook
        By which it was coded.
    statements
        The statements as the workbook had them when it was written (see `read_origin`).

    Raises
    ------
    TextmineError
        If the file cannot be read, or anything in it is not allowed; the message lists all cells
        that are wrong, and nothing is given back.
    """
    refusals = Refusals(path)
    codes = code_titles(codebook)
    always = {_ID: TITLES[_ID], _TEXT: TITLES[_TEXT], **codes}
    to_fill_in = {**always, _DONE: DONE_TITLE, _COMMENT: COMMENT_TITLE}
    origin = read_origin(path)
    # The sheet of all statements shows comments from the first review on.
    noted = {ALL: {_COMMENT: COMMENT_TITLE}}
    shown = noted[ALL] if origin.log_position else {}
    grids = read_grids(path, {OPEN: to_fill_in, ALL: {**always, **shown}}, noted, refusals)
    reader = _Reader(codebook, _written(statements, codebook), refusals)
    for grid in grids:
        reader.read(grid)
    edits = reader.merged()
    refusals.raise_any()
    order = [grid.name for grid in grids]
    edits.sort(key=lambda edit: (order.index(edit.sheet), edit.row))
    return Edits(edits, origin.log_position, origin.run)


def _written(statements: pd.DataFrame, codebook: Codebook) -> dict[str, _Written]:
    """Index the statements as they were written."""
    ids = statements[_ID].astype(str).tolist()
    comments = statements[COMMENT] if is_reviewed(statements.columns) else [None] * len(ids)
    codes, contexts, places = {}, {}, {}
    for name, dimension in codebook.dimensions.items():
        given = [codes_in(value, multiple=dimension.multiple) for value in statements[name]]
        single = not dimension.multiple
        codes[name] = [(c[0] if c else None) if single else c for c in given]
        by = dimension.by
        values = statements[by].tolist() if by in statements.columns else [None] * len(ids)
        found = {value: _context(codebook, by, value) for value in dict.fromkeys(values)}
        contexts[name] = [found[value][0] for value in values]
        places[name] = [found[value][1] for value in values]
    return {
        statement: _Written(
            str(text),
            "" if pd.isna(comment) else str(comment),
            {name: column[at] for name, column in codes.items()},
            {name: column[at] for name, column in contexts.items()},
            {name: column[at] for name, column in places.items()},
        )
        for at, (statement, text, comment) in enumerate(
            zip(ids, statements[_TEXT], comments, strict=True)
        )
    }


def _context(codebook: Codebook, by: str | None, value: Any) -> tuple[str | None, str]:
    """Resolve a cell that codes depend on, and say what it is called in messages."""
    if by is None:
        return None, ""
    known = None if pd.isna(value) else codebook.resolve(by, value)
    shown = "" if pd.isna(value) else str(value)
    name = (codebook.columns[by][known].name or known) if known else shown
    return known, f"{column_title(by)} '{name}'"


@dataclass
class _Reader:
    """Goes through the rows of all sheets and remembers those of each statement."""

    codebook: Codebook
    written: Mapping[str, _Written]
    refusals: Refusals
    rows: dict[str, list[_Row]] = field(default_factory=dict)
    read_before: dict[tuple[str, str, str | None], Any] = field(default_factory=dict)

    def read(self, grid: Grid) -> None:
        """Read a sheet's rows."""
        filled_in = [*self.codebook.dimensions, _DONE, _COMMENT]
        for number, cells in grid.rows():
            statement = cells[_ID]
            if not statement:
                if any(cells.get(key) for key in filled_in):
                    complaint = "codes on a row without the id of a statement"
                    self.refusals.add(grid.name, number, grid.columns[_ID], complaint)
                continue
            before = self.written.get(statement)
            if before is None:
                complaint = f"no statement '{statement}' in these results"
                self.refusals.add(grid.name, number, grid.columns[_ID], complaint)
                continue
            row = self._row(grid, number, cells, before)
            if row is not None:
                self.rows.setdefault(statement, []).append(row)

    def _row(
        self, grid: Grid, number: int, cells: Mapping[str, str], before: _Written
    ) -> _Row | None:
        """Read one row; None, with refusals, where something in it is wrong."""
        refused = len(self.refusals.found)
        if _bare(cells[_TEXT]) != _bare(cell_text(before.text)):
            self.refusals.add(
                grid.name,
                number,
                grid.columns[_TEXT],
                "the statement's text was edited; put it back (where statements begin and end is "
                "decided on the review page: textmine review DIR)",
            )
        done = folded(cells.get(_DONE, ""))
        if done not in ("", folded(YES), folded(_NO)):
            complaint = f"'{cells[_DONE]}' in {DONE_TITLE}; allowed: {YES}, {_NO} or nothing"
            self.refusals.add(grid.name, number, grid.columns[_DONE], complaint)
        codes = {
            name: self._codes(grid, number, name, cells[name], before) for name in before.codes
        }
        if len(self.refusals.found) > refused:
            return None
        decided = codes != before.codes or done == folded(YES)
        if decided:
            self._check(grid, number, codes, before)
        noted = cells.get(_COMMENT, before.comment)
        commented = noted.split() != cell_text(before.comment).split()
        comment = noted if commented else before.comment
        return _Row(grid, number, codes, done == folded(YES), comment, decided, commented)

    def _codes(self, grid: Grid, number: int, name: str, text: str, before: _Written) -> Any:
        """Read a cell of codes; where it says what it said, the codes stay as they were."""
        dimension, context = self.codebook.dimensions[name], before.contexts[name]
        old = before.codes[name]
        if folded(text) == folded(cell_text(code_names(old, dimension, context) or "")):
            return old
        if not text:
            return [] if dimension.multiple else None
        key = (name, text, context)
        if key not in self.read_before:
            read = read_codes if dimension.multiple else read_code
            try:
                self.read_before[key] = read(text, dimension, context, before.places[name])
            except NotACode as error:
                self.read_before[key] = error
        found = self.read_before[key]
        if isinstance(found, NotACode):
            self.refusals.add(grid.name, number, grid.columns[name], f"{found}")
            return old
        return old if dimension.multiple and set(found) == set(old) else found

    def _check(self, grid: Grid, number: int, codes: Codes, before: _Written) -> None:
        """Refuse codes where none may stand, and lacking ones; empty what no longer applies."""
        for name, dimension in self.codebook.dimensions.items():
            applies = all(codes[other] in wanted for other, wanted in dimension.when.items())
            context = before.contexts[name]
            if applies:
                known = context is not None or not dimension.by
                if codes[name] is None and known and not dimension.multiple:
                    allowed = ", ".join(choice_names(dimension, context))
                    complaint = f"{dimension.name} needs a code here; allowed: {allowed}"
                    self.refusals.add(grid.name, number, grid.columns[name], complaint)
            elif codes[name] and codes[name] != before.codes[name]:
                complaint = f"no code may stand here, only where {self._condition(dimension)}"
                self.refusals.add(grid.name, number, grid.columns[name], complaint)
            else:
                codes[name] = [] if dimension.multiple else None

    def _condition(self, dimension: Dimension) -> str:
        others = self.codebook.dimensions
        return " and ".join(
            f"{others[other].name} is {' or '.join(others[other].code_name(c) for c in codes)}"
            for other, codes in dimension.when.items()
        )

    def merged(self) -> list[Edit]:
        """Give one edit for each statement that somebody wrote about."""
        edits = []
        for statement, rows in self.rows.items():
            said = [row for row in rows if row.decided or row.commented]
            if self._differ(statement, rows, said) or not said:
                continue
            decided = next((row for row in said if row.decided), said[0])
            commented = next((row for row in said if row.commented), said[0])
            edits.append(
                Edit(
                    said[0].grid.name,
                    said[0].row,
                    statement,
                    decided.codes,
                    any(row.done for row in said),
                    commented.comment,
                )
            )
        return edits

    def _differ(self, statement: str, rows: list[_Row], said: list[_Row]) -> bool:
        """Refuse rows of one statement that contradict each other."""
        for at, row in enumerate(rows):
            for first in rows[:at]:
                # Within a sheet a copied row is as good as its original; between the sheets only
                # what somebody wrote counts.
                both = first.grid.kind == row.grid.kind
                codes = both or (first.decided and row.decided)
                comments = both or (first.commented and row.commented)
                differing = [
                    name for name in row.codes if codes and row.codes[name] != first.codes[name]
                ]
                if comments and row.comment.split() != first.comment.split():
                    differing.append(_COMMENT)
                if differing:
                    self.refusals.add(
                        row.grid.name,
                        row.row,
                        row.grid.columns[differing[0]],
                        f"the statement '{statement}' also stands on {first.grid.name}, row "
                        f"{first.row}, with something else; make them alike",
                    )
                    return True
        return False


def _bare(text: str) -> str:
    """Leave out blanks: programs change them on saving."""
    return "".join(unicodedata.normalize("NFC", text).split())
