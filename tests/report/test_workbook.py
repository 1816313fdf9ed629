import datetime
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from textmine.codebook import Codebook, parse
from textmine.report.summary import occurrences, summarise
from textmine.report.workbook import cell_text, write_workbook

BOOK = parse(
    """
name: prov
columns:
  area:
    bup: {name: Barn och unga, aliases: [BUP]}
    um: {name: Ungdomsmottagningar}
dimensions:
  category:
    name: Kategori
    by: area
    codes:
      team: {name: Team, names: {um: Team på mottagning}}
      vantetid: {name: Väntetider, in: [bup]}
  role:
    name: Roll
    codes: {insats: {name: Insats}, effekt: {name: Effekt}}
  flags:
    name: Flaggor
    multiple: true
    codes: {covid: {name: Pandemin}, plan: {name: Planerat}}
""",
    "prov.yaml",
)
PLAIN = parse("name: enkel\ndimensions: {tema: {name: Tema, codes: [a, b]}}\n", "enkel.yaml")
FACTS = [("Underlag", None), ("Fil", "=svar.xlsx"), ("Svar", 3), ("Andel", 0.25)]


def statement(number: int, text: str, doubt: float, **more: Any) -> dict[str, Any]:
    row = {
        "statement_id": f"a{number}-1",
        "answer_id": f"a{number}",
        "respondent": "Kinda kommun",
        "actor": "kommun",
        "area": "BUP",
        "Ort": "Kisa",
        "när": pd.Timestamp("2021-01-05") if number == 1 else None,
        "start": 0,
        "end": len(text),
        "text": text,
    }
    for name, codes in (("category", ("vantetid", "team")), ("role", ("effekt", "insats"))):
        row |= {name: codes[0], f"{name}_prob": doubt, f"{name}_second": codes[1]}
        row[f"{name}_second_prob"] = 0.01
    row |= {"flags": ["covid", "plan"], "flags_prob": 0.9, "flags_second": None}
    row |= {"flags_second_prob": None, "review": doubt < 0.8, "novelty": 0.5}
    row["review_reason"] = "Osäker roll" if doubt < 0.8 else None
    return row | more


def write(
    folder: Path, rows: Sequence[dict[str, Any]], codebook: Codebook = BOOK, **more: Any
) -> Path:
    table = pd.DataFrame(rows)
    table.to_parquet(folder / "statements.parquet", index=False)
    answers = table[["answer_id", "text"]]
    summary = summarise(occurrences(table, codebook), codebook)
    path = folder / "coding.xlsx"
    write_workbook(path, folder / "statements.parquet", answers, summary, FACTS, codebook, **more)
    return path


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    noted = sheet.title.startswith("Granska")  # a note stands above the header
    header, *rows = sheet.iter_rows(values_only=True, min_row=2 if noted else 1)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    rows = [
        statement(1, "Ett team", 0.9),
        statement(2, "Köerna är kortare", 0.7),
        statement(3, "Vi tror det", 0.3, area="um", category="team", category_second=None),
        statement(4, "Sämst", 0.6, category=None, category_prob=None, area="Annat"),
    ]
    return load_workbook(write(tmp_path, rows))


def test_sheets(book: Workbook) -> None:
    shown = ["Utsagor", "Granska", "Sammanställning", "Om körningen"]
    assert book.sheetnames == [*shown, "Koder"]
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == shown


def test_headers_are_swedish(book: Workbook) -> None:
    header = [cell.value for cell in book["Utsagor"][1]]
    dimensions = ("Kategori", "Roll", "Flaggor")
    assert header == [
        "Respondent",
        "Område",
        "Utsaga",
        "Hela svaret",
        *[f"{name}{rest}" for name in dimensions for rest in ("", ": sannolikhet")],
        "Granska",
        "Skäl",
        "Aktör",
        *[f"{name}: näst troligast" for name in dimensions],
        "Ovanlighet",
        "Utsagans id",
        "Svarets id",
        "Ort",
        "när",
    ]
    at = header.index("Granska")  # all of these are; here people fill in
    header[at : at + 1] = ["Klar", "Kommentar"]
    assert [cell.value for cell in book["Granska"][2]] == header


def test_a_note_says_how_to_review(book: Workbook) -> None:
    assert [cell.value for cell in book["Granska"][1] if cell.value] == [
        "Ändra koden i listan, eller skriv Ja i Klar om förslaget stämmer. "
        "Läs sedan tillbaka med: textmine apply DIR --from FIL"
    ]


def test_panes_are_frozen_and_columns_can_be_filtered(book: Workbook) -> None:
    assert book["Utsagor"].auto_filter.ref == "A1:U5"
    assert book["Granska"].auto_filter.ref == "A2:V5"
    assert book["Granska"].freeze_panes == "D3"
    assert book["Sammanställning"].auto_filter.ref is not None
    for name in ("Utsagor", "Sammanställning"):
        assert book[name].freeze_panes is not None
        assert book[name].freeze_panes.endswith("2")  # the header stays


def test_only_the_flagged_are_reviewed_most_doubtful_first(book: Workbook) -> None:
    texts = [row["Utsaga"] for row in records(book["Granska"])]
    assert texts == ["Vi tror det", "Sämst", "Köerna är kortare"]
    assert [row["Granska"] for row in records(book["Utsagor"])] == ["Nej", "Ja", "Ja", "Ja"]


def test_cells_to_fill_in_are_empty_and_look_their_part(book: Workbook) -> None:
    sheet = book["Granska"]
    titles = [cell.value for cell in sheet[2]]
    for row in sheet.iter_rows(min_row=3):
        cells = dict(zip(titles, row, strict=True))
        assert cells["Klar"].value is None
        assert cells["Kommentar"].value is None
        fills = {title for title, cell in cells.items() if cell.fill.fgColor.rgb == "FFE2EFDA"}
        assert fills == {"Kategori", "Roll", "Flaggor", "Klar", "Kommentar"}
        assert cells["Roll"].number_format == "@"  # a code 01 stays so when it is typed
    assert not any(cell.fill.fgColor.rgb == "FFE2EFDA" for row in book["Utsagor"] for cell in row)


def test_the_file_says_when_it_was_written(tmp_path: Path) -> None:
    def properties(**more: Any) -> dict[str, Any]:
        path = write(tmp_path, [statement(1, "a", 0.5)], **more)
        return {item.name: item.value for item in load_workbook(path).custom_doc_props}

    assert properties() == {"textmine-log": 0}
    assert properties(log_position=17, run_key="abc") == {"textmine-log": 17, "textmine-run": "abc"}


def test_after_a_review_the_sheets_say_who_decided(tmp_path: Path) -> None:
    decided = {"review": False, "review_reason": None, "role_prob": None}
    rows = [
        statement(1, "a", 0.5, source="machine", comment=None),
        statement(2, "b", 0.5, source="human", comment="Svår", **decided),
        statement(3, "c", 0.5, source="agreed", comment=None, **decided),
        statement(4, "d", 0.5, source="machine", comment="Fråga Eva"),
    ]
    book = load_workbook(write(tmp_path, rows))
    shown = records(book["Utsagor"])
    assert [row["Källa"] for row in shown] == ["Maskin", "Människa", "Bekräftad", "Maskin"]
    assert [row["Kommentar"] for row in shown] == [None, "Svår", None, "Fråga Eva"]
    left = records(book["Granska"])
    assert [(row["Utsaga"], row["Kommentar"]) for row in left] == [("a", None), ("d", "Fråga Eva")]
    assert "Källa" not in left[0]


def test_own_columns_never_pass_for_those_that_are_read_back(tmp_path: Path) -> None:
    row = statement(1, "a", 0.5, Klar="nej", roll="min", Kommentar="egen", source="SCB")
    book = load_workbook(write(tmp_path, [row]))
    shown = records(book["Granska"])[0]
    assert (shown["Klar"], shown["Klar 2"]) == (None, "nej")
    assert (shown["Roll"], shown["roll 2"]) == ("Effekt", "min")
    assert (shown["Kommentar"], shown["Kommentar 2"]) == (None, "egen")
    assert shown["source"] == "SCB"


def test_an_area_without_a_name_goes_by_its_key(tmp_path: Path) -> None:
    codebook = parse(
        "name: n\ncolumns: {area: {bup: {}}}\ndimensions: {role: {by: area, codes: [a, b]}}\n",
        "n.yaml",
    )
    row = statement(1, "x", 0.5, area="BUP", role="a", role_second="b")
    assert records(load_workbook(write(tmp_path, [row], codebook))["Granska"])[0]["Område"] == "bup"


def test_codes_are_shown_by_name(book: Workbook) -> None:
    rows = records(book["Utsagor"])
    assert [row["Kategori"] for row in rows] == [
        "Väntetider",
        "Väntetider",
        "Team på mottagning",
        None,
    ]
    assert rows[0]["Kategori: näst troligast"] == "Team"
    assert rows[2]["Kategori: näst troligast"] is None
    assert rows[0]["Roll"] == "Effekt"
    assert rows[0]["Flaggor"] == "Pandemin, Planerat"
    assert rows[0]["Aktör"] == "Kommun"
    assert [row["Område"] for row in rows] == [
        "Barn och unga",
        "Barn och unga",
        "Ungdomsmottagningar",
        "Annat",
    ]


def test_numbers_are_numbers_and_nothing_is_blank(book: Workbook) -> None:
    sheet = book["Utsagor"]
    rows = records(sheet)
    assert [row["Roll: sannolikhet"] for row in rows] == [0.9, 0.7, 0.3, 0.6]
    assert sheet["H2"].number_format == "0%"
    assert rows[3]["Kategori: sannolikhet"] is None
    assert rows[0]["när"] == "2021-01-05 00:00:00"
    assert rows[1]["när"] is None
    assert rows[0]["Skäl"] is None


def test_summary_counts_respondents(book: Workbook) -> None:
    rows = records(book["Sammanställning"])
    first = next(row for row in rows if row["Kategori"] == "Väntetider")
    assert first["Område"] == "Barn och unga"
    assert (first["Respondenter"], first["Utsagor"]) == (1, 2)
    assert first["Respondenter: Effekt"] == 1
    assert first["Respondenter: Insats"] == 0


def test_facts(book: Workbook) -> None:
    rows = list(book["Om körningen"].iter_rows(values_only=True))
    assert rows == [("Underlag", None), ("Fil", "=svar.xlsx"), ("Svar", 3), ("Andel", 0.25)]


@pytest.mark.parametrize("text", ["=1+1", "+46 70", "- en grupp", "@namn", "{=1}", "http://x.se"])
def test_texts_are_never_formulas_or_links(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, [statement(1, text, 0.5, Ort=text, respondent=text)])
    sheet = load_workbook(path)["Granska"]
    cells = {sheet.cell(2, cell.column).value: cell for cell in sheet[3]}
    for title in ("Utsaga", "Hela svaret", "Ort", "Respondent"):
        assert cells[title].value == text
        assert cells[title].data_type == "s"
        assert cells[title].hyperlink is None
    assert load_workbook(path)["Om körningen"]["B2"].data_type == "s"


def test_long_answers_are_cut_at_the_limit_with_a_note(tmp_path: Path) -> None:
    path = write(tmp_path, [statement(1, "x" * 40_000, 0.9)])
    value = records(load_workbook(path)["Utsagor"])[0]["Hela svaret"]
    assert len(value) == 32_767
    assert value.startswith("x" * 32_700)
    assert value.endswith("… [avkortat; hela texten finns i answers.parquet]")


def test_excel_counts_an_emoji_as_two() -> None:
    assert cell_text("x" * 32_767) == "x" * 32_767
    assert cell_text("😀" * 16_383) == "😀" * 16_383
    cut = cell_text("x" + "😀" * 20_000)
    assert 32_765 <= len(cut.encode("utf-16-le")) / 2 <= 32_767
    assert cut.endswith("answers.parquet]")


def test_control_characters_are_removed(tmp_path: Path) -> None:
    text = "a\x00b\x07c\x1bd\te\nf\uffffg_x0041_h\u200bå😀"
    path = write(tmp_path, [statement(1, text, 0.9)])
    assert records(load_workbook(path)["Utsagor"])[0]["Utsaga"] in (
        "abcd\te\nfg_x0041_h\u200bå😀",
        "abcd\te\nfg_x005F_x0041_h\u200bå😀",  # openpyxl leaves Excel's escape as it stands
    )
    assert cell_text("a\ud800b") == "ab"


def test_values_that_excel_cannot_count_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, [statement(1, "a", 0.9, mått=float("inf"), ja=True)])
    assert records(load_workbook(path)["Utsagor"])[0]["mått"] in (None, "inf")


@pytest.mark.parametrize("respondent", [None, "Kinda kommun"])
def test_a_codebook_with_one_plain_dimension(tmp_path: Path, respondent: str | None) -> None:
    row = {"statement_id": "a1-1", "answer_id": "a1", "start": 0, "end": 1, "text": "x"}
    row |= {"tema": "a", "tema_prob": 0.4, "tema_second": "b", "tema_second_prob": 0.3}
    row |= {"review": True, "review_reason": "Osäker", "novelty": 0.1}
    if respondent:
        row["respondent"] = respondent
    book = load_workbook(write(tmp_path, [row], PLAIN))
    assert records(book["Granska"])[0]["Tema"] == "a"
    assert [list(row.values()) for row in records(book["Sammanställning"])][:2] == [
        ["a", 1, 1],
        ["b", 0, 0],
    ]


def test_nothing_to_review(tmp_path: Path) -> None:
    book = load_workbook(write(tmp_path, [statement(1, "a", 0.9)]))
    assert records(book["Granska"]) == []
    assert book["Granska"].auto_filter.ref is not None


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = [statement(n, f"Utsaga {n}", n / 10) for n in range(1, 9)]
    first = write(tmp_path, rows).read_bytes()
    time.sleep(2.1)  # zip archives keep times of two seconds
    assert write(tmp_path, rows).read_bytes() == first
    assert load_workbook(tmp_path / "coding.xlsx").properties.created == datetime.datetime(
        2000, 1, 1
    )


def test_no_temporary_files_are_left(tmp_path: Path) -> None:
    write(tmp_path, [statement(1, "a", 0.9)])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["coding.xlsx", "statements.parquet"]


def test_a_sheet_that_is_full_goes_on_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textmine.report.workbook._SHEET_ROWS", 3)
    path = write(tmp_path, [statement(n, str(n), 0.9) for n in range(1, 6)])
    book = load_workbook(path)
    assert book.sheetnames[:3] == ["Utsagor", "Utsagor 2", "Granska"]
    assert book["Utsagor 2"].auto_filter.ref is not None
    texts = [row["Utsaga"] for name in book.sheetnames[:2] for row in records(book[name])]
    assert texts == ["1", "2", "3", "4", "5"]
