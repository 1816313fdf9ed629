import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from textmine.codebook import Codebook, parse
from textmine.report.choices import NO_CODES, choice_names
from textmine.report.summary import occurrences, summarise
from textmine.report.workbook import write_workbook
from textmine.tables import dimension_columns

BOOK = parse(
    """
name: prov
columns:
  area:
    bup: {name: "Barn och unga, BUP"}
    um: {name: Ungdomsmottagningar}
    tom: {name: Tomt}
dimensions:
  role:
    name: Roll
    codes: {insats: {name: Insats}, effekt: {name: Effekt}, annat: {name: Annat}}
  category:
    name: Kategori
    by: area
    when: {role: [insats, effekt]}
    codes:
      team: {name: Team, names: {um: Team på mottagning}, in: [bup, um]}
      vantetid: {name: Väntetider, in: [bup]}
      sip: {name: Samordning, in: [um]}
      plan: {name: Samordning, in: [um]}
  level:
    name: Nivå
    when: {role: [effekt]}
    codes: {v: {name: Verksamhet}, i: {name: Individ}}
  flags:
    name: Flaggor
    multiple: true
    codes: {covid: {name: Pandemin}, plan: {name: Planerat}}
""",
    "prov.yaml",
)
AREAS = ["bup", "UNGDOMSMOTTAGNINGAR", "Tomt", "Fritid", None]
ALLOWED = [
    ["Team", "Väntetider"],
    ["Team på mottagning", "sip", "plan"],  # two of one name go by their keys
    [NO_CODES],
    [NO_CODES],
    [NO_CODES],
]


def write(folder: Path, codebook: Codebook = BOOK, areas: list[str | None] = AREAS) -> Path:
    rows: list[dict[str, Any]] = []
    for number, area in enumerate(areas):
        row: dict[str, Any] = {"statement_id": f"a{number}-1", "answer_id": f"a{number}"}
        row |= {"area": area, "start": 0, "end": 1, "text": "x", "review_reason": "Osäkert"}
        row |= {"review": True, "novelty": 0.1, "respondent": "Kinda kommun"}
        for name, dimension in codebook.dimensions.items():
            code = [] if dimension.multiple else None
            values = [code, 0.1 * number, None, None]
            row |= dict(zip(dimension_columns(name), values, strict=True))
        row["role"] = "effekt" if number % 2 else "annat"
        rows.append(row)
    table = pd.DataFrame(rows)
    table.to_parquet(folder / "statements.parquet", index=False)
    path = folder / "coding.xlsx"
    summary = summarise(occurrences(table, codebook), codebook)
    answers = table[["answer_id", "text"]]
    write_workbook(path, folder / "statements.parquet", answers, summary, [], codebook)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    return load_workbook(write(tmp_path))


def rules(sheet: Worksheet, header: int) -> Mapping[str, DataValidation]:
    """The rule of each column, by the column's title."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        (cells,) = rule.sqref.ranges
        assert cells.min_col == cells.max_col
        found[str(sheet.cell(header, cells.min_col).value)] = rule
    return found


def listed(book: Workbook, rule: DataValidation) -> list[object]:
    """What stands where a rule without a formula points."""
    sheet, _, cells = rule.formula1.partition("!")
    return [row[0].value for row in book[sheet][cells.replace("$", "")]]


def test_every_column_of_codes_has_one_list_over_all_rows(book: Workbook) -> None:
    for name, header in (("Utsagor", 1), ("Granska", 2)):
        found = rules(book[name], header)
        ours = {"Roll", "Kategori", "Nivå", "Flaggor"}
        assert set(found) == ours | ({"Klar"} if name == "Granska" else set())
        for rule in found.values():
            (cells,) = rule.sqref.ranges
            assert (cells.min_row, cells.max_row) == (header + 1, header + len(AREAS))
            assert rule.type == "list"
            assert rule.allow_blank


def test_lists_hold_the_names_of_the_codes(book: Workbook) -> None:
    found = rules(book["Granska"], 2)
    assert listed(book, found["Roll"]) == ["Insats", "Effekt", "Annat"]
    assert listed(book, found["Nivå"]) == ["Verksamhet", "Individ"]
    assert listed(book, found["Flaggor"]) == ["Pandemin", "Planerat"]
    assert listed(book, found["Klar"]) == ["Ja"]


def test_a_wrong_code_is_refused_in_swedish_but_several_flags_are_not(book: Workbook) -> None:
    found = rules(book["Granska"], 2)
    for title in ("Roll", "Kategori", "Nivå", "Klar"):
        assert found[title].showErrorMessage
        assert found[title].errorStyle in (None, "stop")
    assert found["Roll"].errorTitle == "Koden finns inte"
    assert found["Roll"].error == "Det är ingen kod för Roll. Välj en ur listan vid cellen."
    assert "gäller på raden" in found["Kategori"].error
    assert not found["Flaggor"].showErrorMessage
    assert found["Flaggor"].prompt.startswith("Flera koder skrivs med komma emellan")


def test_choices_follow_the_context() -> None:
    category = BOOK.dimensions["category"]
    assert choice_names(category, "bup") == ["Team", "Väntetider"]
    assert choice_names(category, "um") == ["Team på mottagning", "sip", "plan"]
    assert choice_names(category, None) == []


def test_long_names_keep_within_the_limits_of_excel(tmp_path: Path) -> None:
    codebook = parse(
        f"name: n\ndimensions: {{role: {{name: '{'R' * 300}', codes: [annat, effekt]}}}}\n",
        "n.yaml",
    )
    sheet = load_workbook(write(tmp_path, codebook))["Granska"]
    assert [len(r.error) <= 255 for r in sheet.data_validations.dataValidation] == [True, True]


def test_without_the_column_that_codes_depend_on_there_are_none(tmp_path: Path) -> None:
    path = write(tmp_path)
    table = pd.read_parquet(tmp_path / "statements.parquet").drop(columns="area")
    table.to_parquet(tmp_path / "statements.parquet", index=False)
    summary = summarise(occurrences(table, BOOK), BOOK)
    answers = table[["answer_id", "text"]]
    write_workbook(path, tmp_path / "statements.parquet", answers, summary, [], BOOK)
    book = load_workbook(path)
    assert listed(book, rules(book["Granska"], 2)["Kategori"]) == [NO_CODES]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_works_the_lists_out_row_by_row(tmp_path: Path) -> None:
    path = write(tmp_path)
    book = load_workbook(path)
    sheet = book["Granska"]
    source = rules(sheet, 2)["Kategori"].formula1
    greys = {
        str(cells.sqref): rule.formula[0]
        for cells in sheet.conditional_formatting
        for rule in cells.rules
        if "gäller" in rule.formula[0]
    }
    assert len(greys) == 2
    out = book.create_sheet("Prov", 0)
    assert sheet["B2"].value == "Område"
    columns = [sheet.cell(2, at).value for at in range(1, sheet.max_column + 1)]
    for row in range(3, 3 + len(AREAS)):  # as the formulas read when they are shifted to the row
        place = source.replace("MATCH($B3", f"MATCH(Granska!$B{row}")
        for at in range(3):
            out.cell(row - 2, at + 1, f'=IFERROR(INDEX({place},{at + 1})&"","")')
        for at, grey in enumerate(greys.values()):
            role = get_column_letter(columns.index("Roll") + 1)
            shifted = grey.replace(f"${role}3", f"Granska!${role}{row}")
            out.cell(row - 2, at + 4, f"={shifted}")
    book.active = 0
    book.save(tmp_path / "prov.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    options = ["--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76"]
    subprocess.run(
        ["soffice", home, *options, "--outdir", str(tmp_path), str(tmp_path / "prov.xlsx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    lines = (tmp_path / "prov.csv").read_text(encoding="utf-8").splitlines()
    cells = [line.split(";") for line in lines]
    assert [[c for c in row[:3] if c] for row in cells] == ALLOWED
    assert [row[3:5] for row in cells] == [
        ["TRUE", "TRUE"],
        ["FALSE", "FALSE"],
        ["TRUE", "TRUE"],
        ["FALSE", "FALSE"],
        ["TRUE", "TRUE"],
    ]
