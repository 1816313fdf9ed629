"""The coded workbook for people: every statement, what to review, and the two sheets on the run."""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_rowcol_to_cell

from textmine.codebook import Codebook
from textmine.report.cells import cell_text, code_names, excerpt, plain_value
from textmine.report.choices import Choices
from textmine.report.estimated import write_estimates
from textmine.report.names import (
    ACTORS,
    COMMENT_TITLE,
    DONE_TITLE,
    READ_BACK,
    SOURCES,
    code_titles,
    column_title,
    column_width,
    distinct,
    is_reviewed,
)
from textmine.report.overview import write_facts, write_summary
from textmine.report.styles import Styles
from textmine.tables import COMMENT, NOVELTY, REASON, REVIEW, SOURCE, dimension_columns

_SHEET_ROWS = 1_048_575  # Excel's rows less the header
_PORTION = 4096
ALL, OPEN = "Utsagor", "Granska"  # the sheets of statements
LOG_PROPERTY, RUN_PROPERTY = "textmine-log", "textmine-run"
HOW = (
    "Ändra koden i listan, eller skriv Ja i Klar om förslaget stämmer. "
    "Läs sedan tillbaka med: textmine apply DIR --from FIL"
)
_DONE, _NEW_COMMENT = "(done)", "(comment)"  # columns that no table has
_WRAPPED = ("text", REASON, COMMENT, _NEW_COMMENT)
_LINE, _MOST_LINES = 15.0, 8  # points, and lines before a row is cut


@dataclass(frozen=True)
class _Column:
    """One column of a sheet: its key in the table, what people call it, and its width."""

    key: str
    title: str
    width: int
    probability: bool = False
    fill_in: bool = False


def write_workbook(
    path: Path,
    statements: Path,
    answers: pd.DataFrame,
    summary: pd.DataFrame,
    facts: Sequence[tuple[str, object]],
    codebook: Codebook,
    *,
    log_position: int = 0,
    run_key: str | None = None,
    estimates: pd.DataFrame | None = None,
) -> None:
    """Write `coding.xlsx`.

    Parameters
    ----------
    path
        The workbook.
    statements
        `statements.parquet`; read in portions, so that memory stays flat. After a review it also
        has `source` and `comment`.
    answers
        With `answer_id` and `text`, to stand beside each statement.
    summary
        From `summarise`.
    facts
        Lines for the sheet *Om körningen*: what, and its value; a value of None makes a heading.
    codebook
        Gives the codes their names.
    log_position
        How far the log of decisions had come; kept in the file, so that decisions made since are
        told apart from those that its readers saw.
    run_key
        Says which run the workbook is of; kept in the file.
    estimates
        From `estimate_counts`, after a review.
    """
    workbook = xlsxwriter.Workbook(
        path,
        # Temporary files stand beside the workbook, where they are swept away if all goes wrong.
        {"constant_memory": True, "tmpdir": str(path.parent)}
        | {"strings_to_formulas": False, "strings_to_urls": False},
    )
    # A fixed date: the same input gives the same file.
    workbook.set_properties({"title": "Kodade utsagor", "created": datetime.datetime(2000, 1, 1)})
    workbook.set_custom_property(LOG_PROPERTY, log_position)
    if run_key is not None:
        workbook.set_custom_property(RUN_PROPERTY, run_key)
    try:
        with pq.ParquetFile(statements) as file:
            styles = Styles(workbook)
            sheets = _Sheets(workbook, styles, codebook, answers)
            names = file.schema_arrow.names
            review = _review_order(file, codebook)
            sheets.table(ALL, sheets.columns(names), _portions(file), file.metadata.num_rows)
            sheets.table(OPEN, sheets.columns_to_fill_in(names), _chosen(file, review), len(review))
        write_summary(workbook, styles, summary, codebook)
        if estimates is not None:
            write_estimates(workbook, styles, estimates, codebook)
        write_facts(workbook, styles, facts)
        sheets.choices.write(workbook, styles)
        workbook.close()
    except FileCreateError as error:  # a full disk, say; its cause is what the caller knows
        raise (error.args[0] if isinstance(error.args[0], OSError) else error) from error
    finally:
        for sheet in workbook.worksheets():
            if sheet.row_data_fh is not None:  # left open where something went wrong
                sheet.row_data_fh.close()


def _portions(file: pq.ParquetFile) -> Iterable[pd.DataFrame]:
    for batch in file.iter_batches(batch_size=_PORTION):
        yield batch.to_pandas()


def _chosen(file: pq.ParquetFile, order: npt.NDArray[np.int64]) -> Iterable[pd.DataFrame]:
    """Give the rows to review in their order, some at a time."""
    table = file.read()
    for at in range(0, len(order), _PORTION):
        yield table.take(order[at : at + _PORTION]).to_pandas()


def _review_order(file: pq.ParquetFile, codebook: Codebook) -> npt.NDArray[np.int64]:
    """Row numbers of statements to review, the most doubtful first."""
    single = [name for name, d in codebook.dimensions.items() if not d.multiple]
    # Codes that may stand together are doubtful in another measure than those that exclude others.
    probabilities = [dimension_columns(name)[1] for name in single or codebook.dimensions]
    table = file.read(columns=[REVIEW, *probabilities]).to_pandas()
    doubt = table[probabilities].min(axis=1).fillna(0.0)
    order: npt.NDArray[np.int64] = doubt[table[REVIEW]].sort_values(kind="stable").index.to_numpy()
    return order


class _Sheets:
    """Writes the sheets of statements."""

    def __init__(
        self,
        workbook: xlsxwriter.Workbook,
        styles: Styles,
        codebook: Codebook,
        answers: pd.DataFrame,
    ) -> None:
        self.workbook, self.styles, self.codebook = workbook, styles, codebook
        self.choices = Choices(codebook)
        self.texts = dict(zip(answers["answer_id"], answers["text"], strict=True))

    def columns(self, names: Sequence[str]) -> list[_Column]:
        """Choose and order the columns: the statement, its codes, the verdict, then the rest."""
        decided = [
            _Column(SOURCE, "Källa", 11),
            _Column(COMMENT, COMMENT_TITLE, 30),
        ]
        return self._ordered(
            names, [*(decided if is_reviewed(names) else []), _plain_column(REVIEW)]
        )

    def columns_to_fill_in(self, names: Sequence[str]) -> list[_Column]:
        """Do as `columns` does, with room for what people decide; all of it is to be reviewed."""
        comment = COMMENT if is_reviewed(names) else _NEW_COMMENT
        filled_in = [
            _Column(_DONE, DONE_TITLE, 8, fill_in=True),
            _Column(comment, COMMENT_TITLE, 30, fill_in=True),
        ]
        return [
            replace(column, fill_in=column.fill_in or column.key in self.codebook.dimensions)
            for column in self._ordered(names, filled_in)
        ]

    def _ordered(self, names: Sequence[str], after_codes: Sequence[_Column]) -> list[_Column]:
        codes, seconds = [], []
        titles = code_titles(self.codebook)
        for name, dimension in self.codebook.dimensions.items():
            code, prob, second, _ = dimension_columns(name)
            longest = max(len(body.name) for body in dimension.codes.values())
            width = min(42, max(12, longest + 2))
            codes += [
                _Column(code, titles[name], width),
                _Column(prob, f"{titles[name]}: sannolikhet", 14, probability=True),
            ]
            seconds.append(_Column(second, f"{titles[name]}: näst troligast", width))
        first = [_plain_column(n) for n in ("respondent", "area", "text") if n in names]
        out = [*first, _plain_column("answer_text"), *codes, *after_codes, _plain_column(REASON)]
        out += [_plain_column(n) for n in ("question", "year", "actor") if n in names]
        out += [*seconds, _plain_column(NOVELTY)]
        placed = {column.key for column in out} | {"start", "end", REVIEW}
        placed |= {dimension_columns(name)[3] for name in self.codebook.dimensions}
        if is_reviewed(names):
            placed |= {SOURCE, COMMENT}
        out += [_plain_column(name) for name in names if name not in placed]
        kept = {"statement_id", "text", *titles, *(column.key for column in after_codes)} - {REVIEW}
        taken = [*READ_BACK, *(column.title for column in out if column.key in kept)]
        others = [column.title for column in out if column.key not in kept]
        numbered = iter(distinct(others, taken))
        return [c if c.key in kept else replace(c, title=next(numbered)) for c in out]

    def table(
        self, name: str, columns: list[_Column], portions: Iterable[pd.DataFrame], n_rows: int
    ) -> None:
        """Write a table of statements; beyond Excel's limit it goes on in a further sheet."""
        top = 1 if name == OPEN else 0  # the header's row, below a note
        sheet, row, number = self._open(name, columns, n_rows, top), top, 1
        styles = [self._style(column) for column in columns]
        blank = [column.fill_in for column in columns]
        for portion in portions:
            shown = [self._shown(column.key, portion) for column in columns]
            for values in zip(*shown, strict=True):
                if row == _SHEET_ROWS:
                    number += 1
                    sheet, row = self._open(f"{name} {number}", columns, n_rows, top), top
                row += 1
                sheet.set_row(row, _height(columns, values))
                for at, value in enumerate(values):
                    # Texts are always texts, never formulas.
                    if isinstance(value, str) and value:
                        sheet.write_string(row, at, cell_text(value), styles[at])
                    elif isinstance(value, int | float) and math.isfinite(value):
                        sheet.write_number(row, at, value, styles[at])
                    elif blank[at]:
                        sheet.write_blank(row, at, None, styles[at])

    def _open(self, name: str, columns: list[_Column], n_rows: int, top: int) -> Any:
        sheet = self.workbook.add_worksheet(name)
        if top:
            sheet.set_row(0, 24)
            sheet.write_string(0, 0, HOW, self.styles.note)
        sheet.set_row(top, 45)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width, self.styles.plain)
            style = self.styles.fill_in_header if column.fill_in else self.styles.header
            sheet.write_string(top, at, column.title, style)
        keys = [column.key for column in columns]
        sheet.freeze_panes(top + 1, keys.index("text") + 1)
        last = max(top + 1, min(top + n_rows, _SHEET_ROWS))
        sheet.autofilter(top, 0, last, len(columns) - 1)
        self._add_rules(sheet, columns, top + 1, last)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, top)
        return sheet

    def _add_rules(self, sheet: Any, columns: list[_Column], first: int, last: int) -> None:
        """Add colours, and lists of what may stand in a cell; one rule a column."""
        place = {
            # Rules are shifted from row to row, but not from column to column.
            column.key: xl_rowcol_to_cell(first, at, col_abs=True)
            for at, column in enumerate(columns)
        }
        for at, column in enumerate(columns):
            here, key = place[column.key], column.key
            colours = [
                (f"=AND(ISNUMBER({here}),{here}>={low},{here}<{high})", colour)
                for colour, low, high in (self.styles.doubt if column.probability else [])
            ]
            if key in self.codebook.dimensions:
                context = place.get(self.codebook.dimensions[key].by or "")
                sheet.data_validation(first, at, last, at, self.choices.codes_rule(key, context))
                if column.fill_in and (idle := self.choices.idle_rule(key, place)):
                    colours.append((idle, self.styles.idle))
            if key == _DONE:
                sheet.data_validation(first, at, last, at, self.choices.done_rule())
            for rule, colour in colours:
                options = {"type": "formula", "criteria": rule, "format": colour}
                sheet.conditional_format(first, at, last, at, options)

    def _style(self, column: _Column) -> Any:
        if column.key.endswith("_prob") or column.key == NOVELTY:
            return self.styles.percent
        if column.fill_in:
            wrap = column.key in _WRAPPED
            return self.styles.fill_in_wrapped if wrap else self.styles.fill_in
        return self.styles.wrapped if column.key in _WRAPPED else self.styles.plain

    def _shown(self, key: str, portion: pd.DataFrame) -> list[Any]:
        """Give a column as people read it: names for codes, Ja and Nej, the answer's text."""
        if key == "answer_text":
            spans = zip(portion["answer_id"], portion["start"], portion["end"], strict=True)
            return [excerpt(self.texts.get(a, ""), start, end) for a, start, end in spans]
        if key in (_DONE, _NEW_COMMENT):
            return [None] * len(portion)
        values = portion[key].tolist()
        if key == SOURCE and is_reviewed(portion.columns):
            return [plain_value(SOURCES.get(str(value), value)) for value in values]
        if key == REVIEW:
            return ["Ja" if value else "Nej" for value in values]
        if key == "actor":
            return [plain_value(ACTORS.get(str(value), value)) for value in values]
        if key in self.codebook.columns:
            known = self.codebook.columns[key]
            names = {v: self.codebook.resolve(key, v) for v in dict.fromkeys(values)}
            return [(known[n].name or n) if (n := names[v]) else plain_value(v) for v in values]
        dimension = self.codebook.dimensions.get(key.removesuffix("_second"))
        if dimension is None:
            return [plain_value(value) for value in values]
        contexts: list[str | None] = [None] * len(values)
        if dimension.by and dimension.by in portion:
            given = portion[dimension.by].tolist()
            known_as = {v: self.codebook.resolve(dimension.by, v) for v in dict.fromkeys(given)}
            contexts = [known_as[value] for value in given]
        return [
            code_names(value, dimension, context)
            for value, context in zip(values, contexts, strict=True)
        ]


def _height(columns: list[_Column], values: Sequence[Any]) -> float:
    """Height of a row that shows its wrapped texts whole, up to a limit.

    Excel would find it by itself on opening a file, other programs do not.
    """
    lines = max(
        -(-len(value) // column.width) + value.count("\n")
        for column, value in zip(columns, values, strict=True)
        if column.key in _WRAPPED and isinstance(value, str)
    )
    return _LINE * min(lines, _MOST_LINES)


def _plain_column(name: str) -> _Column:
    return _Column(name, column_title(name), column_width(name))
