"""The two sheets that sum a run up: counts of respondents, and how the run was made."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from textmine.codebook import Codebook
from textmine.report.cells import cell_text
from textmine.report.names import column_title
from textmine.report.styles import Styles
from textmine.report.summary import Layout


def write_summary(workbook: Any, styles: Styles, summary: pd.DataFrame, codebook: Codebook) -> None:
    """Write *Sammanställning*: one row a code, respondents counted once in each cell."""
    sheet = workbook.add_worksheet("Sammanställning")
    layout = Layout.of(codebook)
    dimension = codebook.dimensions[layout.rows]
    without = f"(utan {dimension.name.lower()})"
    keys = [str(key) for key in summary.columns]
    by_context = layout.context in keys
    sheet.set_row(0, 45)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 44 if by_context else 14)
    sheet.set_column(2, max(2, len(keys) - 1), 14)
    for at, key in enumerate(keys):
        sheet.write_string(0, at, _title(key, layout, codebook), styles.header)
    for row, record in enumerate(summary.to_dict("records"), start=1):
        context = record.get(layout.context) if layout.context else None
        for at, key in enumerate(keys):
            if key == layout.context:
                known = codebook.columns[key]
                shown = known[context].name if context in known else str(context)
                sheet.write_string(row, at, cell_text(shown), styles.plain)
            elif key == layout.rows:
                shown = dimension.code_name(record[key], context) if record[key] else without
                sheet.write_string(row, at, shown, styles.plain)
            else:
                sheet.write_number(row, at, record[key])
    sheet.freeze_panes(1, 2 if by_context else 1)
    sheet.autofilter(0, 0, max(1, len(summary)), len(keys) - 1)
    note = (
        "Antal respondenter; var och en räknas en gång i varje ruta. "
        "Alla koder är med, även de som återstår att granska."
    )
    sheet.write_string(len(summary) + 2, 0, note)


def _title(key: str, layout: Layout, codebook: Codebook) -> str:
    if key == "respondents":
        return "Respondenter"
    if key == "statements":
        return "Utsagor"
    if layout.columns and key.startswith(f"{layout.columns}:"):
        code = key.removeprefix(f"{layout.columns}:")
        return f"Respondenter: {codebook.dimensions[layout.columns].code_name(code)}"
    return codebook.dimensions[key].name if key == layout.rows else column_title(key)


def write_facts(workbook: Any, styles: Styles, facts: Sequence[tuple[str, object]]) -> None:
    """Write *Om körningen*: what was run on what, and how far to trust it."""
    sheet = workbook.add_worksheet("Om körningen")
    sheet.set_column(0, 0, 52)
    sheet.set_column(1, 1, 70)
    for row, (what, value) in enumerate(facts):
        if value is None:
            sheet.write_string(row, 0, what, styles.title)
            continue
        sheet.write_string(row, 0, what, styles.bold)
        if isinstance(value, float):
            sheet.write_number(row, 1, value, styles.percent)
        elif isinstance(value, int):
            sheet.write_number(row, 1, value, styles.number)
        else:
            sheet.write_string(row, 1, cell_text(str(value)), styles.wrapped)
