"""The section on method, the table of quality, and the notes."""

from typing import Any

import pytest
from findings_sample import RUN, answers, codebook, report, statements

from textmine.report.findings.build import build_report
from textmine.report.findings.model import Quality, Report

REVIEWED: dict[str, Any] = {
    "versions": {"textmine": "1.2.3"},
    "input": {"name": "svar.xlsx", "sha256": "ab12"},
    "model": {"name": "modellen", "statements": 10374, "test": {"role": {"accuracy": 0.9248}}},
    "codebook": "liten 1",
    "options": {"error_budget": 0.1},
    "statements": 22,
    "review": 2,
    "expected_error": {"role": 0.0291, "category": 0.0785, "level": None},
    "unknown_contexts": {"Okänt": 3},
    "personal": {"namn": 1, "telefon": 3, "e-post": 0},
    "key": "nyckel",
    "applied": {
        "log": 9,
        "coders": 2,
        "sources": {"agreed": 8, "human": 3, "machine": 11},
        "audit": {"role": {"n": 88, "wrong": 8, "error": [0.0909, 0.0401, 0.1713]}},
    },
}
EVALUATION: dict[str, Any] = {
    "dimensions": {
        "role": {
            "n": 2608,
            "accuracy": [0.9248, 0.9139, 0.9351],
            "kappa": [0.9046, 0.8908, 0.9174],
            "coders": {"n": 300, "coder_coder": {"kappa": [0.85, 0.8, 0.9]}},
        },
        "level": {"n": 0},
    }
}


def of(run: dict[str, Any], **options: Any) -> Report:
    return build_report(statements(), answers(), codebook(), run, **options)


def text_of(found: Report) -> str:
    return "\n".join(found.method).replace("\u00a0", " ")


def test_material_and_coding() -> None:
    found = of(REVIEWED)
    assert found.title == "Liten enkät 2020"
    assert found.subtitle.replace("\u00a0", " ") == (
        "Redovisade insatser och effekter enligt 8 svar från två regioner, tre kommuner och två län"
    )
    assert text_of(found).splitlines()[0] == (
        "Underlaget är 8 fritextsvar från två regioner, tre kommuner och två län. Svaren har "
        "delats in i 22 utsagor, som var och en redovisar en sak: en resurs, en aktivitet, ett "
        "mål, en prestation eller en effekt. Utsagorna har kodats maskinellt enligt kodboken "
        "Liten enkät 2020, version 1, efter roll, insatskategori, nivå och flaggor, med programmet "
        "textmine 1.2.3 och modellen modellen. Modellen har lärt sig av 10 374 utsagor som "
        "människor har kodat."
    )


def test_the_title_is_of_the_year_that_was_asked_for() -> None:
    later = build_report(
        statements(), answers().assign(year=[2021] * 4 + [2022] * 4), codebook(), RUN
    )
    assert later.title == "Liten enkät 2021–2022"
    unknown = build_report(statements(), answers().drop(columns="year"), codebook(), RUN)
    assert unknown.title == "Liten enkät 2020"


def test_review_before_anybody_reviewed() -> None:
    text = text_of(report())
    assert "som modellen har lärt sig av: 2 av 22 (9 %)." in text
    assert "högst 10 % av de koder som modellen sätter på egen hand" in text
    assert "Ingen har ännu granskat kodningen. Två utsagor återstår att granska." in text


def test_review_and_its_quality_sample() -> None:
    text = text_of(of(REVIEWED))
    assert (
        "Enligt modellens egna sannolikheter är felet 2,9 % för roll och 7,8 % för insatskategori."
        in text
    )
    assert (
        "Elva utsagor (50 %) har granskats av två personer, som bekräftade koderna i åtta fall och "
        "ändrade någon kod i tre."
    ) in text
    assert "Där var andelen fel 9,1 % (4,0–17,1) för roll." in text
    assert (
        "var andelen rätta koder, för samtliga utsagor och utan granskning, 92 % för roll." in text
    )
    assert (
        "har sökts upp maskinellt och maskerats: 1 personnamn och 3 telefonnummer. Enstaka" in text
    )


def test_agreement_with_hand_coding() -> None:
    text = text_of(of(REVIEWED, evaluation=EVALUATION))
    assert "har prövats på 2608 handkodade utsagor." in text
    assert "andelen rätta koder 92,5 % (91,4–93,5) för roll, med" in text
    assert "två människor" in text
    assert "som den inte hade sett" not in text


def test_quality_table() -> None:
    rows = of(REVIEWED, evaluation=EVALUATION).quality
    assert rows[0] == Quality(
        dimension="Roll",
        by_people="50\u00a0%",
        expected_error="2,9\u00a0%",
        audited_error="9,1\u00a0% (4,0–17,1), 8 av 88",
        agreement="92,5\u00a0% (91,4–93,5)",
        kappa="0,90 (0,89–0,92)",
        people="0,85 (0,80–0,90)",
    )
    assert [row.expected_error for row in rows[1:]] == ["7,8\u00a0%", "allt granskas", ""]
    assert of(REVIEWED).quality[0].agreement == "92,5\u00a0%"
    assert {row.agreement for row in of({}).quality} == {""}


def test_notes_and_sources() -> None:
    found = of(REVIEWED, smallest=5)
    assert [note.split(" ")[0] for note in found.notes] == ["2", "Några", "Antal"]
    assert found.notes[2].startswith("Antal under fem visas inte")
    assert found.sources == (
        ("Fil", "svar.xlsx"),
        ("Filens SHA-256", "ab12"),
        ("Kodbok", "liten 1"),
        ("Modell", "modellen"),
        ("Körning", "nyckel"),
        ("Programversion", "1.2.3"),
    )


@pytest.mark.parametrize("run", [{}, {"applied": {"sources": {}, "audit": {}}}])
def test_a_run_that_tells_little_gives_a_shorter_section(run: dict[str, Any]) -> None:
    found = of(run)
    assert 3 <= len(found.method) <= 5
    assert "None" not in text_of(found)
    assert found.sources == ()
