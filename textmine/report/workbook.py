"""The coded workbook for people: every statement, what to review, and the two sheets on the run."""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from textmine.report.names import ACTORS, column_title, column_width
from textmine.report.overview import write_facts, write_summary
from textmine.report.styles import Styles
from textmine.tables import NOVELTY, REASON, REVIEW, dimension_columns

_SHEET_ROWS = 1_048_575  # Excel's rows less the header
_PORTION = 4096
_WRAPPED = ("text", REASON)
_LINE, _MOST_LINES = 15.0, 8  # points, and lines before a row is cut


@dataclass(frozen=True)
class _Column:
    """One column of a sheet: its key in the table, what people call it, and its width."""

    key: str
    title: str
    width: int
    probability: bool = False


def write_workbook(
    path: Path,
    statements: Path,
    answers: pd.DataFrame,
    summary: pd.DataFrame,
    facts: Sequence[tuple[str, object]],
    codebook: Codebook,
) -> None:
    """Write `coding.xlsx`.

    Parameters
    ----------
    path
        The workbook.
    statements
        `statements.parquet`; read in portions, so that memory stays flat.
    answers
        With `answer_id` and `text`, to stand beside each statement.
    summary
        From `summarise`.
    facts
        Lines for the sheet *Om körningen*: what, and its value; a value of None makes a heading.
    codebook
        Gives the codes their names.
    """
    workbook = xlsxwriter.Workbook(
        path,
        # Temporary files stand beside the workbook, where they are swept away if all goes wrong.
        {"constant_memory": True, "tmpdir": str(path.parent)}
        | {"strings_to_formulas": False, "strings_to_urls": False},
    )
    # A fixed date: the same input gives the same file.
    workbook.set_properties({"title": "Kodade utsagor", "created": datetime.datetime(2000, 1, 1)})
    try:
        with pq.ParquetFile(statements) as file:
            styles = Styles(workbook)
            sheets = _Sheets(workbook, styles, codebook, answers)
            columns = sheets.columns(file.schema_arrow.names)
            review = _review_order(file, codebook)
            sheets.table("Utsagor", columns, _portions(file), file.metadata.num_rows)
            sheets.table("Granska", columns, _chosen(file, review), len(review))
        write_summary(workbook, styles, summary, codebook)
        write_facts(workbook, styles, facts)
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
        self.texts = dict(zip(answers["answer_id"], answers["text"], strict=True))

    def columns(self, names: Sequence[str]) -> list[_Column]:
        """Choose and order the columns: the statement, its codes, the verdict, then the rest."""
        codes, others = [], []
        for name, dimension in self.codebook.dimensions.items():
            code, prob, second, _ = dimension_columns(name)
            longest = max(len(body.name) for body in dimension.codes.values())
            width = min(42, max(12, longest + 2))
            codes += [
                _Column(code, dimension.name, width),
                _Column(prob, f"{dimension.name}: sannolikhet", 14, probability=True),
            ]
            others.append(_Column(second, f"{dimension.name}: näst troligast", width))
        first = [_plain_column(n) for n in ("respondent", "area", "text") if n in names]
        out = [*first, _plain_column("answer_text"), *codes]
        out += [_plain_column(name) for name in (REVIEW, REASON)]
        out += [_plain_column(n) for n in ("question", "year", "actor") if n in names]
        out += [*others, _plain_column(NOVELTY)]
        taken = {column.key for column in out} | {"start", "end"}  # places are for programs
        taken |= {dimension_columns(name)[3] for name in self.codebook.dimensions}
        return out + [_plain_column(name) for name in names if name not in taken]

    def table(
        self, name: str, columns: list[_Column], portions: Iterable[pd.DataFrame], n_rows: int
    ) -> None:
        """Write a table of statements; beyond Excel's limit it goes on in a further sheet."""
        sheet, row, number = self._open(name, columns, n_rows), 0, 1
        styles = [self._style(column) for column in columns]
        for portion in portions:
            shown = [self._shown(column.key, portion) for column in columns]
            for values in zip(*shown, strict=True):
                if row == _SHEET_ROWS:
                    number += 1
                    sheet, row = self._open(f"{name} {number}", columns, n_rows), 0
                row += 1
                sheet.set_row(row, _height(columns, values))
                for at, value in enumerate(values):
                    # Texts are always texts, never formulas.
                    if isinstance(value, str):
                        if value:
                            sheet.write_string(row, at, cell_text(value), styles[at])
                    elif value is not None and math.isfinite(value):
                        sheet.write_number(row, at, value, styles[at])

    def _open(self, name: str, columns: list[_Column], n_rows: int) -> Any:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_row(0, 45)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width, self.styles.plain)
            sheet.write_string(0, at, column.title, self.styles.header)
        sheet.freeze_panes(1, [column.key for column in columns].index("text") + 1)
        last = max(1, min(n_rows, _SHEET_ROWS))
        sheet.autofilter(0, 0, last, len(columns) - 1)
        for at, column in enumerate(columns):
            first = xl_rowcol_to_cell(1, at)
            for colour, low, high in self.styles.doubt if column.probability else []:
                rule = f"=AND(ISNUMBER({first}),{first}>={low},{first}<{high})"
                options = {"type": "formula", "criteria": rule, "format": colour}
                sheet.conditional_format(1, at, last, at, options)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _style(self, column: _Column) -> Any:
        if column.key.endswith("_prob") or column.key == NOVELTY:
            return self.styles.percent
        return self.styles.wrapped if column.key in _WRAPPED else self.styles.plain

    def _shown(self, key: str, portion: pd.DataFrame) -> list[Any]:
        """Give a column as people read it: names for codes, Ja and Nej, the answer's text."""
        if key == "answer_text":
            spans = zip(portion["answer_id"], portion["start"], portion["end"], strict=True)
            return [excerpt(self.texts.get(a, ""), start, end) for a, start, end in spans]
        values = portion[key].tolist()
        if key == REVIEW:
            return ["Ja" if value else "Nej" for value in values]
        if key == "actor":
            return [plain_value(ACTORS.get(str(value), value)) for value in values]
        if key in self.codebook.columns:
            known = self.codebook.columns[key]
            names = {v: self.codebook.resolve(key, v) for v in dict.fromkeys(values)}
            return [known[n].name if (n := names[v]) else plain_value(v) for v in values]
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
