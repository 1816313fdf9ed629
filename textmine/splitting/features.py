"""What the boundary model sees: named features of gaps and of segments."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from textmine.splitting.gaps import Gap, Tokens

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
_DIGIT = re.compile(r"\d")
_WINDOW = 8  # words on each side that count as the clause next to a gap


def gap_rows(tokens: Tokens) -> Iterator[tuple[int, list[str]]]:
    """Go through the gaps that may be boundaries, each with its features."""
    words = [_norm(text) for text in tokens.texts]
    gaps = tokens.gaps
    lists = _lists(gaps)
    for at, gap in enumerate(gaps):
        if gap.filling or words[gap.right] in OPENERS or words[gap.left] == ")":
            yield at, _gap_features(tokens, words, at, lists)


def _gap_features(tokens: Tokens, words: list[str], at: int, lists: str) -> list[str]:
    """Describe the gap `at` and the clauses on its two sides."""
    gaps = tokens.gaps
    gap = gaps[at]
    filling = gap.filling
    left = _clause(words, gaps, at, -1)
    right = _clause(words, gaps, at, 1)
    r1, l1 = right[0], left[0]
    r2 = right[1] if len(right) > 1 else "$"
    shape = _shape(tokens.texts[gap.right])
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
        f"f={filling} lists={lists}",
    ]
    features += [f"rw={word}" for word in right[:_WINDOW]]
    features += [f"lw={word}" for word in left[:_WINDOW]]
    features += [f"rws={word[-4:]}" for word in right[:4]]
    return features


def segment_rows(
    tokens: Tokens, ranges: Sequence[tuple[int, int]], fillings: Sequence[str]
) -> Iterator[list[str]]:
    """Describe segments, for telling headings and lead-ins from statements.

    `fillings` holds what stands before each segment, and after the last ('^' and '$' at the ends).
    """
    for at, (first, end) in enumerate(ranges):
        whole = tokens.texts[first:end]
        words = [_norm(text) for text in whole if text.strip()]
        before, after = fillings[at], fillings[at + 1]
        following = fillings[at + 2] if at + 2 < len(fillings) else "$"
        size = min(len(words), 9)
        verb = _verb(words)
        closed = words[-1] if words[-1] in ".!?…" else "none"
        place = "first" if at == 0 else "last" if at + 1 == len(ranges) else "inner"
        colon = ":" in after
        yield [
            "1",
            f"after={after}",
            f"before={before} after={after}",
            f"after={after} size={size}",
            f"after={after} verb={verb}",
            f"after={after} following={following}",
            f"after={after} closed={closed} verb={verb}",
            f"place={place} after={after}",
            f"colon={colon} size={size} verb={verb}",
            f"item={before.endswith(('-', '1'))} colon={colon}",
            f"break={'¶' in after} {'¶' in before} size={size} verb={verb}",
            f"upper={''.join(whole).isupper()}",
            f"only={' '.join(words[:4])}" if len(words) <= 4 else "only=long",
            f"w0={words[0]}",
            f"w-1={words[-1]}",
            f"ws-1={words[-1][-3:]}",
            *(f"w={word}" for word in words[:_WINDOW]),
            *(f"colon={colon} w={word}" for word in words[:_WINDOW]),
        ]


def _clause(words: list[str], gaps: list[Gap], at: int, step: int) -> list[str]:
    """Words on one side of a gap, the nearest first, up to the next filled gap."""
    gap = gaps[at]
    found = [words[gap.right if step > 0 else gap.left]]
    i = at + step
    while 0 <= i < len(gaps) and not gaps[i].filling and len(found) < 2 * _WINDOW:
        found.append(words[gaps[i].right if step > 0 else gaps[i].left])
        i += step
    return found


def _run(gaps: list[Gap], at: int, step: int) -> int:
    """Count words (at most 9) from a gap to the nearest strong one (line, full stop, semicolon)."""
    count, i = 1, at + step
    while 0 <= i < len(gaps) and count < 9:
        if gaps[i].filling and _STRONG.search(gaps[i].filling):
            break
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


@lru_cache(maxsize=50_000)  # a survey's words recur
def _norm(text: str) -> str:
    return _DIGIT.sub("0", text.lower())


def _shape(text: str) -> str:
    if text[:1].isdigit():
        return "digit"
    if text.isupper() and len(text) > 1:
        return "upper"
    return "title" if text[:1].isupper() else "lower" if text[:1].isalpha() else "other"


def _verb(words: list[str]) -> str:
    """Whether a clause seems to hold a finite verb: y or n."""
    return "y" if any(map(_finite, words)) else "n"


@lru_cache(maxsize=50_000)
def _finite(word: str) -> bool:
    return word in _FINITE or _VERB_ENDING.match(word) is not None
