"""Facts in descriptions survive any text, and other programs' line ends."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from textmine.exchange.marks import (
    read_described,
    read_facts,
    write_described,
    write_facts,
)

_ANY = st.text(
    st.one_of(st.characters(), st.sampled_from("\n\r\\n:u \x00\ufffe\ud800")), max_size=20
)
_KEYS = _ANY.filter(lambda key: key.strip() == key and key != "")


@given(st.lists(st.tuples(_KEYS, _ANY), max_size=5))
def test_facts_come_back_through_xml(facts: list[tuple[str, str]]) -> None:
    element = etree.Element("Description")
    element.text = write_facts(facts)
    text = etree.fromstring(etree.tostring(element, encoding="UTF-8")).text or ""
    assert read_facts(text) == facts
    assert read_facts(text.replace("\n", "\r\n")) == facts


@given(_ANY, st.lists(st.tuples(_KEYS, _ANY), max_size=3))
def test_a_text_over_facts_comes_back(text: str, facts: list[tuple[str, str]]) -> None:
    facts = [*facts, ("Nyckel", "x")]
    assert read_described(write_described(text, facts), "Nyckel") == (text, facts)


def test_a_description_of_others_is_a_text() -> None:
    memo = "Används när: någon samverkar\n\nObs: inte möten"
    assert read_described(f" {memo}\n", "Nyckel") == (memo, [])


def test_facts_can_be_read() -> None:
    facts = [("Utsaga", "a1-1"), ("Kommentar", "rad 1\nrad 2")]
    assert write_facts(facts) == "Utsaga: a1-1\nKommentar: rad 1\\nrad 2"
