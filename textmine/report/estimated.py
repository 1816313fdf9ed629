"""The sheet of counts after review: as coded, and corrected for the machine's error."""

from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.report.cells import cell_text
from textmine.report.names import column_title
from textmine.report.styles import Styles
from textmine.report.summary import Layout

SHEET = "Skattade antal"
_UNITS = (("respondents", "Respondenter"), ("statements", "Utsagor"))
_FIGURES = (
    ("counted", "räknade"),
    ("certain", "säkra"),
    ("estimate", "skattning"),
    ("low", "95 % från"),
    ("high", "95 % till"),
)
_BASIS = {
    "stickprov": (
        "Skattningarna är rättade för maskinens fel, så som kvalitetsprovet visar dem: ett "
        "slumpvis urval av det som maskinen kodade ensam, granskat av människor."
    ),
    "modell": (
        "Inget kvalitetsprov är granskat. Skattningarna vilar därför på modellens egna "
        "sannolikheter och kan vara för säkra; granska kön Kvalitetsprov."
    ),
}
_HOW = (
    "Räknade: som det nu är kodat. Säkra: utan det som återstår att granska. Skattning: "
    "medelvärdet av många omgångar där maskinens fel dras slumpmässigt (Rubin 1987; Kloos m.fl. "
    "2021). "
    "Människors beslut räknas som rätta."
)


def write_estimates(
    workbook: Any, styles: Styles, estimates: pd.DataFrame, codebook: Codebook
) -> None:
    """Write *Skattade antal*: one row a code, and one for each code that it is crossed with.

    Parameters
    ----------
    estimates
        From `estimate_counts`.
    """
    layout = Layout.of(codebook)
    sheet = workbook.add_worksheet(SHEET)
    keys = ["context", "row", "column"]
    by_unit: dict[str, dict[tuple[Any, ...], dict[Any, Any]]] = {}
    for unit, part in estimates.groupby("unit", sort=False):
        places = zip(*(part[key] for key in keys), strict=True)
        figures = part[[name for name, _ in _FIGURES]].to_dict("records")
        by_unit[str(unit)] = dict(zip(places, figures, strict=True))
    heads = [column_title(layout.context)] if layout.context else []
    heads.append(codebook.dimensions[layout.rows].name)
    heads += [codebook.dimensions[layout.columns].name] if layout.columns else []
    first = len(heads)
    heads += [f"{name}: {figure}" for _, name in _UNITS for _, figure in _FIGURES]
    sheet.set_row(0, 45)
    sheet.set_column(0, first - 1, 30)
    sheet.set_column(first, len(heads) - 1, 13)
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, styles.header)
    cells = list(by_unit[_UNITS[0][0]])
    for row, (context, code, column) in enumerate(cells, start=1):
        names = _names(codebook, layout, context, code, column)
        for at, name in enumerate(names):
            sheet.write_string(row, at, cell_text(name), styles.plain)
        at = len(names)
        for unit, _ in _UNITS:
            numbers = by_unit[unit][context, code, column]
            for figure, _ in _FIGURES:
                style = styles.decimal if figure == "estimate" else styles.number
                sheet.write_number(row, at, numbers[figure], style)
                at += 1
    sheet.freeze_panes(1, first)
    sheet.autofilter(0, 0, max(1, len(cells)), len(heads) - 1)
    basis = str(estimates["basis"].iloc[0]) if len(estimates) else "modell"
    for below, note in enumerate((_BASIS[basis], _HOW), start=2):
        sheet.write_string(len(cells) + below, 0, note)


def _names(codebook: Codebook, layout: Layout, context: str, code: str, column: str) -> list[str]:
    """What people call a row's context, code, and crossed code."""
    out = []
    if layout.context:
        known = codebook.columns[layout.context]
        out.append((known[context].name or context) if context in known else context)
    rows = codebook.dimensions[layout.rows]
    without = f"(utan {rows.name.lower()})"
    out.append(rows.code_name(code, context) if code else without)
    if layout.columns:
        crossed = codebook.dimensions[layout.columns]
        out.append(crossed.code_name(column) if column else "alla")
    return out
