"""Gaps: the places in an answer where one statement may end and the next begin.

Tokens are content or separators. A gap is what stands between two neighbouring content tokens:
nothing at all, or blanks, punctuation, bullets, numbering and coordinating conjunctions. Statements
are runs of content between the gaps that the boundary model chooses, so whatever it chooses, only
separators can fall outside them.
"""

import re
from dataclasses import dataclass
from enum import Enum
from unicodedata import category

from spacy.tokens import Doc

CONJUNCTIONS = frozenset({"och", "samt", "men", "medan", "eller", "o", "&", "+"})
_ENDS = re.compile(r"[.!?…]+")
# Signs U+F0B7 and U+F0A7 are what pasted Word lists have for • and ▪.
_BULLET = re.compile(r"[-–—•·▪●○■□◦‣▸▶\uf0b7\uf0a7*→►➢✓✔>/|+&=_#~]+|->|=>|--+>?")
_NUMBERING = re.compile(r"\(?(\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]")
_ENUMERATOR = re.compile(r"\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4}")
# Controls, soft hyphens, zero-width and direction marks: nothing that a reader sees.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")


class Kind(Enum):
    """What a token is to the splitting."""

    CONTENT = "content"
    BLANK = "blank"
    END = "end"
    COMMA = "comma"
    BULLET = "bullet"
    NUMBER = "number"
    CONJUNCTION = "conjunction"


@dataclass(frozen=True, slots=True)
class Gap:
    """The space between content tokens `left` and `right` (token indices), with what fills it."""

    left: int
    right: int
    filling: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """A document's tokens as plain lists, which are far quicker to walk than spaCy's objects.

    Attributes
    ----------
    texts, spaced
        Each token, and whether a blank follows it.
    kinds
        Content, or which separator.
    gaps
        Between neighbouring content tokens, in order.
    """

    texts: list[str]
    spaced: list[bool]
    kinds: list[Kind]
    gaps: list[Gap]

    @staticmethod
    def of(doc: Doc) -> "Tokens":
        """Read a spaCy document."""
        pairs = [(token.text, bool(token.whitespace_)) for token in doc]
        texts, spaced = [text for text, _ in pairs], [after for _, after in pairs]
        kinds = _kinds(texts, spaced)
        content = [i for i, kind in enumerate(kinds) if kind is Kind.CONTENT]
        gaps = [
            Gap(left, right, _filling(texts, kinds, left, right) if right > left + 1 else "")
            for left, right in zip(content, content[1:], strict=False)
        ]
        return Tokens(texts, spaced, kinds, gaps)

    def segments(self, cuts: list[bool]) -> list[tuple[int, int]]:
        """Cut at the chosen gaps.

        Returns
        -------
        list of (first, end)
            Token ranges, end exclusive, from content to content, with the full stop (or ! ?) that
            closes them.
        """
        content = [i for i, kind in enumerate(self.kinds) if kind is Kind.CONTENT]
        if not content:
            return []
        chosen = [gap for gap, cut in zip(self.gaps, cuts, strict=True) if cut]
        firsts = [content[0], *(gap.right for gap in chosen)]
        lasts = [*(gap.left for gap in chosen), content[-1]]
        ranges = []
        for first, last in zip(firsts, lasts, strict=True):
            end = last + 1
            while end < len(self.kinds) and self.kinds[end] is Kind.END:
                end += 1
            ranges.append((first, end))
        return ranges


def _kinds(texts: list[str], spaced: list[bool]) -> list[Kind]:
    """Tell content from separators, token by token."""
    kinds: list[Kind] = []
    for i, (text, after) in enumerate(zip(texts, spaced, strict=True)):
        loose = i == 0 or spaced[i - 1] or texts[i - 1].isspace()
        # In "-----" and "***" each sign stands as free as the one before it.
        loose = loose or (kinds[-1] is Kind.BULLET and _BULLET.fullmatch(text) is not None)
        # The end of the text is as good as a blank.
        kinds.append(_kind(text, loose=loose, spaced=after or i + 1 == len(texts)))
    _mark_numbering(texts, spaced, kinds)
    if Kind.CONTENT not in kinds:  # "Men" or "12." alone is still an answer
        kinds = [
            Kind.CONTENT
            if kind in (Kind.CONJUNCTION, Kind.NUMBER) and any(map(str.isalnum, text))
            else kind
            for kind, text in zip(kinds, texts, strict=True)
        ]
        last = max((i for i, kind in enumerate(kinds) if kind is not Kind.BLANK), default=-1)
        if last >= 0 and kinds[last] is Kind.NUMBER and texts[last] == ".":
            kinds[last] = Kind.END
    elif all(map(_says_nothing, texts, kinds)):  # "()" or "(-)" alone is none
        kinds = [Kind.BULLET if kind is Kind.CONTENT else kind for kind in kinds]
    return kinds


def _says_nothing(text: str, kind: Kind) -> bool:
    """Whether a token is a separator or mere punctuation."""
    if kind in (Kind.CONJUNCTION, Kind.NUMBER):
        return False
    if kind is not Kind.CONTENT or _BULLET.fullmatch(text):
        return True
    return all(category(sign)[0] in "PZC" for sign in text)


def _kind(text: str, *, loose: bool, spaced: bool) -> Kind:
    """Judge one token; `loose` and `spaced`: whether blanks stand before and behind it."""
    if len(text) > 1 and text[0].isalpha() and text.lower() not in CONJUNCTIONS:
        return Kind.CONTENT
    if text.isspace() or _INVISIBLE.fullmatch(text):
        return Kind.BLANK
    if text in {",", ";", ":"}:
        return Kind.COMMA
    if _ENDS.fullmatch(text):
        return Kind.END
    if _BULLET.fullmatch(text) and (loose or spaced):
        return Kind.BULLET
    if text.lower() in CONJUNCTIONS and loose and spaced:
        return Kind.CONJUNCTION
    return Kind.CONTENT


def _mark_numbering(texts: list[str], spaced: list[bool], kinds: list[Kind]) -> None:
    """Mark '1.', '2)' and 'a)' where they open a line or an inline list, but not '(2019: 9)'."""
    depth = 0
    for i, text in enumerate(texts):
        if len(text) <= 6 and depth == 0 and kinds[i] is Kind.CONTENT:
            line = i == 0 or "\n" in texts[i - 1] or "\r" in texts[i - 1]
            opens = line or spaced[i - 1] or kinds[i - 1] is not Kind.CONTENT
            following = texts[i + 1] if i + 1 < len(texts) else ""
            if not opens:
                pass
            elif _NUMBERING.fullmatch(text) and (line or text.endswith(")")):
                kinds[i] = Kind.NUMBER
            elif _ENUMERATOR.fullmatch(text) and not spaced[i]:
                if following == ")" or (following == "." and line):
                    kinds[i] = kinds[i + 1] = Kind.NUMBER
        if "(" in text or ")" in text:
            depth = max(0, depth + text.count("(") - text.count(")"))
            if kinds[i] is Kind.NUMBER:
                depth = 0


def _filling(texts: list[str], kinds: list[Kind], left: int, right: int) -> str:
    """Describe a gap in a few signs: `.`, `,`, `¶ -`, `, och`."""
    signs = []
    for i in range(left + 1, right):
        text = texts[i]
        match kinds[i]:
            case Kind.BLANK:
                breaks = text.count("\n") or text.count("\r")
                signs.append("¶" * min(breaks, 2))
            case Kind.NUMBER:
                signs.append("1" if text[:1].isalnum() or text.startswith("(") else "")
            case Kind.BULLET:
                signs.append(text if text in "/+&" else "-")
            case Kind.CONJUNCTION:
                signs.append(text.lower())
            case _:
                signs.append(text[0])
    return " ".join(sign for sign in signs if sign)
