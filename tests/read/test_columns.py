import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textmine.errors import TextmineError
from textmine.read.answers import read_answers
from textmine.read.columns import ALIASES, recognise, rename, tidy
from textmine.tables import ANSWER_COLUMNS

ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())


@pytest.mark.parametrize(
    ("column", "alias"), [(column, alias) for column in ALIASES for alias in ALIASES[column]]
)
def test_every_alias_in_any_case(column: str, alias: str) -> None:
    for written in (alias, alias.upper(), f"  {alias.title()}: "):
        assert recognise(["Nr", written]) == {column: 1}


def test_swedish_and_english_headers() -> None:
    swedish = ["Svarsid", "Organisation", "Aktör", "Område", "Fråga", "År", "Svar"]
    english = ["answer id", "Organization", "Actor", "Area", "Question", "Year", "Free text"]
    expected = {column: place for place, column in enumerate(ANSWER_COLUMNS)}
    assert recognise(swedish) == recognise(english) == expected


def test_names_folded() -> None:
    assert tidy(" Svar\n (fritext) *") == "svar (fritext)"
    assert tidy(unicodedata.normalize("NFD", "Område")) == "område"


def test_exact_name_wins_over_alias_and_leftmost_over_the_rest() -> None:
    assert recognise(["Svar", "text"])["text"] == 1
    assert recognise(["Fritext", "Svar", "Svar"])["text"] == 1
    assert recognise(["Kommentar", "Nr", "Kommentar"])["text"] == 0


def test_mapping_wins_and_other_columns_come_along(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Ort;Svar;Beskriv insatsen;Enhet\nMora;ja;En grupp;Falu kommun\n", encoding="utf-8"
    )
    chosen = {"text": "beskriv  INSATSEN", "respondent": "Enhet"}
    answers = read_answers(path, columns=chosen)
    assert answers["text"].tolist() == ["En grupp"]
    assert answers["respondent_code"].tolist() == ["2080"]
    assert answers[["Ort", "Svar"]].to_numpy().tolist() == [["Mora", "ja"]]


def test_a_column_of_a_standard_name_that_was_mapped_away_is_kept() -> None:
    table = pd.DataFrame([["gammal", "ny", "x", "y"]], columns=["text", "Insats", "Kö", "Kö"])
    out = rename(table, {"text": "Insats"}, "a.csv")
    assert list(out.columns) == ["text (ursprunglig)", "text", "Kö", "Kö 2"]


def test_wrong_mapping_is_explained() -> None:
    table = pd.DataFrame([["a", "b"]], columns=["Insatsen", "Nr"])
    with pytest.raises(TextmineError, match=r"a\.csv: no column 'Insats'.*did you mean 'Insatsen'"):
        rename(table, {"text": "Insats"}, "a.csv")
    with pytest.raises(TextmineError, match="--column txt=…: no such column; did you mean 'text'"):
        rename(table, {"txt": "Insatsen"}, "a.csv")
    with pytest.raises(TextmineError, match=r"a\.csv: no column holds the answers.*Insatsen, Nr"):
        rename(table, None, "a.csv")


@given(names=st.lists(ANYTHING, max_size=8), chosen=st.text())
def test_recognising_never_crashes(names: list[object], chosen: str) -> None:
    for mapping in (None, {"text": chosen}):
        found = recognise(names, mapping)
        assert set(found) <= set(ANSWER_COLUMNS)
        assert len(set(found.values())) == len(found)
    for name in names:
        assert tidy(f" {name}\n") == tidy(name)
