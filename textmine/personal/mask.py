"""Masking personal data so that what is left keeps its place.

A mask is as long as what it covers, so that offsets into a text hold in the masked text as well:
'Ring Gunvor Ek' → 'Ring [namn···]'. For print, `tidy` shortens it to 'Ring [namn]'.
"""

import re
from collections.abc import Sequence

from textmine.personal.find import find_personal
from textmine.personal.kinds import ADDRESS, EMAIL, IDENTITY_NUMBER, KINDS, NAME, PHONE, Personal

FILL = "·"
# Where a kind's own name does not fit.
_SHORT = {IDENTITY_NUMBER: "pnr", PHONE: "tel", EMAIL: "mejl", ADDRESS: "adr"}
_LONG = {short: kind for kind, short in _SHORT.items()} | {kind: kind for kind in KINDS}
_MASK = re.compile(
    rf"\[(?P<label>{'|'.join(_LONG)}){FILL}*\]|\[{FILL}+\]|(?<![{FILL}\w]){FILL}{FILL}(?![{FILL}\w])"
)


def mask(text: str, found: Sequence[Personal] | None = None) -> str:
    """Cover personal data with masks of the same length.

    Parameters
    ----------
    text
        What may hold personal data.
    found
        What to mask in it; searched for if not given.
    """
    for one in find_personal(text) if found is None else found:
        text = text[: one.start] + _cover(one.end - one.start, one.kind) + text[one.end :]
    return text


def _cover(length: int, kind: str) -> str:
    """Make a mask: '[namn···]', '[pnr····]' if the label is too long, '[··]' or '··' if any is."""
    for label in (kind, _SHORT.get(kind, "")):
        if label and length >= len(label) + 2:
            return f"[{label.ljust(length - 2, FILL)}]"
    return f"[{FILL * (length - 2)}]" if length > 2 else FILL * length


def tidy(masked: str) -> str:
    """Shorten masks for print: '[namn···]' → '[namn]'; what bears no label is a short name."""
    return _MASK.sub(lambda match: f"[{_LONG[match['label'] or NAME]}]", masked)
