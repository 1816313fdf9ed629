"""The coded workbook for people: statements, what to review, counts, and how the run was made."""

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from textmine.codebook import Codebook
from textmine.report.summary import Layout
from textmine.tables import NOVELTY, REASON, REVIEW, dimension_columns

_SHEET_ROWS = 1_048_575  # Excel's rows less the header
_CELL_LENGTH = 32_767  # Excel's characters in a cell
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PORTION = 4096
_SURE, _UNSURE = 0.75, 0.5  # probabilities where the colours of doubt begin

_NAMES = {
    "statement_id": "Utsage-id",
    "answer_id": "Svars-id",
    "respondent": "Respondent",
    "actor": "Aktör",
    "area": "Område",
    "question": "Fråga",
    "year": "År",
    "respondent_code": "SCB-kod",
    "respondent_written": "Respondent som skrivet",
    "text": "Utsaga",
    "answer_text": "Hela svaret",
    "start": "Början",
    "end": "Slut",
    REVIEW: "Granska",
    REASON: "Skäl",
    NOVELTY: "Ovanlighet",
}
_WIDTHS = {
    "statement_id": 15,
    "answer_id": 13,
    "respondent": 24,
    "area": 22,
    "question": 26,
    "text": 60,
    "answer_text": 40,
    REASON: 44,
}
_ACTORS = {"region": "Region", "kommun": "Kommun", "lan": "Län"}


@dataclass(frozen=True)
class _Column:
    """One column of a sheet: its key in the table, what people call it, and its width."""

    key: str
    title: str
    width: float
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
            sheets = _Sheets(workbook, codebook, answers)
            columns = sheets.columns(file.schema_arrow.names)
            review = _review_order(file, codebook)
            sheets.table("Utsagor", columns, _portions(file), file.metadata.num_rows)
            sheets.table("Granska", columns, _chosen(file, review), len(review))
        sheets.summary(summary)
        sheets.facts(facts)
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
    probabilities = [dimension_columns(name)[1] for name in codebook.dimensions]
    table = file.read(columns=[REVIEW, *probabilities]).to_pandas()
    doubt = table[probabilities].min(axis=1).fillna(0.0)
    order: npt.NDArray[np.int64] = doubt[table[REVIEW]].sort_values(kind="stable").index.to_numpy()
    return order


class _Sheets:
    """Writes the sheets of one workbook."""

    def __init__(
        self, workbook: xlsxwriter.Workbook, codebook: Codebook, answers: pd.DataFrame
    ) -> None:
        self.workbook, self.codebook = workbook, codebook
        self.texts = dict(zip(answers["answer_id"], answers["text"], strict=True))
        top = {"valign": "top"}
        self.plain = workbook.add_format(top)
        self.wrapped = workbook.add_format({**top, "text_wrap": True})
        self.percent = workbook.add_format({**top, "num_format": "0%"})
        self.header = workbook.add_format(
            {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True}
            | {"valign": "vcenter", "border": 1}
        )
        self.bold = workbook.add_format({"bold": True, **top})
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.doubt = [
            (workbook.add_format({"bg_color": "#F8CBAD"}), 0, _UNSURE),
            (workbook.add_format({"bg_color": "#FFE699"}), _UNSURE, _SURE),
        ]

    def columns(self, names: Sequence[str]) -> list[_Column]:
        """Choose and order the columns: who and what, the codes, the review, the rest."""
        first = ["statement_id", "respondent", "actor", "area", "question", "year", "text"]
        coded = {c for name in self.codebook.dimensions for c in dimension_columns(name)}
        verdict = [REVIEW, REASON, NOVELTY]
        rest = [n for n in names if n not in {*first, *verdict, *coded, "answer_text"}]
        out = [_plain_column(name) for name in first if name in names]
        out.append(_plain_column("answer_text"))
        for name, dimension in self.codebook.dimensions.items():
            code, prob, second, second_prob = dimension_columns(name)
            out += [
                _Column(code, dimension.name, 26 if not dimension.multiple else 18),
                _Column(prob, f"{dimension.name}: sannolikhet", 12, probability=True),
                _Column(second, f"{dimension.name}: näst troligast", 22),
                _Column(second_prob, f"{dimension.name}: dess sannolikhet", 12),
            ]
        out += [_plain_column(name) for name in verdict]
        return out + [_plain_column(name) for name in rest]

    def table(
        self, name: str, columns: list[_Column], portions: Iterable[pd.DataFrame], n_rows: int
    ) -> None:
        """Write a table of statements; beyond Excel's limit it goes on in a further sheet."""
        sheet, row, number = self._open(name, columns, n_rows), 0, 1
        for portion in portions:
            for record in portion.to_dict("records"):
                if row == _SHEET_ROWS:
                    number += 1
                    sheet, row = self._open(f"{name} {number}", columns, n_rows), 0
                row += 1
                for at, column in enumerate(columns):
                    self._cell(sheet, row, at, column, record)

    def _open(self, name: str, columns: list[_Column], n_rows: int) -> Any:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_row(0, 45)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width, self.plain)
            sheet.write_string(0, at, column.title, self.header)
        keys = [column.key for column in columns]
        sheet.freeze_panes(1, keys.index("text") + 1 if keys.index("text") < 4 else 1)
        last = max(1, min(n_rows, _SHEET_ROWS))
        sheet.autofilter(0, 0, last, len(columns) - 1)
        for at, column in enumerate(columns):
            for colour, low, high in self.doubt if column.probability else []:
                rule = {"type": "cell", "criteria": "between", "minimum": low, "maximum": high}
                sheet.conditional_format(1, at, last, at, {**rule, "format": colour})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _cell(
        self, sheet: Any, row: int, at: int, column: _Column, record: Mapping[Any, Any]
    ) -> None:
        """Write one value as people read it; texts are always texts, never formulas."""
        value = self._shown(column.key, record)
        if isinstance(value, int | float) and not isinstance(value, bool):
            share = column.key.endswith("_prob") or column.key == NOVELTY
            if math.isfinite(value):
                sheet.write_number(row, at, value, self.percent if share else self.plain)
        elif not _blank(value):
            style = self.wrapped if column.key in ("text", REASON) else self.plain
            sheet.write_string(row, at, cell_text(str(value)), style)

    def _shown(self, key: str, record: Mapping[Any, Any]) -> Any:
        """Give names for codes, Ja and Nej, and the answer's text."""
        if key == "answer_text":
            return self.texts.get(record["answer_id"], "")
        value = record.get(key)
        if key == REVIEW:
            return "Ja" if value else "Nej"
        if key == "actor":
            return _ACTORS.get(str(value), value)
        name = key.removesuffix("_second")
        dimension = self.codebook.dimensions.get(name)
        if dimension is None:
            known = self.codebook.columns.get(key)
            resolved = self.codebook.resolve(key, value) if known else None
            return known[resolved].name if known and resolved else _plain_value(value)
        if value is None or _blank(value):
            return None
        context = None
        if dimension.by:
            context = self.codebook.resolve(dimension.by, record.get(dimension.by))
        codes = [value] if isinstance(value, str) else list(value)
        return ", ".join(dimension.code_name(code, context) for code in codes)

    def summary(self, summary: pd.DataFrame) -> None:
        """Write the counts, with a line under each area."""
        sheet = self.workbook.add_worksheet("Sammanställning")
        layout = Layout.of(self.codebook)
        dimension = self.codebook.dimensions[layout.rows]
        titles, keys = [], []
        for key in summary.columns:
            titles.append(self._summary_title(str(key), layout))
            keys.append(str(key))
        sheet.set_row(0, 45)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 44 if layout.context in keys else 14)
        sheet.set_column(2, max(2, len(keys) - 1), 14)
        for at, title in enumerate(titles):
            sheet.write_string(0, at, title, self.header)
        for row, record in enumerate(summary.to_dict("records"), start=1):
            context = record.get(layout.context) if layout.context else None
            for at, key in enumerate(keys):
                if key == layout.context:
                    known = self.codebook.columns[key]
                    shown = known[context].name if context in known else str(context)
                    sheet.write_string(row, at, cell_text(shown), self.plain)
                elif key == layout.rows:
                    sheet.write_string(row, at, dimension.code_name(record[key], context))
                else:
                    sheet.write_number(row, at, record[key])
        sheet.freeze_panes(1, 2 if layout.context in keys else 1)
        sheet.autofilter(0, 0, max(1, len(summary)), len(keys) - 1)
        note = (
            "Antal respondenter; var och en räknas en gång i varje ruta. "
            "Alla maskinens koder är med, även de som ska granskas."
        )
        sheet.write_string(len(summary) + 2, 0, note)

    def _summary_title(self, key: str, layout: Layout) -> str:
        if key == "respondents":
            return "Respondenter"
        if key == "statements":
            return "Utsagor"
        if layout.columns and key.startswith(f"{layout.columns}:"):
            code = key.removeprefix(f"{layout.columns}:")
            name = self.codebook.dimensions[layout.columns].code_name(code)
            return f"Respondenter: {name}"
        if key == layout.rows:
            return self.codebook.dimensions[key].name
        return _NAMES.get(key, key)

    def facts(self, facts: Sequence[tuple[str, object]]) -> None:
        """Write what was run on what, and how far to trust it."""
        sheet = self.workbook.add_worksheet("Om körningen")
        sheet.set_column(0, 0, 52)
        sheet.set_column(1, 1, 70)
        for row, (what, value) in enumerate(facts):
            if value is None:
                sheet.write_string(row, 0, what, self.title)
                continue
            sheet.write_string(row, 0, what, self.bold)
            if isinstance(value, float):
                sheet.write_number(row, 1, value, self.percent)
            elif isinstance(value, int):
                sheet.write_number(row, 1, value)
            else:
                sheet.write_string(row, 1, cell_text(str(value)), self.wrapped)


@lru_cache(maxsize=256)  # statements of one answer follow each other, each with its whole text
def cell_text(text: str) -> str:
    """Make a text fit for a cell: without control characters, within Excel's length."""
    clean = _UNWRITABLE.sub("", text)
    # Excel counts in UTF-16, where an emoji is two.
    units = clean.encode("utf-16-le")
    if len(units) > 2 * _CELL_LENGTH:
        mark = " … [avkortat; hela texten finns i answers.parquet]"
        return units[: 2 * (_CELL_LENGTH - len(mark))].decode("utf-16-le", "ignore") + mark
    return clean


def _plain_column(name: str) -> _Column:
    return _Column(name, _NAMES.get(name, name), _WIDTHS.get(name, 11))


def _blank(value: Any) -> bool:
    """Whether a cell of a table holds nothing."""
    return (
        value is None
        or value is pd.NA
        or value is pd.NaT
        or (isinstance(value, float) and math.isnan(value))
    )


def _plain_value(value: Any) -> Any:
    """Give a value that a cell can hold."""
    if (
        isinstance(value, list | dict | tuple)
        or type(value).__module__ == "numpy"
        and hasattr(value, "__len__")
    ):
        return str(list(value))
    return value.item() if hasattr(value, "item") else value
