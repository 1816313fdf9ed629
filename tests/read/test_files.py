from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from textmine.errors import TextmineError
from textmine.read.answers import read_answers
from textmine.read.files import read_table

ROWS = pd.DataFrame({"svar": ["Åtgärd, ny; här", "Två\nrader"], "Kön": ["kvinna", "man"]})
# Any character that can be encoded.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))

WRITERS: dict[str, Callable[[Path], object]] = {
    "a.xlsx": lambda p: ROWS.to_excel(p, index=False),
    "a.csv": lambda p: ROWS.to_csv(p, index=False),
    "semicolon.csv": lambda p: ROWS.to_csv(p, index=False, sep=";"),
    "tab.csv": lambda p: ROWS.to_csv(p, index=False, sep="\t"),
    "bom.csv": lambda p: ROWS.to_csv(p, index=False, encoding="utf-8-sig"),
    "windows.csv": lambda p: ROWS.to_csv(p, index=False, sep=";", encoding="cp1252"),
    "utf16.csv": lambda p: ROWS.to_csv(p, index=False, sep="\t", encoding="utf-16"),
    "UPPER.CSV": lambda p: ROWS.to_csv(p, index=False),
    "a.tsv": lambda p: ROWS.to_csv(p, index=False, sep="\t"),
    "a.jsonl": lambda p: ROWS.to_json(p, orient="records", lines=True, force_ascii=False),
    "a.parquet": lambda p: ROWS.to_parquet(p),
}


@pytest.mark.parametrize("name", WRITERS)
def test_formats_give_the_same_answers(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)
    answers = read_answers(tmp_path / name)
    assert answers["text"].tolist() == ROWS["svar"].tolist()
    assert answers["Kön"].tolist() == ["kvinna", "man"]


def test_spss_labels_stand_for_codes_and_names(tmp_path: Path) -> None:
    table = pd.DataFrame({"q1": ["Å text", ""], "akt": [1.0, 2.0], "yr": [2020.0, np.nan]})
    pyreadstat.write_sav(
        table,
        str(tmp_path / "a.sav"),
        column_labels={"q1": "Svar", "akt": "Aktör", "yr": "År"},
        variable_value_labels={"akt": {1: "Kommun", 2: "Region"}},
    )
    answers = read_answers(tmp_path / "a.sav")
    assert answers["text"].tolist() == ["Å text", ""]
    assert answers["actor"].tolist() == ["Kommun", "Region"]
    assert answers["year"].tolist() == [2020, pd.NA]


def test_spss_columns_may_be_mapped_by_name_or_by_label(tmp_path: Path) -> None:
    table = pd.DataFrame({"q1": ["Hej"], "akt": ["kommun"]})
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(table, str(path), column_labels={"q1": "Beskriv", "akt": "Aktör"})
    for chosen in ("q1", "Beskriv"):
        answers = read_answers(path, columns={"text": chosen})
        assert answers["text"].tolist() == ["Hej"]
        assert answers["actor"].tolist() == ["kommun"]


def test_csv_keeps_nul_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'svar;nr\r\n"a\r\nb";1\r\nc\0d;2\r\n')
    assert read_answers(path)["text"].tolist() == ["a\r\nb", "c\0d"]


def test_csv_of_one_column_is_not_parted_at_commas(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("svar\nen grupp\nen rutin\n", encoding="utf-8")
    assert list(read_answers(path).columns) == ["answer_id", "text"]
    path.write_text("svar\nen grupp, två\n", encoding="utf-8")
    assert read_answers(path)["text"].tolist() == ["en grupp, två"]


def test_csv_blank_lines_and_short_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n;;\nsvar;år;ort\n\nen;2020\n;;\ntvå;2021;Mora\n", encoding="utf-8")
    answers = read_answers(path)
    assert answers["text"].tolist() == ["en", "två"]
    assert answers["ort"].tolist() == ["", "Mora"]


def test_undefined_bytes_of_cp1252_are_read_as_latin1(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"svar\n\xe5\x81\n")
    assert read_answers(path)["text"].tolist() == ["å\x81"]


def test_a_very_long_field(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("svar\n" + "ord " * 100_000 + "\n", encoding="utf-8")
    assert len(read_answers(path)["text"][0]) == 400_000


def test_a_named_parquet_index_is_a_column(tmp_path: Path) -> None:
    table = pd.DataFrame({"svar": ["a"]}, index=pd.Index(["x7"], name="answer_id"))
    table.to_parquet(tmp_path / "a.parquet")
    assert read_answers(tmp_path / "a.parquet")["answer_id"].tolist() == ["x7"]


def test_half_characters_in_json_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"svar": "\\ud83d a \\ud83d\\ude00", "x": "\\udc00"}\n', encoding="utf-8")
    answers = read_answers(path)
    assert answers["text"].tolist() == ["? a 😀"]
    answers.to_parquet(tmp_path / "b.parquet")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", r"a\.csv is empty \(0 bytes\)"),
        ("a.xlsx", b"", r"a\.xlsx is empty \(0 bytes\)"),
        ("a.csv", b"  \r\n\r\n", r"a\.csv holds nothing but blanks"),
        ("a.jsonl", b"\n\n", r"a\.jsonl holds nothing but blanks"),
        ("a.csv", b"svar;nr\n", r"a\.csv has a header but no rows"),
        ("a.csv", b"svar;nr\n;\n", r"a\.csv has a header but no rows"),
        ("a.csv", b"namn;nr\na;1\n", r"a\.csv: no column holds the answers.*found: namn, nr"),
        ("a.csv", b"svar;nr\na;1\nb;c;2\n", r"a\.csv, line 3: 3 fields.*header has 2.*';'"),
        ("a.csv", b'svar;nr\na;1\n"b;2\nc;3\n', r"a\.csv, the row that begins on line 3: "),
        ("a.csv", b'svar;nr\n"en "stor" grupp";1\n', r"a\.csv, the row that begins on line 2: "),
        ("a.csv", "svar\nå\n".encode("utf-16") + b"x", r"a\.csv: its characters cannot be read"),
        ("a.jsonl", b'{"svar": "a"}\n{"svar": \n', r"a\.jsonl, line 2: not valid JSON \(.*col"),
        ("a.jsonl", b'{"svar": "a"}\n\n["b"]\n', r"a\.jsonl, line 3: not a JSON object"),
        ("a.jsonl", b'{"svar":' + b"[" * 99_999, r"a\.jsonl, line 1: values nested too deep"),
        ("a.parquet", b"PAR1 and more", r"a\.parquet: not a readable parquet file"),
        ("a.sav", b"$FL2" + bytes(300), r"a\.sav: not a readable SPSS file"),
        ("a.docx", b"x", r"a\.docx: cannot read '\.docx'; allowed: \.xlsx, \.csv"),
        ("a.xls", b"x", r"a\.xls: cannot read '\.xls'.*as \.xlsx"),
        ("answers", b"x", r"answers: cannot read 'a file without ending'"),
    ],
)
def test_errors_say_where(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(TextmineError, match=says):
        read_answers(path)


def test_absent_file_folder_and_closed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TextmineError, match=r"b\.csv does not exist"):
        read_table(tmp_path / "b.csv")
    with pytest.raises(TextmineError, match="is a folder"):
        read_table(tmp_path)
    (tmp_path / "a.csv").write_text("svar\na\n", encoding="utf-8")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(TextmineError, match=r"a\.csv: no permission to read it"):
        read_table(tmp_path / "a.csv")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=5),
    delimiter=st.sampled_from(";,\t"),
)
def test_any_text_survives_csv(tmp_path: Path, texts: list[str], delimiter: str) -> None:
    path = tmp_path / "a.csv"
    cells = ['"' + text.replace('"', '""') + '"' for text in texts]
    lines = [f"nr{delimiter}svar", *(f"{i}{delimiter}{cell}" for i, cell in enumerate(cells))]
    path.write_bytes("\r\n".join(lines).encode("utf-8"))
    assert read_answers(path)["text"].tolist() == texts
