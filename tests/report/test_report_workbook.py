import dataclasses
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from page_sample import HOSTILE, small_report

from textmine.report.findings.model import Count, Report
from textmine.report.sheets import sheets as report_sheets
from textmine.report.sheets.workbook import write_report_workbook

GOLDEN = Path(__file__).parent / "golden" / "report-workbook.txt"
SHEETS = [
    "Sammanfattning",
    "Antal aktörer",
    "Korstabell",
    "Effekter",
    "Vad som saknas",
    "Typiska utsagor",
    "Metod och kvalitet",
    "Underlag",
]


def written(report: Report, folder: Path) -> Workbook:
    write_report_workbook(report, folder / "report.xlsx")
    return load_workbook(folder / "report.xlsx")


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip([str(head) for head in header], row, strict=True)) for row in rows]


def lines(book: Workbook) -> Iterator[str]:
    """The workbook as text, with the cell that each link leads to."""
    for sheet in book.worksheets:
        yield f"== {sheet.title}"
        for row in sheet.iter_rows():
            cells = []
            for cell in row:
                shown = "" if cell.value is None else str(cell.value)
                cells.append(f"{shown} → {cell.hyperlink.location}" if cell.hyperlink else shown)
            yield " | ".join(cells).rstrip(" |")


def test_says_what_the_golden_file_says(tmp_path: Path) -> None:
    found = "\n".join(lines(written(small_report(), tmp_path))) + "\n"
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_same_report_same_bytes(tmp_path: Path) -> None:
    written(small_report(), tmp_path)
    first = (tmp_path / "report.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:  # no time of day either
        assert {entry.date_time[:2] for entry in archive.infolist()} == {(1980, 1)}
    written(small_report(), tmp_path)
    assert (tmp_path / "report.xlsx").read_bytes() == first


def test_numbers_lead_to_the_first_of_their_statements(tmp_path: Path) -> None:
    book = written(small_report(), tmp_path)
    names = {"Insatser": {"Aktivitet", "Prestation"}, "Aktiviteter": {"Aktivitet"}, "Mål": {"Mål"}}
    names |= {"Prestationer": {"Prestation"}, "Effekter": {"Effekt"}}
    evidence = records(book["Underlag"])
    followed = 0
    for row in book["Antal aktörer"].iter_rows(min_row=2):
        area, category, group, actor, number = (cell.value for cell in row[:5])
        hits = [
            at
            for at, one in enumerate(evidence, start=2)
            if one["Område"] == area
            and category in ("Totalt", one["Insatskategori"])
            and one["Roll"] in names[str(group)]
            and actor in ("Alla", one["Aktör"])
        ]
        if isinstance(number, int) and number and hits:
            assert row[4].hyperlink is not None
            assert row[4].hyperlink.location == f"'Underlag'!A{hits[0]}"
            followed += 1
        else:
            assert row[4].hyperlink is None
    assert followed > 10


def test_statements_of_a_cell_stand_together(tmp_path: Path) -> None:
    report = small_report()
    mixed = dataclasses.replace(report, evidence=report.evidence[::-1])
    rows = records(written(mixed, tmp_path)["Underlag"])
    for keys in (["Område"], ["Område", "Insatskategori"], ["Område", "Insatskategori", "Roll"]):
        cells = [tuple(row[key] for key in keys) for row in rows]
        assert len(set(cells)) == 1 + sum(a != b for a, b in zip(cells, cells[1:], strict=False))
    skills = [r["Roll"] for r in rows if r["Insatskategori"] == "Kompetens"]
    assert skills == ["Aktivitet", "Aktivitet", "Prestation", "Effekt", "Effekt"]


def test_long_tables_can_be_filtered(tmp_path: Path) -> None:
    book = written(small_report(), tmp_path)
    assert book.sheetnames == SHEETS
    for name in ("Antal aktörer", "Effekter", "Vad som saknas", "Typiska utsagor", "Underlag"):
        assert book[name].auto_filter.ref
        assert book[name].freeze_panes == "A2"
    share = next(row for row in book["Antal aktörer"].iter_rows(min_row=2))[8]
    assert share.number_format == "0\u00a0%"


def test_hidden_counts_are_in_no_part_of_the_file(tmp_path: Path) -> None:
    hidden = Count(8111, 8112, 8113, 8114, 8115, 8116.5, 8117.5, 8118.5, hidden=True, label="<5")
    report = small_report()
    area = report.areas[0]
    secret = dataclasses.replace(
        area,
        counts=dict.fromkeys(area.counts, hidden),
        effects=tuple(
            dataclasses.replace(
                column,
                counts=dict.fromkeys(column.counts, hidden),
                effects=tuple(
                    dataclasses.replace(e, respondents=8119, label="<5") for e in column.effects
                ),
            )
            for column in area.effects
        ),
        gaps=tuple(
            dataclasses.replace(g, counts=dict.fromkeys(g.counts, hidden)) for g in area.gaps
        ),
    )
    book = written(dataclasses.replace(report, areas=(secret,)), tmp_path)
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        assert not [name for name in archive.namelist() if b"811" in archive.read(name)]
    for sheet, head in (("Antal aktörer", "Antal"), ("Vad som saknas", "Antal")):
        assert {row[head] for row in records(book[sheet])} == {"<5"}
        assert not any(cell.hyperlink for row in book[sheet].iter_rows() for cell in row)
    assert {row["Antal aktörer"] for row in records(book["Effekter"])} == {"<5"}
    # Which statements a hidden figure counts is not told either.
    assert "Iakttagelser" not in records(book["Underlag"])[0]


def test_texts_are_never_formulas(tmp_path: Path) -> None:
    report = small_report()
    evil = f"=cmd|' /C calc'!A0 {HOSTILE} \x0b\ud800"
    evidence = tuple(
        dataclasses.replace(one, text=evil, respondent=evil) for one in report.evidence
    )
    area = dataclasses.replace(report.areas[0], name=evil)
    changed = dataclasses.replace(
        report, title=evil, areas=(area,), evidence=evidence, sources=((evil, evil),), notes=(evil,)
    )
    book = written(changed, tmp_path)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    text = records(book["Underlag"])[0]["Utsaga"]
    assert text.startswith("=cmd|' /C calc'!A0 <script>")
    assert text.endswith("😀 ")


def test_nothing_to_tell_still_makes_a_workbook(tmp_path: Path) -> None:
    empty = Report("Tom", "", (), {}, "Kod", "", (), (), (), ())
    book = written(empty, tmp_path)
    assert book.sheetnames == SHEETS
    assert records(book["Underlag"]) == []


def test_columns_that_nothing_stands_in_are_left_out(tmp_path: Path) -> None:
    report = small_report()
    evidence = tuple(dataclasses.replace(one, respondent="") for one in report.evidence)
    book = written(dataclasses.replace(report, evidence=evidence), tmp_path)
    heads = next(book["Underlag"].iter_rows(values_only=True))
    assert "Respondent" not in heads
    assert "Flaggor" in heads
    report = dataclasses.replace(report, areas=report.areas[1:])  # without estimates
    heads = next(written(report, tmp_path)["Antal aktörer"].iter_rows(values_only=True))
    assert "Skattning" not in heads


def test_a_table_beyond_excels_limit_goes_on_in_a_further_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = small_report()
    monkeypatch.setattr(report_sheets, "_SHEET_ROWS", 4)
    book = written(dataclasses.replace(report, areas=report.areas[:1]), tmp_path)
    names = [name for name in book.sheetnames if name.startswith("Underlag")]
    assert names == ["Underlag", "Underlag 2", "Underlag 3"]
    assert [len(records(book[name])) for name in names] == [4, 4, 2]
    knows = next(row for row in book["Effekter"].iter_rows(min_row=2) if row[4].value == 2)
    assert knows[4].hyperlink is not None
    sheet, _, cell = knows[4].hyperlink.location.partition("!")
    found = book[sheet.strip("'")]
    row = found[cell].row
    assert "Ökad kunskap hos personalen" in [c.value for c in found[row]]


def test_ten_thousand_statements_take_seconds(tmp_path: Path) -> None:
    report = small_report()
    many = [
        dataclasses.replace(one, statement_id=f"{one.statement_id}-{n}", text=f"{one.text} {n}" * 3)
        for n in range(1000)
        for one in report.evidence
    ]
    assert len(many) == 10_000
    begin = time.process_time()
    write_report_workbook(dataclasses.replace(report, evidence=tuple(many)), tmp_path / "r.xlsx")
    assert time.process_time() - begin < 5
