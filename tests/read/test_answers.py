from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from textmine.errors import TextmineError
from textmine.read.answers import read_answers, standard_answers

FULL = (
    "Ort;Svar;År;Fråga;Område;Aktör;Organisation;Svarsid\nMora;Ett;2020;Vad?;BUP;Kommun;Kinda;7\n"
)


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


def test_columns_in_their_order_then_the_rest(tmp_path: Path) -> None:
    answers = read_answers(write(tmp_path / "a.csv", FULL))
    assert list(answers.columns) == [
        "answer_id",
        "respondent",
        "actor",
        "area",
        "question",
        "year",
        "text",
        "Ort",
        "respondent_code",
        "respondent_written",
    ]
    assert answers.iloc[0].tolist() == [
        "7",
        "Kinda kommun",
        "kommun",
        "BUP",
        "Vad?",
        2020,
        "Ett",
        "Mora",
        "0513",
        "Kinda",
    ]


def test_text_is_never_null_and_never_changed(tmp_path: Path) -> None:
    answers = read_answers(
        write(tmp_path / "a.jsonl", '{"svar": " a\\r\\n "}\n{"svar": null}\n{}\n')
    )
    assert answers["text"].tolist() == [" a\r\n ", "", ""]


def test_duplicate_and_blank_ids_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "svarsid;svar\n1;a\n2;b\n 1 ;c\n")
    with pytest.raises(TextmineError, match=r"a\.csv: answer_id '1' stands in data rows 1, 3\."):
        read_answers(path)
    path = write(tmp_path / "b.csv", "svarsid;svar\n1;a\n;b\n")
    with pytest.raises(TextmineError, match=r"b\.csv: data row 2 has no answer_id\."):
        read_answers(path)


def test_ids_of_numbers_have_no_decimals(tmp_path: Path) -> None:
    pd.DataFrame({"svarsid": [1.0, 20.0], "svar": ["a", "b"]}).to_excel(
        tmp_path / "a.xlsx", index=False
    )
    assert read_answers(tmp_path / "a.xlsx")["answer_id"].tolist() == ["1", "20"]


def test_made_ids_are_stable_and_distinct(tmp_path: Path) -> None:
    first = read_answers(write(tmp_path / "a.csv", "svar;nr\na;1\na;2\nb;3\n"))
    assert first["answer_id"].tolist() == read_answers(tmp_path / "a.csv")["answer_id"].tolist()
    assert first["answer_id"].is_unique
    # The same content in another format, with another column beside it: the same ids.
    other = pd.DataFrame({"svar": ["a", "a", "c"], "ny": [1, 2, 3]})
    other.to_excel(tmp_path / "b.xlsx", index=False)
    second = read_answers(tmp_path / "b.xlsx")["answer_id"].tolist()
    assert second[:2] == first["answer_id"].tolist()[:2]
    assert second[2] != first["answer_id"].tolist()[2]
    assert first["answer_id"].str.fullmatch(r"s0000\d-[0-9a-f]{6}").all()


def test_years(tmp_path: Path) -> None:
    whole = read_answers(write(tmp_path / "a.csv", "svar;år\na;2020\nb;\nc; 2021.0 \n"))
    assert whole["year"].tolist() == [2020, pd.NA, 2021]
    texts = read_answers(write(tmp_path / "b.csv", "svar;år\na;2020\nb;2020/21\n"))
    assert texts["year"].tolist() == ["2020", "2020/21"]


def test_carried_columns_of_any_kind_can_be_written(tmp_path: Path) -> None:
    odd = {
        "mixed": ["a", 1, None],
        "truth": [True, None, False],
        "truth_or_number": [True, 2, None],
        "number": [1, 2.5, None],
        "huge": [10**30, 1, None],
        "words": [["a", "b"], [], None],
        "lists": [[1, "a"], [[2]], None],
        "maps": [{}, {"a": 1}, None],
        "dates": [pd.Timestamp("2021-01-05").date(), None, None],
    }
    table = pd.DataFrame({key: pd.Series(value, dtype=object) for key, value in odd.items()})
    answers = standard_answers(table.assign(text=["a", "b", "c"]), "a.jsonl")
    answers.to_parquet(tmp_path / "a.parquet")
    back = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert back[0]["mixed"] == "a"
    assert [row["truth"] for row in back] == [True, None, False]
    assert [row["truth_or_number"] for row in back] == ["True", "2", None]
    assert [row["number"] for row in back] == [1.0, 2.5, None]
    assert back[0]["huge"] == "1" + "0" * 30
    assert [row["words"] for row in back] == [["a", "b"], [], None]
    assert [row["lists"] for row in back] == ['[1, "a"]', "[[2]]", None]
    assert [row["maps"] for row in back] == ["{}", '{"a": 1}', None]
    assert [row["dates"] for row in back] == ["2021-01-05", None, None]


def test_lists_from_parquet(tmp_path: Path) -> None:
    table = pd.DataFrame({"svar": ["a", "b"], "flags": [["x", "y"], []], "n": [[1, 2], [3]]})
    table.to_parquet(tmp_path / "a.parquet")
    answers = read_answers(tmp_path / "a.parquet")
    assert answers["flags"].tolist() == [["x", "y"], []]
    assert answers["n"].tolist() == ["[1, 2]", "[3]"]
