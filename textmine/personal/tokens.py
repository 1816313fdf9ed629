"""The words of a text, each with what speaks for its being part of a person's name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from textmine.personal import lexicon
from textmine.personal.kinds import Personal
from textmine.personal.lexicon import NONE, SURE

_WORD = re.compile(r"[^\W\d_]+(?:[-‑'’][^\W\d_]+)*(?:-(?=[\s,.]))?")
_SENTENCE_END = re.compile(
    r"(?:^|[.!?:;•*\n\r\t>]|(?:^|\n)\s*[-–—]|[-–—/(\"”“]|\d\)|\d\.)\s*[\"”'(]*$"
)
_AFTER_NAME = re.compile(r"[A-ZÅÄÖ][^\W\d_]+ $")
_DOUBLE_INITIAL = re.compile(r"[A-ZÅÄÖ]-[A-ZÅÄÖ]")
CAP, CAPS, SHOUTED, LOW, INITIAL = "cap", "caps", "shouted", "low", "initial"
NOBLE = frozenset({"von", "af"})  # particles with which a surname may begin
_NO_INITIALS = frozenset("iomåöuvtpfeh")  # one-letter words of notes: i, o(ch), m(ed), …
_MOSTLY = 0.6  # share of capitals from which a line is written in them


@dataclass(slots=True)
class Token:
    """A word in its place."""

    text: str
    start: int
    end: int
    folded: str
    shape: str
    opens: bool  # the first of a sentence, a line or a list item
    first: int = NONE
    last: int = NONE
    nameable: bool = False

    @property
    def known(self) -> bool:
        """Whether the word is known to be part of names."""
        return self.first == SURE or self.last == SURE


def read_tokens(text: str, found: Sequence[Personal]) -> list[Token]:
    """Divide a text into words, without those inside of what is found already."""
    lower_first_name, first_name = lexicon.lower_first_name, lexicon.first_name
    tokens = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if found and any(one.start <= start < one.end for one in found):
            continue
        word = match.group()
        if not word.islower():
            tokens.append(_capitalised(text, word, start, end))
        elif lower_first_name(word):
            tokens.append(Token(word, start, end, word, LOW, False, SURE, NONE, True))
        elif word.endswith(lexicon.TELLING) and lexicon.telling_surname(word):
            if tokens and tokens[-1].shape == LOW and first_name(tokens[-1].folded):
                tokens[-1].first, tokens[-1].nameable = SURE, True  # 'bo lundqvist'
            tokens.append(Token(word, start, end, word, LOW, False, NONE, SURE, True))
        else:
            initial = start + 1 == end and word not in _NO_INITIALS
            tokens.append(Token(word, start, end, word, INITIAL if initial else LOW, False))
    return tokens


def _capitalised(text: str, word: str, start: int, end: int) -> Token:
    folded = lexicon.fold(word)
    opens = start == 0 or bool(_SENTENCE_END.search(text, max(0, start - 6), start))
    token = Token(word, start, end, folded, CAP, opens)
    if len(word) == 1 or _DOUBLE_INITIAL.fullmatch(word):
        before = text[max(0, start - 20) : start]
        dotted = text[end : end + 1] == "."
        if dotted or word not in "INSVÅÖ" or _AFTER_NAME.search(before):  # 'I Skåne', 'S Skåne'
            token.shape = INITIAL
        return token
    known = lexicon.words()
    parts = word.replace("‑", "-").split("-")
    if word.endswith("-") or any(
        part.islower() and part not in known.particles and part not in known.first for part in parts
    ):
        return token  # 'Anna-gruppen' is no person
    token.first, token.last = lexicon.first_name(folded, opens=opens), lexicon.surname(folded)
    lead = folded.split("-")[0] if token.first == NONE else folded  # 'Montgomery-Åsberg'
    blocked = not known.no_names.isdisjoint({folded, lead})
    blocked = blocked or lexicon.is_thing(folded)
    if word.isupper():
        token.shape = SHOUTED if _is_shouted(text, start) else CAPS
        token.nameable = len(word) > 2 and not blocked and (token.known or token.shape == SHOUTED)
    else:
        token.nameable = token.first != NONE or not blocked
    if lexicon.is_title(folded) and not token.known:
        token.nameable = False
    return token


def _is_shouted(text: str, at: int) -> bool:
    """Say whether the line is written in capitals."""
    start = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", at)
    line = text[start : stop if stop >= 0 else None]
    capitals, small = sum(map(str.isupper, line)), sum(map(str.islower, line))
    return capitals > _MOSTLY * (capitals + small)


def runs(text: str, tokens: Sequence[Token]) -> list[list[int]]:
    """Give the stretches of neighbouring words that might be one name, as numbers of tokens."""
    stretches: list[list[int]] = []
    current: list[int] = []
    for at, token in enumerate(tokens):
        joined = bool(current) and _beside(text, tokens[current[-1]], token)
        if current and not joined:
            stretches.append(current)
            current = []
        if token.nameable and (
            token.shape != LOW or not current or tokens[current[-1]].shape == LOW
        ):
            current.append(at)
        elif token.shape == INITIAL and (token.text.isupper() or current):
            current.append(at)
        elif (current or token.folded in NOBLE) and _continues(text, tokens, at):
            current.append(at)
        elif current:
            stretches.append(current)
            current = [at] if token.nameable else []
    if current:
        stretches.append(current)
    return stretches


def _beside(text: str, left: Token, right: Token) -> bool:
    gap = text[left.end : right.start]
    if left.shape == INITIAL:
        return gap in (" ", "\u00a0", ". ", ".", ".\u00a0", "")
    return gap in (" ", "\u00a0", "  ")


def _continues(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Say whether a word in lower case goes on with a name: 'anna lindqvist', 'von Ekvall'."""
    token = tokens[at]
    if token.shape in (LOW, SHOUTED):
        if token.folded in lexicon.words().particles:
            for left, right in pairwise(tokens[at : at + 3]):
                if not _beside(text, left, right):
                    return False
                if right.nameable and right.shape in (CAP, SHOUTED):
                    return True
                if right.folded not in lexicon.words().particles:
                    return False
            return False
        before = tokens[at - 1]
        return before.first == SURE and lexicon.lower_surname(token.folded)
    return False
