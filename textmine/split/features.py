"""What the boundary model sees: named features of gaps and of segments."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from textmine.split.gaps import Gap

# Bare gaps (nothing but a blank) are considered only before these words and after a bracket.
OPENERS = frozenset(
    "( så för att vilket vilka där då när eftersom därför därmed innan sedan vi det de den man jag"
    " numera nu genom med i".split()
)
_FINITE = frozenset(
    "är var har hade får fick kan kunde ska skall skulle vill ville blir blev finns fanns går gick"
    " ger gav gör gjorde tar tog ser såg säger sa vet visste står stod håller höll kommer kom"
    " måste bör".split()
)
_VERB_ENDING = re.compile(r".{2,}(?:ade|ades|dde|tte|iver|erar|erat|ats|its|des|ttes|kte|lde|rde)$")
_STRONG = re.compile(r"[¶.;!?]")
_WINDOW = 8  # words on each side that count as the clause next to a gap


def is_candidate(doc: Doc, gap: Gap) -> bool:
    """Whether a gap may be a boundary at all."""
    return bool(gap.filling) or doc[gap.right].lower_ in OPENERS or doc[gap.left].text == ")"


def gap_features(doc: Doc, gaps: list[Gap], at: int) -> list[str]:
    """Describe the gap `at` and the clauses on its two sides."""
    gap = gaps[at]
    filling = gap.filling
    left = _clause(doc, gaps, at, -1)
    right = _clause(doc, gaps, at, 1)
    r1, l1 = right[0], left[0]
    r2 = right[1] if len(right) > 1 else "$"
    shape = _shape(doc[gap.right].text)
    left_verb, right_verb = _verb(left), _verb(right)
    before = gaps[at - 1].filling if at else "^"
    after = gaps[at + 1].filling if at + 1 < len(gaps) else "$"
    features = [
        "1",
        f"f={filling}",
        f"f={filling} r={r1}",
        f"f={filling} r2={r1} {r2}",
        f"f={filling} l={l1}",
        f"f={filling} s={shape}",
        f"f={filling} s={shape} v={left_verb}{right_verb}",
        f"f={filling} rs={r1[-3:]}",
        f"f={filling} r2s={r2[-3:]}",
        f"f={filling} ls={l1[-3:]}",
        f"r={r1}",
        f"r2={r2}",
        f"l={l1}",
        f"rs={r1[-3:]}",
        f"ls={l1[-3:]}",
        f"lr={l1} {r1}",
        f"v={left_verb}{right_verb}",
        f"near={bool(before)}{bool(after)}",
        f"f={filling} before={before} after={after}",
        f"f={filling} run={_run(gaps, at, -1)} {_run(gaps, at, 1)}",
        f"f={filling} lists={_lists(gaps)}",
    ]
    features += [f"rw={word}" for word in right[:_WINDOW]]
    features += [f"lw={word}" for word in left[:_WINDOW]]
    features += [f"rws={word[-4:]}" for word in right[:4]]
    return features


def segment_features(
    doc: Doc, ranges: list[tuple[int, int]], fillings: list[str], at: int
) -> list[str]:
    """Describe segment `at` for telling headings and lead-ins from statements.

    `fillings` holds what stands before each segment, and after the last ('^' and '$' at the ends).
    """
    first, end = ranges[at]
    words = [_norm(token.text) for token in doc[first:end] if token.text.strip()]
    before, after = fillings[at], fillings[at + 1]
    following = fillings[at + 2] if at + 2 < len(fillings) else "$"
    size = min(len(words), 9)
    verb = _verb(words)
    closed = words[-1] if words[-1] in ".!?…" else "none"
    return [
        "1",
        f"after={after}",
        f"before={before} after={after}",
        f"after={after} size={size}",
        f"after={after} verb={verb}",
        f"after={after} following={following}",
        f"after={after} closed={closed} verb={verb}",
        f"place={'first' if at == 0 else 'last' if at + 1 == len(ranges) else 'inner'}"
        f" after={after}",
        f"colon={':' in after} size={size} verb={verb}",
        f"break={'¶' in after} {'¶' in before} size={size} verb={verb}",
        f"upper={doc[first:end].text.isupper()}",
        f"only={' '.join(words[:4])}" if len(words) <= 4 else "only=long",
        f"w0={words[0]}",
        f"w-1={words[-1]}",
        f"ws-1={words[-1][-3:]}",
        *(f"w={word}" for word in words[:_WINDOW]),
        *(f"colon={':' in after} w={word}" for word in words[:_WINDOW]),
    ]


def _clause(doc: Doc, gaps: list[Gap], at: int, step: int) -> list[str]:
    """Words on one side of a gap, the nearest first, up to the next filled gap."""
    words = []
    gap = gaps[at]
    token = gap.right if step > 0 else gap.left
    i = at + step
    while len(words) < 2 * _WINDOW:
        words.append(_norm(doc[token].text))
        if not 0 <= i < len(gaps) or gaps[i].filling:
            break
        token = gaps[i].right if step > 0 else gaps[i].left
        i += step
    return words


def _run(gaps: list[Gap], at: int, step: int) -> int:
    """Count words (at most 9) from a gap to the nearest strong one (line, full stop, semicolon)."""
    count, i = 1, at + step
    while 0 <= i < len(gaps) and not _STRONG.search(gaps[i].filling) and count < 9:
        count, i = count + 1, i + step
    return count


def _lists(gaps: list[Gap]) -> str:
    """How many list items the answer seems to have: none, one or several."""
    items = 0
    for gap in gaps:
        items += gap.filling.startswith("¶") or ";" in gap.filling
        if items > 1:
            return "several"
    return "one" if items else "none"


def _norm(text: str) -> str:
    lower = text.lower()
    return re.sub(r"\d", "0", lower) if any(map(str.isdigit, lower)) else lower


def _shape(text: str) -> str:
    if text[:1].isdigit():
        return "digit"
    if text.isupper() and len(text) > 1:
        return "upper"
    return "title" if text[:1].isupper() else "lower" if text[:1].isalpha() else "other"


def _verb(words: list[str]) -> str:
    """Whether a clause seems to hold a finite verb: y or n."""
    return "y" if any(word in _FINITE or _VERB_ENDING.match(word) for word in words) else "n"


def rows(doc: Doc, gaps: list[Gap]) -> Iterator[tuple[int, list[str]]]:
    """Go through the candidate gaps with their features."""
    for at, gap in enumerate(gaps):
        if is_candidate(doc, gap):
            yield at, gap_features(doc, gaps, at)
