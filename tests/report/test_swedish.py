"""Numbers as Swedish print has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textmine.report import swedish


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (12, "12"),
        (999, "999"),
        (2587, "2587"),
        (12500, "12\u00a0500"),
        (123456, "123\u00a0456"),
        (1234567, "1\u00a0234\u00a0567"),
        (-12500, "−12\u00a0500"),
    ],
)
def test_thousands_stand_apart_from_five_digits(n: int, text: str) -> None:
    assert swedish.number(n) == text


@given(st.integers())
def test_no_digit_is_lost(n: int) -> None:
    assert int(swedish.number(n).replace("\u00a0", "").replace("−", "-")) == n


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (0.834, 2, "0,83"),
        (12.0, 1, "12,0"),
        (-0.04, 1, "0,0"),  # no minus before a nought
        (-1.25, 1, "−1,2"),
        (12345.6, 1, "12\u00a0345,6"),
        (7.0, 0, "7"),
    ],
)
def test_decimal_comma(x: float, digits: int, text: str) -> None:
    assert swedish.decimal(x, digits) == text


def test_percent_stays_with_its_number() -> None:
    assert swedish.percent(0.634) == "63\u00a0%"
    assert swedish.percent(0.0714, 1) == "7,1\u00a0%"


def test_numbers_are_words_up_to_twelve() -> None:
    assert [swedish.in_words(n) for n in (0, 1, 2, 12, 13, 10374)] == [
        "noll", "en", "två", "tolv", "13", "10\u00a0374",
    ]  # fmt: skip
    assert swedish.in_words(1, neuter=True) == "ett"
    assert swedish.in_words(-3) == "−3"


@pytest.mark.parametrize(
    ("n", "actor", "text"),
    [
        (7, "region", "sju\u00a0regioner"),
        (1, "region", "en\u00a0region"),
        (107, "kommun", "107\u00a0kommuner"),
        (1, "lan", "ett\u00a0län"),
        (21, "lan", "21\u00a0län"),
        (0, "lan", "inget län"),
        (0, "kommun", "ingen kommun"),
        (3, "", "tre\u00a0respondenter"),
        (3, "okänd", "tre\u00a0respondenter"),
    ],
)
def test_actors_agree_with_their_number(n: int, actor: str, text: str) -> None:
    assert swedish.actors(n, actor) == text


def test_kinds_of_actors_are_joined() -> None:
    assert (
        swedish.all_actors({"region": 18, "kommun": 107, "lan": 0})
        == "18\u00a0regioner och 107\u00a0kommuner"
    )
    assert swedish.all_actors({"region": 0, "kommun": 0}) == "ingen region"
    assert swedish.all_actors({}) == "ingen respondent"


def test_lists_end_with_och() -> None:
    assert swedish.joined([]) == ""
    assert swedish.joined(["a"]) == "a"
    assert swedish.joined(["a", "b"]) == "a och b"
    assert swedish.joined(["a", "b", "c"]) == "a, b och c"
    assert swedish.joined(iter(["a", "b"]), "eller") == "a eller b"


def test_sentences_begin_with_a_capital() -> None:
    assert swedish.sentence("åtta län") == "Åtta län"
    assert swedish.sentence("") == ""
