"""Sheets that people have had in their hands: columns found by title, cells with addresses."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from openpyxl.utils import coordinate_to_tuple, get_column_letter

from textmine.codebook import folded
from textmine.errors import TextmineError, did_you_mean
from textmine.read.excel import HEADER_ROWS, Cells, cells_of, lost_cells, opened

_LISTED = 20  # refusals in one message
_FEWEST_TITLES = 2  # that make a row a header


@dataclass
class Refusals:
    """What is wrong in a workbook, cell by cell."""

    path: Path
    found: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def add(self, sheet: str, row: int, column: int, complaint: str) -> None:
        """Note what is wrong in a cell (rows and columns from 1; 0: the whole sheet or row)."""
        self.found.setdefault((sheet, row, column), complaint)

    def raise_any(self) -> None:
        """Raise one error that lists them all, or the first of very many."""
        if not self.found:
            return
        lines = [f"  {_address(*place)}: {complaint}." for place, complaint in self.found.items()]
        if len(lines) > _LISTED:
            lines[_LISTED:] = [f"  … and {len(lines) - _LISTED} more."]
        n = len(self.found)
        raise TextmineError(
            f"{self.path}: nothing was read, as {n} {'place is' if n == 1 else 'places are'} "
            "wrong; put right and try again:\n" + "\n".join(lines)
        )


def _address(sheet: str, row: int, column: int) -> str:
    if not row:
        return f"sheet '{sheet}'"
    return f"{sheet}!{get_column_letter(column)}{row}" if column else f"{sheet}, row {row}"


@dataclass(frozen=True)
class Grid:
    """One sheet.

    Attributes
    ----------
    name
        Of the sheet.
    kind
        The sheet that it goes on from, `Utsagor` of `Utsagor 2`; else the sheet itself.
    header
        Row of the header, from 1.
    columns
        Column of each key, from 1.
    """

    name: str
    kind: str
    header: int
    columns: Mapping[str, int]
    cells: Cells

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Give each row below the header: its number, and its cells by key."""
        for row, cells in enumerate(self.cells[self.header :], start=self.header + 1):
            yield row, {key: _text(cells[column - 1]) for key, column in self.columns.items()}


def read_grids(
    path: Path,
    kinds: Mapping[str, Mapping[str, str]],
    optional: Mapping[str, Mapping[str, str]],
    refusals: Refusals,
) -> list[Grid]:
    """Read the sheets of the given names, and those that they go on in.

    Parameters
    ----------
    path
        A workbook.
    kinds
        For each sheet, the titles of the columns that are needed, by key.
    optional
        The same for columns that are read where they are.
    refusals
        Gets what is missing or has no value that can be read.

    Raises
    ------
    TextmineError
        If the file is no workbook that can be read, or has none of the sheets.
    """
    _refuse_other_files(path)
    grids: list[Grid] = []
    missing = 0
    with opened(path) as workbook:
        names = workbook.sheet_names
        for kind, titles in kinds.items():
            own = [name for name in names if re.fullmatch(rf"{kind}( \d+)?", name.strip())]
            if not own:
                missing += 1
                here = f"its sheets: {', '.join(names)}"
                refusals.add(kind, 0, 0, f"the sheet is missing (was it renamed?); {here}")
            for name in own:
                cells = cells_of(workbook, name)
                grid = _grid(name, kind, titles, optional.get(kind, {}), cells, refusals)
                if grid is not None:
                    grids.append(grid)
    if missing == len(kinds):
        raise TextmineError(
            f"{path} is no coded workbook of textmine: it has neither of the sheets "
            f"{', '.join(kinds)}. Give the edited copy of coding.xlsx."
        )
    for grid in grids:
        for place, held in lost_cells(path, grid.name):
            row, column = coordinate_to_tuple(place)
            if row > grid.header and column in grid.columns.values():
                refusals.add(grid.name, row, column, f"{held}; write what should stand there")
    return grids


def read_properties(path: Path) -> dict[str, str]:
    """Read the custom document properties of a workbook; {} if it has none.

    Raises
    ------
    TextmineError
        If the file is no workbook that can be read.
    """
    _refuse_other_files(path)
    try:
        with opened(path), zipfile.ZipFile(path) as archive:
            root = ElementTree.fromstring(archive.read("docProps/custom.xml"))
    except (KeyError, ElementTree.ParseError):
        return {}
    return {item.get("name", ""): "".join(item.itertext()).strip() for item in root}


def _refuse_other_files(path: Path) -> None:
    if not path.is_file():
        kind = "is a folder" if path.is_dir() else "does not exist"
        raise TextmineError(f"{path} {kind}; give the edited workbook.")
    if path.suffix.lower() != ".xlsx":
        raise TextmineError(f"{path} is no .xlsx file; save the edited workbook as .xlsx.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except PermissionError as error:
        raise TextmineError(
            f"{path}: no permission to read it; close it elsewhere or ask for access."
        ) from error
    if empty:
        raise TextmineError(f"{path} is empty (0 bytes); save the workbook again.")


def _grid(
    name: str,
    kind: str,
    needed: Mapping[str, str],
    optional: Mapping[str, str],
    cells: Cells,
    refusals: Refusals,
) -> Grid | None:
    """Find the header and the columns; None, with a refusal, where they are not to be had."""
    titles = {**needed, **optional}
    wanted = {folded(title): key for key, title in titles.items()}
    best, header = 0, 0
    for row, line in enumerate(cells[:HEADER_ROWS], start=1):
        hits = len(wanted.keys() & {folded(_text(cell)) for cell in line})
        if hits > best:
            best, header = hits, row
    if best < _FEWEST_TITLES:
        missing = f"no header in the first {HEADER_ROWS} rows ({', '.join(needed.values())})"
        refusals.add(name, 0, 0, missing)
        return None
    found: dict[str, int] = {}
    complete = True
    for column, cell in enumerate(cells[header - 1], start=1):
        key = wanted.get(folded(_text(cell)))
        if key is None:
            continue
        if key in found:
            first = get_column_letter(found[key])
            complaint = f"a second column '{titles[key]}', beside {first}; rename one"
            refusals.add(name, header, column, complaint)
            complete = False
        found.setdefault(key, column)
    lacking = [title for key, title in needed.items() if key not in found]
    if lacking:
        there = [_text(cell) for cell in cells[header - 1] if _text(cell)]
        hints = "; ".join(f"'{title}': {_nearest(title, there)}" for title in lacking)
        refusals.add(name, header, 0, f"a column is missing (was its header renamed?): {hints}")
        complete = False
    return Grid(name, kind, header, found, cells) if complete else None


def _nearest(title: str, there: list[str]) -> str:
    return did_you_mean(title, there).replace("allowed: ", "found: ")


def _text(cell: object) -> str:
    """What a cell says, without blanks around it; a number as people write it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
