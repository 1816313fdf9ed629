"""How a program counts characters: line ends as one or two, and signs beyond the 16-bit range.

REFI-QDA wants code points. ATLAS.ti counts the two characters of a Windows line end as one, others
as two; some programs count in UTF-16, where an emoji is two. Which it was shows in the names of
selections: they mostly begin as the selected text does.
"""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LEAST = 4  # characters of a name that may tell anything


@dataclass(frozen=True)
class Counting:
    """A way to count.

    Attributes
    ----------
    windows
        A Windows line end counts as two.
    utf16
        A sign beyond the 16-bit range counts as two.
    """

    windows: bool
    utf16: bool


@dataclass(frozen=True)
class Claim:
    """What a project says of a selection: its place and its name."""

    start: int
    end: int
    name: str


def choose(documents: Iterable[tuple[str, Sequence[Claim]]], origin: str) -> Counting:
    """Find out how a program counted; where nothing tells, as it is known to.

    Parameters
    ----------
    documents
        Texts as they are in the file, with the selections in them.
    origin
        The program's name.
    """
    order = [
        Counting(windows, utf16)
        for utf16 in (False, True)
        for windows in ((False, True) if "atlas" in origin.lower() else (True, False))
    ]
    if origin.startswith("textmine"):
        return order[0]
    begun, exact = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    for raw, claims in documents:
        if "\r\n" not in raw and not _beyond_16_bits(raw):
            continue
        for counting in order:
            text = Text(raw, counting)
            for claim in claims:
                selected = text.content[text.place(claim.start) : text.place(claim.end)]
                if _begins(selected, claim.name):
                    begun[counting] += 1
                    exact[counting] += _fits(selected, claim.name)

    def fit(counting: Counting) -> tuple[int, bool, int]:
        # What the standard does not allow must explain more names, not the same ones better.
        return begun[counting], not counting.utf16, exact[counting]

    return max(order, key=fit)  # the first of equals


def _beyond_16_bits(text: str) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


class Text:
    """A text with plain line ends, and where a program's positions lie in it."""

    def __init__(self, raw: str, counting: Counting) -> None:
        self.content = raw.replace("\r\n", "\n").replace("\r", "\n")
        # Positions after which one of theirs is one more than ours.
        self._extra: Sequence[int] = _extra(raw, counting)
        self.length = len(self.content) + len(self._extra)

    def place(self, position: int) -> int:
        """Where a position lies; one within a line end or a sign lies before it."""
        return position - bisect.bisect_left(self._extra, position)


def _extra(raw: str, counting: Counting) -> list[int]:
    """Their positions of second halves: of Windows line ends and of signs that count as two."""
    found: list[int] = []
    if "\r\n" not in raw and not _beyond_16_bits(raw):
        return found
    at = 0
    for number, sign in enumerate(raw):
        if sign == "\n" and number and raw[number - 1] == "\r":
            if not counting.windows:
                continue
            found.append(at)
        elif sign > "\uffff" and counting.utf16:
            found.append(at + 1)
            at += 1
        at += 1
    return found


def _begins(selected: str, name: str) -> bool:
    """Whether a text begins as its name does, which may be cut."""
    start = _words(name).removesuffix("…").removesuffix("...").rstrip()
    return len(start) >= _LEAST and _words(selected).startswith(start)


def _fits(selected: str, name: str) -> int:
    """How well a text fits its name besides: the end, and no blanks around it."""
    return (_words(selected) == _words(name)) + (selected == selected.strip())


def _words(text: str) -> str:
    return " ".join(text.casefold().split())
