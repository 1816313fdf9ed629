"""`clusters.xlsx`: the groups, every note in its group, and how the grouping was made."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from textmine.report.cells import cell_text, plain_value
from textmine.report.overview import write_facts
from textmine.report.styles import Styles
from textmine.tables import CLUSTER, CLUSTER_PROB, CLUSTER_REASON, NOTE_ID

_GROUPS = (
    ("Id", 7),
    ("Namn", 36),
    ("Anteckningar", 13),
    ("Stabilitet", 11),
    ("Nyckelord", 46),
    ("Typiska anteckningar", 90),
)
_TITLES = {
    NOTE_ID: ("Id", 16),
    CLUSTER: ("Grupp", 8),
    "name": ("Gruppens namn", 32),
    "text": ("Anteckning", 80),
    CLUSTER_PROB: ("Säkerhet", 10),
    CLUSTER_REASON: ("Utan grupp, eftersom", 36),
}
_OTHER_WIDTH = 18


def cluster_facts(
    table: pd.DataFrame,
    summary: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
    operations: int,
) -> list[tuple[str, object]]:
    """Say how a grouping was made, line by line."""
    without = table[CLUSTER].isna()
    chosen = settings["n_clusters"]
    return [
        ("Grupperingen", None),
        ("Anteckningar", len(table)),
        ("Grupper", len(summary)),
        ("Antal grupper", "valt av programmet" if chosen == "auto" else f"bestämt: {chosen}"),
        ("Utan grupp", int(without.sum())),
        ("Andel utan grupp", float(without.mean())),
        ("Grupper ur guiden", len(settings["guide"])),
        ("Ändringar gjorda av människor", operations),
        ("Språkmodell", settings["encoder"]),
        ("Slumpfrö", int(settings["seed"])),
        ("Så läses bladen", None),
        ("Stabilitet", "Hur mycket av gruppen som återfinns när en tiondel av anteckningarna "
         "tas bort och allt görs om. Under 60 %: läs gruppen med misstro."),
        ("Säkerhet", "Andelen omgångar där anteckningen hamnade i gruppen. Anteckningar som "
         "en människa har placerat har 100 %."),
        ("(förslag)", "Namnet är gruppens vanligaste egna ord, inte en människas."),
    ]  # fmt: skip


def write_cluster_workbook(
    path: Path,
    table: pd.DataFrame,
    summary: Sequence[Mapping[str, Any]],
    facts: Sequence[tuple[str, object]],
) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        The workbook.
    table
        Notes with `cluster`, `cluster_prob` and `cluster_reason`.
    summary
        As `Clusters.summary` gives it.
    facts
        Lines for *Om körningen*.
    """
    workbook = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent)}
    )
    # A fixed date: the same input gives the same file.
    workbook.set_properties({"title": "Grupper", "created": datetime.datetime(2000, 1, 1)})
    styles = Styles(workbook)
    texts = dict(zip(table[NOTE_ID].astype(str), table["text"].astype(str), strict=True))
    _write_groups(workbook, styles, summary, texts)
    _write_notes(workbook, styles, table, {g["id"]: g["name"] for g in summary})
    write_facts(workbook, styles, facts)
    workbook.close()


def _write_groups(
    workbook: Any, styles: Styles, summary: Sequence[Mapping[str, Any]], texts: Mapping[str, str]
) -> None:
    sheet = workbook.add_worksheet("Grupper")
    for at, (title, width) in enumerate(_GROUPS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, styles.header)
    for row, group in enumerate(summary, start=1):
        typical = [f"– {texts[note_id]}" for note_id in group["representatives"]]
        name = f"{group['name']} (förslag)" if group["proposed"] else str(group["name"])
        sheet.write_string(row, 0, group["id"], styles.plain)
        sheet.write_string(row, 1, cell_text(name), styles.wrapped)
        sheet.write_number(row, 2, group["size"], styles.number)
        if group["stability"] is not None:
            sheet.write_number(row, 3, group["stability"], styles.percent)
        sheet.write_string(row, 4, cell_text(", ".join(group["keywords"])), styles.wrapped)
        sheet.write_string(row, 5, cell_text("\n".join(typical)), styles.wrapped)
        sheet.set_row(row, 15 * max(1, len(typical)))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(1, len(summary)), len(_GROUPS) - 1)


def _write_notes(
    workbook: Any, styles: Styles, table: pd.DataFrame, names: Mapping[str, str]
) -> None:
    sheet = workbook.add_worksheet("Anteckningar")
    placed = table.assign(name=table[CLUSTER].map(names))
    others = [str(c) for c in table if c not in _TITLES]
    columns = [NOTE_ID, CLUSTER, "name", "text", CLUSTER_PROB, CLUSTER_REASON, *others]
    for at, column in enumerate(columns):
        title, width = _TITLES.get(column, (column, _OTHER_WIDTH))
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, styles.header)
    # By group, the surest first; those without a group last.
    order = placed.sort_values([CLUSTER, CLUSTER_PROB], ascending=[True, False], kind="stable")
    for row, record in enumerate(order[columns].to_dict("records"), start=1):
        for at, column in enumerate(columns):
            value = plain_value(record[column])
            if isinstance(value, str):
                style = styles.wrapped if column == "text" else styles.plain
                sheet.write_string(row, at, cell_text(value), style)
            elif value is not None:
                style = styles.percent if column == CLUSTER_PROB else styles.number
                sheet.write_number(row, at, value, style)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(order)), len(columns) - 1)
