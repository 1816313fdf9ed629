"""What a codebook says of its codes counts as examples, the more the fewer others there are."""

import pandas as pd
import pytest

from textmine.codebook import parse
from textmine.coding.coder import Coder
from textmine.coding.definitions import NAME_WEIGHT, WEIGHT, Lesson, lessons

BOOK = parse(
    """
name: fritid
columns:
  ort: {stad: {}, land: {}}
dimensions:
  sak:
    by: ort
    codes:
      sport:
        name: Sport
        names: {land: Idrott på landet}
        definition: Matcher, lag, träning och tävlingar
        include: [Vi spelade fotboll på söndagen]
      mat:
        definition: Matlagning, recept, restauranger och råvaror
        exclude: [Laget åt soppa efter matchen → sport, Vi sjöng → annat]
      resor:
        definition: Semester, tåg, flyg, hotell och resmål
        in: [stad]
      annat:
""",
    "fritid.yaml",
)
SPORT = [
    "Hon vann loppet",
    "Laget förlorade finalen",
    "Tränaren bytte målvakt",
    "Matchen ställdes in",
]
MAT = [
    "Soppan kokade över",
    "Hon bakar surdegsbröd",
    "Receptet kräver grädde",
    "Kocken lagade fisk",
]


def coded() -> pd.DataFrame:
    rows = [(text, "sport") for text in SPORT * 2] + [(text, "mat") for text in MAT * 2]
    return pd.DataFrame(rows, columns=["text", "sak"]).assign(ort="stad")


def test_definitions_examples_and_what_other_codes_leave_are_lessons() -> None:
    found = [lesson for lesson in lessons(BOOK, "sak", ["stad"]) if lesson.code == "sport"]
    assert [lesson.text for lesson in found] == [
        "Sport: Matcher, lag, träning och tävlingar",
        "Vi spelade fotboll på söndagen",
        "Laget åt soppa efter matchen",
    ]
    assert sum(lesson.weight for lesson in found) == pytest.approx(WEIGHT)


def test_lessons_go_by_context() -> None:
    found = lessons(BOOK, "sak", ["stad", "land"])
    assert {(lesson.context, lesson.code) for lesson in found} == {
        ("stad", "sport"), ("stad", "mat"), ("stad", "resor"), ("stad", "annat"),
        ("land", "sport"), ("land", "mat"), ("land", "annat"),
    }  # fmt: skip
    assert any(lesson.text.startswith("Idrott på landet: ") for lesson in found)


def test_of_a_code_of_which_nothing_is_said_the_name_teaches_a_little() -> None:
    bare = parse(
        "name: x\ndimensions:\n  d: {codes: {mat: {name: Mat och dryck}, k7: }}\n", "x.yaml"
    )
    assert lessons(bare, "d", [""]) == [
        Lesson("Mat och dryck", "", "mat", NAME_WEIGHT),
        Lesson("k7", "", "k7", NAME_WEIGHT),
    ]


def test_a_code_that_nobody_has_given_is_found_by_its_definition() -> None:
    coder = Coder(BOOK).fit(coded())
    texts = ["Vi flög till Spanien och bodde på hotell", "Tåget till semesterorten var försenat"]
    out = coder.predict(pd.DataFrame({"text": texts, "ort": "stad"}))
    assert out["sak"].tolist() == ["resor", "resor"]


def test_of_many_statements_definitions_say_little() -> None:
    """People's codes win over a definition that says the opposite."""
    wrong = parse(
        "name: x\ndimensions:\n  sak: {codes: {sport: 'Mat, recept och kockar', mat: Sport}}\n",
        "x.yaml",
    )
    many = pd.concat([coded()] * 20, ignore_index=True)
    many["text"] = [f"{text}, {i}" for i, text in enumerate(many["text"])]
    out = Coder(wrong).fit(many).predict(pd.DataFrame({"text": SPORT[:2] + MAT[:2]}))
    assert out["sak"].tolist() == ["sport", "sport", "mat", "mat"]
