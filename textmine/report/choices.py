"""Drop-down lists of codes: the hidden sheet that holds them, and the rules that point there."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from textmine.codebook import Codebook, Dimension
from textmine.report.cells import cell_text
from textmine.report.names import DONE_TITLE
from textmine.report.styles import Styles

SHEET = "Koder"
YES = "Ja"
NO_CODES = "(inga koder gäller här)"
_TITLE, _COUNT, _FIRST = 0, 1, 2  # rows of the hidden sheet: title, number of choices, choices
_NAME_SHOWN = 60  # characters of a dimension's name within Excel's 255 of a message


def choice_names(dimension: Dimension, context: str | None) -> list[str]:
    """What the codes under a context are called; codes that share a name go by their keys."""
    allowed = dimension.allowed(context)
    names = [dimension.code_name(code, context) for code in allowed]
    shared = Counter(names)
    return [code if shared[name] > 1 else name for code, name in zip(allowed, names, strict=True)]


class Choices:
    """The lists of one workbook, each a column of the hidden sheet."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._lists: list[tuple[str, list[str]]] = []
        self._at: dict[str, int] = {}
        self._where: dict[tuple[str, str], int] = {}
        for name, dimension in codebook.dimensions.items():
            self._at[name] = len(self._lists)
            for context in codebook.columns[dimension.by] if dimension.by else ():
                title = codebook.columns[dimension.by or ""][context].name or context
                self._add(title, choice_names(dimension, context))
            # What a dimension without contexts allows, or one with them in an unknown place.
            self._add(dimension.name, choice_names(dimension, None))
            for other in dimension.when:
                self._where[name, other] = len(self._lists)
                self._add(f"{dimension.name}: gäller", self._conditions(dimension, other))
        self._done = len(self._lists)
        self._add(DONE_TITLE, [YES])

    def _add(self, title: str, names: Sequence[str]) -> None:
        self._lists.append((title, [cell_text(name) for name in names] or [NO_CODES]))

    def _conditions(self, dimension: Dimension, other: str) -> list[str]:
        """Names, under any context, of the codes that make a dimension apply."""
        names = []
        for code in dimension.when[other]:
            body = self.codebook.dimensions[other].codes[code]
            names += [body.name, *body.names.values(), code]
        return list(dict.fromkeys(names))

    def write(self, workbook: Any, styles: Styles) -> None:
        """Write the hidden sheet."""
        sheet = workbook.add_worksheet(SHEET)
        sheet.hide()
        for at, (title, _) in enumerate(self._lists):  # row by row: earlier rows are on the disk
            sheet.write_string(_TITLE, at, cell_text(title), styles.bold)
        for at, (_, names) in enumerate(self._lists):
            sheet.write_number(_COUNT, at, len(names), styles.number)
        for row in range(max(len(names) for _, names in self._lists)):
            for at, (_, names) in enumerate(self._lists):
                if row < len(names):
                    sheet.write_string(_FIRST + row, at, names[row], styles.plain)
        for (name, other), at in self._where.items():
            workbook.define_name(self._applies_name(name, other), f"={self._range(at)}")

    def codes_rule(self, name: str, context_cell: str | None) -> dict[str, Any]:
        """Rule for a column of codes, as xlsxwriter takes it.

        Parameters
        ----------
        name
            The dimension.
        context_cell
            In the rule's first row, the cell with the value that the codes depend on.
        """
        dimension = self.codebook.dimensions[name]
        rule: dict[str, Any] = {"validate": "list", "source": self._source(name, context_cell)}
        if dimension.multiple:  # Excel knows no list of several: it helps, and refuses nothing
            note = "Flera koder skrivs med komma emellan. Lämna tomt om ingen stämmer."
            return rule | {"show_error": False, "input_message": note}
        what = dimension.name[:_NAME_SHOWN]
        where = " Listan visar de koder som gäller på raden." if dimension.by else ""
        message = f"Det är ingen kod för {what}. Välj en ur listan vid cellen.{where}"
        return rule | {"error_title": "Koden finns inte", "error_message": message}

    def done_rule(self) -> dict[str, Any]:
        """Rule for the column that says that a row is done."""
        return {
            "validate": "list",
            "source": f"={self._range(self._done)}",
            "error_title": f"{YES} eller tomt",
            "error_message": f"Skriv {YES} när utsagan är granskad. Lämna annars cellen tom.",
        }

    def idle_rule(self, name: str, cells: dict[str, str]) -> str | None:
        """Formula that is true where a dimension does not apply, given cells of the others."""
        tests = [
            f"ISNA(MATCH({cells[other]},{self._applies_name(name, other)},0))"
            for other in self.codebook.dimensions[name].when
        ]
        return f"=OR({','.join(tests)})" if tests else None

    def _applies_name(self, name: str, other: str) -> str:
        # By way of a name, as a colour's rule may not point at another sheet.
        return f"{SHEET}_gäller_{list(self._where).index((name, other)) + 1}"

    def _source(self, name: str, context_cell: str | None) -> str:
        at, by = self._at[name], self.codebook.dimensions[name].by
        last = at + (len(self.codebook.columns[by]) if by else 0)
        if not by or context_cell is None:
            return f"={self._range(last)}"
        titles = _absolute(_TITLE, at, _TITLE, last - 1)
        counts = _absolute(_COUNT, at, _COUNT, last)
        start = xl_rowcol_to_cell(_FIRST, at, row_abs=True, col_abs=True)
        place = f"IFERROR(MATCH({context_cell},{titles},0),{last - at + 1})"
        return f"=OFFSET({SHEET}!{start},0,{place}-1,INDEX({counts},{place}),1)"

    def _range(self, at: int) -> str:
        return _absolute(_FIRST, at, _FIRST + len(self._lists[at][1]) - 1, at)


def _absolute(top: int, left: int, bottom: int, right: int) -> str:
    first, last = xl_col_to_name(left, col_abs=True), xl_col_to_name(right, col_abs=True)
    return f"{SHEET}!{first}${top + 1}:{last}${bottom + 1}"
