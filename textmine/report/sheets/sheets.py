"""Sheets of the report's workbook: tables whose cells may link to the sheet of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from textmine.report.cells import cell_text
from textmine.report.styles import Styles

_SHEET_ROWS = 1_048_575  # Excel's rows less the header
_SHEET_LINKS = 65_000  # Excel's limit, a little rounded
_LINE, _MOST_LINES = 15.0, 12  # points, and lines before a row is cut
_LINK = {"font_color": "#1F4E9E", "underline": 1}


class Kind(Enum):
    """What a column holds, and Excel's format for it."""

    TEXT = ""
    NUMBER = "#,##0"
    SHARE = "0\u00a0%"
    DECIMAL = "#,##0.0"


@dataclass(frozen=True)
class Column:
    """A column: its head, its width in characters, what it holds."""

    head: str
    width: int
    kind: Kind = Kind.TEXT
    wrap: bool = False


@dataclass(frozen=True)
class Cell:
    """A value, and the place among the statements that it links to, if any."""

    value: str | int | float | None = None
    link: int | None = None


class Sheets:
    """A workbook that has its statements in sheets of one name."""

    def __init__(self, workbook: Any, statements: str) -> None:
        self.workbook, self.statements = workbook, statements
        self.styles = Styles(workbook)
        self._formats: dict[tuple[Kind, bool, bool], Any] = {}

    def add(self, name: str, widths: Sequence[int] = ()) -> "Sheet":
        """Begin a sheet; columns that a table stands in by itself have their widths from there."""
        sheet = Sheet(self, self.workbook.add_worksheet(name), name)
        sheet.print_wide()
        for at, width in enumerate(widths):
            sheet.sheet.set_column(at, at, width)
        return sheet

    def target(self, at: int) -> str:
        """Where a statement stands."""
        number, row = divmod(at, _SHEET_ROWS)
        return f"internal:'{continued(self.statements, number)}'!A{row + 2}"

    def look(self, kind: Kind, *, wrap: bool, link: bool) -> Any:
        """Find the format of a cell."""
        key = (kind, wrap, link)
        if key not in self._formats:
            look: dict[str, Any] = {"valign": "top", "text_wrap": wrap}
            look |= {"num_format": kind.value, "align": "right"} if kind != Kind.TEXT else {}
            self._formats[key] = self.workbook.add_format(look | (_LINK if link else {}))
        return self._formats[key]


class Sheet:
    """One sheet, written from the top down."""

    def __init__(self, sheets: Sheets, sheet: Any, name: str) -> None:
        self.sheets, self.sheet, self.name = sheets, sheet, name
        self._row = 0
        self._links = 0

    def gap(self) -> None:
        """Leave a row empty."""
        self._row += 1

    def line(self, text: str, style: str = "plain") -> None:
        """Write a line of text that runs on over empty cells; `style` is one of `Styles`."""
        self.sheet.write_string(self._row, 0, cell_text(text), getattr(self.sheets.styles, style))
        self._row += 1

    def paragraph(self, text: str, width: int, columns: int) -> None:
        """Write a text in lines over several columns that are so many characters wide together."""
        clean, style = cell_text(text), self.sheets.styles.wrapped
        self.sheet.merge_range(self._row, 0, self._row, columns - 1, "", style)
        self.sheet.write_string(self._row, 0, clean, style)
        self.sheet.set_row(self._row, _LINE * _lines(clean, width))
        self._row += 1

    def fact(self, what: str, value: str) -> None:
        """Write a word and what it stands for."""
        self.sheet.write_string(self._row, 0, cell_text(what), self.sheets.styles.bold)
        self.sheet.write_string(self._row, 1, cell_text(value), self.sheets.styles.plain)
        self._row += 1

    def link(self, name: str, content: str) -> None:
        """Write a link to another sheet, and what that holds."""
        style = self.sheets.look(Kind.TEXT, wrap=False, link=True)
        self.sheet.write_url(self._row, 0, f"internal:'{name}'!A1", style, string=name)
        self.sheet.write_string(self._row, 1, content, self.sheets.styles.plain)
        self._row += 1

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Write a table among other things, without columns that nothing stands in."""
        kept = _filled(columns, rows)
        self._head([columns[at] for at in kept])
        for row in rows:
            self._write([columns[at] for at in kept], [row[at] for at in kept])

    def whole(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """Fill the sheet with one table that can be filtered; it goes on in further sheets."""
        kept = _filled(columns, rows)
        columns = [columns[at] for at in kept]
        for first in range(0, max(1, len(rows)), _SHEET_ROWS):
            if first:
                name = continued(self.name, first // _SHEET_ROWS)
                self.sheet, self._row = self.sheets.workbook.add_worksheet(name), 0
                self.print_wide()
            part = rows[first : first + _SHEET_ROWS]
            for at, column in enumerate(columns):
                self.sheet.set_column(at, at, column.width)
            self._head(columns)
            for row in part:
                self._write(columns, [row[at] for at in kept])
            self.sheet.freeze_panes(1, 0)
            self.sheet.autofilter(0, 0, max(1, len(part)), len(columns) - 1)
            self.sheet.repeat_rows(0)

    def print_wide(self) -> None:
        """Print on A4 pages on their side, as wide as the sheet."""
        self.sheet.set_paper(9)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&R&P (&N)")

    def _head(self, columns: Sequence[Column]) -> None:
        lines = max(_lines(column.head, column.width - 2) for column in columns)
        self.sheet.set_row(self._row, _LINE * max(2, lines))
        for at, column in enumerate(columns):
            self.sheet.write_string(self._row, at, column.head, self.sheets.styles.header)
        self._row += 1

    def _write(self, columns: Sequence[Column], cells: Sequence[Cell]) -> None:
        lines = 1
        for at, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            value = cell_text(cell.value) if isinstance(cell.value, str) else cell.value
            if value is None or value == "":
                continue
            linked = cell.link is not None and self._links < _SHEET_LINKS
            look = self.sheets.look(column.kind, wrap=column.wrap, link=linked)
            if linked and cell.link is not None:
                self._links += 1
                self.sheet.write_url(
                    self._row, at, self.sheets.target(cell.link), look, string=str(value)
                )
            # Texts are always texts, never formulas.
            if isinstance(value, str):
                self.sheet.write_string(self._row, at, value, look)
                lines = max(lines, _lines(value, column.width) if column.wrap else 1)
            else:
                self.sheet.write_number(self._row, at, value, look)
        if lines > 1:  # Excel would find the height by itself, other programs do not
            self.sheet.set_row(self._row, _LINE * min(lines, _MOST_LINES))
        self._row += 1


def continued(name: str, number: int) -> str:
    """Name the sheet where a table goes on: `Underlag`, `Underlag 2`."""
    return f"{name} {number + 1}" if number else name


def _filled(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Find the columns that something stands in; all of them if there are no rows."""
    every = range(len(columns))
    return [at for at in every if not rows or any(row[at].value not in (None, "") for row in rows)]


def _lines(text: str, width: int) -> int:
    """Estimate how many lines a text takes; letters are narrower than the figures that count."""
    width = int(1.1 * width)
    return sum(max(1, -(-len(line) // width)) for line in text.split("\n"))
