import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from textmine.errors import TextmineError
from textmine.read.answers import read_answers

Rows = Sequence[Sequence[object]]
# What XML 1.0 can hold.
CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda c: c in "\t\n\r" or ord(c) >= 32
    )
)


def write_book(path: Path, sheets: Mapping[str, Rows], merged: Sequence[str] = ()) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
    book.save(path)
    return path


def write_formula(path: Path, *, saved: str | None) -> Path:
    """Write a sheet 'Data' with a formula in A3, as Excel saves it."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_column(0, 0, ["Svar", "först"])
        sheet.write_formula(2, 0, '="a"&"b"', None, "VALUE")
        sheet.write_column(0, 1, ["Ort", "Mora", "Orsa"])
    value = b"" if saved is None else b"<v>" + saved.encode() + b"</v>"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(b"<v>VALUE</v>", value))
    return path


def test_header_below_a_merged_title(tmp_path: Path) -> None:
    rows = [["Enkät 2021"], [], ["Organisation", "Svar", "År"], ["Kinda", "En grupp", 2021]]
    answers = read_answers(write_book(tmp_path / "a.xlsx", {"Data": rows}, ["A1:C1"]))
    assert answers["text"].tolist() == ["En grupp"]
    assert answers["year"].tolist() == [2021]
    assert answers["respondent"].tolist() == ["Kinda kommun"]


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        # Names merged downwards over a second row of the header.
        (
            [["Organisation", "Svar", "Bakgrund", None], [None, None, "Ålder", "Kön"]],
            ["A1:A2", "B1:B2", "C1:D1"],
        ),
        # Groups above, names below.
        (
            [["Vem", "Vad", "Bakgrund", None], ["Organisation", "Svar", "Ålder", "Kön"]],
            ["C1:D1"],
        ),
        # Some names merged downwards, the text's own name below.
        (
            [["Organisation", "Insats", None, "Kön"], [None, "Svar", "Ålder", None]],
            ["A1:A2", "B1:C1", "D1:D2"],
        ),
    ],
)
def test_merged_header_cells(tmp_path: Path, rows: Rows, merged: Sequence[str]) -> None:
    values = {"Organisation": "Kinda", "Svar": "En grupp", "Ålder": 34, "Kön": "man"}
    names = [low or high for high, low in zip(*rows, strict=True)]
    path = write_book(tmp_path / "a.xlsx", {"D": [*rows, [values[str(n)] for n in names]]}, merged)
    answers = read_answers(path)
    assert len(answers) == 1
    assert answers["text"].tolist() == ["En grupp"]
    assert answers["respondent"].tolist() == ["Kinda kommun"]
    assert answers[["Ålder", "Kön"]].to_numpy().tolist() == [[34, "man"]]


def test_a_first_row_without_answer_is_no_header(tmp_path: Path) -> None:
    rows = [["Organisation", "Svar", "Kön"], [None, None, "man"], ["Kinda", "a", "kvinna"]]
    answers = read_answers(write_book(tmp_path / "a.xlsx", {"Data": rows}))
    assert answers["Kön"].tolist() == ["man", "kvinna"]
    assert answers["text"].tolist() == ["", "a"]


def test_the_one_sheet_with_answers_is_found(tmp_path: Path) -> None:
    sheets = {"Läs mig": [["Om enkäten"], ["Två"]], "Data": [["Svar"], ["Hej"]]}
    assert read_answers(write_book(tmp_path / "a.xlsx", sheets))["text"].tolist() == ["Hej"]
    mapped = {"A": [["Insats"], ["x"]], "B": [["Ort"], ["Mora"]]}
    path = write_book(tmp_path / "b.xlsx", mapped)
    assert read_answers(path, columns={"text": "Insats"})["text"].tolist() == ["x"]


def test_of_several_sheets_one_is_chosen(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"2020": [["Svar"], ["a"]], "2021": [["Svar"], ["b"]]})
    with pytest.raises(TextmineError, match=r"a\.xlsx: several sheets.*\(2020, 2021\).*--sheet"):
        read_answers(path)
    assert read_answers(path, sheet="2021")["text"].tolist() == ["b"]
    with pytest.raises(TextmineError, match=r"a\.xlsx: no sheet '2022'; its sheets: 2020, 2021"):
        read_answers(path, sheet="2022")


@pytest.mark.parametrize("saved", ["ab", ""])
def test_saved_formulas_are_read(tmp_path: Path, saved: str) -> None:
    answers = read_answers(write_formula(tmp_path / "a.xlsx", saved=saved))
    assert answers["text"].tolist() == ["först", saved]


def test_formulas_never_calculated_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TextmineError, match=r"a\.xlsx, sheet 'Data', cell A3: a formula without"):
        read_answers(write_formula(tmp_path / "a.xlsx", saved=None))
    path = write_book(tmp_path / "b.xlsx", {"Data": [["Svar", "n"], ["a", "=1+1"]]})
    with pytest.raises(TextmineError, match=r"b\.xlsx, sheet 'Data', cell B2: a formula without"):
        read_answers(path)


def test_formulas_elsewhere_do_no_harm(tmp_path: Path) -> None:
    sheets = {"Data": [["Svar", None], ["a", "=1+1"]], "Räkning": [["n"], ["=2+2"]]}
    answers = read_answers(write_book(tmp_path / "a.xlsx", sheets))
    assert answers["text"].tolist() == ["a"]


def test_locked_with_a_password(tmp_path: Path) -> None:
    plain, path = write_book(tmp_path / "plain.xlsx", {"D": [["Svar"], ["a"]]}), tmp_path / "a.xlsx"
    with path.open("wb") as out:
        locked = msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(plain.read_bytes()))
        locked.encrypt("hemligt", out)
    with pytest.raises(TextmineError, match=r"a\.xlsx is protected by a password"):
        read_answers(path)


def test_damaged(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"Data": [["Svar"], ["a"]]})
    whole = path.read_bytes()
    for size in (3, 100, len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:size])
        with pytest.raises(TextmineError, match=r"a\.xlsx is damaged or no Excel workbook"):
            read_answers(path)
    path.write_text("svar;nr\na;1\n")
    with pytest.raises(TextmineError, match=r"a\.xlsx is damaged or no Excel workbook"):
        read_answers(path)


@pytest.mark.parametrize(
    ("sheets", "says"),
    [
        ({"A": []}, r"a\.xlsx: every sheet is empty"),
        ({"A": [["Svar", "Ort"]]}, r"a\.xlsx has a header but no rows"),
        ({"A": [["Namn", "Ort"], ["x", "y"]]}, r"a\.xlsx: no column holds.*found: Namn, Ort"),
        ({"A": [["Namn"]], "B": [["Ort"]]}, r"a\.xlsx: no sheet has a column.*A: Namn; B: Ort"),
    ],
)
def test_nothing_to_read(tmp_path: Path, sheets: Mapping[str, Rows], says: str) -> None:
    with pytest.raises(TextmineError, match=says):
        read_answers(write_book(tmp_path / "a.xlsx", sheets))


def test_numbers_and_dates_in_the_text_column(tmp_path: Path) -> None:
    rows = [["Svar"], [5], [2.5], ["ord"], [date(2021, 1, 5)]]
    answers = read_answers(write_book(tmp_path / "a.xlsx", {"D": rows}))
    assert answers["text"].tolist() == ["5", "2.5", "ord", "2021-01-05"]
    rows = [["Svar", "Ort"], [date(2021, 1, 5), "a"], [None, "b"]]
    texts = read_answers(write_book(tmp_path / "b.xlsx", {"D": rows}))["text"].tolist()
    assert texts == ["2021-01-05", ""]


def test_unnamed_columns_with_content_are_kept(tmp_path: Path) -> None:
    rows = [["Svar", None, None, "Ort"], ["a", "x", None, "Mora"]]
    answers = read_answers(write_book(tmp_path / "a.xlsx", {"D": rows}))
    assert list(answers.columns) == ["answer_id", "text", "Kolumn B", "Ort"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(CELLS.filter(str.strip), min_size=1, max_size=5))
def test_any_text_survives_excel(tmp_path: Path, texts: list[str]) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Data")
        for row, text in enumerate(["Svar", *texts]):
            sheet.write_string(row, 0, text)
    assert read_answers(path)["text"].tolist() == texts
