from pathlib import Path

import pandas as pd
import pytest

from textmine.errors import TextmineError
from textmine.read.wide import Survey, read_wide

SURVEY = """
respondent: Kommun eller region
year: 2021
questions:
  - column: Mobila
    area: Mobila lösningar
  - {column: BUP, area: Barn och unga, question: Vad gjordes?}
keep: [Ort]
"""
ROWS = pd.DataFrame(
    {
        "Id": [17, 18, 19],
        "Kommun eller region": ["Kinda", "Region Dalarna", "Mora"],
        "Ort": ["K", "F", "M"],
        "Mobila": ["Ett team", None, " "],
        "BUP": ["En grupp", "Köerna är kortare", "-"],
    }
)


def load(tmp_path: Path, text: str) -> Survey:
    path = tmp_path / "survey.yaml"
    path.write_bytes(text.encode("utf-8"))
    return Survey.load(path)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_row_for_each_answer(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    ROWS.to_csv(path, index=False) if name == "a.csv" else ROWS.to_excel(path, index=False)
    answers = read_wide(path, load(tmp_path, SURVEY))
    assert answers["answer_id"].tolist() == ["1-1", "1-2", "2-2", "3-2"]
    assert answers["text"].tolist() == ["Ett team", "En grupp", "Köerna är kortare", "-"]
    assert answers["area"].tolist() == ["Mobila lösningar"] + ["Barn och unga"] * 3
    assert answers["question"].tolist() == ["Mobila"] + ["Vad gjordes?"] * 3
    assert answers["year"].tolist() == [2021] * 4
    assert answers["respondent_code"].tolist() == ["0513", "0513", "20", "2062"]
    assert answers["Ort"].tolist() == ["K", "K", "F", "M"]


def test_ids_of_the_export(tmp_path: Path) -> None:
    ROWS.to_excel(tmp_path / "a.xlsx", index=False)
    survey = load(tmp_path, SURVEY + "answer_id: id\n")
    ids = read_wide(tmp_path / "a.xlsx", survey)["answer_id"].tolist()
    assert ids == ["17-1", "17-2", "18-2", "19-2"]


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        ([1, 2, 1], r"a\.xlsx: 'Id' repeats '1' in data row 3"),
        ([1, None, 3], r"a\.xlsx: 'Id' is blank in data row 2"),
    ],
)
def test_bad_ids_are_refused(tmp_path: Path, ids: list[int | None], says: str) -> None:
    ROWS.assign(Id=ids).to_excel(tmp_path / "a.xlsx", index=False)
    with pytest.raises(TextmineError, match=says):
        read_wide(tmp_path / "a.xlsx", load(tmp_path, SURVEY + "answer_id: Id\n"))


def test_absent_columns_and_no_answers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    ROWS.rename(columns={"BUP": "BUPP"}).to_csv(path, index=False)
    with pytest.raises(TextmineError, match=r"a\.csv: no column 'BUP'.*did you mean 'BUPP'"):
        read_wide(path, load(tmp_path, SURVEY))
    ROWS.assign(Mobila=" ", BUP=None).to_csv(path, index=False)
    with pytest.raises(TextmineError, match=r"a\.csv: the columns.*hold no answers"):
        read_wide(path, load(tmp_path, SURVEY))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"survey\.yaml: a survey begins with keys"),
        ("- a\n", r"survey\.yaml: a survey begins with keys"),
        ("respondent: a\nquestions: [\n", r"survey\.yaml, line \d: not valid YAML"),
        ("respondent: \x01\n", r"survey\.yaml: not valid YAML"),
        ("respondent: a\n", r"survey\.yaml \(questions\): Field required"),
        ("respondent: a\nquestions: []\n", r"survey\.yaml \(questions\): .*at least 1"),
        ("respondent: a\nquestions: [{colum: b}]\n", r"survey\.yaml \(questions → 0 → colum"),
        ("respondent: a\nfoo: 1\nquestions: [{column: b}]\n", r"survey\.yaml \(foo\): "),
    ],
)
def test_wrong_surveys_are_explained(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(TextmineError, match=says):
        load(tmp_path, text)


def test_survey_absent_or_in_the_encoding_of_windows(tmp_path: Path) -> None:
    with pytest.raises(TextmineError, match=r"ingen\.yaml does not exist"):
        Survey.load(tmp_path / "ingen.yaml")
    path = tmp_path / "survey.yaml"
    path.write_bytes(
        "respondent: Svarande på enkät\nquestions: [{column: Fråga}]\n".encode("cp1252")
    )
    assert Survey.load(path).respondent == "Svarande på enkät"
