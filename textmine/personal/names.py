"""Names of persons: stretches of words, judged by what stands in them and around them.

No model is at hand that could be shipped; what a reader would go by is weighed instead
(`weighing`). A first name alone is enough unless it is another word too; what nobody has heard of
needs other signs.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from textmine.personal import lexicon
from textmine.personal.kinds import Personal
from textmine.personal.lexicon import NONE, SURE, WEAK
from textmine.personal.tokens import CAP, CAPS, INITIAL, LOW, SHOUTED, Token, read_tokens, runs
from textmine.personal.weighing import ENOUGH, LISTED, Weighing

Span = tuple[int, int]

_CELL_START, _CELL_END = re.compile(r"(?:^|[;\t\n|])\s*$"), re.compile(r"\s*(?:[;\t\n|]|$)")
_MOST = 4  # words of a name
_LIST_GAP = re.compile(r"\s*(?:,|;|/|&|\boch\b|\bo\b|\bsamt\b|\beller\b|\+)\s*", re.I)
# Names in lower case that no list has, where hardly anything but a name can stand.
_LOWER = re.compile(
    r"\b(?:han|hon|ho|hen|jag|(?:kille|tjej|pojke|flicka|kvinna|man|dam|tant) som"
    r"|(?:min|vår) (?:son|dotter|man|fru|chef|kollega|bror|syster|mamma|pappa|handläggare|sambo)"
    r"|sonen|dottern|chefen|kollegan|handläggaren|kuratorn|brodern|systern)"
    r" (?:heter|hette) (?P<named>[a-zà-öø-ÿ-]{3,})\b"
    r"|\b(?:ring|ringa|fr[åa]ga|maila|mejla|sms:?a|kontakta|av) (?P<reached>[a-zà-öø-ÿ-]{3,})"
    r"[ ,]{1,2}(?:p[åa] |via )?(?=[+(]?\d|\w[\w.]*@)"
)
_NO_LOWER = re.compile(
    r"^(?:och|eller|men|mig|mej|oss|dem|dom|dig|henne|honom|den|det|något|samma|detsamma|gärna|via|under|mellan"
    r"|efter|senast|från|direkt|bara|inte|som|ju|nu|egentligen|precis|också|även|tel|tele|tfn"
    r"|telefon|mobil|växel|vx|nummer|nr)$|(?:en|et|an|na|ar|er|or|ns|tid|linje)$"
)


def find_names(text: str, found: Sequence[Personal] = ()) -> list[Span]:
    """Find names of persons.

    Parameters
    ----------
    text
        Where to look.
    found
        The phone numbers, e-mail addresses and the like that stand in it: a name is likely beside
        them, and does not stand inside of them.
    """
    tokens = read_tokens(text, found)
    weighing = Weighing(text, tokens, found)
    parts = [part for run in runs(text, tokens) if (part := _trim(run, tokens, weighing))]
    points = [weighing.points(part) for part in parts]
    named = [some >= ENOUGH for some in points]
    for at, part in enumerate(parts):
        if not named[at] and len(part) > 1 and points[at] + LISTED >= ENOUGH:
            named[at] = any(
                0 <= other < len(parts) and named[other] and _are_listed(text, tokens, *pair)
                for other, pair in (
                    (at - 1, (parts[at - 1], part)),
                    (at + 1, (part, parts[min(at + 1, len(parts) - 1)])),
                )
            )
    turned = _turned(text, tokens)
    chosen = [part for part, is_name in zip(parts, named, strict=True) if is_name]
    spans = [_span(text, tokens, part) for part in chosen]
    spans = turned + [span for span in spans if not _within(*span, turned)]
    spans += _again(tokens, chosen, spans, weighing)
    return sorted([*spans, *_in_lower_case(text, found, spans)])


def _trim(run: Sequence[int], tokens: Sequence[Token], weighing: Weighing) -> Sequence[int]:
    """Cut a stretch of capitalised words down to what may be the name."""
    run = run[_begins(run, tokens, weighing) :]
    while len(run) > 1 and _is_lead(tokens[run[0]], tokens[run[1]], weighing):
        run = run[1:]
    shapes = {tokens[at].shape for at in run}
    last = tokens[run[-1]]
    if len(run) > 1 and last.shape == CAPS and not last.known and shapes != {CAPS}:
        run = run[:-1]  # 'Anna BUP'
    return run[:_MOST] if any(tokens[at].shape != INITIAL for at in run) else []


def _begins(run: Sequence[int], tokens: Sequence[Token], weighing: Weighing) -> int:
    """Find where in a stretch the name begins: with the first name, if there is one."""
    for k, at in enumerate(run):
        token = tokens[at]
        if token.first == SURE or (token.first == WEAK and k + 1 < len(run)):
            while k and _precedes(tokens[run[k - 1]], weighing):
                k -= 1
            return k
    return 0


def _precedes(token: Token, weighing: Weighing) -> bool:
    """Say whether a word before a first name is of the name: 'J. Olle', 'LINDQVIST ANNA'."""
    return (
        token.shape == INITIAL
        or token.last == SURE
        or token.folded in lexicon.words().particles
        or weighing.fits_email(token)
    )


def _is_lead(token: Token, following: Token, weighing: Weighing) -> bool:
    """Say whether a word only opens a sentence that goes on with a name."""
    if token.first != NONE or _precedes(token, weighing):
        return False
    return following.first == SURE or lexicon.looks_like_noun(token.folded)


def _are_listed(
    text: str, tokens: Sequence[Token], left: Sequence[int], right: Sequence[int]
) -> bool:
    return bool(_LIST_GAP.fullmatch(text, tokens[left[-1]].end, tokens[right[0]].start))


def _span(text: str, tokens: Sequence[Token], part: Sequence[int]) -> Span:
    last = tokens[part[-1]]
    dotted = last.shape == INITIAL and text[last.end : last.end + 1] == "."
    return tokens[part[0]].start, last.end + dotted


def _turned(text: str, tokens: Sequence[Token]) -> list[Span]:
    """Find names in lists with the surname first: 'Malmkvist, Ingalill;'."""
    return [
        (last.start, first.end)
        for last, first in pairwise(tokens)
        if last.nameable and first.first != NONE and last.shape != LOW
        if text[last.end : first.start] in (", ", ",")
        if _CELL_START.search(text, max(0, last.start - 3), last.start)
        if _CELL_END.match(text, first.end)
        if last.last != NONE or first.first == SURE
        if not lexicon.is_place(last.folded) or first.first == SURE
    ]


def _again(
    tokens: Sequence[Token],
    chosen: Sequence[Sequence[int]],
    spans: Sequence[Span],
    weighing: Weighing,
) -> list[Span]:
    """Find further mentions by a part of a name: 'Ahlqvist', after 'Conny Ahlqvist'."""
    whole = [tokens[at] for part in chosen if len(part) > 1 for at in part]
    parts = {
        base
        for token in whole
        if token.shape in (CAP, CAPS, SHOUTED) and token.first != WEAK
        if len(base := token.folded.removesuffix("s")) > 2 and not lexicon.is_place(token.folded)
    }
    return [
        (token.start, token.end)
        for at, token in enumerate(tokens)
        if token.shape == CAP and token.nameable and token.folded.removesuffix("s") in parts
        if weighing.before([at]) >= 0 and not _within(token.start, token.end, spans)
    ]


def _in_lower_case(text: str, found: Sequence[Personal], spans: Sequence[Span]) -> Iterator[Span]:
    """Find names in lower case that only their place tells: 'hon heter zyra'."""
    for match in _LOWER.finditer(text):
        group = match.lastgroup or 0
        if group == "reached" and not any(one.start == match.end() for one in found):
            continue
        word, (start, end) = match[group], match.span(group)
        if not (_NO_LOWER.search(word) or lexicon.is_title(word) or _within(start, end, spans)):
            yield start, end


def _within(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(start < other_end and other < end for other, other_end in spans)
