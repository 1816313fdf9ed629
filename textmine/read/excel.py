"""Excel sheets as people make them: titles above the header, merged cells, several sheets."""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from textmine.errors import TextmineError
from textmine.read.columns import recognise

_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted workbook is wrapped in the old container format
HEADER_ROWS = 20  # a header stands within these first rows
_MAY_BE_LOST = re.compile(rb'<f[ >/]|<c [^>]*t="e"')
UNSAVED, FAULT = "a formula without a saved value", "an error value"  # what a cell may hold

Cells = Sequence[Sequence[object]]


def read_excel(
    path: Path, *, mapping: Mapping[str, str] | None = None, sheet: str | None = None
) -> pd.DataFrame:
    """Read the one sheet that holds answers, with the header found where it stands.

    Raises
    ------
    TextmineError
        If the workbook is locked with a password or damaged, no sheet or several sheets hold a
        text column, or a formula in it was never calculated.
    """
    with opened(path) as workbook:
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise TextmineError(f"{path}: no sheet '{sheet}'; its sheets: {', '.join(names)}.")
        sheets = {name: cells_of(workbook, name) for name in ([sheet] if sheet else names)}
        name = _choose(path, sheets, mapping)
        merged = workbook.get_sheet_by_name(name).merged_cell_ranges or []
    cells = sheets[name]
    top = _header_row(cells, mapping)
    if top is not None:
        top = _below_merged(cells, top, merged, mapping)
    if top is None:
        top = next((i for i, row in enumerate(cells) if any(map(_filled, row))), 0)
    header = _header(cells, top)
    _refuse_uncalculated(path, name, top, [i for i, text in enumerate(header) if text])
    used = [
        i
        for i, text in enumerate(header)
        if text or any(_filled(row[i]) for row in cells[top + 1 :])
    ]
    rows = [
        [row[i] if row[i] != "" else None for i in used]
        for row in cells[top + 1 :]
        if any(map(_filled, row))
    ]
    columns = [header[i] or f"Kolumn {get_column_letter(i + 1)}" for i in used]
    return pd.DataFrame(rows, columns=columns)


@contextmanager
def opened(path: Path) -> Iterator[CalamineWorkbook]:
    """Give a workbook to read from.

    Raises
    ------
    TextmineError
        If it is locked with a password or damaged, also where that shows on reading from it.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise TextmineError(
                f"{path} is protected by a password (or an old .xls file). "
                "Open it in Excel, remove the password and save it as .xlsx."
            )
    try:
        yield CalamineWorkbook.from_path(str(path))
    except (CalamineError, zipfile.BadZipFile) as error:
        raise TextmineError(
            f"{path} is damaged or no Excel workbook ({error}); open and save it again."
        ) from error


def cells_of(workbook: CalamineWorkbook, name: str) -> Cells:
    """Give the cells of a sheet from its first row and column on."""
    rows: Cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _choose(path: Path, sheets: Mapping[str, Cells], mapping: Mapping[str, str] | None) -> str:
    """Pick the sheet that holds a text column; if there is just one sheet, that one."""
    fitting = [name for name, cells in sheets.items() if _header_row(cells, mapping) is not None]
    if len(fitting) > 1:
        raise TextmineError(
            f"{path}: several sheets hold a text column ({', '.join(fitting)}); "
            "say which with --sheet NAME."
        )
    if fitting:
        return fitting[0]
    filled = [name for name, cells in sheets.items() if any(any(map(_filled, r)) for r in cells)]
    if len(filled) == 1:
        return filled[0]  # its columns are named in the error that follows
    if not filled:
        raise TextmineError(f"{path}: every sheet is empty; nothing to do.")
    wanted = (mapping or {}).get("text")
    headers = "; ".join(f"{name}: {', '.join(_first_row(sheets[name]))}" for name in filled)
    if wanted:
        raise TextmineError(
            f"{path}: no sheet has a column '{wanted}'. First rows of its sheets: {headers}."
        )
    raise TextmineError(
        f"{path}: no sheet has a column for the answers. Name it 'text' or 'svar', or say which it "
        f"is with --column text=NAME. First rows of its sheets: {headers}."
    )


def _first_row(cells: Cells) -> list[str]:
    """Show the first row that looks like a header, for messages."""
    rows = [[str(cell).strip() for cell in row if _filled(cell)] for row in cells[:HEADER_ROWS]]
    return next((row for row in rows if len(row) > 1), next(filter(None, rows), []))


def _header_row(cells: Cells, mapping: Mapping[str, str] | None) -> int | None:
    """Find the row that names most answer columns, the text among them; None if there is none."""
    best, best_count = None, 0
    for i in range(min(HEADER_ROWS, len(cells))):
        found = recognise(_header(cells, i), mapping)
        if "text" in found and len(found) > best_count:
            best, best_count = i, len(found)
    return best


def _below_merged(
    cells: Cells,
    top: int,
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    mapping: Mapping[str, str] | None,
) -> int:
    """Give the last row of a header whose cells are merged downwards over a second row."""
    bottom = max((end[0] for start, end in merged if start[0] == top), default=top)
    two_rows = bottom == top + 1 < len(cells)
    return bottom if two_rows and "text" in recognise(_header(cells, bottom), mapping) else top


def _header(cells: Cells, top: int) -> list[str]:
    """Read the header in row `top`; where it is blank, the cell above it (a merged cell)."""
    if not cells:
        return []
    above = cells[top - 1] if top else [""] * len(cells[top])
    title_only = sum(map(_filled, above)) <= 1  # one lone text above is a title, not a header
    return [
        str(cell).strip() if _filled(cell) else ("" if title_only else str(over).strip())
        for cell, over in zip(cells[top], above, strict=True)
    ]


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _refuse_uncalculated(path: Path, sheet: str, top: int, columns: Sequence[int]) -> None:
    """Refuse formulas without a stored value: they would be read as empty answers."""
    for place, held in lost_cells(path, sheet):
        row, column = coordinate_to_tuple(place)
        if held == UNSAVED and row > top + 1 and column - 1 in columns:
            raise TextmineError(
                f"{path}, sheet '{sheet}', cell {place}: {held}. "
                "Open the file in Excel and save it, or paste the column as values."
            )


def lost_cells(path: Path, sheet: str) -> Iterator[tuple[str, str]]:
    """Find cells that are read as empty and are not: their places, and what they hold.

    The raw XML is scanned first, as parsing the sheet a second time is slow and rarely needed.
    """
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(_MAY_BE_LOST.search(archive.read(part)) for part in parts):
            return
    # openpyxl knows which part is the sheet, but not an empty saved value from one never saved.
    workbook = load_workbook(path, read_only=True)
    part = workbook[sheet]._worksheet_path
    workbook.close()
    with zipfile.ZipFile(path) as archive, archive.open(part) as xml:
        for _, cell in ElementTree.iterparse(xml):
            if not cell.tag.endswith("}c"):
                continue
            place, fault = cell.get("r", ""), cell.get("t") == "e"
            unsaved = _never_calculated(cell)
            cell.clear()
            if place and (unsaved or fault):
                yield place, UNSAVED if unsaved else FAULT


def _never_calculated(cell: ElementTree.Element) -> bool:
    """Tell whether a cell holds a formula whose value was never saved.

    A formula that came out as an empty text has the type 'str' and an empty value.
    """
    if cell.find("{*}f") is None:
        return False
    value = cell.find("{*}v")
    return value is None or (not value.text and cell.get("t") != "str")
