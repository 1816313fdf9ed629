"""Coded statements as one plain table, for Excel, R, SPSS and the like."""

import csv
import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from textmine.codebook import Codebook
from textmine.coding.targets import codes_in
from textmine.errors import TextmineError
from textmine.exchange.documents import shown_all
from textmine.exchange.material import Material
from textmine.files import staged_file
from textmine.report.cells import cell_text, code_names, plain_value
from textmine.report.names import SOURCES, TITLES, code_titles, column_width, distinct
from textmine.report.styles import Styles
from textmine.tables import COMMENT, SOURCE, dimension_columns

CODER, CODER_TITLE = "coder", "Kodare"
# `Text` and no `Kommentar`: `textmine train` and `evaluate` find the text by what it is called.
_OWN_TITLES = {
    "text": "Text",
    SOURCE: "Källa",
    COMMENT: "Kodarens kommentar",
    CODER: CODER_TITLE,
}
# Kept under their own names, for the same reason.
_IDS = ("statement_id", "answer_id")
_SHEET_ROWS = 1_048_575  # Excel's rows less the header
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how texts begin that Excel computes from a csv
_SPREADSHEET = "Utsagor"


def flat_table(material: Material) -> pd.DataFrame:
    """Make a table of one statement a row, with headings for people.

    Each dimension has a column of codes under its key (`role`), one of their names under its own
    (`Roll`), and the machine's probabilities. Several codes stand with commas between.
    """
    statements, book = material.statements, material.codebook
    titles = _titles(statements, book)
    columns: dict[str, list[Any]] = {}
    for key in titles:
        if key in book.dimensions:
            columns |= _dimension(statements, book, key, titles)
        elif key == SOURCE:
            columns[titles[key]] = [SOURCES.get(value, value) for value in statements[key]]
        elif key == CODER:
            people = material.people
            columns[titles[key]] = [
                people[name].coder if name in people else None
                for name in statements["statement_id"].astype(str)
            ]
        elif key in book.columns:
            columns[titles[key]] = [text or None for text in shown_all(statements[key], key, book)]
        else:
            columns[titles[key]] = [plain_value(value) for value in statements[key].tolist()]
    return pd.DataFrame(
        {title: _column(values) for title, values in columns.items()}, index=statements.index
    )


def write_csv(material: Material, path: Path) -> None:
    """Write the table as Swedish Excel opens it: UTF-8 with a byte-order mark, and semicolons.

    A text that Excel would take for a formula gets an apostrophe before it, as Excel writes it.
    """
    table = flat_table(material)
    for column in table:
        if table[column].dtype == object:
            table[column] = [_inert(value) for value in table[column]]
    with staged_file(path) as stage:
        table.to_csv(
            stage,
            sep=";",
            index=False,
            encoding="utf-8-sig",
            decimal=",",
            quoting=csv.QUOTE_MINIMAL,
            lineterminator="\r\n",
        )


def write_xlsx(material: Material, path: Path) -> None:
    """Write the table as a workbook of one sheet, with filters.

    Raises
    ------
    TextmineError
        If there are more statements than Excel has rows.
    """
    table = flat_table(material)
    if len(table) > _SHEET_ROWS:
        raise TextmineError(
            f"{path}: {len(table):,} statements, but an Excel sheet has {_SHEET_ROWS:,} rows; "
            "export as .csv."
        )
    widths = [column_width(key) for key in _by_title(material, table)]
    with staged_file(path) as stage:
        workbook = xlsxwriter.Workbook(
            stage, {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
        )
        # A fixed date: the same input gives the same file.
        workbook.set_properties({"created": datetime.datetime(2000, 1, 1)})
        styles = Styles(workbook)
        sheet = workbook.add_worksheet(_SPREADSHEET)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.write_row(0, 0, list(table), styles.header)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
        for number, row in enumerate(table.itertuples(index=False, name=None), start=1):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, at, cell_text(value))
                elif not pd.isna(value):
                    sheet.write(number, at, value)
        workbook.close()


def _titles(statements: pd.DataFrame, book: Codebook) -> dict[str, str]:
    """Headings of the columns that are kept, by key; of a dimension its name."""
    machine = {c for name in book.dimensions for c in dimension_columns(name)[1:]}
    keys = [str(column) for column in statements if column not in machine]
    keys += [CODER] if SOURCE in keys else []
    names = code_titles(book)
    wanted = [
        key if key in _IDS else names.get(key) or _OWN_TITLES.get(key) or TITLES.get(key, key)
        for key in keys
    ]
    taken = [key for key in book.dimensions if key not in wanted]
    return dict(zip(keys, distinct(wanted, taken), strict=True))


def _dimension(
    statements: pd.DataFrame, book: Codebook, key: str, titles: dict[str, str]
) -> dict[str, list[Any]]:
    """A dimension's codes, their names, and what the machine thought."""
    dimension, title = book.dimensions[key], titles[key]
    _, prob, second, second_prob = dimension_columns(key)
    contexts: list[str | None] = [None] * len(statements)
    if dimension.by is not None and dimension.by in statements:
        values = statements[dimension.by].tolist()
        known = {value: book.resolve(dimension.by, value) for value in dict.fromkeys(values)}
        contexts = [known[value] for value in values]
    given = [codes_in(value, multiple=dimension.multiple) for value in statements[key]]
    columns: dict[str, list[Any]] = {key: [", ".join(codes) or None for codes in given]}
    if title != key:
        columns[title] = [
            ", ".join(dimension.code_name(code, context) for code in codes) or None
            for codes, context in zip(given, contexts, strict=True)
        ]
    for column, name in ((prob, "sannolikhet"), (second_prob, "dess sannolikhet")):
        if column == second_prob and second in statements:
            columns[f"{title}: näst troligast"] = [
                code_names(value, dimension, context)
                for value, context in zip(statements[second], contexts, strict=True)
            ]
        if column in statements:
            columns[f"{title}: {name}"] = statements[column].tolist()
    return columns


def _column(values: list[Any]) -> pd.Series:
    """Numbers as numbers, whole ones without decimals; all else as it is."""
    column = pd.Series(values, dtype=object)
    numbers = pd.to_numeric(column, errors="coerce")
    if any(isinstance(v, str | bool) for v in values) or numbers.isna().all():
        return column.where(column.notna(), None)
    whole = bool((numbers.dropna() % 1 == 0).all())
    return numbers.astype("Int64") if whole else numbers.astype("float64")


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _by_title(material: Material, table: pd.DataFrame) -> list[str]:
    """The keys of a table's columns, for their widths."""
    titles = _titles(material.statements, material.codebook)
    keys = {title: key for key, title in titles.items()}
    return [keys.get(str(column), str(column)) for column in table]
