"""Notes from files."""

from pathlib import Path

import pytest

from textmine.errors import TextmineError
from textmine.read.notes import read_notes


def write(folder: Path, text: str) -> Path:
    path = folder / "lappar.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_ids_are_kept_and_further_columns_carried(tmp_path: Path) -> None:
    notes = read_notes(write(tmp_path, "Nr;Anteckning;Möte;Röster\n7;Mer tid;Umeå;3\n9;Åh;Lund;\n"))
    assert notes.columns.tolist() == ["note_id", "text", "Möte", "Röster"]
    assert notes["note_id"].tolist() == ["7", "9"]
    assert notes["text"].tolist() == ["Mer tid", "Åh"]


def test_ids_are_made_where_there_are_none(tmp_path: Path) -> None:
    notes = read_notes(write(tmp_path, "Lapp;Möte\nMer tid;Umeå\nÅh;Lund\n"))
    assert notes["note_id"].tolist() == ["n00001", "n00002"]


def test_columns_may_be_pointed_out(tmp_path: Path) -> None:
    path = write(tmp_path, "Nr;Kod;Vad sades\n1;a;Mer tid\n1;b;Åh\n")
    notes = read_notes(path, columns={"text": "Vad sades", "note_id": "Kod"})
    assert notes["note_id"].tolist() == ["a", "b"]
    assert notes["Nr"].tolist() == ["1", "1"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id;svar\n1;Mer tid\n1;Åh\n", "the id '1' stands in data rows 1 and 2 of the column 'id'"),
        ("id;svar\n1;Mer tid\n;Åh\n", "data row 2 has no id in the column 'id'"),
        ("id;vad\n1;Mer tid\n", "no column holds the answers"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TextmineError, match=message):
        read_notes(write(tmp_path, text))


def test_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "id;svar\n1;Mer tid\n")
    with pytest.raises(TextmineError, match="no column 'Kod' .asked for by --column note_id"):
        read_notes(path, columns={"note_id": "Kod"})
