"""kontroll.xlsx, read back."""

from pathlib import Path

import openpyxl
import pandas as pd

from textmine.codebook import Codebook
from textmine.report.check_workbook import write_check

BOOK = Codebook.load("psykisk-halsa-2020")
STATEMENTS = pd.DataFrame(
    {
        "statement_id": ["a-1", "a-2"],
        "respondent": ["Region Dalarna", None],
        "area": ["samsjuklighet", "Suicidprevention"],
        "text": ["=1+1 i SIP", "Kurs för åtta"],
    },
    index=[7, 9],
)
EMPTY = {
    "contradictions": pd.DataFrame(),
    "confusions": pd.DataFrame(),
    "rare": pd.DataFrame(),
    "unclear": pd.DataFrame(),
}


def sheets(path: Path, **tables: pd.DataFrame) -> dict[str, list[tuple[object, ...]]]:
    write_check(path, STATEMENTS, BOOK, **{**EMPTY, **tables})
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_codes_and_areas_go_by_their_swedish_names(tmp_path: Path) -> None:
    lines = [
        {"row": 7, "dimension": "category", "given": "samverkan", "suggested": "sip",
         "prob": 0.97, "given_prob": 0.01},
        {"row": 9, "dimension": "flags", "given": ["planerad"], "suggested": [],
         "prob": 0.9, "given_prob": 0.1},
    ]  # fmt: skip
    found = sheets(tmp_path / "k.xlsx", contradictions=pd.DataFrame(lines))
    header, one, two, *_ = found["Troliga felkodningar"]
    assert header[:5] == ("Utsagans id", "Respondent", "Område", "Utsaga", "Grupp")
    assert one == (
        "a-1", "Region Dalarna", "Samverkan vid samsjuklighet", "=1+1 i SIP", "Insatskategori",
        BOOK.dimensions["category"].code_name("samverkan", "samsjuklighet"),
        "Samordnad individuell plan", 0.97, 0.01,
    )  # fmt: skip
    assert two[1] is None
    assert two[2] == "Suicidprevention"
    assert two[5:7] == ("Planerad", "(ingen)")


def test_the_codebook_check_has_its_sheets(tmp_path: Path) -> None:
    confused = {"dimension": "role", "one": "mal", "other": "effekt", "n": 4, "share": 0.25,
                "examples": [7, 9]}  # fmt: skip
    unclear = {"dimension": "role", "code": "mal", "n": 8, "precision": 0.5, "recall": 0.75,
               "margin": 0.2, "share": 0.6, "examples": []}  # fmt: skip
    found = sheets(
        tmp_path / "k.xlsx",
        confusions=pd.DataFrame([confused]),
        rare=pd.DataFrame([{"dimension": "role", "code": "resurs", "n": 1, "of": 300}]),
        unclear=pd.DataFrame([unclear]),
    )
    assert list(found) == [
        "Troliga felkodningar",
        "Koder som blandas ihop",
        "Sällan använda koder",
        "Koder utan klar gräns",
    ]
    assert found["Troliga felkodningar"][1][0] == "Inget att se över."
    examples = "– =1+1 i SIP\n– Kurs för åtta"
    assert found["Koder som blandas ihop"][1] == ("Roll", "Mål", "Effekt", 4, 0.25, examples)
    assert found["Sällan använda koder"][1] == ("Roll", "Resurs", 1, 300)
    assert found["Koder utan klar gräns"][1][:7] == ("Roll", "Mål", 8, 0.5, 0.75, 0.2, 0.6)


def test_the_same_check_makes_the_same_file(tmp_path: Path) -> None:
    sheets(tmp_path / "ett.xlsx")
    sheets(tmp_path / "två.xlsx")
    assert (tmp_path / "ett.xlsx").read_bytes() == (tmp_path / "två.xlsx").read_bytes()
