"""The data card is what the data give."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
from scripts import CORPORA, load

card = load("card")


def test_the_card_is_up_to_date() -> None:
    assert (CORPORA / "CARD.md").read_text(encoding="utf-8") == card.card("en")


def test_numbers_are_printed_as_each_language_does() -> None:
    english, swedish = card.Numbers("en"), card.Numbers("sv")
    assert (english.whole(1234567), swedish.whole(1234567)) == ("1,234,567", "1\xa0234\xa0567")
    assert (english.share(0.987, 1), swedish.share(0.987, 1)) == ("98.7\xa0%", "98,7\xa0%")
