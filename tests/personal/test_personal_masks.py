"""Masks keep the length of what they cover, and let none of it through."""

from hypothesis import given
from hypothesis import strategies as st

from textmine.personal.find import find_personal
from textmine.personal.kinds import KINDS, Personal
from textmine.personal.mask import mask, tidy

PIECES = st.sampled_from(
    ["Ring", "Gunvor Ek", "bo", "/", ", ", "070-174 06 05", "540230-0000", "a@b.se", "\n", ".", " ",
     "Storgatan 4", "i", "Kontakt:", "Mini Maria", "(at)", "12", "å", "·", "[]", "KENTA", "0470"]
)  # fmt: skip


def test_masks_say_what_they_cover() -> None:
    text = "Frågor: Gunvor Ek, 070-174 06 05, gunvor@exempel.se, Storgatan 12, pnr 540230-0000"
    masked = mask(text)
    assert masked == (
        "Frågor: [namn···], [telefon····], [e-post·········], [adress····], pnr [pnr······]"
    )
    assert tidy(masked) == ("Frågor: [namn], [telefon], [e-post], [adress], pnr [personnummer]")


def test_short_names_have_no_label_until_print() -> None:
    masked = mask("Vi bad Elsa och Bo komma")
    assert masked == "Vi bad [··] och ·· komma"
    assert tidy(masked) == "Vi bad [namn] och [namn] komma"


def test_finds_can_be_given() -> None:
    assert mask("Anna Ek", [Personal(0, 4, "namn")]) == "[··] Ek"


def test_tidying_leaves_other_brackets_and_dots() -> None:
    text = "[x] ja [] nej · punkt ··· [namnlös] [1]"
    assert tidy(text) == text


@given(st.lists(PIECES).map("".join) | st.text())
def test_masked_texts_keep_their_length_and_lines(text: str) -> None:
    found = find_personal(text)
    masked = mask(text, found)
    assert len(masked) == len(text)
    covered = [at for one in found for at in range(one.start, one.end)]
    assert len(covered) == len(set(covered))
    kept = set(range(len(text))) - set(covered)
    assert all(masked[at] == text[at] for at in kept)
    for one in found:
        assert one.kind in KINDS
        assert "\n" not in text[one.start : one.end]
        assert not any(sign.isdigit() or sign == "@" for sign in masked[one.start : one.end])


@given(st.text(max_size=40), st.integers(1, 30), st.sampled_from(KINDS))
def test_a_mask_is_as_long_as_what_it_covers(lead: str, length: int, kind: str) -> None:
    text = lead + "x" * length + "y"
    masked = mask(text, [Personal(len(lead), len(lead) + length, kind)])
    assert len(masked) == len(text)
    assert "x" not in masked[len(lead) : len(lead) + length]
    if length > 1:
        assert tidy("Ring " + masked[len(lead) : -1]) in {f"Ring [{kind}]", "Ring [namn]"}
