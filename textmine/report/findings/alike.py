"""Which wordings say nearly the same, so that a table may print one of them for all.

Careful by design: two statements are alike only if, function words apart, they speak of the same
things in the same direction. Another target group, register or ward makes another statement; so
does *ökad* beside *minskad* or a word of denial. A cause or a point in time at the end (*sedan
rutinen infördes*) and figures (*från 61 till 38 dagar*) may be there or not, but the wording that
stands for the others then is one without them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from textmine.report.findings.stems import EMPTY, stem, words

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
# What may be cut off the end: how much, since when, and owing to what.
_AMOUNT = re.compile(
    r"[\s,:(]*\(?(?:från|mot|jämfört med|med)?\s*(?:ca|cirka|ungefär|drygt|knappt|upp till)?\s*"
    r"\d[\d\s.,]*(?:%|procent\w*|dagar|veckor|månader|timmar|st)?\b.*$",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"[\s,]+(?:sedan|tack vare|genom|till följd av|på grund av|pga|i och med|efter att|"
    r"jämfört med)\b.*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\bän (?:tidigare|förut|förr|förra året|i fjol)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:vilket|och|samt|varvid|detta|det|vi ser att|vi ser|insatsen|arbetet)?\s*"
    r"(?:(?:har|vi har)\s+)?(?:(?:lett|bidragit) till(?: att)?|medfört(?: att)?|"
    r"inneburit(?: att)?|resulterat i(?: att)?)?\s+",
    re.IGNORECASE,
)
_DIRECTIONS = {
    "+": "fler flera mer större ökad ökade ökat ökar öka högre stigit stiger steg vuxit",
    "-": "färre mindre minskad minskade minskat minskar minska lägre sjunkit sjunker sjönk",
    "bättre": "bättre förbättrad förbättrade förbättrat förbättrats förbättras stärkt stärkta "
    "stärkts stärks starkare",
    "kort": "kortare kortats förkortad förkortade förkortats",
    "snabb": "snabbare snabbats",
    "tydlig": "tydligare tydliggjorts tydliggjord",
}
_CLASS = {word: sign for sign, words in _DIRECTIONS.items() for word in words.split()}
_SAME = {
    "samarbete": "samverkan", "samarbetet": "samverkan", "medarbetare": "personal",
    "medarbetarna": "personal", "väntan": "väntetid", "personalens": "personal",
}  # fmt: skip
_TYPO, _LONG, _HEAD = 90, 7, 4  # likeness of two stems, their length, and letters that must agree


@dataclass(frozen=True)
class _Meaning:
    """A wording without what does not matter."""

    content: tuple[str, ...]
    directions: tuple[str, ...]


def groups_alike(texts: Sequence[str]) -> list[list[int]]:
    """Put texts together that say nearly the same.

    Returns
    -------
    list of lists
        Places in `texts`: in each group first that of the wording to print for all of it. The
        groups do not depend on the order of the texts; they stand in the order of their first.
    """
    meanings: dict[_Meaning, list[int]] = {}
    for at, text in enumerate(texts):
        meanings.setdefault(_meaning(text), []).append(at)
    out = []
    for members in _without_typos(meanings):
        plain = [at for at in members if not _figures(texts[at])]
        if plain:
            parts = [members]
        else:  # nothing but differing figures: another wording each
            same: dict[tuple[str, ...], list[int]] = {}
            for at in members:
                same.setdefault(_figures(texts[at]), []).append(at)
            parts = list(same.values())
        out += [_chosen_first(texts, part) for part in parts]
    return sorted(out, key=min)


def _chosen_first(texts: Sequence[str], members: Sequence[int]) -> list[int]:
    """Choose the wording without figures or cause that is commonest, then shortest."""
    many: dict[str, int] = {}
    for at in members:
        key = texts[at].casefold().strip(" .")
        many[key] = many.get(key, 0) + 1

    def rank(at: int) -> tuple[Any, ...]:
        text = texts[at]
        more = bool(_figures(text)) or len(_core(text)) < len(text.strip(" ."))
        return (more, -many[text.casefold().strip(" .")], len(text), text, at)

    return sorted(members, key=rank)


def _without_typos(meanings: dict[_Meaning, list[int]]) -> list[list[int]]:
    """Join meanings that differ in the spelling of one word."""
    keys = sorted(meanings, key=lambda m: (-len(meanings[m]), m.content, m.directions))
    joined: list[tuple[_Meaning, list[int]]] = []
    for key in keys:
        for other, members in joined:
            if _misspelt(key, other):
                members += meanings[key]
                break
        else:
            joined.append((key, list(meanings[key])))
    return [sorted(members) for _, members in joined]


def _misspelt(one: _Meaning, two: _Meaning) -> bool:
    if one.directions != two.directions or len(one.content) != len(two.content):
        return False
    mine, theirs = set(one.content) - set(two.content), set(two.content) - set(one.content)
    if len(mine) != 1 or len(theirs) != 1:
        return False
    a, b = mine.pop(), theirs.pop()
    if min(len(a), len(b)) < _LONG or a[:_HEAD] != b[:_HEAD]:
        return False
    return fuzz.ratio(a, b) >= _TYPO


def _figures(text: str) -> tuple[str, ...]:
    return tuple(sorted(_NUMBER.findall(text)))


@lru_cache(maxsize=20_000)
def _meaning(text: str) -> _Meaning:
    said = words(_core(text))
    directions = sorted(_CLASS[word] for word in said if word in _CLASS)
    content = {
        stem(_SAME.get(word, word)) for word in said if word not in _CLASS and word not in EMPTY
    }
    if not content:  # nothing but function words: alike only to itself
        content = {text.casefold()}
    return _Meaning(tuple(sorted(content)), tuple(directions))


def _core(text: str) -> str:
    """Cut off a lead and what may be cut off the end, where enough stays."""
    text = _BEFORE.sub(" ", text.strip(" .\t\n"))
    lead = _LEAD.match(text)
    if lead and lead.group().strip():
        text = text[lead.end() :]
    for end in (_CAUSE, _AMOUNT):
        cut = end.sub("", text)
        if len([word for word in words(cut) if word not in EMPTY]) >= 2:
            text = cut
    return text
