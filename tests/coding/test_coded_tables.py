"""Tables of coded statements."""

from pathlib import Path

import pandas as pd
import pytest

from textmine.codebook import Codebook
from textmine.coding.coded import read_coded
from textmine.errors import TextmineError

BOOK = Codebook.load("empatikarta")
ROWS = [
    ("a1", "Ringer varje dag", "gor", "neutral"),
    ("a1", "Skäms inför grannarna", "kanner", "smarta"),
    ("a2", "Undrar om det ordnar sig", "tanker", "smarta"),
]


def write(path: Path, columns: list[str]) -> Path:
    pd.DataFrame(ROWS, columns=columns).to_excel(path, index=False)
    return path


def test_statements_of_one_answer_stay_together(tmp_path: Path) -> None:
    path = write(tmp_path / "kodade.xlsx", ["answer_id", "text", "ruta", "utfall"])
    found = read_coded(path, BOOK)
    assert found["answer_id"].tolist() == ["a1", "a1", "a2"]
    assert found["statement_id"].is_unique
    assert found["ruta"].tolist() == ["gor", "kanner", "tanker"]


def test_ids_of_statements_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "kodade.parquet"
    table = pd.DataFrame(ROWS, columns=["answer_id", "text", "ruta", "utfall"])
    table.insert(0, "statement_id", ["a1-1", "a1-2", "a2-1"])
    table.to_parquet(path)
    found = read_coded(path, BOOK)
    assert found["statement_id"].tolist() == ["a1-1", "a1-2", "a2-1"]
    assert found["answer_id"].tolist() == ["a1", "a1", "a2"]


def test_ids_that_never_recur_name_statements(tmp_path: Path) -> None:
    path = tmp_path / "kodade.csv"
    table = pd.DataFrame(ROWS, columns=["answer_id", "text", "ruta", "utfall"])
    table["answer_id"] = ["x", "y", "z"]
    table.to_csv(path, index=False)
    found = read_coded(path, BOOK)
    assert found["statement_id"].tolist() == ["x", "y", "z"]
    assert "answer_id" not in found


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "kodade.xlsx"
    table = pd.DataFrame(ROWS, columns=["answer_id", "text", "ruta", "utfall"])
    with pd.ExcelWriter(path) as book:
        table.to_excel(book, sheet_name="Ett", index=False)
        table.head(1).to_excel(book, sheet_name="Två", index=False)
    assert len(read_coded(path, BOOK, sheet="Två")) == 1


def test_a_missing_dimension_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "kodade.xlsx", ["answer_id", "text", "ruta", "utfal"])
    with pytest.raises(TextmineError, match="no column 'utfall'"):
        read_coded(path, BOOK)
