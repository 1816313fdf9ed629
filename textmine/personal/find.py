"""Finding personal data in a text."""

from collections import Counter
from collections.abc import Iterable

from textmine.personal.contacts import find_addresses, find_emails
from textmine.personal.kinds import ADDRESS, EMAIL, IDENTITY_NUMBER, KINDS, NAME, PHONE, Personal
from textmine.personal.names import find_names
from textmine.personal.numbers import find_identity_numbers, find_phone_numbers

__all__ = ["Personal", "count_kinds", "find_personal"]

# The surer first: of two finds that overlap the later one is dropped.
_FINDERS = (
    (EMAIL, find_emails),
    (IDENTITY_NUMBER, find_identity_numbers),
    (PHONE, find_phone_numbers),
    (ADDRESS, find_addresses),
)


def find_personal(text: str) -> list[Personal]:
    """Find personal identity numbers, phone numbers, e-mail and street addresses, and names.

    Returns
    -------
    list of Personal
        In the order of the text; no two overlap, none crosses a line break.
    """
    found: list[Personal] = []
    for kind, finder in _FINDERS:
        for start, end in finder(text):
            _add(found, Personal(start, end, kind))
    for start, end in find_names(text, tuple(found)):
        _add(found, Personal(start, end, NAME))
    return sorted(found, key=lambda one: one.start)


def _add(found: list[Personal], new: Personal) -> None:
    if not any(new.start < other.end and other.start < new.end for other in found):
        found.append(new)


def count_kinds(texts: Iterable[str]) -> dict[str, int]:
    """Count what is found in texts, by kind."""
    counts = Counter(one.kind for text in texts for one in find_personal(text))
    return {kind: counts[kind] for kind in KINDS}
