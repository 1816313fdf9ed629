"""The bridge's workbook: statements to be coded by the later codebook, written and read back."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from textmine.codebook import Codebook
from textmine.comparing.bridge_sample import LEAST
from textmine.comparing.year import SurveyYear
from textmine.errors import TextmineError
from textmine.report.cells import cell_text
from textmine.report.choices import Choices
from textmine.report.names import COMMENT_TITLE, TITLES, code_titles, column_title
from textmine.report.styles import Styles
from textmine.review.events import Codes
from textmine.review.excel.grid import Grid, Refusals, read_grids, read_properties
from textmine.review.excel.written import NotACode, read_code, read_codes

FILE = "bridge.xlsx"
_SHEET = "Brygga"
_PROPERTY = "textmine-bridge"
_ID, _TEXT, _COMMENT = "statement_id", "text", "(comment)"
_AROUND = 1500  # characters of the answer shown beside a statement
_TORN_MASK = re.compile(r"\[[\w-]*$")  # one that the end goes through
_TOP = 1  # row of the header, below the note
_HOW = (
    "Koda varje utsaga efter kodboken {book}, utan att titta på hur den kodades förra gången. "
    "Läs sedan tillbaka med: textmine compare {one} {two} --out DIR --bridge FIL"
)


@dataclass(frozen=True)
class Coded:
    """A statement of the earlier survey and its codes by the later codebook."""

    statement_id: str
    codes: Codes


def dimensions_to_code(codebook: Codebook, names: list[str]) -> list[str]:
    """List the dimensions that are counted and those that they depend on, in order."""
    needed = set(names)
    for name in reversed(codebook.dimensions):
        if name in needed:
            needed |= set(codebook.dimensions[name].when)
    return [name for name in codebook.dimensions if name in needed]


def write_bridge(path: Path, earlier: SurveyYear, later: SurveyYear, rows: list[int]) -> None:
    """Write the workbook that a person fills in.

    Parameters
    ----------
    rows
        Of the earlier survey's statements.
    """
    codebook = later.codebook
    titles = code_titles(codebook)
    names = dimensions_to_code(codebook, _counted(later))
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    # A fixed date: the same input gives the same file.
    workbook.set_properties({"title": "Brygga", "created": datetime.datetime(2000, 1, 1)})
    workbook.set_custom_property(_PROPERTY, bridge_key(earlier, later))
    styles, choices = Styles(workbook), Choices(codebook)
    sheet = workbook.add_worksheet(_SHEET)
    sheet.set_row(0, 24)
    how = _HOW.format(
        book=f"{codebook.name} {codebook.version}", one=earlier.folder.name, two=later.folder.name
    )
    sheet.write_string(0, 0, how, styles.note)
    columns = [_ID, *((context,) if (context := later.layout.context) else ()), _TEXT, "(around)"]
    heads = {
        **{key: column_title(key) for key in columns},
        "(around)": "Sammanhang",
        **{name: titles[name] for name in names},
        _COMMENT: COMMENT_TITLE,
    }
    widths = {_ID: 15, _TEXT: 60, "(around)": 50, _COMMENT: 30}
    place = {key: at for at, key in enumerate(heads)}
    for key, at in place.items():
        sheet.set_column(at, at, widths.get(key, 26))
        fill = key in names or key == _COMMENT
        sheet.write_string(_TOP, at, heads[key], styles.fill_in_header if fill else styles.header)
    around = _around(earlier)
    for row, at in enumerate(rows, start=_TOP + 1):
        statement = earlier.statements.iloc[at]
        name = str(statement[_ID])
        shown: dict[str, str] = {
            _ID: name,
            _TEXT: earlier.texts[name],
            "(around)": around.get(str(statement.get("answer_id")), ""),
        }
        if context:
            shown[context] = _context_name(codebook, context, earlier.contexts[at])
        for key, text in shown.items():
            style = styles.wrapped if key in (_TEXT, "(around)") else styles.plain
            sheet.write_string(row, place[key], cell_text(text), style)
        for key in (*names, _COMMENT):
            sheet.write_blank(row, place[key], None, styles.fill_in)
    first, last = _TOP + 1, max(_TOP + 1, _TOP + len(rows))
    cells = {key: xl_rowcol_to_cell(first, at, col_abs=True) for key, at in place.items()}
    for name in names:
        at = place[name]
        by = codebook.dimensions[name].by
        sheet.data_validation(first, at, last, at, choices.codes_rule(name, cells.get(by or "")))
        if idle := choices.idle_rule(name, cells):
            options = {"type": "formula", "criteria": idle, "format": styles.idle}
            sheet.conditional_format(first, at, last, at, options)
    sheet.freeze_panes(_TOP + 1, place[_TEXT] + 1)
    sheet.autofilter(_TOP, 0, last, len(heads) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, _TOP)
    choices.write(workbook, styles)
    workbook.close()


def read_bridge(path: Path, earlier: SurveyYear, later: SurveyYear) -> list[Coded]:
    """Read the rows that somebody filled in.

    Raises
    ------
    TextmineError
        If the workbook cannot be read, is of other surveys, holds what the codebook does not
        allow, or too little is coded; the message lists all cells that are wrong.
    """
    key = read_properties(path).get(_PROPERTY)
    if key is not None and key != bridge_key(earlier, later):
        raise TextmineError(
            f"{path} was drawn for other results than {earlier.folder} and {later.folder}, or "
            "they have been coded anew since. Draw a new bridge with --draw-bridge."
        )
    codebook, refusals = later.codebook, Refusals(path)
    titles = code_titles(codebook)
    names = dimensions_to_code(codebook, _counted(later))
    wanted = {_ID: TITLES[_ID], **{name: titles[name] for name in names}}
    grids = read_grids(path, {_SHEET: wanted}, {}, refusals)
    known = dict(zip(earlier.statements[_ID].astype(str), earlier.contexts, strict=True))
    found = [coded for grid in grids for coded in _rows(grid, codebook, names, known, refusals)]
    refusals.raise_any()
    if len(found) < LEAST:
        raise TextmineError(
            f"{path}: {len(found)} statements are coded, and a bridge needs at least {LEAST}. "
            f"Fill in the columns {', '.join(titles[name] for name in names)}."
        )
    return found


def bridge_key(earlier: SurveyYear, later: SurveyYear) -> str:
    """Tell which results a bridge was drawn for."""
    return f"{earlier.run.get('key')} {later.run.get('key')}"


def _rows(
    grid: Grid,
    codebook: Codebook,
    names: list[str],
    known: dict[str, str],
    refusals: Refusals,
) -> list[Coded]:
    out: dict[str, Coded] = {}
    for row, cells in grid.rows():
        if not any(cells[name] for name in names):
            continue
        statement = cells[_ID]
        if statement not in known:
            complaint = f"'{statement}' is no statement of the earlier survey"
            refusals.add(grid.name, row, grid.columns[_ID], complaint)
            continue
        if statement in out:
            refusals.add(grid.name, row, grid.columns[_ID], f"'{statement}' stands twice")
            continue
        out[statement] = Coded(
            statement, _codes(grid, row, cells, codebook, names, known[statement], refusals)
        )
    return list(out.values())


def _codes(
    grid: Grid,
    row: int,
    cells: dict[str, str],
    codebook: Codebook,
    names: list[str],
    area: str,
    refusals: Refusals,
) -> Codes:
    """Read one row's codes, and see that all that apply are there and no others."""
    codes: dict[str, Any] = {}
    for name in names:
        dimension, text = codebook.dimensions[name], cells[name]
        context = area if dimension.by and area in codebook.columns[dimension.by] else None
        where = f"{column_title(dimension.by)} '{area}'" if dimension.by else ""
        applies = all(codes.get(other) in some for other, some in dimension.when.items())
        try:
            if dimension.multiple:
                codes[name] = read_codes(text, dimension, context, where)
            else:
                codes[name] = read_code(text, dimension, context, where) if text else None
        except NotACode as error:
            refusals.add(grid.name, row, grid.columns[name], str(error))
            codes[name] = None
            continue
        if applies and not text and not dimension.multiple and dimension.allowed(context):
            refusals.add(grid.name, row, grid.columns[name], "a code is missing")
        if text and not applies:
            complaint = f"'{text}' does not apply beside the other codes of the row; leave it empty"
            refusals.add(grid.name, row, grid.columns[name], complaint)
    return codes


def _counted(year: SurveyYear) -> list[str]:
    return [name for name in (year.layout.rows, year.layout.columns) if name]


def _context_name(codebook: Codebook, column: str, key: str) -> str:
    known = codebook.columns.get(column, {})
    return (known[key].name or key) if key in known else key


def _around(year: SurveyYear) -> dict[str, str]:
    """Put each answer together from its statements, as they may be shown."""
    out: dict[str, list[str]] = {}
    if "answer_id" not in year.statements:
        return {}
    rows = zip(
        year.statements["answer_id"].astype(str), year.statements[_ID].astype(str), strict=True
    )
    for answer, name in rows:
        out.setdefault(answer, []).append(year.texts[name])
    whole = {answer: " / ".join(texts) for answer, texts in out.items()}
    return {
        answer: text if len(text) <= _AROUND else _TORN_MASK.sub("", text[:_AROUND])
        for answer, text in whole.items()
    }
