"""Texts in lines, figures as pictures, colours that can be told from their ground."""

import hashlib
import struct
from pathlib import Path

import pytest
from drawing_sample import LONG, SHORT, small_flow
from hypothesis import given
from hypothesis import strategies as st

from textmine.report.drawing import palette
from textmine.report.drawing.flow_diagram import draw_flow
from textmine.report.drawing.lettering import clean, cut, one_line, width, wrap
from textmine.report.drawing.picture import write_png
from textmine.report.drawing.svg import PAPER, SOFT, figure, fixed, key_of, tag, text
from textmine.report.labels import measure


@pytest.mark.parametrize("line", [SHORT, "Åtgärder för äldre på Öland", "Wii, 12 500 kr"])
def test_width_is_that_of_the_font(line: str) -> None:
    """The other ruler measures ink, and with pairs of letters moved together."""
    assert width(line, 9) == pytest.approx(measure([line], 9)[0] - 0.9 * 9, rel=0.03)
    assert width(line, 9, bold=True) > width(line, 9)


@given(st.text(max_size=200), st.floats(30, 200), st.integers(1, 5))
def test_no_line_is_wider_than_its_room(given_: str, room: float, most: int) -> None:
    lines = wrap(given_, room, 8)
    assert all(width(line, 8) <= room + 1e-6 for line in [*lines, *cut(lines, most, room, 8)])
    assert width(one_line(given_, room, 8), 8) <= room + 1e-6


@given(st.text(alphabet="abcdeå räö,.", max_size=200))
def test_breaking_loses_nothing(given_: str) -> None:
    lines = wrap(given_, 60, 8)
    joined = "".join(line.removesuffix("-") for line in lines)
    assert joined.replace(" ", "") == given_.replace(" ", "")


@pytest.mark.parametrize(
    ("word", "room", "parts"),
    [
        ("verksamhetsutveckling", 72, ["verksamhets-", "utveckling"]),
        ("samverkansformer", 64, ["samverkans-", "former"]),
        ("patientsäkerhet", 60, ["patientsäker-", "het"]),
        ("brukar-och-anhörigstöd", 56, ["brukar-och-", "anhörigstöd"]),
        ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 72, ["x" * 14 + "-", "x" * 14 + "-", "xx"]),
    ],
)
def test_long_words_break_as_in_swedish(word: str, room: float, parts: list[str]) -> None:
    assert wrap(word, room, 8) == parts


def test_what_is_left_out_is_marked() -> None:
    lines = wrap(LONG, 120, 8)
    shown = cut(lines, 2, 120, 8, tail="…”")
    assert len(shown) == 2
    assert shown[0] == lines[0]
    assert shown[1].endswith("…”")
    assert cut(lines, 9, 120, 8) == lines


def test_a_number_stays_with_its_unit() -> None:
    assert wrap("Till kurser 12\u00a0500\u00a0kr", 60, 8) == ["Till kurser", "12\u00a0500\u00a0kr"]


def test_signs_that_do_harm_are_dropped() -> None:
    assert clean("a\x00b\u202ec\u2028d\te\ud800f\u00adg") == "abc d efg"


def test_keys_are_told_apart() -> None:
    assert key_of("flow", "barn-unga", "region") == "flow-barn-unga-region"
    assert key_of("flow", "barn-unga", "") == "flow-barn-unga"
    keys = {key_of("slope", name) for name in ("Vård, öppen", "Vård öppen", "vard-oppen", "???")}
    assert len(keys) == 4
    assert all(key.replace("-", "").isalnum() and key.isascii() for key in keys)


def test_numbers_are_written_short() -> None:
    assert [fixed(x) for x in (1.0, 0.126, -0.001, 12.5)] == ["1", "0.13", "0", "12.5"]


def test_elements_are_escaped() -> None:
    assert tag("a", "x", class_="<b>", stroke_width=1.0, gone=None) == (
        '<a class="&lt;b&gt;" stroke-width="1">x</a>'
    )
    assert "<b>" not in text(0, 0, "<b>", 8)


def test_a_picture_has_its_printed_size_and_shows_swedish(tmp_path: Path) -> None:
    drawn = draw_flow(small_flow())
    write_png(drawn, tmp_path / "a.png", dpi=200)
    write_png(drawn, tmp_path / "b.png", dpi=200)
    first = (tmp_path / "a.png").read_bytes()
    assert first == (tmp_path / "b.png").read_bytes()
    wide, high = struct.unpack(">II", first[16:24])
    assert wide == pytest.approx(297 / 25.4 * 200, abs=1)
    assert high <= 210 / 25.4 * 200 + 1


def test_letters_are_drawn_and_differ(tmp_path: Path) -> None:
    seen = set()
    for letters in ("a", "å", "ä", "ö", "", " "):
        body = [text(10, 30, letters, 20)]
        svg = figure((40, 40), body, key="k", title="t", description="d")
        write_png(svg, tmp_path / "letter.png", dpi=72)
        seen.add(hashlib.sha256((tmp_path / "letter.png").read_bytes()).hexdigest())
    assert len(seen) == 5  # nothing and a blank look the same


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast() -> None:
    for number in range(8):
        assert contrast(palette.colour(number), PAPER) >= 3
        assert contrast(palette.colour(number), "#11171a") >= 3
    for ground in (PAPER, palette.GROUND):
        assert contrast(SOFT, ground) >= 4.5
    assert contrast(palette.ON_ACCENT, palette.ACCENT) >= 4.5
    assert palette.colour(8) == palette.colour(0)
