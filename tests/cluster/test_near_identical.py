"""Identical and near-identical notes are one text."""

from hypothesis import given
from hypothesis import strategies as st

from textmine.cluster.alike import distinct


def test_case_blanks_and_punctuation_make_no_other_text() -> None:
    texts = ["God morgon!", "god  morgon", "Vänta länge", "GOD MORGON.", "vänta länge…"]
    assert distinct(texts).tolist() == [0, 0, 1, 0, 1]


def test_a_slip_or_a_word_more_makes_no_other_text() -> None:
    texts = [
        "Sekretessen gör att soc och BUP sitter med varsin halva av barnet",
        "Sekretesen gör att soc och BUP sitter med varsin halva av barnet",
        "Sekretessen gör att soc och BUP sitter med varsin halva av barnet, suck",
        "Sekretessen hindrar oss när barnet har två huvudmän",
    ]
    assert distinct(texts).tolist() == [0, 0, 0, 1]


def test_short_texts_are_one_only_if_they_are_identical() -> None:
    assert distinct(["mer tid", "mer tit", "Mer tid!", "-", "–", ""]).tolist()[:3] == [0, 1, 0]


@given(st.lists(st.text(max_size=30), max_size=25))
def test_numbers_begin_at_nought_and_grow_as_texts_appear(texts: list[str]) -> None:
    numbers = distinct(texts).tolist()
    assert len(numbers) == len(texts)
    firsts = list(dict.fromkeys(numbers))
    assert firsts == list(range(len(firsts)))
    assert distinct([*texts, *texts]).tolist() == numbers * 2
