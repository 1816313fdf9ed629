"""Tables of answers: their texts, what is carried along, and respondents who are persons."""

import pandas as pd
import pytest

from textmine.personal import tables
from textmine.personal.tables import mask_answers, mask_table


@pytest.fixture
def answers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "answer_id": ["a1", "a2", "a3", "a4"],
            "respondent": ["Vilhelmina kommun", "Gunvor Ek", "Enheten i söder", "Gunvor Ek"],
            "respondent_code": ["2462", None, None, None],
            "area": ["Elsa", "b", "b", "b"],
            "Kontaktperson": ["Zyra\nOkonk ", None, "", "Bo"],
            "Telefon": [701740605, 701740606, 701740607, 701740608],
            "Anteckning": ["ring Gunvor Ek", None, "inget", "ring Gunvor Ek"],
            "antal": [1, 2, 3, 4],
            "text": ["Kerstin höll kursen.", "Inget.", None, "Kerstin höll kursen."],
        }
    ).convert_dtypes()


def test_all_text_is_masked_but_ids_and_context(answers: pd.DataFrame) -> None:
    before = answers.copy()
    masked, counts = mask_answers(answers, ["area"])
    pd.testing.assert_frame_equal(answers, before)
    assert masked["text"].tolist() == [
        "[namn·] höll kursen.", "Inget.", pd.NA, "[namn·] höll kursen."
    ]  # fmt: skip
    assert masked["Anteckning"].tolist()[::3] == ["ring [namn···]", "ring [namn···]"]
    assert masked["Kontaktperson"].tolist() == ["[··]\n[···] ", pd.NA, "", "··"]
    assert masked["Telefon"].tolist()[0] == "[telefon]"
    for column in ("answer_id", "area", "antal", "respondent_code"):
        pd.testing.assert_series_equal(masked[column], answers[column])
    # Kerstin twice, Gunvor twice in a note and twice as a respondent, three contacts
    assert counts == {"personnummer": 0, "telefon": 4, "e-post": 0, "adress": 0, "namn": 9}


def test_respondents_who_are_persons_get_numbers(answers: pd.DataFrame) -> None:
    masked, _ = mask_answers(answers, ["area"])
    assert masked["respondent"].tolist() == [
        "Vilhelmina kommun",
        "Respondent 1",
        "Enheten i söder",
        "Respondent 1",
    ]


def test_a_number_that_is_in_use_is_not_given_again() -> None:
    table = pd.DataFrame(
        {"answer_id": ["a", "b"], "respondent": ["Respondent 1", "Gunvor Ek"], "text": ["x", "y"]}
    )
    masked, _ = mask_answers(table, [])
    assert masked["respondent"].tolist() == ["Respondent 1", "Respondent 2"]


def test_places_are_respondents_even_without_codes() -> None:
    table = pd.DataFrame(
        {"answer_id": ["a", "b"], "respondent": ["Dorotea", "Nora kommun"], "text": ["x", "y"]}
    )
    assert mask_answers(table, [])[0]["respondent"].tolist() == ["Dorotea", "Nora kommun"]


@pytest.mark.parametrize(
    ("column", "masked"),
    [
        ("Namn", True),
        ("För- och efternamn", True),
        ("Uppgiftslämnare:", True),
        ("E-post", True),
        ("E-postadress", True),
        ("Mobilnummer", True),
        ("Kontaktuppgifter", True),
        ("Kommunnamn", False),
        ("Mobila lösningar", False),
        ("Antal telefonsamtal", False),
        ("Webbadress", False),
        ("Insatsens namn", False),
    ],
)
def test_a_columns_name_tells_that_it_holds_persons(column: str, masked: bool) -> None:
    table = pd.DataFrame({"answer_id": ["a"], column: ["abcdefgh"], "text": ["x"]})
    assert (mask_answers(table, [])[0][column].item() != "abcdefgh") is masked


def test_identical_texts_are_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []

    def find(text: str) -> list:
        searched.append(text)
        return []

    monkeypatch.setattr(tables, "find_personal", find)
    mask_table(pd.DataFrame({"text": ["a", "b", "a", None]}), ["text"])
    assert searched == ["a", "b"]


def test_categories_and_missing_values_survive() -> None:
    table = pd.DataFrame({"kind": pd.Categorical(["Gunvor Ek", None, "annat"])})
    masked, counts = mask_table(table, ["kind"])
    assert masked["kind"].tolist()[0] == "[namn···]"
    assert pd.isna(masked["kind"][1])
    assert counts["namn"] == 1
