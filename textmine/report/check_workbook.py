"""`kontroll.xlsx`: hand codes and codes of the codebook that are worth a second look."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from textmine.codebook import Codebook, Dimension
from textmine.report.cells import cell_text, code_names, plain_value
from textmine.report.names import column_title, column_width
from textmine.report.styles import Styles

CHECK = "kontroll.xlsx"
_ID_COLUMNS = ("statement_id", "respondent", "area", "text")
_LINE, _MOST_LINES = 15.0, 8  # points, and lines before a row is cut
_NONE = "Inget att se över."

# A column: its title, its width, and whether it holds shares.
_Column = tuple[str, int, bool]


def write_check(
    path: Path,
    statements: pd.DataFrame,
    codebook: Codebook,
    *,
    contradictions: pd.DataFrame,
    confusions: pd.DataFrame,
    rare: pd.DataFrame,
    unclear: pd.DataFrame,
) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        The workbook.
    statements
        The hand-coded statements, by the index that the tables refer to.
    codebook
        Gives dimensions and codes their names.
    contradictions, confusions, rare, unclear
        As the check of codes gives them.
    """
    workbook = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent)}
    )
    # A fixed date: the same input gives the same file.
    workbook.set_properties({"title": "Kontroll", "created": datetime.datetime(2000, 1, 1)})
    sheets = _Sheets(workbook, statements, codebook)
    sheets.contradictions(contradictions)
    sheets.confusions(confusions)
    sheets.rare(rare)
    sheets.unclear(unclear)
    workbook.close()


class _Sheets:
    """Writes the four sheets of one workbook."""

    def __init__(self, workbook: Any, statements: pd.DataFrame, codebook: Codebook) -> None:
        self.workbook, self.styles = workbook, Styles(workbook)
        self.statements, self.codebook = statements, codebook

    def contradictions(self, table: pd.DataFrame) -> None:
        """Write *Troliga felkodningar*."""
        keys = [key for key in _ID_COLUMNS if key in self.statements]
        columns: list[_Column] = [(column_title(key), column_width(key), False) for key in keys]
        columns += [("Grupp", 18, False), ("Given kod", 30, False), ("Modellens kod", 30, False)]
        columns += [("Modellens kod: sannolikhet", 14, True), ("Given kod: sannolikhet", 14, True)]
        rows = []
        for one in table.to_dict("records"):
            statement = self.statements.loc[one["row"]]
            dimension = self.codebook.dimensions[one["dimension"]]
            context = self._context(dimension, statement)
            row = [self._shown(key, statement[key]) for key in keys]
            row += [dimension.name]
            codes = (one["given"], one["suggested"])
            row += [code_names(code, dimension, context) or "(ingen)" for code in codes]
            rows.append([*row, one["prob"], one["given_prob"]])
        note = (
            "Här säger modellen säkert emot den kod som en människa har satt. "
            "Modellen kan ha fel: läs utsagan och döm själv. De säkraste står först."
        )
        self._write("Troliga felkodningar", columns, rows, note)

    def confusions(self, table: pd.DataFrame) -> None:
        """Write *Koder som blandas ihop*."""
        columns: list[_Column] = [
            ("Grupp", 18, False),
            ("Kod", 34, False),
            ("Blandas ihop med", 34, False),
            ("Utsagor", 10, False),
            ("Andel av kodernas utsagor", 14, True),
            ("Exempel", 90, False),
        ]
        rows = []
        for one in table.to_dict("records"):
            dimension = self.codebook.dimensions[one["dimension"]]
            names = [dimension.code_name(one[key]) for key in ("one", "other")]
            examples = self._examples(one["examples"])
            rows.append([dimension.name, *names, one["n"], one["share"], examples])
        note = (
            "Den ena koden står där den andra kodningen har den andra. "
            "Se över definitionerna: vad skiljer koderna åt?"
        )
        self._write("Koder som blandas ihop", columns, rows, note)

    def rare(self, table: pd.DataFrame) -> None:
        """Write *Sällan använda koder*."""
        columns: list[_Column] = [
            ("Grupp", 18, False),
            ("Kod", 44, False),
            ("Utsagor", 10, False),
            ("Av utsagor där koden får användas", 16, False),
        ]
        rows = []
        for one in table.to_dict("records"):
            dimension = self.codebook.dimensions[one["dimension"]]
            rows.append([dimension.name, dimension.code_name(one["code"]), one["n"], one["of"]])
        note = "Koder som nästan aldrig används kan behöva slås ihop med andra, eller tas bort."
        self._write("Sällan använda koder", columns, rows, note)

    def unclear(self, table: pd.DataFrame) -> None:
        """Write *Koder utan klar gräns*."""
        columns: list[_Column] = [
            ("Grupp", 18, False),
            ("Kod", 34, False),
            ("Utsagor", 10, False),
            ("Rätt när modellen ger koden", 14, True),
            ("Hittad när en människa gett koden", 16, True),
            ("Försprång framför nästa kod", 14, True),
            ("Andel där de är oense", 14, True),
            ("Exempel", 90, False),
        ]
        rows = []
        for one in table.to_dict("records"):
            dimension = self.codebook.dimensions[one["dimension"]]
            shares = [one[key] for key in ("precision", "recall", "margin", "share")]
            names = [dimension.name, dimension.code_name(one["code"])]
            rows.append([*names, one["n"], *shares, self._examples(one["examples"])])
        note = (
            "Koder vars utsagor inte säkert kan skiljas från andras. Exemplen är utsagor där "
            "människa och modell är oense om koden."
        )
        self._write("Koder utan klar gräns", columns, rows, note)

    def _write(
        self, name: str, columns: Sequence[_Column], rows: Sequence[Sequence[Any]], note: str
    ) -> None:
        """Write a table, and below it what it shows."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_row(0, 45)
        for at, (title, width, _) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, self.styles.header)
        for number, values in enumerate(rows, start=1):
            lines = 1
            for at, (value, (_, width, share)) in enumerate(zip(values, columns, strict=True)):
                if isinstance(value, str):
                    sheet.write_string(number, at, cell_text(value), self.styles.wrapped)
                    parts = value.split("\n")
                    lines = max(lines, sum(-(-max(1, len(part)) // width) for part in parts))
                elif value is not None:
                    style = self.styles.percent if share else self.styles.number
                    sheet.write_number(number, at, value, style)
            sheet.set_row(number, _LINE * min(lines, _MOST_LINES))
        if not rows:
            sheet.write_string(1, 0, _NONE)
        sheet.write_string(max(1, len(rows)) + 2, 0, note)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _examples(self, rows: Sequence[Any]) -> str:
        return "\n".join(f"– {text}" for text in self.statements.loc[list(rows), "text"].tolist())

    def _shown(self, key: str, value: Any) -> str | int | float | None:
        """Show a cell of the statement: an area by its name."""
        known = self.codebook.columns.get(key)
        named = self.codebook.resolve(key, value) if known else None
        return known[named].name if known and named else plain_value(value)

    def _context(self, dimension: Dimension, statement: pd.Series) -> str | None:
        if dimension.by is None or dimension.by not in statement:
            return None
        return self.codebook.resolve(dimension.by, statement[dimension.by])
