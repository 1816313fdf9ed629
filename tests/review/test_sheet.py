import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from textmine.codebook import Codebook, parse
from textmine.errors import TextmineError
from textmine.report.cells import code_names
from textmine.report.summary import occurrences, summarise
from textmine.report.workbook import write_workbook
from textmine.review.excel.sheet import Edit, Edits, Origin, read_edits, read_origin
from textmine.tables import dimension_columns

BOOK = parse(
    """
name: prov
columns:
  area:
    bup: {name: Barn och unga, aliases: [BUP]}
    um: {name: Ungdomsmottagningar}
dimensions:
  role:
    name: Roll
    codes: {insats: {name: Insats}, effekt: {name: Effekt}, annat: {name: Övrigt}}
  category:
    name: Kategori
    by: area
    when: {role: [insats, effekt]}
    codes:
      team: {name: Team, names: {um: Team på mottagning}}
      vantetid: {name: Väntetider, in: [bup]}
      sip: {name: Samordning, in: [um]}
      plan: {name: Samordning, in: [um]}
  level:
    name: Nivå
    when: {role: [effekt]}
    codes: {verksamhet: {name: Verksamhet}, individ: {name: Individ}}
  flags:
    name: Flaggor
    multiple: true
    codes: {covid: {name: Pandemin}, plan: {name: "Planerat, ej gjort"}, annan: {name: Annan}}
""",
    "prov.yaml",
)
OPEN_ROW, ALL_ROW = 2, 1  # of the headers
TITLES = {"role": "Roll", "category": "Kategori", "level": "Nivå", "flags": "Flaggor"}
Codes = dict[str, Any]


def codes(
    role: str | None = "insats",
    category: str | None = "team",
    level: str | None = None,
    flags: Sequence[str] = (),
) -> Codes:
    return {"role": role, "category": category, "level": level, "flags": list(flags)}


def statement(number: int, given: Codes, area: str = "BUP", **more: Any) -> dict[str, Any]:
    text = f"Utsaga {number}"
    row = {"statement_id": f"a{number}-1", "answer_id": f"a{number}", "area": area}
    row |= {"respondent": "Kinda kommun", "start": 0, "end": len(text), "text": text}
    for name, code in given.items():
        row |= dict(zip(dimension_columns(name), (code, 0.01 * number, None, None), strict=True))
    return row | {"review": True, "review_reason": "Osäkert", "novelty": 0.5} | more


def table_of(rows: Sequence[dict[str, Any]], codebook: Codebook = BOOK) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    for name, dimension in codebook.dimensions.items():
        if not dimension.multiple:
            table[name] = table[name].astype("string")
    return table


class Desk:
    """A workbook on somebody's desk."""

    def __init__(
        self,
        folder: Path,
        rows: Sequence[dict[str, Any]],
        codebook: Codebook = BOOK,
        log_position: int = 0,
    ) -> None:
        self.statements, self.codebook = table_of(rows, codebook), codebook
        self.statements.to_parquet(folder / "statements.parquet", index=False)
        self.path = folder / "coding.xlsx"
        write_workbook(
            self.path,
            folder / "statements.parquet",
            self.statements[["answer_id", "text"]],
            summarise(occurrences(self.statements, codebook), codebook),
            [],
            codebook,
            log_position=log_position,
            run_key="abc",
        )
        self.book = load_workbook(self.path)

    def cell(self, sheet: str, statement: str, title: str) -> Cell:
        """The cell of a statement, wherever its row and its column are."""
        here = self.book[sheet]
        header = OPEN_ROW if sheet.startswith("Granska") else ALL_ROW
        at = {cell.value: cell.column for cell in here[header]}
        for row in range(header + 1, here.max_row + 1):
            if here.cell(row, at["Utsagans id"]).value == statement:
                return here.cell(row, at[title])
        raise KeyError(statement)

    def put(self, sheet: str, statement: str, **values: object) -> None:
        """Fill in cells, named by their titles."""
        for title, value in values.items():
            self.cell(sheet, statement, title).value = value

    def read(self) -> Edits:
        self.book.save(self.path)
        return read_edits(self.path, self.codebook, self.statements)

    def refuses(self) -> str:
        with pytest.raises(TextmineError) as error:
            self.read()
        return str(error.value)


ROWS = [
    statement(1, codes()),
    statement(2, codes("effekt", "vantetid", "individ", ["covid"])),
    statement(3, codes(category="team"), area="Ungdomsmottagningar"),
    statement(4, codes("annat", None)),
    statement(5, codes(category=None), area="Fritid"),
    statement(6, codes(flags=["covid", "plan"]), review=False),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, ROWS)


def only(edits: Edits) -> Edit:
    (edit,) = edits.edits
    return edit


def test_an_untouched_workbook_has_no_edits(desk: Desk) -> None:
    assert desk.read() == Edits([], 0, "abc")


def test_a_changed_code_is_an_edit(desk: Desk) -> None:
    desk.put("Granska", "a1-1", Kategori="Väntetider")
    row = desk.cell("Granska", "a1-1", "Kategori").row
    wanted = codes(category="vantetid")
    assert desk.read().edits == [Edit("Granska", row, "a1-1", wanted, False, "")]


def test_done_and_comments_are_edits(desk: Desk) -> None:
    desk.put("Granska", "a1-1", Klar=" ja\u00a0")
    desk.put("Granska", "a2-1", Kommentar="  Fråga Eva ")
    desk.put("Granska", "a3-1", Klar="Nej")
    first, second = desk.read().edits
    assert (first.statement_id, first.codes, first.done, first.comment) == (
        "a1-1", codes(), True, "",
    )  # fmt: skip
    assert (second.statement_id, second.done, second.comment) == ("a2-1", False, "Fråga Eva")
    assert second.codes == codes("effekt", "vantetid", "individ", ["covid"])


def test_the_sheet_of_all_statements_is_read_too(desk: Desk) -> None:
    desk.put("Utsagor", "a6-1", Flaggor="Annan")
    desk.put("Utsagor", "a1-1", Roll="Effekt", Nivå="Individ")
    desk.put("Granska", "a2-1", Klar="Ja")
    found = {edit.statement_id: edit for edit in desk.read().edits}
    assert list(found) == ["a2-1", "a1-1", "a6-1"]  # those of Granska first
    assert found["a6-1"].codes["flags"] == ["annan"]
    assert (found["a6-1"].sheet, found["a1-1"].sheet) == ("Utsagor", "Utsagor")
    assert found["a1-1"].codes == codes("effekt", level="individ")


def test_sheets_may_hold_parts_of_one_edit(desk: Desk) -> None:
    desk.put("Granska", "a1-1", Kommentar="Svår")
    desk.put("Utsagor", "a1-1", Kategori="Väntetider")
    edit = only(desk.read())
    assert (edit.comment, edit.codes, edit.sheet) == ("Svår", codes(category="vantetid"), "Granska")


def test_the_same_change_on_both_sheets_is_one_edit(desk: Desk) -> None:
    for sheet in ("Granska", "Utsagor"):
        desk.put(sheet, "a1-1", Kategori="Väntetider")
    assert only(desk.read()).sheet == "Granska"


@pytest.mark.parametrize(
    "value", ["vantetid", "VÄNTETIDER", " Väntetider\u00a0", "Va\u0308ntetider"]
)
def test_names_are_read_as_people_write_them(desk: Desk, value: str) -> None:
    desk.put("Granska", "a1-1", Kategori=value)
    assert only(desk.read()).codes["category"] == "vantetid"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Pandemin", ["covid"]),
        ("annan; pandemin", ["covid", "annan"]),
        ("Planerat, ej gjort", ["plan"]),  # a name with a comma in it
        ("Annan, Planerat, ej gjort,Pandemin", ["covid", "plan", "annan"]),
        ("Pandemin\nAnnan", ["covid", "annan"]),
        ("covid, covid,", ["covid"]),
    ],
)
def test_several_codes(desk: Desk, written: str, meant: list[str]) -> None:
    desk.put("Granska", "a1-1", Flaggor=written)
    assert only(desk.read()).codes["flags"] == meant


def test_flags_in_another_order_are_no_change(desk: Desk) -> None:
    desk.put("Utsagor", "a6-1", Flaggor="planerat, ej gjort; covid")
    assert desk.read().edits == []


def test_flags_may_be_emptied(desk: Desk) -> None:
    desk.put("Granska", "a2-1", Flaggor=None)
    assert only(desk.read()).codes["flags"] == []


def test_a_name_may_belong_to_the_area(desk: Desk) -> None:
    desk.put("Granska", "a3-1", Kategori="team", Klar="Ja")  # its name elsewhere, and its key
    assert only(desk.read()).codes["category"] == "team"


def test_what_stops_applying_is_dropped_if_it_was_left_alone(desk: Desk) -> None:
    desk.put("Granska", "a2-1", Roll="Övrigt")
    assert only(desk.read()).codes == codes("annat", None, None, ["covid"])


def test_what_stops_applying_may_not_be_changed(desk: Desk) -> None:
    desk.put("Granska", "a2-1", Roll="Insats", Nivå="Verksamhet")
    place = desk.cell("Granska", "a2-1", "Nivå").coordinate
    assert f"Granska!{place}: no code may stand here, only where Roll is Effekt." in desk.refuses()


def test_in_an_unknown_area_codes_may_be_lacking_but_not_given(desk: Desk) -> None:
    desk.put("Granska", "a5-1", Klar="Ja")
    assert only(desk.read()).codes == codes(category=None)
    desk.put("Granska", "a5-1", Kategori="Team")
    assert "the codebook does not know Område 'Fritid'" in desk.refuses()


BAD: list[tuple[str, str, Mapping[str, object], str, str]] = [
    ("Granska", "a1-1", {"Roll": "Efekt"}, "Roll", "did you mean 'Effekt'? allowed: Insats"),
    ("Utsagor", "a1-1", {"Roll": 7.0}, "Roll", "'7' is no code; allowed: Insats, Effekt, Övrigt"),
    ("Granska", "a1-1", {"Roll": "Insats, Effekt"}, "Roll", "2 codes, and only one may stand"),
    ("Granska", "a3-1", {"Kategori": "Väntetider"}, "Kategori", "under Område 'Ungdomsmottagn"),
    ("Granska", "a3-1", {"Kategori": "Samordning"}, "Kategori", "write its key: sip, plan"),
    ("Granska", "a1-1", {"Flaggor": "Pandemin, Regn"}, "Flaggor", "'Regn' is no code"),
    ("Granska", "a1-1", {"Nivå": "Individ"}, "Nivå", "only where Roll is Effekt"),
    ("Granska", "a1-1", {"Roll": "Effekt"}, "Nivå", "Nivå needs a code here; allowed: Verksamhet"),
    ("Granska", "a1-1", {"Roll": None}, "Roll", "Roll needs a code here"),
    ("Utsagor", "a4-1", {"Roll": "Insats"}, "Kategori", "Kategori needs a code"),
    ("Granska", "a1-1", {"Klar": "kanske"}, "Klar", "'kanske' in Klar; allowed: Ja, Nej or"),
    ("Granska", "a1-1", {"Utsaga": "Utsaga ett"}, "Utsaga", "textmine review DIR"),
    ("Granska", "a1-1", {"Utsaga": None}, "Utsaga", "the statement's text was edited"),
    ("Granska", "a1-1", {"Roll": "=E4"}, "Roll", "a formula without a saved value"),
    ("Granska", "a1-1", {"Flaggor": "#N/A"}, "Flaggor", "an error value"),
]


@pytest.mark.parametrize(("sheet", "statement", "values", "title", "says"), BAD)
def test_what_is_wrong_is_refused_by_cell(
    desk: Desk, sheet: str, statement: str, values: Mapping[str, object], title: str, says: str
) -> None:
    desk.put(sheet, statement, **values)
    place = desk.cell(sheet, statement, title).coordinate
    message = desk.refuses()
    assert "1 place is wrong" in message
    assert f"\n  {sheet}!{place}: " in message
    assert says in message
    assert str(desk.path) in message


def test_unknown_and_lacking_ids(desk: Desk) -> None:
    unknown = desk.cell("Granska", "a1-1", "Utsagans id")
    lacking = desk.cell("Granska", "a2-1", "Utsagans id")
    unknown.value, lacking.value = "a9-9", None
    message = desk.refuses()
    assert f"Granska!{unknown.coordinate}: no statement 'a9-9' in these results." in message
    assert f"Granska!{lacking.coordinate}: codes on a row without the id" in message


def test_a_copied_row_must_say_the_same(desk: Desk) -> None:
    sheet = desk.book["Utsagor"]
    copied = [cell.value for cell in sheet[desk.cell("Utsagor", "a1-1", "Roll").row]]
    sheet.append(copied)
    assert desk.read().edits == []
    desk.put("Utsagor", "a1-1", Kategori="Väntetider")
    place = sheet.cell(sheet.max_row, desk.cell("Utsagor", "a1-1", "Kategori").column).coordinate
    message = desk.refuses()
    assert f"Utsagor!{place}: the statement 'a1-1' also stands on Utsagor, row 2" in message


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ({"Kategori": "Väntetider"}, {"Flaggor": "Annan"}, "Kategori"),
        ({"Klar": "Ja"}, {"Kategori": "Väntetider"}, "Kategori"),
    ],
)
def test_sheets_that_contradict_each_other_are_refused(
    desk: Desk, first: Mapping[str, str], second: Mapping[str, str], title: str
) -> None:
    desk.put("Granska", "a1-1", **first)
    desk.put("Utsagor", "a1-1", **second)
    place = desk.cell("Utsagor", "a1-1", title).coordinate
    assert f"Utsagor!{place}: the statement 'a1-1' also stands on Granska, row 3" in desk.refuses()


def test_sheets_that_go_on_in_another_are_read_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textmine.report.workbook._SHEET_ROWS", 3)
    desk = Desk(tmp_path, [statement(n, codes()) for n in range(1, 6)])
    assert [name for name in desk.book.sheetnames if "Granska" in name][1:] == [
        "Granska 2",
        "Granska 3",
    ]
    desk.put("Granska 2", "a3-1", Kategori="Väntetider")
    desk.put("Granska", "a2-1", Klar="Ja")
    assert [(e.sheet, e.row, e.statement_id) for e in desk.read().edits] == [
        ("Granska", 4, "a2-1"),
        ("Granska 2", 3, "a3-1"),
    ]


def test_comments_after_a_review(tmp_path: Path) -> None:
    rows = [statement(n, codes(), source="machine", comment=f"nr {n}") for n in (1, 2, 3)]
    desk = Desk(tmp_path, rows, log_position=7)
    assert desk.read() == Edits([], 7, "abc")
    desk.put("Utsagor", "a1-1", Kommentar=None)
    desk.put("Granska", "a2-1", Klar="Ja")
    assert [(e.statement_id, e.comment) for e in desk.read().edits] == [
        ("a2-1", "nr 2"),
        ("a1-1", ""),
    ]
    desk.put("Granska", "a1-1", Kommentar="annat")
    assert "also stands on Granska" in desk.refuses()
    next(cell for cell in desk.book["Utsagor"][1] if cell.value == "Kommentar").value = "Not"
    assert "Utsagor, row 1: a column is missing" in desk.refuses()


def test_a_workbook_from_before_the_review_has_no_comments_to_miss(desk: Desk) -> None:
    desk.statements = desk.statements.assign(source="machine", comment=None)
    desk.put("Granska", "a1-1", Kommentar="Svår")
    assert only(desk.read()).comment == "Svår"


def test_only_twenty_of_many_are_listed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [statement(n, codes()) for n in range(1, 31)])
    for n in range(1, 31):
        desk.put("Granska", f"a{n}-1", Roll="fel")
    lines = desk.refuses().splitlines()
    assert "30 places are wrong" in lines[0]
    assert len(lines) == 22
    assert lines[-1] == "  … and 10 more."


def test_renamed_and_doubled_headers(desk: Desk) -> None:
    sheet = desk.book["Granska"]
    desk.book["Utsagor"]["B1"].value = None
    next(cell for cell in sheet[2] if cell.value == "Roll").value = "Rollen"
    next(cell for cell in sheet[2] if cell.value == "Skäl").value = "klar"
    message = desk.refuses()
    assert "Granska, row 2: a column is missing (was its header renamed?): 'Roll'" in message
    assert "did you mean 'Rollen'?" in message
    assert "a second column 'Klar', beside M; rename one" in message
    assert "2 places are wrong" in message


def test_a_lost_header_and_a_lost_sheet(desk: Desk) -> None:
    desk.book["Granska"].delete_rows(1, 2)
    del desk.book["Utsagor"]
    message = desk.refuses()
    assert "sheet 'Granska': no header in the first 20 rows" in message
    assert "sheet 'Utsagor': the sheet is missing (was it renamed?); its sheets: Gra" in message


def other_file(path: Path) -> None:
    book = Workbook()
    book.active["A1"] = "text"
    book.save(path)


def locked(path: Path) -> None:
    plain, out = BytesIO(), BytesIO()
    Workbook().save(plain)
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("hemligt", out)
    path.write_bytes(out.getvalue())


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("a.xlsx", other_file, "is no coded workbook of textmine"),
        ("a.xlsx", locked, "is protected by a password"),
        ("a.xlsx", lambda path: path.write_bytes(b"PK\3\4 half"), "is damaged or no Excel"),
        ("a.xlsx", lambda path: path.write_bytes(b""), "is empty"),
        ("a.xlsx", lambda path: path.mkdir(), "is a folder"),
        ("a.xlsx", lambda path: None, "does not exist"),
        ("a.csv", lambda path: path.write_text("a;b"), "is no .xlsx file"),
    ],
)
def test_other_files(tmp_path: Path, name: str, make: Callable[[Path], object], says: str) -> None:
    make(tmp_path / name)
    with pytest.raises(TextmineError, match=says):
        read_edits(tmp_path / name, BOOK, table_of(ROWS))
    if make is not other_file:  # that one can be read; what it holds is known later
        with pytest.raises(TextmineError, match=says):
            read_origin(tmp_path / name)


def test_a_file_without_properties_counts_as_written_before_all_decisions(desk: Desk) -> None:
    desk.book.custom_doc_props["textmine-log"].value = 12
    desk.book.save(desk.path)
    assert read_origin(desk.path) == Origin(12, "abc")
    del desk.book.custom_doc_props["textmine-log"]
    del desk.book.custom_doc_props["textmine-run"]
    assert desk.read() == Edits([], 0, None)
    assert read_origin(desk.path) == Origin(0, None)


def test_codes_that_are_numbers(tmp_path: Path) -> None:
    codebook = parse(
        "name: n\ndimensions: {tema: {name: Tema, codes: ['1', '2', '01']}}\n", "n.yaml"
    )
    desk = Desk(tmp_path, [statement(n, {"tema": "1"}) for n in (1, 2)], codebook)
    desk.put("Granska", "a1-1", Tema=2.0)
    desk.put("Granska", "a2-1", Tema="01")
    assert [edit.codes["tema"] for edit in desk.read().edits] == ["2", "01"]


def test_texts_that_programs_write_differently(tmp_path: Path) -> None:
    texts = ["a\r\nb", "_x0041_", " blank\u00a0", "x" * 40_000, "\x07klocka", "12", "e\u0301"]
    rows = [statement(n, codes(), text=text) for n, text in enumerate(texts)]
    assert Desk(tmp_path, rows).read().edits == []


def through_libreoffice(path: Path) -> None:
    """Open and save a workbook in LibreOffice."""
    out = path.parent / "office"
    home = f"-env:UserInstallation={(path.parent / 'home').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    shutil.move(out / path.name, path)


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_a_workbook_saved_in_libreoffice(desk: Desk) -> None:
    desk.put("Granska", "a1-1", Kategori="Väntetider", Kommentar="Ä\nö")
    desk.put("Granska", "a2-1", Klar="Ja")
    edits = desk.read()
    through_libreoffice(desk.path)
    with zipfile.ZipFile(desk.path) as archive:  # it keeps texts apart from the cells
        assert b"inlineStr" not in archive.read("xl/worksheets/sheet2.xml")
    assert len(edits.edits) == 2
    assert read_edits(desk.path, BOOK, desk.statements) == edits


# Properties: any legal editing is read back exactly, any illegal one is refused by its cell.


@st.composite
def legal_codes(draw: st.DrawFn, area: str) -> Codes:
    role = draw(st.sampled_from(["insats", "effekt", "annat"]))
    allowed = BOOK.dimensions["category"].allowed(BOOK.resolve("area", area))
    category = draw(st.sampled_from(allowed)) if role != "annat" and allowed else None
    level = draw(st.sampled_from(["verksamhet", "individ"])) if role == "effekt" else None
    flags = draw(st.sets(st.sampled_from(["covid", "plan", "annan"])))
    return codes(role, category, level, [f for f in ("covid", "plan", "annan") if f in flags])


@st.composite
def desks(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of a workbook, and what becomes of each."""
    rows, plans = [], []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        area = draw(st.sampled_from(["BUP", "Ungdomsmottagningar", "Fritid"]))
        before = draw(legal_codes(area))
        review = draw(st.booleans())
        after = draw(st.one_of(st.just(before), legal_codes(area)))
        rows.append(statement(number, before, area, review=review))
        sheets = ["Granska", "Utsagor"] if review else ["Utsagor"]
        plans.append(
            {
                "before": before,
                "after": after,
                "area": area,
                "sheet": draw(st.sampled_from(sheets)),
                "done": draw(st.sampled_from([None, "Ja", "ja ", "Nej"])),
                "comment": draw(st.sampled_from(["", "Fråga Eva", "=1+1", "a\nb"])),
                "key": draw(st.booleans()),
                "kind": draw(st.sampled_from([str, str.upper, str.casefold])),
                "leave": draw(st.booleans()),
            }
        )
    return rows, plans


def shown(plan: Mapping[str, Any], name: str) -> str | None:
    """How a person writes the codes."""
    dimension, after = BOOK.dimensions[name], plan["after"][name]
    context = BOOK.resolve("area", plan["area"]) if dimension.by else None
    by_key = plan["key"] or after in ("sip", "plan")
    if after is None or after == []:
        return None
    if by_key:
        return after if isinstance(after, str) else "; ".join(after)
    return f" {plan['kind'](code_names(after, dimension, context))}\u00a0"


def shuffle(sheet: Worksheet, header: int, seed: int) -> None:
    """Sort the rows anew, put a column first, hide some, and leave an empty row."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=header + 1)]
    random.Random(seed).shuffle(rows)
    for at, row in enumerate(rows, start=header + 2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    for column in range(1, sheet.max_column + 1):
        sheet.cell(header + 1, column).value = None
    sheet.insert_cols(1)
    sheet.cell(header, 1).value = "Min egen"
    sheet.row_dimensions[header + 2].hidden = True
    sheet.column_dimensions["C"].hidden = True


SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SLOW
@given(desks(), st.integers(0, 3))
def test_legal_edits_are_read_back_exactly(
    tmp_path: Path, made: tuple[list[dict[str, Any]], list[dict[str, Any]]], seed: int
) -> None:
    rows, plans = made
    desk = Desk(tmp_path, rows)
    wanted = {}
    for row, plan in zip(rows, plans, strict=True):
        statement_id, sheet = row["statement_id"], plan["sheet"]
        for name, title in TITLES.items():
            if plan["after"][name] != plan["before"][name]:
                stops = plan["after"][name] is None and plan["leave"]
                if not stops:  # what no longer applies may be left standing
                    desk.put(sheet, statement_id, **{title: shown(plan, name)})
        done, comment = None, ""
        if sheet == "Granska":
            done, comment = plan["done"], plan["comment"]
            desk.put(sheet, statement_id, Klar=done)
            cell = desk.cell(sheet, statement_id, "Kommentar")
            cell.value = comment or None
            cell.data_type = "s" if comment else "n"
        is_done = done is not None and done.strip().casefold() == "ja"
        if plan["after"] != plan["before"] or is_done or comment:
            wanted[statement_id] = (sheet, plan["after"], is_done, comment)
    if seed:
        shuffle(desk.book["Granska"], OPEN_ROW, seed)
        shuffle(desk.book["Utsagor"], ALL_ROW, seed)
    found = desk.read()
    assert {e.statement_id: (e.sheet, e.codes, e.done, e.comment) for e in found.edits} == wanted
    for edit in found.edits:
        assert desk.cell(edit.sheet, edit.statement_id, "Utsaga").row == edit.row


@SLOW
@given(desks(), st.data())
def test_illegal_edits_are_refused_by_their_cell(
    tmp_path: Path, made: tuple[list[dict[str, Any]], list[dict[str, Any]]], data: st.DataObject
) -> None:
    rows, plans = made
    desk = Desk(tmp_path, rows)
    row, plan = data.draw(st.sampled_from(list(zip(rows, plans, strict=True))))
    name = data.draw(st.sampled_from(list(TITLES)))
    bad = data.draw(st.text("abåö;, 1", min_size=1).filter(lambda text: text.strip(" ;,")))
    desk.put(plan["sheet"], row["statement_id"], **{TITLES[name]: f"{bad}x"})
    place = desk.cell(plan["sheet"], row["statement_id"], TITLES[name]).coordinate
    message = desk.refuses()
    assert "1 place is wrong" in message
    assert f"\n  {plan['sheet']}!{place}: " in message
