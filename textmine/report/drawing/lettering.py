"""How wide texts are in print, and how they break into lines.

Widths are those of DejaVu Sans, which comes with matplotlib; Verdana has nearly the same.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

FAMILY = "DejaVu Sans, Verdana, sans-serif"
# A sign that the font lacks comes from another; none is wider than this.
_FOREIGN = 1.4
_VOWELS = "aeiouyåäöéüæø"
# Where the first part of a compound often ends: verksamhets-utveckling, samverkans-former.
_SEAM = re.compile(r"(?:hets|tets|ings|ans|ens|ions|skaps|doms)$", re.IGNORECASE)
_BREAKABLE = re.compile(r"[ \t\r\n]+")


def font_files() -> list[Path]:
    """The files of DejaVu Sans, regular and bold."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"]


def clean(text: str) -> str:
    """Drop what a figure cannot show: control characters, and marks that turn the direction."""
    return "".join(
        sign if sign.isprintable() or sign == "\u00a0" else " " * sign.isspace() for sign in text
    )


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in the unit of the font size."""
    return sum(_advance(sign, bold=bold) for sign in text) * size


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that are no wider than `room`; a long word is hyphenated."""
    lines: list[str] = []
    line, used = "", 0.0
    blank = width(" ", size, bold=bold)
    for word in _BREAKABLE.split(clean(text).strip()):
        wide = width(word, size, bold=bold)
        if line and used + blank + wide <= room:
            line, used = f"{line} {word}", used + blank + wide
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, room, size, bold=bold)
        lines += full
        used = width(line, size, bold=bold)
    return [*lines, line] if line else lines


def cut(
    lines: Sequence[str],
    most: int,
    room: float,
    size: float,
    *,
    tail: str = "…",
    bold: bool = False,
) -> list[str]:
    """Keep at most so many lines; if something is left out, the last of them ends with `tail`."""
    if len(lines) <= most:
        return list(lines)
    words = lines[most - 1].removesuffix("-").split(" ")
    while len(words) > 1 and width(" ".join(words) + tail, size, bold=bold) > room:
        words.pop()
    last = " ".join(words)
    while last and width(last + tail, size, bold=bold) > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(" ,;:.–-") + tail]


def one_line(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Shorten a text to one line."""
    return "".join(cut(wrap(text, room, size, bold=bold), 1, room, size, bold=bold))


def _broken(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    """Break a word that is wider than a line: at a seam, or else where a syllable begins."""
    parts = []
    hyphen = width("-", size, bold=bold)
    while width(word, size, bold=bold) > room:
        longest, used = 0, hyphen
        while used + width(word[longest], size, bold=bold) <= room:
            used += width(word[longest], size, bold=bold)
            longest += 1
        longest = max(longest, 1)
        good = [n for n in range(3, min(longest, len(word) - 3) + 1) if _syllable(word, n)]
        seams = [n for n in range(4, min(longest, len(word) - 4) + 1) if _SEAM.search(word[:n])]
        at = max(seams or good, default=longest)
        parts.append(word[:at] + "-" * (word[at - 1] != "-"))
        word = word[at:]
    return [*parts, word]


def _syllable(word: str, at: int) -> bool:
    """Whether a syllable of Swedish may begin here; it seldom errs, and knows no compounds."""
    if word[at - 1] == "-":
        return True
    before, first, second = word[:at].lower(), word[at].lower(), word[at + 1].lower()
    return (
        first.isalpha() and first not in _VOWELS and second in _VOWELS
        and any(sign in _VOWELS for sign in before)
    )  # fmt: skip


@cache
def _advance(sign: str, *, bold: bool) -> float:
    """How far a sign moves on, for a size of 1."""
    font = _fonts()[bold]
    if not font.get_char_index(ord(sign)):
        return _FOREIGN
    from matplotlib.ft2font import LoadFlags

    glyph = font.load_char(ord(sign), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / 100


@cache
def _fonts() -> tuple[Any, Any]:
    from matplotlib.ft2font import FT2Font

    regular, bold = (FT2Font(str(path)) for path in font_files())
    for font in (regular, bold):
        font.set_size(100, 72)
    return regular, bold
