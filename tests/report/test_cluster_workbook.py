"""clusters.xlsx, read back."""

from pathlib import Path

import openpyxl
import pandas as pd

from textmine.report.cluster_workbook import cluster_facts, write_cluster_workbook

TABLE = pd.DataFrame(
    {
        "note_id": ["a", "b", "c", "d"],
        "text": ["Mer tid åt oss", "=1+1", "Sekretess hindrar", "–"],
        "möte": ["Umeå", "Lund", None, "Åmål"],
        "cluster": pd.Series(["C02", "C01", "C01", None], dtype="string"),
        "cluster_prob": [0.75, 0.5, 1.0, None],
        "cluster_reason": pd.Series([None, None, None, "Säger för lite"], dtype="string"),
    }
)
SUMMARY = [
    {"id": "C01", "name": "Lag", "size": 2, "keywords": ["sekretess"], "stability": 0.9,
     "representatives": ["c", "b"], "proposed": False},
    {"id": "C02", "name": "Tid", "size": 1, "keywords": ["tid"], "stability": None,
     "representatives": ["a"], "proposed": True},
]  # fmt: skip
SETTINGS = {"n_clusters": "auto", "seed": 7, "encoder": "e5-small", "guide": []}


def sheets(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    path = folder / "clusters.xlsx"
    write_cluster_workbook(path, TABLE, SUMMARY, cluster_facts(TABLE, SUMMARY, SETTINGS, 3))
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_groups_stand_with_their_typical_notes(tmp_path: Path) -> None:
    found = sheets(tmp_path)
    assert list(found) == ["Grupper", "Anteckningar", "Om körningen"]
    assert found["Grupper"][1:] == [
        ("C01", "Lag", 2, 0.9, "sekretess", "– Sekretess hindrar\n– =1+1"),
        ("C02", "Tid (förslag)", 1, None, "tid", "– Mer tid åt oss"),
    ]


def test_notes_stand_by_group_the_surest_first_and_texts_as_they_are(tmp_path: Path) -> None:
    header, *rows = sheets(tmp_path)["Anteckningar"]
    assert header == (
        "Id", "Grupp", "Gruppens namn", "Anteckning", "Säkerhet", "Utan grupp, eftersom", "möte",
    )  # fmt: skip
    assert rows == [
        ("c", "C01", "Lag", "Sekretess hindrar", 1, None, None),
        ("b", "C01", "Lag", "=1+1", 0.5, None, "Lund"),
        ("a", "C02", "Tid", "Mer tid åt oss", 0.75, None, "Umeå"),
        ("d", None, None, "–", None, "Säger för lite", "Åmål"),
    ]


def test_how_it_was_made_is_said(tmp_path: Path) -> None:
    facts = dict(row[:2] for row in sheets(tmp_path)["Om körningen"])
    assert facts["Antal grupper"] == "valt av programmet"
    assert facts["Utan grupp"] == 1
    assert facts["Andel utan grupp"] == 0.25
    assert facts["Ändringar gjorda av människor"] == 3


def test_the_same_grouping_makes_the_same_file(tmp_path: Path) -> None:
    for name in ("ett", "två"):
        (tmp_path / name).mkdir()
        sheets(tmp_path / name)
    one, two = ((tmp_path / name / "clusters.xlsx").read_bytes() for name in ("ett", "två"))
    assert one == two
