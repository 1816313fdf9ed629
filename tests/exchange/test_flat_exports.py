"""The plain tables: read as their users would read them."""

from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from exchange.small_survey import BOOK, material
from hypothesis import given, settings
from hypothesis import strategies as st

from textmine.codebook import Codebook
from textmine.coding.coded import read_coded
from textmine.coding.targets import codes_in
from textmine.errors import TextmineError
from textmine.exchange import flat
from textmine.exchange.flat import write_csv, write_xlsx
from textmine.exchange.material import Material
from textmine.exchange.spss import spss_name, write_sav

TEXTS = ("Vi bygger. Barnen mår bättre!", "=1+1 är två", '- en rad\n- till; "citat" 👩🏽‍⚕️', "x")
COLUMNS = [
    "statement_id",
    "answer_id",
    "Respondent",
    "Aktör",
    "Område",
    "Fråga",
    "År",
    "kontakt",
    "vikt",
    "Början",
    "Slut",
    "Text",
    *("role", "Roll", "Roll: sannolikhet", "Roll: näst troligast", "Roll: dess sannolikhet"),
    *("category", "Kategori", "Kategori: sannolikhet", "Kategori: näst troligast"),
    "Kategori: dess sannolikhet",
    *("level", "Nivå", "Nivå: sannolikhet", "Nivå: näst troligast", "Nivå: dess sannolikhet"),
    *("flags", "Flaggor", "Flaggor: sannolikhet", "Flaggor: näst troligast"),
    "Flaggor: dess sannolikhet",
    *("Granska", "Skäl", "Ovanlighet", "Källa", "Kodarens kommentar", "Kodare"),
]


def codes(table: pd.DataFrame) -> list[list[list[str]]]:
    return [
        [codes_in(value, multiple=dimension.multiple) for value in table[name]]
        for name, dimension in BOOK.dimensions.items()
    ]


@pytest.fixture
def given_material() -> Material:
    return material(TEXTS)


def test_csv_opens_in_pandas_and_in_swedish_excel(tmp_path: Path, given_material: Material) -> None:
    path = tmp_path / "u.csv"
    write_csv(given_material, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfstatement_id;answer_id;Respondent;")
    table = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", dtype={"Område": str})
    assert list(table) == COLUMNS
    wanted = [f"'{text}" if text[0] in "=-" else text for text in given_material.statements["text"]]
    assert table["Text"].tolist() == wanted
    assert "'=1+1 " in wanted
    first = table.iloc[0]
    assert (first["Område"], first["role"], first["Roll"]) == (
        "Barn och unga",
        "aktivitet",
        "aktivitet",
    )
    assert first["Roll: sannolikhet"] == 0.5
    assert table["Område"].tolist()[-1] == "Barn och unga"
    assert "Nya former: samverkan" in table["Kategori"].tolist()  # its name in trauma
    assert set(table["Källa"]) == {"Maskin", "Människa"}
    assert set(table.loc[table["Källa"] == "Människa", "Kodare"]) == {"Åsa \x07Öberg"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_can_be_learnt_from(tmp_path: Path, given_material: Material, kind: str) -> None:
    path = tmp_path / f"u.{kind}"
    {"csv": write_csv, "xlsx": write_xlsx}[kind](given_material, path)
    read = read_coded(path, BOOK)
    assert codes(read) == codes(given_material.statements)
    assert read["statement_id"].tolist() == given_material.statements["statement_id"].tolist()
    assert read["answer_id"].tolist() == given_material.statements["answer_id"].tolist()
    if kind == "xlsx":
        assert read["text"].tolist() == given_material.statements["text"].tolist()


def test_xlsx_holds_texts_as_texts_and_numbers_as_numbers(
    tmp_path: Path, given_material: Material
) -> None:
    write_xlsx(given_material, tmp_path / "u.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "u.xlsx").active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == COLUMNS
    assert sheet.freeze_panes == "A2"
    at = {cell.value: cell.column - 1 for cell in rows[0]}
    formula = next(row for row in rows if str(row[at["Text"]].value).startswith("=1"))
    assert formula[at["Text"]].data_type in ("s", "inlineStr")
    assert formula[at["År"]].value == 2021
    assert isinstance(rows[1][at["Roll: sannolikhet"]].value, float)


def test_more_statements_than_excel_has_rows(
    tmp_path: Path, given_material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flat, "_SHEET_ROWS", 2)
    with pytest.raises(TextmineError, match=r"Excel sheet has 2 rows; export as \.csv"):
        write_xlsx(given_material, tmp_path / "u.xlsx")
    assert not (tmp_path / "u.xlsx").exists()


def test_spss_has_numbers_with_labels(tmp_path: Path, given_material: Material) -> None:
    write_sav(given_material, tmp_path / "u.sav")
    table, meta = pyreadstat.read_sav(tmp_path / "u.sav", user_missing=True)
    statements = given_material.statements
    assert len(table) == len(statements)
    assert meta.variable_value_labels["role"] == {1: "aktivitet", 2: "effekt"}
    assert meta.variable_value_labels["category"] == {0: "Ej aktuell", 1: "Samverkan", 2: "Metod"}
    assert meta.variable_value_labels["area"] == {1: "Barn och unga", 2: "Traumavård"}
    assert meta.variable_value_labels["flags_planerad"] == {0: "Nej", 1: "Ja"}
    assert meta.column_names_to_labels["flags_planerad"] == "Flaggor: Planerad"
    assert meta.column_names_to_labels["category"] == "Kategori"
    assert meta.variable_measure["level"] == "ordinal"
    assert meta.variable_measure["role"] == "nominal"
    assert meta.variable_measure["role_prob"] == "scale"
    assert meta.missing_ranges == {name: [{"lo": 0.0, "hi": 0.0}] for name in ("category", "level")}
    roles = {"aktivitet": 1.0, "effekt": 2.0}
    assert [None if x != x else x for x in table["role"]] == [
        roles.get(role) for role in statements["role"]
    ]
    # Where the role is an activity there is no level to ask for; where there is none, nobody knows.
    levels = dict(zip(statements["role"].fillna("-"), table["level"].fillna(-1), strict=True))
    assert levels == {"aktivitet": 0.0, "effekt": 1.0, "-": -1.0}
    assert table["flags_hinder"].tolist() == [float("hinder" in f) for f in statements["flags"]]
    assert table["text"].tolist() == [text.rstrip(" ") for text in statements["text"]]
    assert table["year"].tolist() == [2021.0] * len(table)
    assert set(table["coder"]) == {"", "Åsa \x07Öberg"}


def test_a_long_text_is_cut_where_spss_ends(tmp_path: Path) -> None:
    write_sav(material(("å" * 40_000,)), tmp_path / "u.sav")
    table, _ = pyreadstat.read_sav(tmp_path / "u.sav")
    assert table["text"].tolist() == ["å" * (32_767 // 2)]


@pytest.mark.parametrize(
    ("write", "name"), [(write_csv, "u.csv"), (write_xlsx, "u.xlsx"), (write_sav, "u.sav")]
)
def test_the_same_input_gives_the_same_table(
    tmp_path: Path, given_material: Material, write: object, name: str
) -> None:
    assert callable(write)
    first, second = tmp_path / "1" / name, tmp_path / "2" / name
    write(given_material, first)
    write(given_material, second)
    assert first.read_bytes() == second.read_bytes()
    if name == "u.sav":
        assert b"01 Jan 0000:00:00" in first.read_bytes()[:120]


@settings(max_examples=200)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
def test_spss_takes_every_name(names: list[str]) -> None:
    made: list[str] = []
    for name in names:
        made.append(spss_name(name, made))
    assert len({name.upper() for name in made}) == len(names)
    for name in made:
        assert name.isascii()
        assert name[0].isalpha()
        assert name[-1] not in "._"
        assert len(name) <= 64
        assert name.upper() not in ("ALL", "AND", "BY", "EQ", "NOT", "OR", "TO", "WITH")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Område", "Omrade"), ("1:a", "v_1_a"), ("to", "v_to"), ("å ä ö.", "a_a_o"), ("—", "v")],
)
def test_spss_names_can_be_recognised(name: str, wanted: str) -> None:
    assert spss_name(name, ()) == wanted


def test_any_codebook_will_do(tmp_path: Path) -> None:
    """One dimension of tones, no area, no actor, as a colleague may have coded."""
    tones = {"ton": {"codes": ["glad", "ledsen"]}}
    book = Codebook.model_validate({"name": "ton", "dimensions": tones})
    answers = pd.DataFrame({"answer_id": ["a"], "text": ["Hej där"]})
    statements = pd.DataFrame(
        {"statement_id": ["a-1"], "answer_id": ["a"], "start": [0], "end": [3], "text": ["Hej"]}
        | {"ton": ["glad"], "ton_prob": [0.9], "review": [False]}
    )
    small = Material("ton", book, answers, statements, "textmine 9 · ton")
    write_csv(small, tmp_path / "t.csv")
    write_xlsx(small, tmp_path / "t.xlsx")
    write_sav(small, tmp_path / "t.sav")
    read = read_coded(tmp_path / "t.csv", book)
    assert read["ton"].tolist() == ["glad"]
    table, _ = pyreadstat.read_sav(tmp_path / "t.sav", apply_value_formats=True)
    assert table["ton"].tolist() == ["glad"]
