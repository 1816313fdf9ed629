"""Gaps: the places in an answer where one statement may end and the next begin.

Tokens are content or separators. A gap is what stands between two neighbouring content tokens:
nothing at all, or blanks, punctuation, bullets, numbering and coordinating conjunctions. Statements
are runs of content between the gaps that the boundary model chooses, so whatever it chooses, only
separators can fall outside them.
"""

import re
from dataclasses import dataclass
from enum import Enum

from spacy.tokens import Doc, Token

CONJUNCTIONS = frozenset({"och", "samt", "men", "medan", "eller", "o", "&", "+"})
_ENDS = re.compile(r"[.!?…]+")
_BULLET = re.compile(r"[-–—•·▪●○■*→►➢✓✔>/|+&=_#~]+|->|=>|--+>?")
_NUMBERING = re.compile(r"\(?(\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)]")
_ENUMERATOR = re.compile(r"\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4}")


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


def token_kinds(doc: Doc) -> list[Kind]:
    """Tell content from separators, token by token."""
    kinds = [_kind(token) for token in doc]
    _mark_numbering(doc, kinds)
    if Kind.CONTENT not in kinds:  # "Men" or "12." alone is still an answer
        kinds = [
            Kind.CONTENT
            if kind in (Kind.CONJUNCTION, Kind.NUMBER) and any(map(str.isalnum, token.text))
            else kind
            for kind, token in zip(kinds, doc, strict=True)
        ]
    return kinds


def _kind(token: Token) -> Kind:
    text = token.text
    if token.is_space or not text.strip("\u200b\ufeff\x00"):
        return Kind.BLANK
    if text in {",", ";", ":"}:
        return Kind.COMMA
    if _ENDS.fullmatch(text):
        return Kind.END
    loose = token.i == 0 or bool(token.nbor(-1).whitespace_) or token.nbor(-1).is_space
    spaced = bool(token.whitespace_) or token.i + 1 == len(token.doc)
    if _BULLET.fullmatch(text) and (loose or spaced):
        return Kind.BULLET
    if text.lower() in CONJUNCTIONS and (loose and spaced):
        return Kind.CONJUNCTION
    return Kind.CONTENT


def _mark_numbering(doc: Doc, kinds: list[Kind]) -> None:
    """Mark '1.', '2)' and 'a)' where they open a line or an inline list, but not '(2019: 9)'."""
    depth = 0
    for i, token in enumerate(doc):
        if kinds[i] is Kind.CONTENT and depth == 0 and _opens(doc, kinds, i):
            following = doc[i + 1].text if i + 1 < len(doc) else ""
            line = i == 0 or "\n" in doc[i - 1].text or "\r" in doc[i - 1].text
            if _NUMBERING.fullmatch(token.text) and (line or token.text.endswith(")")):
                kinds[i] = Kind.NUMBER
            elif _ENUMERATOR.fullmatch(token.text) and not token.whitespace_:
                if following == ")" or (following == "." and line):
                    kinds[i] = kinds[i + 1] = Kind.NUMBER
        depth = max(0, depth + token.text.count("(") - token.text.count(")"))
        if kinds[i] is Kind.NUMBER:
            depth = 0


def _opens(doc: Doc, kinds: list[Kind], i: int) -> bool:
    """Whether a token follows a blank, a separator, or nothing."""
    return i == 0 or bool(doc[i - 1].whitespace_) or kinds[i - 1] is not Kind.CONTENT


def find_gaps(doc: Doc, kinds: list[Kind]) -> list[Gap]:
    """List the gaps between neighbouring content tokens, in order."""
    content = [i for i, kind in enumerate(kinds) if kind is Kind.CONTENT]
    return [
        Gap(left, right, _filling(doc, kinds, left, right))
        for left, right in zip(content, content[1:], strict=False)
    ]


def _filling(doc: Doc, kinds: list[Kind], left: int, right: int) -> str:
    """Describe a gap in a few signs: `.`, `,`, `\\n-`, `, och`; '' where only a blank stands."""
    signs = []
    for i in range(left + 1, right):
        text = doc[i].text
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


def segments(doc: Doc, kinds: list[Kind], gaps: list[Gap], cuts: list[bool]) -> list[tuple[int, int]]:
    """Cut a document at the chosen gaps.

    Returns
    -------
    list of (first, end)
        Token ranges, end exclusive, from content to content, with the full stop (or ! ?) that
        closes them.
    """
    content = [i for i, kind in enumerate(kinds) if kind is Kind.CONTENT]
    if not content:
        return []
    firsts = [content[0]] + [gap.right for gap, cut in zip(gaps, cuts, strict=True) if cut]
    lasts = [gap.left for gap, cut in zip(gaps, cuts, strict=True) if cut] + [content[-1]]
    ranges = []
    for first, last in zip(firsts, lasts, strict=True):
        end = last + 1
        while end < len(doc) and kinds[end] is Kind.END:
            end += 1
        ranges.append((first, end))
    return ranges
